"""11.6: one row of numbers for every graph of a batch."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Several graphs in one batch: their nodes lie one behind the other in `x`, `(N, F)`, and
`graph_index`, `(N,)`, says for each node to which of `num_graphs` graphs it belongs.
(It need not be sorted.)

Return `(G, F)`: for every graph the mean of its nodes. A graph without nodes gets 0.
"""

STUB = '''\
def mean_pool(x, graph_index, num_graphs):
    """(N, F), (N,), G -> (G, F): the mean over the nodes of each graph."""
    raise NotImplementedError
'''


def solution(x, graph_index, num_graphs):
    """Add up and count, graph by graph; nobody divides by 0."""
    y = np.zeros((num_graphs, x.shape[1]))
    np.add.at(y, graph_index, x)
    nodes = np.bincount(graph_index, minlength=num_graphs)
    return y / np.maximum(nodes, 1)[:, None]


def attempt(x, graph_index, num_graphs, *, wrong=frozenset()):
    """The mean with a student's mistakes in it."""
    y = np.zeros((num_graphs, x.shape[1]))
    if "nodes overwritten" in wrong:
        y[graph_index] += x
    else:
        np.add.at(y, graph_index, x)
    nodes = np.maximum(np.bincount(graph_index, minlength=num_graphs), 1)
    if "sum in place of mean" in wrong:
        return y
    if "divided by all nodes" in wrong:
        return y / len(x)
    if "divided by the largest graph" in wrong:
        return y / nodes.max()
    if "one mean for all features" in wrong:
        return np.repeat((y / nodes[:, None]).mean(axis=1)[:, None], x.shape[1], axis=1)
    return y / nodes[:, None]


def draw(rng):
    graphs = int(rng.integers(2, 5))
    sizes = rng.permutation([1, 2, 3, 4])[:graphs]
    index = rng.permutation(np.repeat(np.arange(graphs), sizes))
    return Case((halves(rng, len(index), 2), index, graphs + int(rng.integers(2))))


def corners(rng):
    """Two graphs of one feature; then one graph that has no nodes."""
    x = np.array([[1.5], [2.5], [4.5], [6.5]])
    return [
        Case((x[:3], np.array([0, 0, 1]), 2)),
        Case((np.hstack([x, x[::-1] + 0.5]), np.array([0, 1, 1, 1]), 2)),
        Case((np.hstack([x, -x]), np.array([2, 0, 2, 2]), 3)),
        Case((np.hstack([x, 2 * x]), np.array([1, 0, 1, 0]), 3)),
    ]


MISTAKES = (
    Mistake(
        "nodes overwritten",
        "of the nodes of one graph only the last is left. `y[graph_index] += x` does "
        "not add where an index comes twice.",
        "Where have you met repeated indices in this lesson?",
    ),
    Mistake(
        "sum in place of mean",
        "you did not divide.",
        "A graph with twice as many nodes would have twice the number: does it say "
        "that?",
        excludes=(
            "divided by all nodes",
            "divided by the largest graph",
            "one mean for all features",
        ),
    ),
    Mistake(
        "divided by all nodes",
        "you divided by N, the nodes of all graphs together.",
        "How many nodes has this one graph?",
        excludes=("divided by the largest graph", "one mean for all features"),
    ),
    Mistake(
        "divided by the largest graph",
        "you divided by the size of the largest graph, as a mean over padded rows "
        "does.",
        "How many nodes has this one graph?",
        excludes=("one mean for all features",),
    ),
    Mistake(
        "one mean for all features",
        "features were averaged with each other.",
        "Which axis of x counts nodes, which counts features?",
    ),
)


def by_masks(x, graph_index, num_graphs):
    """One graph after another, by a mask."""
    y = np.zeros((num_graphs, x.shape[1]))
    for g in np.unique(graph_index):
        y[g] = x[graph_index == g].mean(axis=0)
    return y


def by_matrix(x, graph_index, num_graphs):
    """A product with the table of who belongs to whom."""
    belongs = graph_index == np.arange(num_graphs)[:, None]  # (G, N)
    return belongs @ x / np.maximum(belongs.sum(axis=1, keepdims=True), 1)


EXERCISE = Exercise(
    id="11.6",
    title="a mean for every graph",
    statement=STATEMENT,
    stub=STUB,
    function="mean_pool",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_masks, by_matrix),
    question="How many nodes has each graph, and what do their rows add up to?",
    hints=(
        "A node belongs to a graph as a message belongs to its target.",
        "Add up with np.add.at, count with np.bincount(…, minlength=num_graphs); mind "
        "the graph without nodes.",
    ),
    reread="Transfer",
    minutes=6,
    points=2,
)
