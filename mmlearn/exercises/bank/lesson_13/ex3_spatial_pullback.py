"""13.3: the spatial graph convolution as matrices, and two lines of its pullback."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The convolution of 13.2 with a matrix for every type, in which $1/\\sqrt{d_v e_u}$ is
already: $A_r$ is `matrices[r]`, and

$$y_{btv} = b + \\sum_r \\sum_u (A_r)_{vu}\\; x_{btu} W_r$$

`x` is `(B, T, N, F)`, `kernel` is `(R, F, U)`, `bias` is `(U,)`, `matrices` is
`(R, N, N)`. The forward pass and `dbias` stand. Write `dkernel` and `dx`.
"""

STUB = '''\
def body_conv(x, kernel, bias, *, matrices):
    """(B, T, N, F), (R, F, U), (U,) -> y (B, T, N, U), and its pullback"""
    m = np.einsum("rvu,btuf->rbtvf", matrices, x)  # what arrives, type by type
    y = np.einsum("rbtvf,rfk->btvk", m, kernel) + bias

    def pullback(dy):
        dbias = dy.sum(axis=(0, 1, 2))
        dkernel = ...  # your line
        dx = ...  # your line
        if dkernel is ... or dx is ...:
            raise NotImplementedError
        return dx, dkernel, dbias

    return y, pullback
'''


def solution(x, kernel, bias, *, matrices):
    """Each einsum backwards: what stood in the product stays, dy takes y's place."""
    m = np.einsum("rvu,btuf->rbtvf", matrices, x)
    y = np.einsum("rbtvf,rfk->btvk", m, kernel) + bias

    def pullback(dy):
        dbias = dy.sum(axis=(0, 1, 2))
        dkernel = np.einsum("rbtvf,btvk->rfk", m, dy)
        dx = np.einsum("rvu,btvk,rfk->btuf", matrices, dy, kernel)
        return dx, dkernel, dbias

    return y, pullback


def attempt(x, kernel, bias, *, matrices, wrong=frozenset()):
    """The two lines with a student's mistakes in them."""
    m = np.einsum("rvu,btuf->rbtvf", matrices, x)
    y = np.einsum("rbtvf,rfk->btvk", m, kernel) + bias

    def pullback(dy):
        w, a = kernel, matrices
        if "kernel not turned" in wrong and w.shape[1] == w.shape[2]:
            w = w.transpose(0, 2, 1)
        if "along the arrows" in wrong:
            a = a.transpose(0, 2, 1)
        if "kernels added" in wrong:
            w = np.broadcast_to(w.sum(axis=0), w.shape) / len(w)
        dx = np.einsum("rvu,btvk,rfk->btuf", a, dy, w)
        if "messages forgotten in dx" in wrong:
            dx = np.einsum("btuk,rfk->btuf", dy, w)
        if "x in place of what arrived" in wrong:
            dkernel = np.einsum("btvf,btvk->fk", x, dy) + np.zeros(kernel.shape)
        else:
            dkernel = np.einsum("rbtvf,btvk->rfk", m, dy)
        if "a mean over frames" in wrong:
            dkernel = dkernel / x.shape[1]
        return dx, dkernel, dy.sum(axis=(0, 1, 2))

    return y, pullback


def _case(rng, nodes, sizes, relations, features, units):
    """Matrices that are not symmetric: every type leads somewhere else."""
    matrices = np.zeros((relations, nodes, nodes))
    for r in range(relations):
        for v in range(nodes):
            u = (v + r + 1) % nodes
            matrices[r, v, u] = rng.integers(1, 5) / 2
        matrices[r, nodes - 1] = 0  # the last joint hears nobody
        matrices[r, 0, nodes - 1] = 1.5
    kernel = rng.permutation(np.arange(1, 1 + relations * features * units)) / 2
    shape = relations, features, units
    return Case(
        (
            halves(rng, *sizes, nodes, features),
            kernel.reshape(shape) * rng.choice([-1.0, 1.0], shape),
            halves(rng, units) + 0.25,
        ),
        {"matrices": matrices},
        halves(rng, *sizes, nodes, units),
    )


