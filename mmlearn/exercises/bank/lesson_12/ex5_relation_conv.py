"""12.5: typed edges, a mean and a kernel for every relation."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A layer for typed edges. For every relation $r$ a mean and a kernel of its own:

$$y_v = x_v R + b + \\sum_r m_{rv} W_r, \\qquad m_{rv} = \\text{mean of } x_u \\text{
over the edges } u \\to v \\text{ of type } r$$

`x` is `(N, F)`, `kernel` is `(types, F, U)`, `root_kernel` is `(F, U)`, `bias` is
`(U,)`, `edge_index` is `(2, E)`, `edge_type` is `(E,)` and counts from 0. Return `y`,
`(N, U)`. Where no edge of a type ends, its mean is 0.
"""

STUB = '''\
def relation_conv(x, kernel, root_kernel, bias, edge_index, edge_type):
    """(N, F), (types, F, U), (F, U), (U,), (2, E), (E,) -> y (N, U)"""
    raise NotImplementedError
'''


def solution(x, kernel, root_kernel, bias, edge_index, edge_type):
    """The layer of 12.1, once for each relation, on that relation's edges."""
    y = x @ root_kernel + bias
    for r, w in enumerate(kernel):
        source, target = edge_index[:, edge_type == r]
        mean = np.zeros(x.shape)
        np.add.at(mean, target, x[source])
        arriving = np.bincount(target, minlength=len(x))
        y += mean / np.maximum(arriving, 1)[:, None] @ w
    return y


def attempt(x, kernel, root_kernel, bias, edge_index, edge_type, *, wrong=frozenset()):
    """The layer with a student's mistakes in it."""
    if "rows swapped" in wrong:
        edge_index = edge_index[::-1]
    everything = np.bincount(edge_index[1], minlength=len(x))
    y = x @ root_kernel + bias
    for r, w in enumerate(kernel):
        source, target = edge_index[:, edge_type == r]
        mean = np.zeros(x.shape)
        if "messages overwritten" in wrong:
            mean[target] += x[source]
        else:
            np.add.at(mean, target, x[source])
        arriving = np.bincount(target, minlength=len(x))
        if "divided by all edges" in wrong:
            arriving = everything
        if "sum in place of mean" not in wrong:
            mean /= np.maximum(arriving, 1)[:, None]
        y = y + mean @ (kernel[0] if "one kernel for all" in wrong else w)
        if r and "node and bias once a relation" in wrong:
            y = y + x @ root_kernel + bias
    return y


def _case(rng, edges, relations, features, units):
    edges = np.asarray(edges)
    nodes = int(edges.max()) + 2
    kernel = rng.permutation(np.arange(1, 1 + relations * features * units)) / 2
    kinds = rng.permutation(np.arange(edges.shape[1]) % relations)
    return Case(
        (
            halves(rng, nodes, features),
            kernel.reshape(relations, features, units),
            halves(rng, features, units),
            halves(rng, units) + 0.25,
            edges,
            kinds,
        )
    )


def draw(rng):
    edges = random_graph(rng, 4, 5)
    relations, features, units = (int(n) for n in rng.permutation([2, 3, 1]) + 1)
    return _case(rng, edges, relations, features, units)


def corners(rng):
    """Four edges for the hand; then three relations at one node."""
    return [
        _case(rng, [[1, 2, 0, 2], [0, 0, 1, 1]], 2, 1, 1),
        _case(rng, [[1, 2, 3, 1, 2, 3], [0, 0, 0, 0, 0, 2]], 3, 1, 2),
        _case(rng, [[1, 2, 3, 1, 2, 3, 0], [0, 0, 0, 0, 0, 0, 1]], 2, 2, 1),
    ]


MISTAKES = (
    Mistake(
        "messages overwritten",
        "where several edges end in one node, only the last message is left. "
        "`mean[target] += …` reads all places first, then writes each of them.",
        "How many messages should that node have got, and how many did it keep?",
    ),
    Mistake(
        "divided by all edges",
        "each sum was divided by all messages of the node. A mean over one relation "
        "counts the edges of that relation.",
        "How many edges of this type end in the node?",
        excludes=("sum in place of mean",),
    ),
    Mistake(
        "sum in place of mean",
        "you did not divide.",
        "How many edges of this type end in the node?",
    ),
    Mistake(
        "one kernel for all",
        "every relation went through the kernel of relation 0, so that types make no "
        "difference but to the counts.",
        "Which part of kernel belongs to edges of type 1?",
    ),
    Mistake(
        "node and bias once a relation",
        "the node itself and the bias were added for every relation.",
        "Which parts of the formula stand outside of the sum over r?",
    ),
    Mistake(
        "rows swapped",
        "messages went from the targets to the sources.",
        "Which row of edge_index says where a message comes from?",
    ),
)


def by_matrix(x, kernel, root_kernel, bias, edge_index, edge_type):
    """A stack of matrices that count, one a relation."""
    a = np.zeros((len(kernel), len(x), len(x)))
    np.add.at(a, (edge_type, edge_index[1], edge_index[0]), 1)
    a /= np.maximum(a.sum(axis=2, keepdims=True), 1)
    return np.einsum("rvu,uf,rfk->vk", a, x, kernel) + x @ root_kernel + bias


def by_loop(x, kernel, root_kernel, bias, edge_index, edge_type):
    """Node by node, relation by relation."""
    rows = []
    for v in range(len(x)):
        row = x[v] @ root_kernel + bias
        for r in range(len(kernel)):
            heard = x[edge_index[0][(edge_index[1] == v) & (edge_type == r)]]
            if len(heard):
                row = row + heard.mean(axis=0) @ kernel[r]
        rows.append(row)
    return np.array(rows)


EXERCISE = Exercise(
    id="12.5",
    title="typed edges",
    statement=STATEMENT,
    stub=STUB,
    function="relation_conv",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, by_loop),
    question="Take one node: which edges of each type end in it, and by how many is "
    "each sum divided?",
    hints=(
        "`edge_index[:, edge_type == r]` are the edges of relation r.",
        "On those edges it is the mean of 12.1. What does not depend on r is added "
        "once.",
    ),
    reread="Typed edges",
    minutes=9,
    points=2,
)
