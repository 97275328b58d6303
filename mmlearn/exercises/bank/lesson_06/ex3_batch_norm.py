"""06.3: batch norm in training, and what it remembers."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Batch norm as it is in training. `x` is `(B, F)`; `gamma`, `beta`, `moving_mean` and
`moving_variance` are `(F,)`.

Standardize each feature over the batch, then scale and shift it. Then let the moving
statistics follow the batch's: $m \\leftarrow \\rho\\, m + (1 - \\rho)\\, \\mu$, where
$\\rho$ is `momentum`. Return `y` and the two new moving statistics. The variance
divides by B.
"""

STUB = '''\
def batch_norm(x, gamma, beta, moving_mean, moving_variance, momentum, epsilon):
    """(B, F) and four (F,) -> y (B, F), moving_mean (F,), moving_variance (F,)"""
    raise NotImplementedError
'''


def solution(x, gamma, beta, moving_mean, moving_variance, momentum, epsilon):
    """The batch's own mean and variance for y; a slow mean of both to keep."""
    mean, variance = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    moving_mean = momentum * moving_mean + (1 - momentum) * mean
    moving_variance = momentum * moving_variance + (1 - momentum) * variance
    return y, moving_mean, moving_variance


def attempt(
    x,
    gamma,
    beta,
    moving_mean,
    moving_variance,
    momentum,
    epsilon,
    *,
    wrong=frozenset(),
):
    """The layer with a student's mistakes in it."""
    less = 1 if "divided by B − 1" in wrong else 0
    mean, variance = x.mean(axis=0), x.var(axis=0, ddof=less)
    mu, var = mean, variance
    if "each sample on its own" in wrong:
        mu, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True, ddof=less)
    if "one mean for all" in wrong:
        mu, var = x.mean(), x.var(ddof=less)
    if "moving statistics used" in wrong:
        mu, var = moving_mean, moving_variance
    outside = "epsilon outside the root" in wrong
    root = np.sqrt(var) + epsilon if outside else np.sqrt(var + epsilon)
    if "gamma and beta exchanged" in wrong:
        gamma, beta = beta, gamma
    y = gamma * (x - mu) / root + beta
    keep = 1 - momentum if "momentum exchanged" in wrong else momentum
    spread = np.sqrt(variance) if "standard deviation kept" in wrong else variance
    moving_mean = keep * moving_mean + (1 - keep) * mean
    return y, moving_mean, keep * moving_variance + (1 - keep) * spread


def draw(rng):
    """B ≠ F, features of unlike size, moving statistics far from the batch's."""
    B, F = (int(n) for n in rng.permutation([2, 3, 4])[:2])
    x = rng.integers(-6, 7, (B, F)) / 2 * np.arange(1, F + 1)
    x[0] += 2.5  # no feature is constant
    gamma, beta = rng.integers(1, 5, F) / 2, rng.integers(5, 9, F) / 2
    moving = rng.integers(-4, 5, F) / 2, rng.integers(2, 9, F) / 2
    return Case((x, gamma, beta, *moving, float(rng.choice([0.75, 0.875])), 0.25))


def corners(rng):
    """As many samples as features: a mean along the wrong axis has the right shape."""
    x = np.array([[1.0, 4.0], [3.0, -8.0]])
    weights = np.array([2.0, 0.5]), np.array([1.0, -3.0])
    return [Case((x, *weights, np.zeros(2), np.ones(2), 0.75, 0.25))]


AXES = ("each sample on its own", "one mean for all", "moving statistics used")

MISTAKES = (
    Mistake(
        AXES[0],
        "you took mean and variance along each row. That is layer norm.",
        "Which of the letters B and F must the mean keep?",
        excludes=AXES,
    ),
    Mistake(
        AXES[1],
        "you took one mean of all numbers. A feature in metres and one in "
        "kilograms would share it.",
        "What shape should the mean have?",
        excludes=AXES,
    ),
    Mistake(
        AXES[2],
        "you standardized with the moving statistics. They are for the time after "
        "training.",
        "Of which samples are mean and variance while the layer trains?",
        excludes=AXES,
    ),
    Mistake(
        "divided by B − 1",
        "your variance divides by B − 1, as statisticians do for a sample.",
        "By what does the statement divide?",
    ),
    Mistake(
        "epsilon outside the root",
        "you added ε to the root. It belongs to the variance.",
        "Compare where ε stands in the equation.",
    ),
    Mistake(
        "momentum exchanged",
        "your moving statistics forget the past and take the batch.",
        "With a momentum of 0.99, how much of the old value should be left?",
    ),
    Mistake(
        "standard deviation kept",
        "your moving variance follows the root of the batch's variance.",
        "What is the unit of the number that you keep?",
    ),
    Mistake(
        "gamma and beta exchanged",
        "you scaled with beta and shifted with gamma.",
        "Which of the two starts at 1 in a new layer, and why?",
    ),
)


def by_moments(x, gamma, beta, moving_mean, moving_variance, momentum, epsilon):
    """The variance as E[x²] − E[x]²; the statistics moved by a difference."""
    mean = np.einsum("bf->f", x) / len(x)
    variance = (x * x).mean(axis=0) - mean * mean
    scale = gamma / np.sqrt(variance + epsilon)
    new_mean = moving_mean + (1 - momentum) * (mean - moving_mean)
    new_variance = moving_variance + (1 - momentum) * (variance - moving_variance)
    return [x * scale + (beta - mean * scale), new_mean, new_variance]


EXERCISE = Exercise(
    id="06.3",
    title="batch norm",
    statement=STATEMENT,
    stub=STUB,
    function="batch_norm",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_moments,),
    question="Before gamma and beta: what are mean and variance of each column of y?",
    hints=(
        "Mean and variance along axis 0: one of each per feature, shape (F,).",
        "y needs the batch's statistics, the state a mixture of old and new.",
    ),
    reread="Batch norm",
    parts=("y", "moving_mean", "moving_variance"),
    minutes=10,
    points=3,
)
