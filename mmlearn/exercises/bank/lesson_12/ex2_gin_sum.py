"""12.2: the sum that counts, and a node that counts a little more."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
What goes into the small network of GIN:

$$h_v = (1 + \\varepsilon)\\, x_v + \\sum_{u \\to v} x_u$$

`x` is `(N, F)`, `epsilon` is one number, `edge_index` is `(2, E)`. Return `h`,
`(N, F)`. An edge that is listed twice counts twice.
"""

STUB = '''\
def gin_sum(x, epsilon, edge_index):
    """(N, F), a number, (2, E) -> h (N, F)"""
    raise NotImplementedError
'''


def solution(x, epsilon, edge_index):
    """The node first, then everything that arrives."""
    source, target = edge_index
    h = (1 + epsilon) * x
    np.add.at(h, target, x[source])
    return h


def attempt(x, epsilon, edge_index, *, wrong=frozenset()):
    """The sum with a student's mistakes in it."""
    source, target = edge_index[::-1] if "rows swapped" in wrong else edge_index
    heard = np.zeros(x.shape)
    if "messages overwritten" in wrong:
        heard[target] += x[source]
    else:
        np.add.at(heard, target, x[source])
    if "mean in place of sum" in wrong:
        heard /= np.maximum(np.bincount(target, minlength=len(x)), 1)[:, None]
    if "the 1 forgotten" in wrong:
        return epsilon * x + heard
    if "the factor on the neighbours" in wrong:
        return x + (1 + epsilon) * heard
    if "the factor on everything" in wrong:
        return (1 + epsilon) * (x + heard)
    return (1 + epsilon) * x + heard


def _case(rng, nodes, edges, features):
    epsilon = float(rng.choice([-0.75, 0.25, 0.75, 1.5]))
    x = halves(rng, nodes, features) + 8 * np.arange(nodes)[:, None]
    return Case((x, epsilon, np.asarray(edges)))


def draw(rng):
    nodes = int(rng.integers(4, 6))
    edges = random_graph(rng, nodes, int(rng.integers(4, 6)))
    return _case(rng, nodes, edges, int(rng.integers(1, 4)))


def corners(rng):
    """Three nodes for the hand; node 0 hears two others, then one of them twice."""
    return [
        _case(rng, 3, [[1, 2], [0, 0]], 1),
        _case(rng, 3, [[1, 1, 2], [0, 0, 1]], 1),
    ]


_FACTORS = ("the factor on the neighbours", "the factor on everything")

MISTAKES = (
    Mistake(
        "messages overwritten",
        "where several edges end in one node, only the last message is left. "
        "`h[target] += …` reads all places first, then writes each of them.",
        "How many messages should that node have got, and how many did it keep?",
    ),
    Mistake(
        "the 1 forgotten",
        "the node itself is multiplied with epsilon alone; with 0, where it starts, "
        "the node would not hear itself at all.",
        "What is left of the node when epsilon is 0?",
        excludes=_FACTORS,
    ),
    Mistake(
        "the factor on the neighbours",
        "the sum was multiplied, and the node was not.",
        "Whom should the factor tell apart from the others?",
        excludes=("the factor on everything",),
    ),
    Mistake(
        "the factor on everything",
        "node and neighbours have the same factor: then it tells them from each other "
        "no more than 1 does.",
        "Where does the bracket of the formula close?",
    ),
    Mistake(
        "mean in place of sum",
        "you divided by the number of messages, and a mean cannot count.",
        "What does the big sigma say?",
    ),
    Mistake(
        "rows swapped",
        "messages went from the targets to the sources.",
        "Which row of edge_index says where a message comes from?",
    ),
)


def by_matrix(x, epsilon, edge_index):
    """((1 + ε) I + A) X."""
    a = (1 + epsilon) * np.eye(len(x))
    np.add.at(a, (edge_index[1], edge_index[0]), 1)
    return a @ x


def by_loop(x, epsilon, edge_index):
    """One edge after another."""
    h = [(1 + epsilon) * row for row in x]
    for u, v in edge_index.T:
        h[v] = h[v] + x[u]
    return h


EXERCISE = Exercise(
    id="12.2",
    title="the sum of GIN",
    statement=STATEMENT,
    stub=STUB,
    function="gin_sum",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, by_loop),
    question="What does a node without neighbours become, and what does each "
    "neighbour add?",
    hints=(
        "Begin with the node's own part; then add every message to it.",
        "`np.add.at(h, target, rows)` adds a row for every place, repeated ones too.",
    ),
    reread="GIN: a sum and a small network",
    minutes=4,
    points=1,
)
