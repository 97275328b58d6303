"""14.1: mutual information in bits, from a table of counts."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
How many bits do the symbols of one modality tell of the label? `counts` is `(A, K)`:
how often symbol x came with label y. With $p(x, y)$ = count / all counts:

$$I = \\sum_{x, y} p(x, y) \\log_2 \\frac{p(x, y)}{p(x)\\, p(y)}$$

A count of 0 adds nothing. Return one number.
"""

STUB = '''\
def information(counts):
    """(A, K) counts -> bits"""
    raise NotImplementedError
'''


def solution(counts):
    """Counts to shares; where there is something, weigh the logarithm by it."""
    p = counts / counts.sum()
    apart = p.sum(axis=1, keepdims=True) * p.sum(axis=0)  # (A, 1) · (K,)
    there = p > 0
    return (p[there] * np.log2(p[there] / apart[there])).sum()


def attempt(counts, *, wrong=frozenset()):
    """Mutual information with a student's mistakes in it."""
    p = counts / counts.sum()
    if "counts of each row alone" in wrong:
        p = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) / len(counts)
    log = np.log if "nats" in wrong else np.log2
    x, y = p.sum(axis=1, keepdims=True), p.sum(axis=0)
    if "labels taken as equal" in wrong:
        y = np.full(p.shape[1], 1 / p.shape[1])
    apart = x * y
    if "p(y) forgotten" in wrong:
        apart = x * np.ones_like(y)
    if "H(y) alone" in wrong:
        return -(y[y > 0] * log(y[y > 0])).sum()
    there = p > 0
    weights = p[there]
    if "not weighted" in wrong:
        weights = np.full(there.sum(), 1 / there.sum())
    return (weights * log(p[there] / apart[there])).sum()


def _case(rng, a, k, holes):
    """Small counts, no two rows alike; a zero here and there."""
    counts = rng.integers(1, 7, (a, k))
    counts[0, 0] += 5
    counts[-1] += rng.integers(0, 4, k)
    if holes:
        counts[-1, 0] = 0
    return Case((counts.astype(float),))


def draw(rng):
    a, k = (int(n) for n in rng.permutation([2, 3, 4])[:2])
    return _case(rng, a, k, holes=bool(rng.integers(2)))


def corners(rng):
    """Small for the hand; a symbol that is sure of its label."""
    return [
        Case((np.array([[3.0, 1.0], [1.0, 3.0]]),)),
        Case((np.array([[4.0, 0.0], [1.0, 1.0], [0.0, 2.0]]),)),
        _case(rng, 3, 2, holes=True),
        _case(rng, 2, 3, holes=False),
    ]


MISTAKES = (
    Mistake(
        "nats",
        "your logarithm is the natural one, so the answer is in nats, not in bits.",
        "How much is a fair coin worth in your unit?",
    ),
    Mistake(
        "not weighted",
        "you took the plain mean of the logarithms: a cell that comes once counts as "
        "much as one that comes often.",
        "What stands in front of the logarithm?",
    ),
    Mistake(
        "p(y) forgotten",
        "you computed the mean of log p(y | x), which is −H(y | x): how unsure one "
        "still "
        "is, not what was learned.",
        "What should come out if x tells nothing at all?",
        excludes=("labels taken as equal",),
    ),
    Mistake(
        "H(y) alone",
        "that is how unsure one is before looking; what is left after looking must "
        "come off.",
        "What should come out if x tells nothing at all?",
        excludes=("not weighted", "p(y) forgotten", "labels taken as equal"),
    ),
    Mistake(
        "labels taken as equal",
        "you put 1/K for p(y). Labels need not be equally frequent.",
        "From which axis of the table does p(y) come?",
    ),
    Mistake(
        "counts of each row alone",
        "you divided every row by its own sum, as if all symbols came equally often.",
        "What must all of p(x, y) together add up to?",
    ),
)


def by_entropies(counts):
    """H(x) + H(y) − H(x, y)."""

    def entropy(p):
        p = p[p > 0]
        return -(p * np.log2(p)).sum()

    p = np.asarray(counts) / np.sum(counts)
    return entropy(p.sum(1)) + entropy(p.sum(0)) - entropy(p.ravel())


def cell_by_cell(counts):
    """Two loops."""
    total, bits = counts.sum(), 0.0
    for x in range(counts.shape[0]):
        for y in range(counts.shape[1]):
            n = counts[x, y]
            if n:
                expected = counts[x].sum() * counts[:, y].sum()
                bits += n / total * np.log2(n * total / expected)
    return bits


EXERCISE = Exercise(
    id="14.1",
    title="information in bits",
    statement=STATEMENT,
    stub=STUB,
    function="information",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_entropies, cell_by_cell),
    question="What does your function give for a table in which all rows are alike?",
    hints=(
        "First p = counts / counts.sum(). Then p(x) = p.sum(axis=1) and "
        "p(y) = p.sum(axis=0).",
        "p.sum(axis=1, keepdims=True) * p.sum(axis=0) is a table of p(x) p(y).",
        "Take the logarithm only where p > 0: a mask does it.",
    ),
    reread="How much does a modality tell?",
    minutes=8,
    points=2,
)
