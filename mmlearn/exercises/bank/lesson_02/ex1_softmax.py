"""02.1: softmax, for any finite logits."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """
Turn logits `(B, K)` into probabilities, one row per sample:

$$p_{bk} = \\frac{e^{z_{bk}}}{\\sum_{k'} e^{z_{bk'}}}$$

It must work for *any* finite logits, also for 1000 and −1000.
"""

STUB = '''
def softmax(logits):
    """logits (B, K) -> probabilities (B, K); every row sums to 1"""
    raise NotImplementedError
'''


def solution(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)  # largest exponent: e⁰
    e = np.exp(shifted)
    return e / e.sum(axis=1, keepdims=True)


def draw(rng):
    B = int(rng.integers(2, 4))
    return Case((rng.integers(-2, 3, (B, B + 1)).astype(float),))


def corners(rng):
    # Far apart in size: one row overflows without its maximum, the other underflows.
    return [Case((np.array([[1000.0, 1001.0, 999.0], [-1.0, 0.0, -2.0]]),))]


def attempt(logits, *, wrong=frozenset()):
    """The solution, with the known mistakes in it."""
    axis: int | None = 1
    if "normalised over the wrong axis" in wrong:
        axis = 0
    if "normalised over the whole array" in wrong:
        axis = None
    top = logits.max(axis=1, keepdims=True)
    if "no maximum subtracted" in wrong:
        top = 0.0
    if "maximum of the whole array subtracted" in wrong:
        top = logits.max()
    e = np.exp(logits - top)
    if "not normalised" in wrong:
        return e
    if "logits divided by their sum" in wrong:
        return logits / logits.sum(axis=axis, keepdims=True)
    return e / e.sum(axis=axis, keepdims=True)


_NORMALISED = ("normalised over the whole array", "not normalised")
_MAXIMUM = ("no maximum subtracted", "maximum of the whole array subtracted")

MISTAKES = (
    Mistake(
        "no maximum subtracted",
        "`exp(1000)` is too large for any float: it becomes `inf`, and `inf / inf` is "
        "not a number.",
        "Softmax does not change when the same number is subtracted from a whole row. "
        "Which number makes every exponent ≤ 0?",
        reread="Softmax and its overflow",
        excludes=("maximum of the whole array subtracted",),
    ),
    Mistake(
        "maximum of the whole array subtracted",
        "one sample's large logits push another's exponents below what a float can "
        "hold: its row becomes 0 / 0.",
        "Each sample is a problem of its own: along which axis is its maximum?",
        reread="Softmax and its overflow",
    ),
    Mistake(
        "normalised over the wrong axis",
        "your columns sum to 1: samples compete with one another instead of classes.",
        "Print `p.sum(axis=0)` and `p.sum(axis=1)`: which should be ones?",
        excludes=_NORMALISED,
    ),
    Mistake(
        "normalised over the whole array",
        "all numbers together sum to 1, instead of each row.",
        "`sum()` without an axis adds up everything.",
        excludes=("not normalised",),
    ),
    Mistake(
        "not normalised",
        "these are exponentials that nobody divided by their sum.",
        "What must a row of probabilities sum to?",
    ),
    Mistake(
        "logits divided by their sum",
        "the exponential is missing: negative logits give negative “probabilities”.",
        "What makes every number positive before it is divided?",
        excludes=(*_NORMALISED, *_MAXIMUM, "normalised over the wrong axis"),
    ),
)


def by_rows(logits):
    rows = []
    for row in logits:
        e = [np.exp(z - max(row)) for z in row]
        rows.append([value / sum(e) for value in e])
    return rows


def by_logsumexp(logits):
    top = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    return np.exp(logits - top - total)


def in_float32(logits):
    return solution(logits.astype(np.float32))


EXERCISE = Exercise(
    id="02.1",
    title="softmax",
    statement=STATEMENT,
    stub=STUB,
    function="softmax",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_rows, by_logsumexp, in_float32),
    question="What does each row of your answer sum to, and is every number in it "
    "between 0 and 1?",
    hints=(
        "Three steps: make every number positive, add up each row, divide.",
        "`keepdims=True` keeps a (B, 1) column that divides a (B, K) array row by row.",
        "Subtract from each row its own maximum before the exponential.",
    ),
    reread="From scores to probabilities: softmax",
    minutes=8,
    points=2,
)
