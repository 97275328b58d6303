"""15.3: tensor fusion, the outer product of all modalities with a 1 at the end."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Tensor fusion of any number of modalities. Each gets a 1 **at its end**, $\\tilde x_m =
[x_m; 1]$; the outer product of all holds every product of one number from each. A
kernel adds these up:

$$y_u = b_u + \\sum_{i, j, \\dots} \\tilde x_{1i}\\, \\tilde x_{2j} \\cdots
\\; K_{ij \\dots u}$$

`inputs` is a list of M arrays `(B, F_m)`, `kernel` is `(F_1 + 1, …, F_M + 1, U)`,
`bias` `(U,)`. Return y, `(B, U)`. M may be 1.
"""

STUB = '''\
def tensor_fuse(inputs, kernel, bias):
    """list of (B, F_m), (F_1 + 1, …, F_M + 1, U), (U,) -> y (B, U)"""
    raise NotImplementedError
'''


def solution(inputs, kernel, bias):
    """The outer product, one modality at a time, flattened as the kernel is."""
    rows = len(inputs[0])
    z = np.ones((rows, 1))
    for x in inputs:
        x = np.concatenate([x, np.ones((rows, 1))], axis=1)
        z = (z[:, :, None] * x[:, None, :]).reshape(rows, -1)
    return z @ kernel.reshape(z.shape[1], -1) + bias


def attempt(inputs, kernel, bias, *, wrong=frozenset()):
    """Tensor fusion with a student's mistakes in it."""
    rows = len(inputs[0])
    parts = []
    for n, x in enumerate(inputs):
        one = np.ones((rows, 1))
        one = 0 * one if "no 1" in wrong else one
        one = 0 * one if "a 1 for the first only" in wrong and n else one
        parts.append(np.hstack([one, x] if "1 in front" in wrong else [x, one]))
    weights = kernel.reshape(-1, kernel.shape[-1])
    if "last modality outermost" in wrong:
        parts = parts[::-1]
    z = np.ones((rows, 1))
    for x in parts:
        z = (z[:, :, None] * x[:, None, :]).reshape(rows, -1)
    y = z @ weights
    if "a bias for each modality" in wrong:
        return y + len(inputs) * bias
    return y if "bias forgotten" in wrong else y + bias


def _case(rng, rows, sizes, units):
    inputs = [halves(rng, rows, f) for f in sizes]
    kernel = halves(rng, *(f + 1 for f in sizes), units)
    return Case((inputs, kernel, halves(rng, units) + 0.25))


def draw(rng):
    sizes = [int(n) for n in rng.permutation([1, 2, 3])]
    return _case(rng, 2, sizes[: int(rng.integers(1, 4))], int(rng.choice([1, 4])))


def corners(rng):
    return [
        _case(rng, 1, [1], 1),
        _case(rng, 1, [1, 1], 1),
        _case(rng, 2, [2, 1, 1], 2),
        _case(rng, 2, [2, 3], 1),
    ]


ONES = ("no 1", "a 1 for the first only", "1 in front")
MISTAKES = (
    Mistake(
        "no 1",
        "only products of all modalities are left in yours: no product of some, and "
        "none of them by itself.",
        "What is in the corner of the outer product where one modality says 1?",
        excludes=ONES,
    ),
    Mistake(
        "a 1 for the first only",
        "only one modality can be left out of your products.",
        "Which products hold features of the first modality alone?",
        excludes=ONES,
    ),
    Mistake(
        "1 in front",
        "your 1 stands in front of the features; the kernel has its row at the end.",
        "Which row of the kernel belongs to the 1?",
        excludes=ONES,
    ),
    Mistake(
        "last modality outermost",
        "you flattened the outer product with the last modality outermost, the kernel "
        "with the first. The number of products is the same, so nothing complains.",
        "Which modality's index runs fastest in kernel.reshape(-1, U)?",
    ),
    Mistake(
        "a bias for each modality",
        "you added the bias once for each modality.",
        "How often does b stand in the sum?",
        excludes=("bias forgotten",),
    ),
    Mistake("bias forgotten", "there is no bias in your y.", "What is y of zeros?"),
)


def by_contraction(inputs, kernel, bias):
    """No outer product: one axis of the kernel after another is summed away."""
    first, *others = [np.hstack([x, np.ones((len(x), 1))]) for x in inputs]
    y = np.tensordot(first, kernel, 1)  # (B, F_2 + 1, …, U)
    for x in others:
        y = np.einsum("bf,bf...->b...", x, y)
    return y + bias


def number_by_number(inputs, kernel, bias):
    """A loop over all products."""
    padded = [np.append(x, np.ones((len(x), 1)), axis=1) for x in inputs]
    y = np.tile(np.asarray(bias, float), (len(inputs[0]), 1))
    for place in np.ndindex(*kernel.shape[:-1]):
        picked = zip(padded, place, strict=True)
        product = np.prod([x[:, i] for x, i in picked], axis=0)
        y += product[:, None] * kernel[place]
    return y


EXERCISE = Exercise(
    id="15.3",
    title="tensor fusion",
    statement=STATEMENT,
    stub=STUB,
    function="tensor_fuse",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_contraction, number_by_number),
    question="Which entries of the outer product hold one feature alone, and which "
    "holds none?",
    hints=(
        "np.concatenate([x, np.ones((len(x), 1))], axis=1) has the 1 at its end.",
        "Start from z of ones (B, 1). For each modality: z[:, :, None] * x[:, None], "
        "and flatten all but the batch.",
        "kernel.reshape(-1, U) flattens in the same order.",
    ),
    reread="All products: bilinear and tensor fusion",
    minutes=8,
    points=3,
)
