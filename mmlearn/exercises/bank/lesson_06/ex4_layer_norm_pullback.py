"""06.4: the pullback of layer norm, its two middle lines left to write."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Layer norm standardizes each row of `x`, `(B, F)`, on its own; `gamma` and `beta` are
`(F,)`. The forward pass and two gradients are there. Write `dz`, the message to the
standardized rows, and `dx`, `(B, F)`, by the equation derived above, with the mean
along another axis.
"""

STUB = '''\
def layer_norm(x, gamma, beta, *, epsilon):
    """(B, F), (F,), (F,) -> y (B, F), and its pullback"""
    r = 1 / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)  # (B, 1)
    z = (x - x.mean(axis=1, keepdims=True)) * r
    y = gamma * z + beta

    def pullback(dy):
        dz = ...  # your line
        dx = ...  # your line
        if dz is ... or dx is ...:
            raise NotImplementedError
        return dx, (dy * z).sum(axis=0), dy.sum(axis=0)

    return y, pullback
'''


def solution(x, gamma, beta, *, epsilon):
    """Batch norm's pullback, along the other axis."""
    r = 1 / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)  # (B, 1)
    z = (x - x.mean(axis=1, keepdims=True)) * r
    y = gamma * z + beta

    def pullback(dy):
        dz = dy * gamma
        along_z = (dz * z).mean(axis=1, keepdims=True)  # (B, 1)
        dx = r * (dz - dz.mean(axis=1, keepdims=True) - z * along_z)
        return dx, (dy * z).sum(axis=0), dy.sum(axis=0)

    return y, pullback


def draw(rng):
    """B ≠ F; rows of unlike size, and no gamma of 1."""
    B, F = (int(n) for n in rng.permutation([2, 3, 4])[:2])
    x = rng.integers(-6, 7, (B, F)) / 2 * np.arange(1, B + 1)[:, None]
    x[:, 0] += 2.5  # no row is constant
    gamma = rng.integers(3, 7, F) / 2 * rng.choice([-1.0, 1.0], F)
    dy = rng.integers(1, 7, (B, F)) / 2 * rng.choice([-1.0, 1.0], (B, F))
    beta = rng.integers(-3, 4, F).astype(float)
    return Case((x, gamma, beta), {"epsilon": 0.25}, upstream=dy)


def corners(rng):
    """Square: a mean along the wrong axis has the right shape."""
    x = np.array([[1.0, 4.0, -2.0], [3.0, -8.0, 0.5], [2.0, 2.5, 6.0]])
    dy = np.array([[1.5, 2.0, -3.0], [4.0, 0.5, 1.0], [-2.0, 5.0, 3.5]])
    weights = np.array([2.0, 0.5, -1.5]), np.array([1.0, -3.0, 2.0])
    return [Case((x, *weights), {"epsilon": 0.25}, upstream=dy)]


def attempt(x, gamma, beta, *, epsilon, wrong=frozenset()):
    """The pullback with a student's mistakes in its two lines."""
    r = 1 / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)
    z = (x - x.mean(axis=1, keepdims=True)) * r
    y = gamma * z + beta

    def pullback(dy):
        dz = dy if "gamma forgotten" in wrong else dy * gamma
        axis = 0 if "means over the batch" in wrong else 1
        mean, along_z = (a.mean(axis=axis, keepdims=True) for a in (dz, dz * z))
        if "mean of dz forgotten" in wrong:
            mean = 0
        if "part along z forgotten" in wrong:
            along_z = 0
        if "sums in place of means" in wrong:
            mean, along_z = mean * x.shape[axis], along_z * x.shape[axis]
        dx = dz - mean - z * along_z
        if "sign of the part along z" in wrong:
            dx = dz - mean + z * along_z
        if "r forgotten" not in wrong:
            dx = r * dx
        return dx, (dy * z).sum(axis=0), dy.sum(axis=0)

    return y, pullback


MISTAKES = (
    Mistake(
        "gamma forgotten",
        "your `dz` is `dy` itself. Between z and y stands a factor.",
        "y = γ z + β: what is ∂y/∂z?",
    ),
    Mistake(
        "means over the batch",
        "your means run along the batch. That is batch norm's pullback.",
        "Along which axis did the forward pass take its mean?",
    ),
    Mistake(
        "mean of dz forgotten",
        "the path through the mean μ is missing.",
        "If all numbers of a row grow by the same amount, what does z do?",
    ),
    Mistake(
        "part along z forgotten",
        "the path through the variance is missing.",
        "If a whole row is doubled, what does z do?",
        excludes=("sign of the part along z",),
    ),
    Mistake(
        "sums in place of means",
        "you took sums. μ and σ² are means: each entry has a share of 1/F in them.",
        "Where in the derivation does 1/n stand?",
    ),
    Mistake(
        "sign of the part along z",
        "the part along z is added. Both paths through the statistics take away.",
        "r falls when a number moves away from the mean. Which sign has ∂r/∂x?",
    ),
    Mistake(
        "r forgotten",
        "the factor r is missing. A row of large numbers gets a small gradient.",
        "z = (x − μ) r: by what does a small change of x reach z?",
    ),
)


def by_projection(x, gamma, beta, *, epsilon):
    """Take out the direction of ones, then that of z, and divide."""
    F = x.shape[1]
    centred = x - np.einsum("bf->b", x)[:, None] / F
    s = np.sqrt((centred**2).sum(axis=1) / F + epsilon)  # (B,)
    z = centred / s[:, None]

    def pullback(dy):
        dz = np.einsum("bf,f->bf", dy, gamma)
        dz = dz - dz.sum(axis=1)[:, None] / F
        dx = (dz - z * np.einsum("bf,bf->b", dz, z)[:, None] / F) / s[:, None]
        return [dx, np.einsum("bf,bf->f", dy, z), np.ones(len(x)) @ dy]

    return z * gamma + beta, pullback


EXERCISE = Exercise(
    id="06.4",
    title="the pullback of layer norm",
    statement=STATEMENT,
    stub=STUB,
    function="layer_norm",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_projection,),
    question="Add the same number to a whole row, or double it: how does y change, and "
    "what must dx therefore be at right angles to?",
    hints=(
        "First through y = γ z + β: each entry of dz is dy times one number.",
        "Then batch norm's last line, with axis=1 and keepdims=True.",
    ),
    reread="Layer norm",
    kind="pullback",
    parts=("y", "dx", "dgamma", "dbeta"),
    minutes=10,
    points=3,
)
