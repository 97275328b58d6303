"""13.6: a body in the mirror, where left and right change places."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The film of a body as a mirror would show it: a left hand that rises where a right hand
rose.

`x` is `(T, N, 3)`: frames, joints, and the coordinates x to the right, y up, z away
from the camera; the body stands at x = 0. `names` is a list of N names, as
`"left hand"`, `"right hand"`, `"head"`, in any order. Every name with `left` in it has
a partner with `right`. Return a new array `(T, N, 3)`, in the same order of joints.
"""

STUB = '''\
def mirror(x, names):
    """(T, N, 3), N names -> the film in the mirror, (T, N, 3)"""
    raise NotImplementedError
'''


def solution(x, names):
    """Each joint takes its partner's place; then x changes its sign."""
    other = {"left": "right", "right": "left"}

    def partner(name):
        return " ".join(other.get(word, word) for word in name.split())

    order = [names.index(partner(name)) for name in names]
    return x[:, order] * [-1.0, 1.0, 1.0]


def attempt(x, names, *, wrong=frozenset()):
    """The mirror with a student's mistakes in it."""
    T, N, _ = x.shape
    other = {"left": "right", "right": "left"}
    y = x.copy()
    for n, name in enumerate(names):
        partner = " ".join(other.get(word, word) for word in name.split())
        m = names.index(partner)
        if "joints not exchanged" in wrong:
            m = n
        if "list turned round" in wrong:
            m = N - 1 - n
        one_way = "one side overwritten" in wrong and name.startswith("right")
        y[:, n] = y[:, m] if one_way else x[:, m]
    if "one side overwritten" in wrong:  # right := left, then left := that right
        for n, name in enumerate(names):
            if name.startswith("left"):
                y[:, n] = x[:, n]
            elif name.startswith("right"):
                y[:, n] = x[:, names.index("left" + name[5:])]
    if "the left overwritten" in wrong:  # left := right, then right := that left
        for n, name in enumerate(names):
            if name.startswith("left"):
                y[:, n] = x[:, names.index("right" + name[4:])]
            elif name.startswith("right"):
                y[:, n] = x[:, n]
    axis = {"depth turned": 2, "upside down": 1}
    turned = [axis[w] for w in sorted(wrong & axis.keys())] or [0]
    for a in turned:
        if "x not turned" not in wrong:
            y[..., a] = -y[..., a]
    return y[::-1] if "film backward" in wrong else y


def _case(rng, frames, pairs, single):
    parts = ["hand", "foot", "knee", "elbow"][:pairs]
    names = [f"{side} {part}" for part in parts for side in ("left", "right")]
    names += ["head", "neck"][:single]
    names = [names[int(i)] for i in rng.permutation(len(names))]
    x = halves(rng, frames, len(names), 3)
    x += 8 * np.arange(len(names))[:, None]  # no two joints alike
    return Case((x, names))


def draw(rng):
    return _case(rng, int(rng.integers(2, 4)), int(rng.integers(2, 4)), 2)


def corners(rng):
    """One pair and a head; then three frames, so that the order of frames shows."""
    return [_case(rng, 1, 1, 1), _case(rng, 2, 1, 1), _case(rng, 3, 2, 1)]


MISTAKES = (
    Mistake(
        "joints not exchanged",
        "x changed its sign, and the right hand is still called the right hand. In the "
        "picture it is on the left of the body now: no body is made like that.",
        "On which side of the spine does the row `left hand` lie before, and after?",
        excludes=("list turned round", "one side overwritten", "the left overwritten"),
    ),
    Mistake(
        "x not turned",
        "the joints changed their names, and everything stayed where it was: the "
        "person has crossed arms and legs.",
        "Where in the picture must the left hand be after the mirror?",
        excludes=("depth turned", "upside down"),
    ),
    Mistake(
        "depth turned",
        "z changed its sign: the person now looks the other way.",
        "Which coordinate does a mirror on the wall beside you change?",
        excludes=("upside down",),
    ),
    Mistake(
        "upside down",
        "y changed its sign: the person stands on the head.",
        "Which coordinate does a mirror on the wall beside you change?",
    ),
    Mistake(
        "one side overwritten",
        "the second assignment copied what the first had just written: both sides are "
        "the same now.",
        "After `x[right] = x[left]`, what is left of the right side?",
        excludes=("list turned round", "the left overwritten"),
    ),
    Mistake(
        "the left overwritten",
        "the second assignment copied what the first had just written: both sides are "
        "the right one now.",
        "After `x[left] = x[right]`, what is left of the left side?",
        excludes=("list turned round",),
    ),
    Mistake(
        "list turned round",
        "you turned the list of joints round, so that the head became a foot. Partners "
        "follow from the names.",
        "Which joint should stand in the place of the head?",
    ),
    Mistake(
        "film backward",
        "the frames run backward.",
        "Does time run backward in a mirror?",
    ),
)


def by_matrix(x, names):
    """A permutation matrix, and a diagonal one for the sign."""
    swap = np.zeros((len(names), len(names)))
    for n, name in enumerate(names):
        if "left" in name:
            partner = name.replace("left", "right")
        else:
            partner = name.replace("right", "left")
        swap[n, names.index(partner)] = 1
    return np.einsum("nm,tmd,de->tne", swap, x, np.diag([-1.0, 1, 1]))


def by_loop(x, names):
    """A copy, joint by joint."""
    y = np.array(x)
    y[..., 0] *= -1
    z = y.copy()
    for n, name in enumerate(names):
        for a, b in (("left", "right"), ("right", "left")):
            if name.startswith(a):
                z[:, n] = y[:, names.index(name.replace(a, b))]
    return z


EXERCISE = Exercise(
    id="13.6",
    title="in the mirror",
    statement=STATEMENT,
    stub=STUB,
    function="mirror",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, by_loop),
    question="Take the head: what must change? Then take the left hand: whose place "
    "does it take, and on which side?",
    hints=(
        "Two things happen: a coordinate changes its sign, and joints change places.",
        "For every name find its partner's number; `x[:, order]` puts the partners in "
        "their places, all at once.",
    ),
    reread="In the mirror",
    minutes=8,
    points=2,
)