def draw(rng):
    features, units = (int(n) for n in rng.permutation([2, 3]))
    return _case(rng, int(rng.integers(3, 5)), (2, 3), 2, features, units)


def corners(rng):
    """Two joints and one type for the hand; then as many units as features."""
    return [
        _case(rng, 2, (1, 1), 1, 1, 1),
        _case(rng, 3, (1, 2), 2, 1, 1),
        _case(rng, 3, (1, 2), 2, 2, 2),
        _case(rng, 4, (2, 3), 3, 3, 3),
    ]


MISTAKES = (
    Mistake(
        "along the arrows",
        "the gradient went the way of the messages. It belongs to who sent them: rows "
        "and columns of each matrix change places.",
        "Joint v heard joint u. Whose gradient does dy of v change?",
        excludes=("messages forgotten in dx",),
    ),
    Mistake(
        "messages forgotten in dx",
        "dx of a joint saw the dy of the same joint only, as if nobody had heard it.",
        "Which of the three arrays of the forward pass is missing in your dx?",
        excludes=("kernels added",),
    ),
    Mistake(
        "kernel not turned",
        "you multiplied with the kernel as it stands, (F, U). Where F = U it fits, and "
        "is wrong.",
        "dy ends in U, dx in F. Which axis of the kernel must be summed away?",
    ),
    Mistake(
        "kernels added",
        "every type's gradient went through the same kernel, the mean of all.",
        "Through which kernel did the message of a type come?",
    ),
    Mistake(
        "x in place of what arrived",
        "dkernel pairs x with the dy of the same joint, alike for every type. But y of "
        "a joint was made of the x of others.",
        "What stood in front of the kernel in the forward pass?",
    ),
    Mistake(
        "a mean over frames",
        "dkernel was divided by the number of frames. All frames use the same kernel, "
        "and each adds its share.",
        "Does the sum over t in the formula of y have a 1/T?",
    ),
)


def by_loop(x, kernel, bias, *, matrices):
    """Type by type, with products of matrices."""
    y = sum(a @ x @ w for a, w in zip(matrices, kernel, strict=True)) + bias

    def pullback(dy):
        dx = sum(a.T @ dy @ w.T for a, w in zip(matrices, kernel, strict=True))
        rows = dy.reshape(-1, dy.shape[-1])
        dkernel = [(a @ x).reshape(-1, x.shape[-1]).T @ rows for a in matrices]
        return [dx, np.array(dkernel), rows.sum(axis=0)]

    return y, pullback


def product_first(x, kernel, bias, *, matrices):
    """Multiply, then send: the same, as both are linear."""
    z = np.einsum("btuf,rfk->rbtuk", x, kernel)
    y = np.einsum("rvu,rbtuk->btvk", matrices, z) + bias

    def pullback(dy):
        dz = np.einsum("rvu,btvk->rbtuk", matrices, dy)
        dx = np.einsum("rbtuk,rfk->btuf", dz, kernel)
        return dx, np.einsum("btuf,rbtuk->rfk", x, dz), np.einsum("btvk->k", dy)

    return y, pullback


EXERCISE = Exercise(
    id="13.3",
    title="its pullback",
    statement=STATEMENT,
    stub=STUB,
    function="body_conv",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, product_first),
    question="Which letters must be left in the gradient, and which stand only in what "
    "it is made of?",
    hints=(
        "dkernel is (R, F, U): letters rfk. It is made of m and dy; every other letter "
        "is summed away.",
        "dx is (B, T, N, F) of the senders: letters btuf. It is made of the matrices, "
        "dy and the kernel.",
    ),
    reread="Back along the bones",
    kind="pullback",
    parts=("y", "dx", "dkernel", "dbias"),
    minutes=10,
    points=3,
)
