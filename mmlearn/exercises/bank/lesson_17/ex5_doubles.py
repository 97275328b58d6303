"""17.5: InfoNCE where some strangers are none: known doubles in the batch."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A batch of pairs from videos, with `clip`, `(B,)`: the number of the video that a pair
comes from. Two pairs of one video say nearly the same: they are no strangers. So with
`s`, `(B, B)` (similarities, divided by the temperature already, a row a query):

$$L = -\\frac{1}{2B} \\sum_b
\\Bigl[\\log \\frac{e^{s_{bb}}}{\\sum_{j \\in A_b} e^{s_{bj}}}
+ \\log \\frac{e^{s_{bb}}}{\\sum_{j \\in A_b} e^{s_{jb}}}\\Bigr] \\qquad
A_b = \\{b\\} \\cup \\{j : \\text{clip}_j \\ne \\text{clip}_b\\}$$

The pairs of the same video are left out, the pair itself is not. Similarities may be in
the thousands: no exponential may overflow, and no sum of them vanish. Return L, one
number.
"""

STUB = '''\
def info_nce_with_doubles(s, clip):
    """(B, B) similarities over tau, (B,) video numbers -> the loss, a number"""
    raise NotImplementedError
'''


def solution(s, clip):
    """What is left out becomes −inf: exp(−inf) = 0 in rows and in columns alike."""
    others = (clip[:, None] == clip) & ~np.eye(len(s), dtype=bool)
    z = np.where(others, -np.inf, s)
    own = np.diag(s)
    rows = np.logaddexp.reduce(z, axis=1) - own
    columns = np.logaddexp.reduce(z, axis=0) - own
    return (rows + columns).mean() / 2


def attempt(s, clip, *, wrong=frozenset()):
    """The loss with a student's mistakes in it."""
    B = len(s)
    out = clip[:, None] == clip
    if "the strangers left out" in wrong:
        out = ~out
    if "the partner left out too" not in wrong:
        out = out & ~np.eye(B, dtype=bool)
    if "nothing left out" in wrong:
        out = np.zeros((B, B), bool)
    z = np.where(out, 0.0 if "set to zero" in wrong else -np.inf, s)
    other = s if "rows only masked" in wrong else z
    own = np.diag(s)
    if "can overflow" in wrong:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            rows = np.log(np.exp(z).sum(axis=1)) - own
            columns = np.log(np.exp(other).sum(axis=0)) - own
    elif "one maximum for all" in wrong:
        most = s.max()
        with np.errstate(divide="ignore"):
            rows = np.log(np.exp(z - most).sum(axis=1)) + most - own
            columns = np.log(np.exp(other - most).sum(axis=0)) + most - own
    else:
        rows = np.logaddexp.reduce(z, axis=1) - own
        columns = np.logaddexp.reduce(other, axis=0) - own
    if "doubles as partners" in wrong:
        same = clip[:, None] == clip
        own = (s * same).sum(axis=1) / same.sum(axis=1)
        rows = np.logaddexp.reduce(z, axis=1) - own
        columns = np.logaddexp.reduce(other, axis=0) - own
    if "queries only" in wrong:
        return rows.mean()
    return (rows + columns).mean() / 2


def _case(rng, clip, scale=1.0):
    B = len(clip)
    s = rng.integers(-4, 5, (B, B)) / 2 * scale
    return Case((s, np.array(clip)))


def draw(rng):
    clips = [[0, 1, 0, 2], [3, 3, 1], [5, 2, 5, 2, 1], [0, 4, 4, 1]]
    return _case(rng, rng.permutation(clips[rng.integers(len(clips))]))


