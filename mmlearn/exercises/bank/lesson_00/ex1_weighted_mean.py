"""00.1: a weighted mean over time, by broadcasting or einsum."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A batch of `B` clips has `T` frames each, and `F` features for each frame. Each frame
has a weight. Return the weighted mean over time of every feature, a row for each clip:

$$y_{bf} = \\frac{\\sum_t w_{bt} \\, x_{btf}}{\\sum_t w_{bt}}$$

`x` is `(B, T, F)`, `weights` is `(B, T)` and not negative; the weights of a clip need
not sum to 1, but never to 0. Return `(B, F)`, without a loop.
"""

STUB = '''\
def weighted_mean(x, weights):
    """(B, T, F), (B, T) -> (B, F): the mean over time, frame t counts weights[b, t]."""
    raise NotImplementedError
'''


def solution(x, weights):
    """The letters say it: t is on the left only, so it is summed."""
    total = weights.sum(axis=1, keepdims=True)  # (B, 1)
    return np.einsum("btf,bt->bf", x, weights) / total


def attempt(x, weights, *, wrong=frozenset()):
    """Product, sum over time, division: with a student's mistakes in them."""
    laid_out = weights[:, :, None]  # (B, T, 1)
    if "weights laid along the features" in wrong:
        laid_out = weights
    weighted = x if "plain mean" in wrong else x * laid_out
    over = 2 if "summed over the features" in wrong else 1
    y = weighted.sum(axis=over)
    if "not divided" in wrong:
        return y
    if wrong & {"divided by T", "plain mean"}:
        return y / x.shape[1]
    if "one total for all clips" in wrong:
        return y / weights.sum()
    if "totals laid along the features" in wrong:
        return y / weights.sum(axis=1)
    return y / weights.sum(axis=1, keepdims=True)


def _case(rng, B, T, F):
    """Whole numbers; every clip has weights of its own, some of them 0."""
    x = rng.integers(1, 10, (B, T, F)) * rng.choice([-1.0, 1.0], (B, T, F))
    weights = rng.integers(0, 4, (B, T)).astype(float)
    weights[:, -1] = rng.permutation(np.arange(4, 4 + B))  # never all 0, never alike
    return Case((x, weights))


def draw(rng):
    """B, T and F all differ."""
    return _case(rng, *(int(n) for n in rng.permutation([2, 3, 4])))


def corners(rng):
    """Sizes at which a wrong layout fits by chance: the numbers must tell."""
    return [_case(rng, 2, 2, 2), _case(rng, 3, 3, 3), _case(rng, 2, 4, 2)]


def by_broadcasting(x, weights):
    """A new axis of length 1 for the features; keepdims for the totals."""
    share = weights / weights.sum(axis=1, keepdims=True)
    return (x * share[:, :, np.newaxis]).sum(axis=1)


def by_matmul(x, weights):
    """One row of weights times one matrix of frames, for each clip."""
    return (weights[:, None, :] @ x)[:, 0] / weights.sum(1)[:, None]


def by_average(x, weights):
    """NumPy's own name for it, clip by clip."""
    pairs = zip(x, weights, strict=True)
    return np.stack([np.average(a, axis=0, weights=w) for a, w in pairs])


_DIVIDED = (
    "not divided",
    "divided by T",
    "one total for all clips",
    "totals laid along the features",
)

MISTAKES = (
    Mistake(
        "plain mean",
        "this is the plain mean over time; every frame counts the same.",
        "Is every argument of your function used?",
        excludes=(*_DIVIDED, "weights laid along the features"),
    ),
    Mistake(
        "not divided",
        "this is the weighted sum. A mean lies between the smallest and the largest of "
        "its numbers; a sum need not.",
        "If all weights are 2, what should come out? What comes out?",
        excludes=_DIVIDED,
    ),
    Mistake(
        "divided by T",
        "you divided by the number of frames: weights of 2 give twice the mean.",
        "How many frames are there, if a frame of weight 2 counts as two?",
        excludes=_DIVIDED,
    ),
    Mistake(
        "one total for all clips",
        "you divided by the sum of all weights of the batch; each clip has its own.",
        "Over which axis of `weights` should the total be taken?",
        excludes=_DIVIDED,
    ),
    Mistake(
        "totals laid along the features",
        "you divided `(B, F)` by `(B,)`: NumPy lines shapes up from the right, so the "
        "totals of the clips were laid along the features.",
        "Which shape must the totals have, so that each row is divided by its own?",
        "The bug that everybody meets",
        excludes=_DIVIDED,
    ),
    Mistake(
        "weights laid along the features",
        "you multiplied `(B, T, F)` by `(B, T)`: lined up from the right, the weights "
        "met the wrong axes. Where the sizes happen to fit, there is no error.",
        "Which shape must the weights have, so that each meets its frame?",
        "Broadcasting",
    ),
    Mistake(
        "summed over the features",
        "you summed over the features, and kept time.",
        "Which letter is missing in `y_bf`? That one is summed.",
    ),
)

EXERCISE = Exercise(
    id="00.1",
    title="a weighted mean over time",
    statement=STATEMENT,
    stub=STUB,
    function="weighted_mean",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_broadcasting, by_matmul, by_average),
    question="Which letters have x, the weights and the answer, and which one goes?",
    hints=(
        "Write the letters down: x has b, t, f; the weights b, t; the answer b, f.",
        "The top of the fraction is one einsum, or a product with weights[:, :, None].",
        "The bottom is a sum over t; keep it as a column, (B, 1), to divide each row.",
    ),
    reread="Einsum",
    minutes=8,
)
