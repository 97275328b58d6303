"""02.3: the pullback of the dense layer, its last line left to write."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The dense layer and its pullback. Two of three gradients are there; write the last.

`x` is `(B, F)`, `kernel` is `(F, U)`, `bias` is `(U,)`. The pullback gets `dy`,
`(B, U)`, and returns `dx`, `dkernel`, `dbias`, each shaped like what it belongs to.
"""

STUB = '''\
def dense(x, kernel, bias):
    """(B, F), (F, U), (U,) -> y (B, U), and its pullback"""
    y = x @ kernel + bias

    def pullback(dy):
        dx = dy @ kernel.T  # Σ_u dy_bu W_fu
        dkernel = x.T @ dy  # Σ_b x_bf dy_bu
        dbias = ...  # your line
        if dbias is ...:
            raise NotImplementedError
        return dx, dkernel, dbias

    return y, pullback
'''


def solution(x, kernel, bias):
    """Each gradient sums over the letters that its array does not have."""
    y = x @ kernel + bias

    def pullback(dy):
        dx = dy @ kernel.T
        dkernel = x.T @ dy
        dbias = dy.sum(axis=0)
        return dx, dkernel, dbias

    return y, pullback


def draw(rng):
    """B, F and U all differ, and the upstream gradient is not constant."""
    B, F, U = (int(n) for n in rng.permutation([2, 3, 4]))
    numbers = [rng.integers(-3, 4, s).astype(float) for s in ((B, F), (F, U), U)]
    return Case(tuple(numbers), upstream=_nonzero(rng, (B, U)))


def corners(rng):
    """As many samples as units: a sum over the wrong axis has the right shape."""
    x, kernel = (_nonzero(rng, shape) for shape in ((3, 2), (2, 3)))
    dy = np.array([[1.5, 2, -3], [4, 0.5, 1], [-2, 5, 3.5]])
    return [Case((x, kernel, np.array([1.0, -2, 3])), upstream=dy)]


def _nonzero(rng, shape):
    """Halves, so that whole numbers cannot hold the gradients."""
    return (rng.integers(1, 4, shape) - 0.5) * rng.choice([-1.0, 1.0], shape)


def attempt(x, kernel, bias, *, wrong=frozenset()):
    """The layer with a student's mistakes in its last line, and in the others."""
    y = x @ kernel + bias

    def pullback(dy):
        dx, dkernel = dy @ kernel.T, x.T @ dy
        dbias = dy.sum(axis=0)
        if "summed over the units" in wrong:
            dbias = dy.sum(axis=1)
        if "batch not summed" in wrong:
            dbias = dy
        if "mean over the batch" in wrong:
            dbias = dy.mean(axis=0)
        if "a gradient of ones" in wrong:
            dbias = np.ones_like(bias)
        if "times the bias" in wrong:
            dbias = dy.sum(axis=0) * bias
        if "sum over everything" in wrong:
            dbias = dy.sum()
        return dx, dkernel, dbias

    return y, pullback


# All are one line written wrongly: no two of them can be made at once.
_NAMES = (
    "summed over the units",
    "batch not summed",
    "mean over the batch",
    "a gradient of ones",
    "times the bias",
    "sum over everything",
)


def _others(name):
    return tuple(n for n in _NAMES if n != name)


MISTAKES = (
    Mistake(
        _NAMES[0],
        "your sum runs along a row of `dy`: a number for each sample, none for units.",
        "Which letter do `y_bu` and `b_u` share, and which one must go?",
        excludes=_others(_NAMES[0]),
    ),
    Mistake(
        _NAMES[1],
        "this is `dy` itself, `(B, U)`. All samples use the same bias: it gets "
        "a message from each of them.",
        "What does a value do with the messages of all its users?",
        excludes=_others(_NAMES[1]),
    ),
    Mistake(
        _NAMES[2],
        "you took the mean over the batch. The 1/B of a mean loss is in `dy` already.",
        "Where in the chain was it divided by B?",
        excludes=_others(_NAMES[2]),
    ),
    Mistake(
        _NAMES[3],
        "∂y/∂b is 1, but a pullback passes on what comes from above: `dy` is missing.",
        "What is 1 multiplied with, by the chain rule?",
        excludes=_others(_NAMES[3]),
    ),
    Mistake(
        _NAMES[4],
        "you multiplied with the bias. It is added, so its own value does not matter.",
        "What is the derivative of y = a + b with respect to b?",
        excludes=_others(_NAMES[4]),
    ),
    Mistake(
        _NAMES[5],
        "all of `dy` became one number. Each unit has a bias of its own.",
        "`dbias` has the shape of `bias`. Which one is that?",
        excludes=_others(_NAMES[5]),
    ),
)


def by_einsum(x, kernel, bias):
    """The letters say it: what is not on the right is summed."""

    def pullback(dy):
        dx = np.einsum("bu,fu->bf", dy, kernel)
        return dx, np.einsum("bf,bu->fu", x, dy), np.einsum("bu->u", dy)

    return np.einsum("bf,fu->bu", x, kernel) + bias, pullback


def by_ones(x, kernel, bias):
    """A bias is a weight of a feature that is always 1."""

    def pullback(dy):
        return [dy @ kernel.T, x.T @ dy, np.ones(len(x)) @ dy]

    return x @ kernel + bias, pullback


EXERCISE = Exercise(
    id="02.3",
    title="the pullback of a dense layer",
    statement=STATEMENT,
    stub=STUB,
    function="dense",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_einsum, by_ones),
    question="A gradient is shaped like what it belongs to. Which shape is that here?",
    hints=(
        "Write y_bu = Σ_f x_bf W_fu + b_u. How many of the y contain one given b_u?",
        "Every sample's y_bu contains it, with the factor 1. Add up their messages.",
    ),
    reread="Second pullback: the dense layer",
    kind="pullback",
    parts=("y", "dx", "dkernel", "dbias"),
    minutes=6,
    points=2,
)