def corners(rng):
    """By hand: three pairs, two of one video; no doubles; rows in the thousands,
    one row and column far below the others, a double far above."""
    s = np.array([[1.0, 0.5, 0.0], [-0.5, 1.0, 2.0], [0.0, -1.0, 1.5]])
    large = 2000 * np.array([[1.0, 0.5, 0.0], [1.0, 1.0, 0.5], [0.0, -1.0, 1.0]])
    low = 2000 * np.array([[1.0, 0.5, -1.0], [0.5, 1.0, -2.0], [-2.0, -1.0, -0.5]])
    high = 2000 * np.array([[0.0, 0.1, 1.0], [-0.2, 0.0, 0.1], [1.0, 0.2, 0.0]])
    return [
        Case((s, np.array([7, 3, 7]))),
        Case((s, np.array([1, 2, 3]))),
        Case((large, np.array([1, 2, 1]))),
        Case((low, np.array([1, 2, 3]))),
        Case((high, np.array([1, 2, 1]))),
    ]


LEFT = ("nothing left out", "the strangers left out", "the partner left out too")
HOW = ("set to zero", "rows only masked", "can overflow", "one maximum for all")

MISTAKES = (
    Mistake(
        LEFT[0],
        "pairs of the same video still count as strangers, and are pushed away.",
        "Where in your code is `clip` used?",
        excludes=(*LEFT, *HOW[:2]),
    ),
    Mistake(
        LEFT[1],
        "you left out the strangers, and kept the doubles.",
        "Which pairs should a query be told apart from?",
        excludes=(*LEFT, *HOW, "doubles as partners"),
    ),
    Mistake(
        LEFT[2],
        "a pair is of its own video, too: you left the partner out of its own "
        "question.",
        "Is b in the set A_b?",
        excludes=LEFT,
    ),
    Mistake(
        HOW[0],
        "you set what is left out to 0. But exp(0) is 1: it still counts.",
        "Which number has an exponential of 0?",
        excludes=HOW,
    ),
    Mistake(
        HOW[1],
        "the keys still choose among all queries: you left doubles out of the rows "
        "only.",
        "Has the second sum a set A_b, too?",
        excludes=HOW,
    ),
    Mistake(
        HOW[2],
        "right, until similarities are large: exp of a thousand is infinite.",
        "What may be subtracted from all of a row without changing the softmax?",
        excludes=(*HOW, "doubles as partners"),
    ),
    Mistake(
        HOW[3],
        "right, until a row lies far below the others: you took the table's largest "
        "out, and all exponentials of that row are 0.",
        "Whose largest must be taken out of a row, the row's or the table's?",
        excludes=(*HOW, "doubles as partners"),
    ),
    Mistake(
        "queries only",
        "only the queries look for their keys: the second sum is missing.",
        "Over which axis would a key look for its query?",
        excludes=HOW[1:2],
    ),
    Mistake(
        "doubles as partners",
        "you took the mean over all pairs of the video for the partner. That is "
        "another loss, with several right answers; here the doubles are left out.",
        "What stands in the numerator?",
    ),
)


def by_loops(s, clip):
    """Question by question, with the largest taken out."""
    total, B = 0.0, len(s)
    for b in range(B):
        kept = [j for j in range(B) if j == b or clip[j] != clip[b]]
        for row in (s[b], s[:, b]):
            z = np.array([row[j] for j in kept])
            total += z.max() + np.log(np.exp(z - z.max()).sum()) - row[b]
    return total / (2 * B)


def by_selection(s, clip):
    """Both ways in one: the table above its transpose."""
    both, clips = np.concatenate([s, s.T]), np.concatenate([clip, clip])
    own = np.tile(np.arange(len(s)), 2)
    keep = (clips[:, None] != clip) | (own[:, None] == np.arange(len(s)))
    losses = [
        np.logaddexp.reduce(row[k]) - row[n]
        for row, k, n in zip(both, keep, own, strict=True)
    ]
    return sum(losses) / len(losses)


EXERCISE = Exercise(
    id="17.5",
    title="InfoNCE with doubles",
    statement=STATEMENT,
    stub=STUB,
    function="info_nce_with_doubles",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops, by_selection),
    question="Take the first pair: which columns of its row are in A_b?",
    hints=(
        "`clip[:, None] == clip` is a `(B, B)` table of who shares a video.",
        "Take the diagonal out of it: the partner stays.",
        "Put `-np.inf` where something is left out, and use `np.logaddexp.reduce`.",
    ),
    reread="Doubles",
    minutes=10,
    points=3,
)
