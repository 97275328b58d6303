"""11.3: the layer of sums, and its pullback: back along the edges."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The layer of sums, forward and backward:

$$y_v = b + \\sum_{u \\to v} x_u W$$

`x` is `(N, F)`, `kernel` is `(F, U)`, `bias` is `(U,)`, `edge_index` is `(2, E)`.
Return `y`, `(N, U)`, and a function that takes `dy`, `(N, U)`, and returns `dx`,
`dkernel`, `dbias`, shaped like what they belong to.
"""

STUB = '''\
def sum_conv(x, kernel, bias, *, edge_index):
    """(N, F), (F, U), (U,), (2, E) -> y (N, U), and its pullback"""
    raise NotImplementedError
'''


def solution(x, kernel, bias, *, edge_index):
    """Three steps forward: product, messages, bias. Backward the same, last first."""
    source, target = edge_index
    z = x @ kernel  # (N, U)
    y = np.zeros(z.shape)
    np.add.at(y, target, z[source])
    y += bias

    def pullback(dy):
        dz = np.zeros(z.shape)
        np.add.at(dz, source, dy[target])  # back along the edges
        return dz @ kernel.T, x.T @ dz, dy.sum(axis=0)

    return y, pullback


def attempt(x, kernel, bias, *, edge_index, wrong=frozenset()):
    """The layer with a student's mistakes in it."""
    source, target = edge_index
    z, arriving = x @ kernel, np.bincount(target, minlength=len(x))[:, None]
    y = np.zeros(z.shape)
    np.add.at(y, target, z[source])
    y = y + bias * (arriving if "bias once a message" in wrong else 1)

    def pullback(dy):
        start, end, dz = target, source, np.zeros(z.shape)
        if "gradient along the arrows" in wrong:
            start, end = source, target
        if "gradients overwritten" in wrong:
            dz[end] += dy[start]
        else:
            np.add.at(dz, end, dy[start])
        per_message = {"bias once a message", "dbias once a message"} & wrong
        dbias = (dy * (arriving if per_message else 1)).sum(axis=0)
        dkernel = x.T @ (dy if "edges forgotten in dkernel" in wrong else dz)
        return (
            dz @ (kernel if "kernel not turned" in wrong else kernel.T),
            dkernel,
            dbias,
        )

    return y, pullback


def _case(rng, nodes, edges, features, units):
    kernel = rng.permutation(np.arange(1, 1 + features * units)) / 2
    kernel = (kernel * rng.choice([-1.0, 1.0], kernel.shape)).reshape(features, units)
    arrays = halves(rng, nodes, features), kernel, halves(rng, units) + 0.25
    return Case(arrays, {"edge_index": np.asarray(edges)}, halves(rng, nodes, units))


def draw(rng):
    nodes = int(rng.integers(4, 6))
    edges = random_graph(rng, nodes, int(rng.integers(4, 6)))
    features, units = (int(n) for n in rng.permutation([2, 3]))
    return _case(rng, nodes, edges, features, units)


def corners(rng):
    """One feature and unit for the hand; then as many units as features."""
    small = [[0, 0, 1], [1, 2, 2]]
    larger = [[0, 0, 1, 3, 3], [1, 2, 2, 1, 2]]
    return [
        _case(rng, 3, small, 1, 1),
        _case(rng, 3, small, 2, 2),
        _case(rng, 4, larger, 2, 2),
        _case(rng, 4, larger, 3, 3),
        _case(rng, 4, larger, 2, 3),
    ]


MISTAKES = (
    Mistake(
        "gradient along the arrows",
        "the gradient went from sources to targets, as the features did. It belongs to "
        "whoever sent the message.",
        "Node 0 was heard by nodes 1 and 2. Who can tell it what its message did?",
    ),
    Mistake(
        "gradients overwritten",
        "a node that several heard keeps the gradient of one of them only.",
        "To how many nodes did this node send its message?",
    ),
    Mistake(
        "edges forgotten in dkernel",
        "dkernel pairs x with the dy of the same node. But y of a node was made of the "
        "x of others.",
        "Which gradient stands where z = x W stood in the forward pass?",
    ),
    Mistake(
        "kernel not turned",
        "you multiplied with the kernel as it stands, (F, U). Where F = U it fits, and "
        "is wrong.",
        "dz ends in U, dx in F. Which matrix leads from U to F?",
    ),
    Mistake(
        "bias once a message",
        "b is added with every message, so a node with three neighbours has it three "
        "times.",
        "In the formula, does b stand inside or outside of the sum?",
        excludes=("dbias once a message",),
    ),
    Mistake(
        "dbias once a message",
        "you counted a node's dy once for each message that it got.",
        "How often does b stand in the sum of one node?",
    ),
)


def by_matrix(x, kernel, bias, *, edge_index):
    """Y = A X W + b, so dZ = Aᵀ dY."""
    a = np.zeros((len(x), len(x)))
    np.add.at(a, (edge_index[1], edge_index[0]), 1)

    def pullback(dy):
        return a.T @ dy @ kernel.T, (a @ x).T @ dy, dy.sum(axis=0)

    return a @ x @ kernel + bias, pullback


def sum_first(x, kernel, bias, *, edge_index):
    """Add up the features, then multiply: the same, as the sum is linear."""
    h = np.zeros_like(x)
    for u, v in edge_index.T:
        h[v] += x[u]

    def pullback(dy):
        dh, dx = dy @ kernel.T, np.zeros_like(x)
        for u, v in edge_index.T:
            dx[u] += dh[v]
        return [dx, h.T @ dy, np.ones(len(x)) @ dy]

    return h @ kernel + bias, pullback


EXERCISE = Exercise(
    id="11.3",
    title="the sum and its pullback",
    statement=STATEMENT,
    stub=STUB,
    function="sum_conv",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, sum_first),
    question="Take one edge u → v. Which row of dy does its message see, and whose "
    "gradient is it?",
    hints=(
        "Forward: z = x W, then messages z[source] are added into y[target]. What was "
        "gathered is scattered on the way back, and the other way round.",
        "With dz in hand the rest is the dense layer of lesson 02.",
        "b stands once in every node's sum.",
    ),
    reread="Back along the arrows",
    kind="pullback",
    parts=("y", "dx", "dkernel", "dbias"),
    minutes=10,
    points=3,
)
