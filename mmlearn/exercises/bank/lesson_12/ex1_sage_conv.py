"""12.1: a node and the mean of its neighbours, each with weights of its own."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
GraphSAGE with the mean: the mean over the neighbours and the node itself go through two
kernels,

$$y_v = m_v W + x_v R + b, \\qquad m_v = \\text{mean of } x_u \\text{ over } u \\to v$$

`x` is `(N, F)`, `kernel` W and `root_kernel` R are `(F, U)`, `bias` is `(U,)`,
`edge_index` is `(2, E)`. Return `y`, `(N, U)`. A node that no edge ends in has
$m_v = 0$. An edge that is listed twice counts twice.
"""

STUB = '''\
def sage_conv(x, kernel, root_kernel, bias, edge_index):
    """(N, F), (F, U), (F, U), (U,), (2, E) -> y (N, U)"""
    raise NotImplementedError
'''


def solution(x, kernel, root_kernel, bias, edge_index):
    """Add up, count, divide by at least 1; then two products."""
    source, target = edge_index
    mean = np.zeros(x.shape)
    np.add.at(mean, target, x[source])
    arriving = np.bincount(target, minlength=len(x))
    mean /= np.maximum(arriving, 1)[:, None]  # (N, F)
    return mean @ kernel + x @ root_kernel + bias


def attempt(x, kernel, root_kernel, bias, edge_index, *, wrong=frozenset()):
    """The layer with a student's mistakes in it."""
    source, target = edge_index[::-1] if "rows swapped" in wrong else edge_index
    if "kernels swapped" in wrong:
        kernel, root_kernel = root_kernel, kernel
    mean = np.zeros(x.shape)
    if "messages overwritten" in wrong:
        mean[target] += x[source]
    else:
        np.add.at(mean, target, x[source])
    counted = source if "divided by what leaves" in wrong else target
    number = np.bincount(counted, minlength=len(x))
    heard = np.bincount(target, minlength=len(x)) > 0
    if "the node in its own mean" in wrong:
        mean, number = mean + x, number + 1
    if "sum in place of mean" not in wrong:
        mean /= np.maximum(number, 1)[:, None]
    b = bias * heard[:, None] if "bias only with a message" in wrong else bias
    return mean @ kernel + x @ root_kernel + b


def _case(rng, nodes, edges, features, units):
    w, r = (
        (rng.permutation(np.arange(1, 1 + features * units)) + shift).reshape(
            features, units
        )
        for shift in (-0.5, 4.0)
    )
    x = halves(rng, nodes, features)
    return Case((x, w, r, halves(rng, units) + 0.25, np.asarray(edges)))


def draw(rng):
    nodes = int(rng.integers(4, 6))
    edges = random_graph(rng, nodes, int(rng.integers(4, 6)))
    features, units = (int(n) for n in rng.permutation([2, 3]))
    return _case(rng, nodes, edges, features, units)


def corners(rng):
    """One feature and one unit; then a graph in which everybody hears somebody."""
    return [
        _case(rng, 3, [[1, 2], [0, 0]], 1, 1),
        _case(rng, 3, [[0, 1, 0], [2, 2, 1]], 1, 2),
        _case(rng, 4, [[0, 1, 2, 3, 0, 0], [1, 2, 3, 0, 2, 3]], 2, 1),
    ]


MISTAKES = (
    Mistake(
        "messages overwritten",
        "where several edges end in one node, only the last message is left. "
        "`mean[target] += …` reads all places first, then writes each of them.",
        "How many messages should that node have got, and how many did it keep?",
    ),
    Mistake(
        "sum in place of mean",
        "you did not divide by the number of messages.",
        "What should two equal neighbours say, that one of them does not?",
        excludes=("the node in its own mean", "divided by what leaves"),
    ),
    Mistake(
        "the node in its own mean",
        "the node's features are among those of its neighbours. GraphSAGE keeps them "
        "apart, with a kernel of their own.",
        "Is there an edge from the node to itself?",
        excludes=("divided by what leaves",),
    ),
    Mistake(
        "divided by what leaves",
        "you counted the edges that start in the node.",
        "In which row of edge_index stands a node that hears?",
    ),
    Mistake(
        "kernels swapped",
        "the neighbours went through R, the node itself through W.",
        "Which of the two kernels belongs to the mean?",
    ),
    Mistake(
        "bias only with a message",
        "a node that hears nobody has no bias. Its mean is 0, but the rest of the sum "
        "is there.",
        "Look at a node in which no edge ends: what does the formula leave of it?",
    ),
    Mistake(
        "rows swapped",
        "messages went from the targets to the sources.",
        "Which row of edge_index says where a message comes from?",
    ),
)


def by_matrix(x, kernel, root_kernel, bias, edge_index):
    """With the matrix that counts edges, its rows divided by their sum."""
    a = np.zeros((len(x), len(x)))
    np.add.at(a, (edge_index[1], edge_index[0]), 1)
    a /= np.maximum(a.sum(axis=1, keepdims=True), 1)
    return np.hstack([a @ x, x]) @ np.vstack([kernel, root_kernel]) + bias


def by_loop(x, kernel, root_kernel, bias, edge_index):
    """One node after another."""
    rows = []
    for v in range(len(x)):
        heard = x[edge_index[0][edge_index[1] == v]]
        mean = heard.mean(axis=0) if len(heard) else 0 * x[v]
        rows.append(mean @ kernel + x[v] @ root_kernel + bias)
    return rows


EXERCISE = Exercise(
    id="12.1",
    title="GraphSAGE with the mean",
    statement=STATEMENT,
    stub=STUB,
    function="sage_conv",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, by_loop),
    question="Take one node: who is in its mean, by how many is it divided, and which "
    "kernel does it meet?",
    hints=(
        "Add up what arrives as in 11.1, count it with np.bincount(…, minlength=N).",
        "A node that hears nobody would be 0 / 0: divide by at least 1.",
    ),
    reread="The node and its neighbours",
    minutes=7,
    points=2,
)
