"""15.4: low-rank fusion, the same sum without the tensor."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Low-rank fusion. The kernel is never written down; each modality has factors
$A_m$, `(R, F_m + 1, U)`, and

$$y_u = b_u + \\sum_{r=1}^{R} \\; \\prod_{m=1}^{M} \\; \\sum_i \\tilde x_{mi}\\,
A_{m r i u}, \\qquad \\tilde x_m = [x_m; 1]$$

`inputs` is a list of M arrays `(B, F_m)`, `factors` a list of M arrays `(R, F_m + 1,
U)`, `bias` `(U,)`. Return y, `(B, U)`. There may be a dozen modalities: do not build
their outer product.
"""

STUB = '''\
def low_rank_fuse(inputs, factors, bias):
    """list of (B, F_m), list of (R, F_m + 1, U), (U,) -> y (B, U)"""
    raise NotImplementedError
'''


def solution(inputs, factors, bias):
    """Each modality gives (R, B, U); they are multiplied, and the rank is summed."""
    product = np.ones(())
    for x, A in zip(inputs, factors, strict=True):
        x = np.concatenate([x, np.ones((len(x), 1))], axis=1)
        product = product * (x @ A)  # (R, B, U)
    return product.sum(axis=0) + bias


def attempt(inputs, factors, bias, *, wrong=frozenset()):
    """Low-rank fusion with a student's mistakes in it."""
    mapped = []
    for x, A in zip(inputs, factors, strict=True):
        one = np.ones((len(x), 1)) * ("no 1" not in wrong)
        x = np.hstack([one, x] if "1 in front" in wrong else [x, one])
        mapped.append(x @ A)
    maps = np.array(mapped)  # (M, R, B, U)
    if "ranks added too early" in wrong:
        y = maps.sum(axis=1).prod(axis=0)
    elif "modalities added" in wrong:
        y = maps.sum(axis=(0, 1))
    elif "ranks multiplied, modalities added" in wrong:
        y = maps.prod(axis=1).sum(axis=0)
    elif "a bias in each rank" in wrong:
        y = (maps.prod(axis=0) + bias).sum(axis=0) - bias
    else:
        y = maps.prod(axis=0).sum(axis=0)
    if "mean over the rank" in wrong:
        y = y / maps.shape[1]
    return y + bias


def _case(rng, rows, sizes, rank, units):
    inputs = [halves(rng, rows, f) for f in sizes]
    factors = [halves(rng, rank, f + 1, units) for f in sizes]
    return Case((inputs, factors, halves(rng, units) + 0.25))


def draw(rng):
    sizes = [int(n) for n in rng.permutation([1, 2, 3])]
    chosen = sizes[: int(rng.integers(2, 4))]
    return _case(rng, 2, chosen, int(rng.integers(2, 4)), int(rng.choice([1, 4])))


def corners(rng):
    return [
        _case(rng, 1, [1, 1], 2, 1),
        _case(rng, 2, [2], 3, 2),
        _case(rng, 2, [1, 2, 1], 2, 2),
    ]


WAYS = (
    "ranks added too early",
    "modalities added",
    "ranks multiplied, modalities added",
    "a bias in each rank",
)
MISTAKES = (
    Mistake(
        WAYS[0],
        "you added up the ranks of each modality first and multiplied then. That is a "
        "fusion of rank 1, whatever R is.",
        "What stands inside: the sum over r, or the product over m?",
        excludes=(*WAYS, "mean over the rank"),
    ),
    Mistake(
        WAYS[1],
        "nothing is multiplied in yours: it is a concatenation in disguise.",
        "Which sign stands between two modalities?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[2],
        "product and sum have changed places.",
        "Over what does the product run, and over what the sum?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[3],
        "your bias stands inside the sum over the rank: R times.",
        "How often does b stand in the sum?",
        excludes=WAYS,
    ),
    Mistake(
        "mean over the rank",
        "you divided by the rank.",
        "A kernel of rank R is a sum of R outer products. Is it a mean?",
    ),
    Mistake(
        "no 1",
        "only products of all modalities are left in yours.",
        "What does the last row of each factor multiply?",
        excludes=("1 in front",),
    ),
    Mistake(
        "1 in front",
        "your 1 stands in front of the features; the factors have its row at the end.",
        "Which row of the factor belongs to the 1?",
    ),
)


def by_einsum(inputs, factors, bias):
    """The bias row apart: x A[:, :-1] + A[:, -1]."""
    pairs = zip(inputs, factors, strict=True)
    maps = [np.einsum("bf,rfu->bru", x, A[:, :-1]) + A[:, -1] for x, A in pairs]
    return np.prod(maps, axis=0).sum(axis=1) + bias


def rank_by_rank(inputs, factors, bias):
    """A loop over the rank."""
    y = np.tile(np.asarray(bias, float), (len(inputs[0]), 1))
    for r in range(len(factors[0])):
        part = np.ones_like(y)
        for x, A in zip(inputs, factors, strict=True):
            part *= np.hstack([x, np.ones((len(x), 1))]) @ A[r]
        y += part
    return y


EXERCISE = Exercise(
    id="15.4",
    title="low-rank fusion",
    statement=STATEMENT,
    stub=STUB,
    function="low_rank_fuse",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_einsum, rank_by_rank),
    question="Which is inside, the sum over the rank or the product over the "
    "modalities?",
    hints=(
        "One modality: x̃ @ A is (R, B, U), as A is (R, F + 1, U).",
        "Multiply these arrays, number by number, over the modalities.",
        "At the very end add over the rank, axis 0, and the bias once.",
    ),
    reread="The same with few weights: low rank",
    minutes=7,
    points=3,
)
