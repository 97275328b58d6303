"""11.5: the same graph under other numbers."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Number the nodes of a graph anew: node $i$ of the new graph is node `order[i]` of the
old one. `x` is `(N, F)`, `edge_index` is `(2, E)`, `order` is `(N,)` and holds each of
0 … N − 1 once.

Return the new `x` and the new `edge_index`. It must be the same graph: whoever heard
whom still does. Keep the columns of `edge_index` in their order.
"""

STUB = '''\
def relabel(x, edge_index, order):
    """(N, F), (2, E), (N,) -> x and edge_index of the same graph, numbered anew."""
    raise NotImplementedError
'''


def solution(x, edge_index, order):
    """Old node order[i] is now called i; so every old number needs its new name."""
    name = np.empty(len(order), int)
    name[order] = np.arange(len(order))
    return x[order], name[edge_index]


def attempt(x, edge_index, order, *, wrong=frozenset()):
    """The new graph with a student's mistakes in it."""
    name = np.argsort(order)
    edges = name[edge_index]
    if "order in place of its inverse" in wrong:
        edges = np.asarray(order)[edge_index]
    if "edges left as they were" in wrong:
        edges = edge_index
    if "rows swapped" in wrong:
        edges = edges[::-1]
    rows = name if "features moved the other way" in wrong else order
    return (x if "features left where they were" in wrong else x[rows]), edges


def _order(rng, nodes):
    """No order that is its own inverse: there both ways would be right."""
    while True:
        order = rng.permutation(nodes)
        if (order[order] != np.arange(nodes)).any():
            return order


def draw(rng):
    nodes = int(rng.integers(4, 6))
    edges = random_graph(rng, nodes, int(rng.integers(3, 6)))
    x = halves(rng, nodes, int(rng.integers(1, 3))) + np.arange(nodes)[:, None] * 8
    return Case((x, edges, _order(rng, nodes)))


def corners(rng):
    """Three nodes in a row, numbered anew in a circle."""
    x = np.array([[0.5], [1.5], [2.5]])
    path = np.array([[0, 1], [1, 2]])
    return [
        Case((x, path, np.array([1, 2, 0]))),
        Case((x, path, np.array([2, 0, 1]))),
        Case((x, path[:, :1], np.array([2, 0, 1]))),
    ]


MISTAKES = (
    Mistake(
        "order in place of its inverse",
        "you took order[v] for the new name of v. But order[i] is the old number of "
        "the node that is now called i.",
        "Old node order[0] is now called …?",
        excludes=("edges left as they were",),
    ),
    Mistake(
        "edges left as they were",
        "the features moved, and the edges still name the old numbers.",
        "Which two people does the first edge join now?",
    ),
    Mistake(
        "features moved the other way",
        "row i of x should be row order[i] of the old one.",
        "Where does the first row of the new x come from?",
        excludes=("features left where they were",),
    ),
    Mistake(
        "features left where they were",
        "the edges name the new numbers, and x still has the old order.",
        "Where does the first row of the new x come from?",
    ),
    Mistake(
        "rows swapped",
        "every edge points the other way.",
        "Does relabelling change who speaks and who hears?",
    ),
)


def by_dict(x, edge_index, order):
    """A dictionary of names."""
    name = {int(old): new for new, old in enumerate(order)}
    edges = [[name[int(v)] for v in row] for row in edge_index]
    return np.stack([x[old] for old in order]), np.array(edges)


def by_matrix(x, edge_index, order):
    """With a permutation matrix: P X, and the place of the 1 in each column."""
    p = np.eye(len(order))[order]
    return p @ x, p.argmax(axis=0)[edge_index]


EXERCISE = Exercise(
    id="11.5",
    title="the same graph, numbered anew",
    statement=STATEMENT,
    stub=STUB,
    function="relabel",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_dict, by_matrix),
    question="Follow one edge: who are its two ends, by their features, before and "
    "after?",
    hints=(
        "You know the old number of every new node. The edges need the new name of "
        "every old number: the inverse.",
        "`name[order] = np.arange(N)` writes it; `np.argsort(order)` finds it too.",
    ),
    reread="Nobody is number one",
    parts=("x", "edge_index"),
    minutes=6,
    points=2,
)
