"""10.1: scaled dot-product attention with a mask."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Attention, in Keras' order of arguments. `query` is `(B, L, F)`, `value` `(B, S, U)`,
`key` `(B, S, F)`; `mask` is `(B, L, S)`, `True` where query l may look at key s.

Scores $a_{ls} = q_l \\cdot k_s / \\sqrt F$, weights by a softmax over the keys that l
may look at, and $y_l = \\sum_s w_{ls}\\, v_s$, `(B, L, U)`. A query that may look
nowhere gets **zeros**. Scores may be in the thousands.
"""

STUB = '''\
def attend(query, value, key, mask):
    """(B, L, F), (B, S, U), (B, S, F), (B, L, S) bool -> y (B, L, U)"""
    raise NotImplementedError
'''


def solution(query, value, key, mask):
    """Scores, the mask before the softmax, then a mean of the values."""
    a = query @ key.swapaxes(1, 2) / np.sqrt(key.shape[-1])  # (B, L, S)
    a = np.where(mask, a, -np.inf)
    top = a.max(axis=-1, keepdims=True)
    e = np.exp(a - np.where(np.isfinite(top), top, 0))  # exp(−∞) = 0
    total = e.sum(axis=-1, keepdims=True)
    w = e / np.where(total == 0, 1, total)  # a row of zeros stays one
    return w @ value


def attempt(query, value, key, mask, *, wrong=frozenset()):
    """Attention with a student's mistakes in it."""
    if "key and value exchanged" in wrong:
        key, value = value, key
    mask = ~mask if "mask the wrong way round" in wrong else mask
    a = query @ key.swapaxes(1, 2)
    if "no scale" not in wrong:
        a = a / (key.shape[-1] ** (1 if "divided by F" in wrong else 0.5))
    axis = 1 if "softmax over the queries" in wrong else 2
    nowhere = ~mask.any(axis=axis, keepdims=True)
    if "masked scores set to 0" in wrong:
        a = np.where(mask, a, 0.0)
    elif "nothing to see, so a mean of all" in wrong:
        a = np.where(mask | nowhere, a, -np.inf)
        a = np.where(nowhere, 0.0, a)
    elif "mask after the softmax" not in wrong:
        a = np.where(mask | nowhere, a, -np.inf)
        a = np.where(nowhere, -np.inf, a)
    with np.errstate(all="ignore"):
        top = a.max(axis=axis, keepdims=True)
        e = np.exp(a - np.where(np.isfinite(top), top, 0))
        if "no maximum subtracted" in wrong:
            e = np.exp(a)
        total = e.sum(axis=axis, keepdims=True)
        w = e / np.where(total == 0, 1, total)
    if "mask after the softmax" in wrong:
        w = w * mask
    with np.errstate(all="ignore"):
        return w @ value


def _case(rng, B, L, S, F, U, large=1.0, nowhere=False):
    """Halves; a mask with holes, no two rows alike where it can be."""

    def some(*shape):
        return rng.integers(1, 5, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    mask = rng.random((B, L, S)) < 0.6
    mask[..., 0] |= ~mask.any(axis=-1)  # at least one key for everybody
    mask[:, 0, -1] = False
    mask[:, 0, 0] = True
    if nowhere:
        mask[-1, -1] = False
    return Case((large * some(B, L, F), some(B, S, U), large * some(B, S, F), mask))


def draw(rng):
    L, S, U = (int(n) for n in rng.permutation([2, 3, 4]))
    F = int(rng.choice([2, 3, 5]))
    return _case(rng, 2, L, S, F, U, nowhere=bool(rng.integers(2)))


def corners(rng):
    """Small for the hand; as many values as features; scores in the thousands."""
    return [
        _case(rng, 1, 1, 2, 4, 1),
        _case(rng, 1, 2, 3, 4, 4),
        _case(rng, 2, 3, 2, 4, 4, nowhere=True),
        _case(rng, 1, 2, 3, 4, 2, large=40.0),
    ]


MASKS = (
    "mask after the softmax",
    "masked scores set to 0",
    "nothing to see, so a mean of all",
)
OTHERS = (
    *MASKS,
    "softmax over the queries",
    "no scale",
    "divided by F",
    "mask the wrong way round",
    "key and value exchanged",
)

MISTAKES = (
    Mistake(
        OTHERS[3],
        "your weights add up to 1 over the queries, for each key.",
        "Which axis of (B, L, S) must add up to 1: who asks, or who is read?",
        excludes=("nothing to see, so a mean of all",),
    ),
    Mistake(
        "no scale",
        "your scores are not divided by the root of F.",
        "How large is a dot product of F numbers, if F grows?",
        excludes=("divided by F",),
    ),
    Mistake(
        "divided by F",
        "you divided by F, not by its root.",
        "The standard deviation of a sum of F independent terms grows like what?",
    ),
    Mistake(
        "mask the wrong way round",
        "your queries look exactly where they may not.",
        "What does True mean in this mask?",
    ),
    Mistake(
        MASKS[0],
        "you took the softmax over all keys and set masked weights to 0 after it. "
        "Then a row no longer adds up to 1.",
        "What do the weights of one query add up to?",
        excludes=MASKS,
    ),
    Mistake(
        MASKS[1],
        "a masked score of 0 is a score like any other: exp(0) = 1.",
        "Which score gives a weight of exactly 0?",
        excludes=MASKS,
    ),
    Mistake(
        MASKS[2],
        "a query that may look nowhere gets the mean of all values from you. So do "
        "Keras' layers, where a large negative number stands for minus infinity.",
        "What should a query read that may read nothing?",
        excludes=MASKS,
    ),
    Mistake(
        "no maximum subtracted",
        "exp of a score in the thousands is infinite, of minus thousands 0: neither "
        "∞/∞ nor 0/0 is a weight.",
        "What may be subtracted from all scores of a row without changing a weight?",
        excludes=OTHERS,  # beside them it shows in cases without a number alone
    ),
    Mistake(
        "key and value exchanged",
        "you compared the queries with the values and handed out the keys.",
        "In which order do the arguments come?",
    ),
)


def by_einsum(query, value, key, mask):
    """With −1e30 for minus infinity, and empty rows put right at the end."""
    a = np.einsum("blf,bsf->bls", query, key) * key.shape[2] ** -0.5
    a = np.where(mask, a, -1e30)
    e = np.exp(a - a.max(axis=2, keepdims=True)) * mask
    y = np.einsum("bls,bsu->blu", e, value)
    return y / np.maximum(e.sum(axis=2), 1e-300)[..., None]


def query_by_query(query, value, key, mask):
    """Loops, and only the keys that may be read."""
    y = np.zeros((*query.shape[:2], value.shape[2]))
    for b, l in np.ndindex(*query.shape[:2]):
        may = mask[b, l]
        if may.any():
            a = key[b, may] @ query[b, l] / key.shape[2] ** 0.5
            w = np.exp(a - a.max())
            y[b, l] = w @ value[b, may] / w.sum()
    return y


EXERCISE = Exercise(
    id="10.1",
    title="attention with a mask",
    statement=STATEMENT,
    stub=STUB,
    function="attend",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_einsum, query_by_query),
    question="What do the weights of one query add up to, and which of them are 0?",
    hints=(
        "Scores first: query @ key.swapaxes(1, 2) is (B, L, S). Divide by the root of "
        "F.",
        "np.where(mask, a, -np.inf) before the softmax; exp of minus infinity is 0.",
        "A row without a single True has the sum 0: divide it by 1 instead. And "
        "subtract the row's maximum before exp, unless it is minus infinity.",
    ),
    reread="Who may look where",
    minutes=9,
    points=3,
)
