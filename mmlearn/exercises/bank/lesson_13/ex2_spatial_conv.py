"""13.2: the spatial graph convolution, in all frames at once."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The spatial graph convolution. In every frame by itself, with a kernel for every type:

$$y_v = b + \\sum_r \\; \\sum_{u \\to v \\text{ of type } r} \\frac{1}{\\sqrt{d_v\\,
e_u}}\\; x_u W_r$$

$d_v$ counts the edges of type $r$ that end in $v$; $e_u$ those of type $r$ that start
in $u$.

`x` is `(B, T, N, F)`, `kernel` is `(R, F, U)`, `bias` is `(U,)`, `edge_index` is
`(2, E)`, `edge_type` is `(E,)` and counts from 0. Return `y`, `(B, T, N, U)`.
"""

STUB = '''\
def spatial_conv(x, kernel, bias, edge_index, edge_type):
    """(B, T, N, F), (R, F, U), (U,), (2, E), (E,) -> y (B, T, N, U)"""
    raise NotImplementedError
'''


def solution(x, kernel, bias, edge_index, edge_type):
    """Type by type: weigh the messages, add them up on the axis of joints, multiply."""
    N = x.shape[2]
    y = np.zeros((*x.shape[:3], kernel.shape[2])) + bias
    for r, w in enumerate(kernel):
        source, target = edge_index[:, edge_type == r]
        d = np.bincount(target, minlength=N)[target]
        e = np.bincount(source, minlength=N)[source]
        messages = x[:, :, source] / np.sqrt(d * e)[:, None]  # (B, T, edges, F)
        total = np.zeros(x.shape)
        np.add.at(total.swapaxes(0, 2), target, messages.swapaxes(0, 2))  # joints first
        y += total @ w
    return y


def attempt(x, kernel, bias, edge_index, edge_type, *, wrong=frozenset()):
    """The convolution with a student's mistakes in it."""
    if "rows swapped" in wrong:
        edge_index = edge_index[::-1]
    N = x.shape[2]
    y = np.zeros((*x.shape[:3], kernel.shape[2])) + bias
    for r, w in enumerate(kernel):
        here = edge_type == r
        source, target = edge_index[:, here]
        counted = slice(None) if "all types counted" in wrong else here
        d = np.bincount(edge_index[1, counted], minlength=N)[target]
        e = np.bincount(edge_index[0, counted], minlength=N)[source]
        weight = 1 / np.sqrt(d * e)
        if "a mean" in wrong:
            weight = 1 / d
        if "no root" in wrong:
            weight = 1 / (d * e)
        if "counts of the wrong ends" in wrong:
            d = np.bincount(source, minlength=N)[target]
            e = np.bincount(target, minlength=N)[source]
            weight = 1 / np.sqrt(np.maximum(d, 1) * np.maximum(e, 1))
        if "not normalized" in wrong:
            weight = np.ones(len(source))
        messages = x[:, :, source] * weight[:, None]
        total = np.zeros(x.shape)
        if "messages overwritten" in wrong:
            total[:, :, target] += messages
        else:
            np.add.at(total.swapaxes(0, 2), target, messages.swapaxes(0, 2))
        y = y + total @ (kernel[0] if "one kernel for all" in wrong else w)
        if r and "bias once a type" in wrong:
            y = y + bias
    if "bias once a message" in wrong:
        counts = np.bincount(edge_index[1], minlength=N)
        y = y + (counts - 1)[:, None] * bias
    if "bias left out" in wrong:
        y = y - bias
    return y


def _case(rng, edges, sizes, relations, features, units):
    edges = np.asarray(edges)
    nodes = int(edges.max()) + 2
    kernel = rng.permutation(np.arange(1, 1 + relations * features * units)) / 2
    return Case(
        (
            halves(rng, *sizes, nodes, features),
            kernel.reshape(relations, features, units),
            halves(rng, units) + 0.25,
            edges,
            np.arange(edges.shape[1]) % relations,
        )
    )


def draw(rng):
    """Directed edges; joint 0 hears two others of type 0, and joint 1 tells two."""
    edges = random_graph(rng, 4, 5)
    hub = np.array([[1, 2, 1, 3, 1, 2], [0, 0, 2, 2, 3, 3]])
    edges = np.concatenate([np.repeat(hub, 2, axis=1)[:, :8], edges], axis=1)
    features, units = (int(n) for n in rng.permutation([2, 3]))
    return _case(rng, edges, (2, 3), 2, features, units)


