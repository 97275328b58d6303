"""11.1: every node adds up what arrives along its edges."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Every node adds up the features of the nodes that point at it:
$y_v = \\sum_{u \\to v} x_u$.

`x` is `(N, F)`, `edge_index` is `(2, E)`: row 0 source nodes, row 1 target nodes.
Return `y`, `(N, F)`. An edge that is listed twice counts twice; a node that no edge
ends in gets 0.
"""

STUB = '''\
def sum_messages(x, edge_index):
    """(N, F), (2, E) -> (N, F): what arrives at each node, added up."""
    raise NotImplementedError
'''


def solution(x, edge_index):
    """`np.add.at` adds every message, also where a target comes twice."""
    source, target = edge_index
    y = np.zeros(x.shape)
    np.add.at(y, target, x[source])
    return y


def attempt(x, edge_index, *, wrong=frozenset()):
    """The sum with a student's mistakes in it."""
    source, target = edge_index[::-1] if "rows swapped" in wrong else edge_index
    if "each edge once" in wrong:
        source, target = np.unique(np.stack([source, target]), axis=1)
    y = np.zeros(x.shape)
    if "messages overwritten" in wrong:
        y[target] += x[source]
    else:
        np.add.at(y, target, x[source])
    if "a node hears itself" in wrong:
        y += x
    if "mean in place of sum" in wrong:
        arriving = np.bincount(target, minlength=len(x)) + (
            "a node hears itself" in wrong
        )
        y /= np.maximum(arriving, 1)[:, None]
    return y


def random_graph(rng, nodes, edges):
    """Directed edges without loops; one of them twice, and the last node hears nobody.

    An edge in both directions would hide which of them was read.
    """
    pairs = [(u, v) for u in range(nodes) for v in range(nodes - 1) if u != v]
    kept = []
    for n in rng.permutation(len(pairs)):
        u, v = pairs[n]
        if (v, u) not in kept:
            kept.append((u, v))
    kept = kept[:edges]
    kept.append(kept[0])
    return np.array(kept).T


def halves(rng, *shape):
    """Numbers in halves, none of them 0, that whole numbers cannot hold."""
    return (rng.integers(1, 6, shape) - 0.5) * rng.choice([-1.0, 1.0], shape)


def draw(rng):
    nodes = int(rng.integers(4, 6))
    edges = random_graph(rng, nodes, int(rng.integers(4, 6)))
    return Case((halves(rng, nodes, int(rng.integers(1, 4))), edges))


def corners(rng):
    """Three nodes for the hand; node 2 hears two others, and one of them twice."""
    x = np.array([[1.5], [-2.5], [4.5]])
    return [
        Case((x, np.array([[0, 1], [2, 2]]))),
        Case((x, np.array([[0, 1, 1], [2, 2, 2]]))),
        Case((x + 0.25, np.array([[2, 1, 1, 0], [0, 0, 0, 1]]))),
        Case((x, np.array([[2, 0, 2, 1], [0, 1, 0, 0]]))),
        Case((np.hstack([x, x[::-1]]), np.array([[0, 1, 2, 0], [1, 2, 2, 2]]))),
    ]


MISTAKES = (
    Mistake(
        "messages overwritten",
        "where several edges end in one node, only the last message is left. "
        "`y[target] += …` reads all places first, then writes each of them.",
        "How many messages should node 2 have got, and how many did it keep?",
        excludes=("each edge once",),
    ),
    Mistake(
        "rows swapped",
        "messages went from the targets to the sources.",
        "Which row of edge_index says where a message comes from?",
    ),
    Mistake(
        "a node hears itself",
        "each node's own features are in its sum.",
        "Is there an edge from the node to itself?",
    ),
    Mistake(
        "mean in place of sum",
        "you divided by the number of messages.",
        "The statement says: add up.",
    ),
    Mistake(
        "each edge once",
        "an edge that is listed twice was counted once.",
        "What does a table of 0 and 1 forget about the edges?",
    ),
)


def by_loop(x, edge_index):
    """One edge after another."""
    y = [np.zeros(x.shape[1]) for _ in x]
    for u, v in np.transpose(edge_index):
        y[v] = y[v] + x[u]
    return np.array(y)


def by_matrix(x, edge_index):
    """As a product with the matrix that counts edges."""
    a = np.zeros((len(x), len(x)))
    np.add.at(a, (edge_index[1], edge_index[0]), 1)
    return a @ x


EXERCISE = Exercise(
    id="11.1",
    title="the sum over neighbours",
    statement=STATEMENT,
    stub=STUB,
    function="sum_messages",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_matrix),
    question="Draw the edges as arrows. What arrives at the node of the first wrong "
    "row?",
    hints=(
        "`x[source]` has one row for each edge: the messages. Where must each go?",
        "`np.add.at(y, places, rows)` adds a row for every place, repeated ones too.",
    ),
    reread="The sum in code",
    minutes=5,
    points=2,
)
