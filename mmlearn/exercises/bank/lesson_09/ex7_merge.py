"""09.7, transfer: one step of byte-pair encoding, words made out of letters."""

from collections import Counter

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Between letters and words: **byte-pair encoding** starts from letters, and again and
again makes the most frequent pair of neighbours into one new token. Write one such
step. `ids` is `(S,)`, a text of tokens; `new` is the number of the new token. Count
every pair (`ids[n]`, `ids[n + 1]`); of equally frequent ones take the one with the
smaller first token, then the smaller second. Then go through the text **from left to
right** and put `new` in place of each such pair; a token that went into a pair is gone.
Return the pair, `(2,)`, and the shorter text.
"""

STUB = '''\
def merge(ids, new):
    """(S,) integers, a number -> the pair (2,), the text with that pair as one token"""
    raise NotImplementedError
'''


def solution(ids, new):
    """Count, choose, then walk along the text, two steps where the pair stands."""
    counts = Counter(zip(ids[:-1].tolist(), ids[1:].tolist(), strict=True))
    pair = min(counts, key=lambda two: (-counts[two], two))
    merged, n = [], 0
    while n < len(ids):
        if n + 1 < len(ids) and (ids[n], ids[n + 1]) == pair:
            merged.append(new)
            n += 2
        else:
            merged.append(int(ids[n]))
            n += 1
    return np.array(pair), np.array(merged)


def _apart(tokens):
    """Counts in which `a a a` has the pair (a, a) once."""
    counts: Counter[tuple[int, int]] = Counter()
    ends: dict[tuple[int, int], int] = {}
    for n, two in enumerate(zip(tokens[:-1], tokens[1:], strict=True)):
        if ends.get(two, -1) < n:
            counts[two] += 1
            ends[two] = n + 1
    return counts


def attempt(ids, new, *, wrong=frozenset()):
    """The step with a student's mistakes in it."""
    tokens = ids.tolist()
    counts = Counter(zip(tokens[:-1], tokens[1:], strict=True))
    if "runs counted without overlap" in wrong:
        counts = _apart(tokens)
    pair = min(counts, key=lambda two: (-counts[two], two))
    if "the first of equals met" in wrong:
        pair = max(counts, key=counts.__getitem__)
    if "the largest of equals" in wrong:
        pair = max(counts, key=lambda two: (counts[two], two))
    if "the rarest pair" in wrong:
        pair = min(counts, key=lambda two: (counts[two], two))
    backwards = "from right to left" in wrong
    text, sought = (tokens[::-1], pair[::-1]) if backwards else (tokens, pair)
    merged: list[int] = []
    n, found = 0, 0
    while n < len(text):
        here = tuple(text[n : n + 2]) == sought
        if here and not (found and "only the first place" in wrong):
            merged.append(new)
            found += 1
            n += 1 if "the second token kept" in wrong else 2
        else:
            merged.append(text[n])
            n += 1
    return np.array(pair), np.array(merged[::-1] if backwards else merged)


def _case(ids, new=9):
    return Case((np.asarray(ids), int(new)))


def draw(rng):
    """The most frequent pair is a token with itself, three and four in a row."""
    a, b, c = (int(n) for n in rng.permutation([2, 3, 4]))
    pieces = [[a, a, a], [b, c], [a, a, a, a], [c, b, a]]
    order = rng.permutation(len(pieces))
    return _case(np.concatenate([pieces[n] for n in order]))


def corners(rng):
    """By hand; a pair three times over; equally frequent pairs, the smallest late."""
    return [
        _case([3, 2, 3, 2, 4]),
        _case([5, 4, 4, 4, 5, 2]),
        _case([7, 8, 3, 4, 7, 8, 3, 4, 6]),
        _case([8, 5, 8, 5, 6, 2, 6, 2]),
        _case([4, 4, 4, 7, 4, 4, 4, 2]),
        _case([1, 1, 1, 2, 3, 2, 3, 4]),
    ]


TIES = ("the first of equals met", "the largest of equals", "the rarest pair")
PLACES = ("from right to left", "only the first place", "the second token kept")

MISTAKES = (
    Mistake(
        TIES[0],
        "of equally frequent pairs you took the one that comes first in the text.",
        "Which rule decides between equals? Without one, two machines disagree.",
        excludes=TIES,
    ),
    Mistake(
        TIES[1],
        "of equally frequent pairs you took the largest.",
        "Which of two pairs with the same count is wanted?",
        excludes=TIES,
    ),
    Mistake(
        TIES[2],
        "you merged the rarest pair. That makes a new token that is hardly ever used.",
        "Which pair shortens the text most?",
        excludes=(*TIES, "only the first place", "from right to left"),
    ),
    Mistake(
        "runs counted without overlap",
        "you counted a run such as a a a as one pair. It has two pairs of neighbours; "
        "that they cannot both be merged matters only afterwards.",
        "How many n are there with ids[n] = ids[n + 1] = a in a a a?",
        excludes=TIES,
    ),
    Mistake(
        PLACES[0],
        "in a run such as a a a you made a pair of the last two. The rule goes from "
        "left to right.",
        "In a a a, which a is left over?",
        excludes=PLACES,
    ),
    Mistake(
        PLACES[1],
        "you replaced the pair once. All its places become the new token.",
        "How often does the pair stand in your shorter text?",
        excludes=PLACES,
    ),
    Mistake(
        PLACES[2],
        "the new token stands there, and behind it the pair's second token once more.",
        "How many tokens should a merged pair take up?",
        excludes=PLACES,
    ),
)


def with_skip(ids, new):
    """One pass with a flag instead of a jump."""
    ids = [int(n) for n in ids]
    table: dict = {}
    for pair in zip(ids, ids[1:], strict=False):
        table[pair] = table.get(pair, 0) + 1
    best = sorted(table, key=lambda pair: (-table[pair], pair[0], pair[1]))[0]
    out, skip = [], False
    for n, token in enumerate(ids):
        if skip:
            skip = False
        elif n + 1 < len(ids) and (token, ids[n + 1]) == best:
            out.append(new)
            skip = True
        else:
            out.append(token)
    return list(best), out


EXERCISE = Exercise(
    id="09.7",
    title="one step of byte-pair encoding",
    statement=STATEMENT,
    stub=STUB,
    function="merge",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_skip,),
    question="Write the pairs of neighbours below the text and count them. Which is "
    "the most frequent, and what is left when it is replaced?",
    hints=(
        "A Counter over zip(ids[:-1].tolist(), ids[1:].tolist()) counts the pairs.",
        "min(counts, key=lambda pair: (-counts[pair], pair)) knows both rules.",
        "Walk with an index: two steps where the pair stands, else one.",
    ),
    reread="Transfer",
    parts=("pair", "ids"),
    imports=("numpy", "math", "collections"),
    minutes=12,
    points=3,
)