def corners(rng):
    """One frame, feature and unit; then two frames, three types."""
    both = [[1, 0, 0, 2, 1, 1, 0, 2], [0, 1, 1, 0, 2, 2, 0, 2]]
    return [
        _case(rng, [[1, 1, 2], [0, 0, 0]], (1, 1), 2, 1, 1),
        _case(rng, [[1, 0, 2, 2, 1, 1], [0, 1, 0, 1, 2, 0]], (1, 1), 2, 1, 1),
        _case(rng, both, (1, 2), 2, 1, 2),
        _case(rng, [[1, 2, 3, 1, 2, 3], [0, 0, 0, 0, 2, 2]], (2, 1), 3, 2, 1),
    ]


MISTAKES = (
    Mistake(
        "messages overwritten",
        "where several edges of one type end in one joint, only the last message is "
        "left. `total[:, :, target] += …` reads all places first, then writes.",
        "How many messages should that joint have got, and how many did it keep?",
    ),
    Mistake(
        "not normalized",
        "you added the messages as they are; a joint with three neighbours shouts.",
        "By what is each message divided?",
        excludes=("a mean", "all types counted", "no root", "counts of the wrong ends"),
    ),
    Mistake(
        "a mean",
        "you divided by the number of messages that arrive. The formula takes the root "
        "of it, and the root of how many leave the sender.",
        "A joint tells two others the same: what is that message multiplied with?",
        excludes=("all types counted", "no root", "counts of the wrong ends"),
    ),
    Mistake(
        "no root",
        "you divided by d e; the formula takes the root of the product.",
        "4 messages arrive, each sender speaks once: is it 1/4 or 1/2?",
        excludes=("counts of the wrong ends",),
    ),
    Mistake(
        "counts of the wrong ends",
        "you took d of the sender and e of the hearer: how many edges end in u, and "
        "how many start in v.",
        "A joint hears three and tells none: which count is 3, and which end is it?",
        excludes=("all types counted",),
    ),
    Mistake(
        "all types counted",
        "d and e counted edges of every type. Each type has counts of its own.",
        "How many edges of this type end in the joint?",
    ),
    Mistake(
        "one kernel for all",
        "every type went through the kernel of type 0: then a joint cannot tell the "
        "hand from the shoulder.",
        "Which part of kernel belongs to edges of type 1?",
    ),
    Mistake(
        "bias once a type",
        "the bias was added for every type.",
        "Does b stand inside or outside of the sum over r?",
        excludes=("bias once a message", "bias left out"),
    ),
    Mistake(
        "bias once a message",
        "the bias was added with every message: who hears more gets more of it.",
        "How often does b stand in the sum of a joint that hears three?",
        excludes=("bias left out",),
    ),
    Mistake(
        "bias left out",
        "b is nowhere added.",
        "What is y of a joint that hears nobody?",
    ),
    Mistake(
        "rows swapped",
        "messages went from the targets to the sources.",
        "Which row of edge_index says where a message comes from?",
    ),
)


def by_matrix(x, kernel, bias, edge_index, edge_type):
    """A stack of matrices, one a type, that all frames share."""
    a = np.zeros((len(kernel), x.shape[2], x.shape[2]))
    np.add.at(a, (edge_type, edge_index[1], edge_index[0]), 1)
    d, e = a.sum(axis=2, keepdims=True), a.sum(axis=1, keepdims=True)
    a /= np.sqrt(np.maximum(d, 1) * np.maximum(e, 1))
    return np.einsum("rvu,btuf,rfk->btvk", a, x, kernel) + bias


def by_loop(x, kernel, bias, edge_index, edge_type):
    """Edge by edge."""
    y = np.zeros((*x.shape[:3], kernel.shape[2])) + bias
    for (u, v), r in zip(edge_index.T, edge_type, strict=True):
        d = np.sum((edge_index[1] == v) & (edge_type == r))
        e = np.sum((edge_index[0] == u) & (edge_type == r))
        y[:, :, v] += x[:, :, u] @ kernel[r] / np.sqrt(d * e)
    return y


EXERCISE = Exercise(
    id="13.2",
    title="spatial graph convolution",
    statement=STATEMENT,
    stub=STUB,
    function="spatial_conv",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, by_loop),
    question="Take one joint and one type: which edges of it end there, and with what "
    "is each message multiplied?",
    hints=(
        "`edge_index[:, edge_type == r]` are the edges of one type; do everything on "
        "them, as in 12.5.",
        "`x[:, :, source]` is (B, T, edges, F): a message for each edge and frame.",
        "np.add.at adds on the first axis: `total.swapaxes(0, 2)` is the same array "
        "with the joints in front.",
    ),
    reread="A convolution over the body",
    minutes=12,
    points=3,
)
