"""11.2: what each message is multiplied with in a graph convolution."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A graph convolution gives every node a loop to itself. Then $d_v$ is the number of edges
that end in $v$, the loop included, and the message along $u \\to v$ is multiplied with
$1 / \\sqrt{d_u d_v}$.

`edge_index` is `(2, E)`, without loops; `num_nodes` is N. Return two arrays: the
coefficient of every edge, `(E,)`, and that of every node's loop, `(N,)`.
"""

STUB = '''\
def gcn_coefficients(edge_index, num_nodes):
    """(2, E), N -> a coefficient for every edge (E,), and for every loop (N,)."""
    raise NotImplementedError
'''


def solution(edge_index, num_nodes):
    """Count what arrives, add the loop, take the root at both ends."""
    source, target = edge_index
    degree = np.bincount(target, minlength=num_nodes) + 1
    return 1 / np.sqrt(degree[source] * degree[target]), 1 / degree


def attempt(edge_index, num_nodes, *, wrong=frozenset()):
    """The coefficients with a student's mistakes in them."""
    source, target = edge_index
    arriving = np.bincount(target, minlength=num_nodes)
    leaving = np.bincount(source, minlength=num_nodes)
    degree = leaving if "what leaves was counted" in wrong else arriving
    degree = arriving + leaving if "both directions counted" in wrong else degree
    degree = degree + ("no loop in the degree" not in wrong)
    with np.errstate(divide="ignore", invalid="ignore"):
        edges = 1 / np.sqrt(degree[source] * degree[target])
        loops = 1 / degree
        if "no root" in wrong:
            edges, loops = edges**2, loops**2
        if "target's degree only" in wrong:
            edges = 1 / degree[target]
        if "root at the loops" in wrong:
            loops = 1 / np.sqrt(degree)
    return edges, loops


def draw(rng):
    nodes = int(rng.integers(4, 7))
    return Case((random_graph(rng, nodes, int(rng.integers(4, 7))), nodes))


def corners(rng):
    """Small ones; in the first and last every node hears somebody and is heard."""
    graphs = [
        ([[0, 1, 2, 0], [1, 2, 0, 2]], 3),
        ([[0], [1]], 2),
        ([[0, 1], [2, 2]], 4),
        ([[0, 1, 2, 3, 3, 3], [1, 2, 3, 0, 1, 2]], 4),
        ([[0, 1, 2, 3, 0, 1, 0], [1, 2, 3, 0, 2, 3, 3]], 4),
    ]
    return [Case((np.array(edges), nodes)) for edges, nodes in graphs]


MISTAKES = (
    Mistake(
        "no loop in the degree",
        "you counted the edges of the graph without the loops that a graph convolution "
        "adds. A node that hears nobody would be divided by 0.",
        "What is the degree of a node that only hears itself?",
    ),
    Mistake(
        "what leaves was counted",
        "you counted the edges that start in a node.",
        "In which row of edge_index does a node stand when a message arrives at it?",
        excludes=("both directions counted",),
    ),
    Mistake(
        "both directions counted",
        "you counted what arrives and what leaves.",
        "Which edges end in the node?",
    ),
    Mistake(
        "no root",
        "you divided by the product of both degrees.",
        "What does the formula do with the product before it divides?",
        excludes=("target's degree only", "root at the loops"),
    ),
    Mistake(
        "target's degree only",
        "you divided by the target's degree: that is a mean. The source's degree "
        "counts as well.",
        "What is done about a hub that everybody hears?",
    ),
    Mistake(
        "root at the loops",
        "a loop's two ends are the same node, so that both roots are of one degree.",
        "What is the root of d times d?",
    ),
)


def with_loops(edge_index, num_nodes):
    """Add the loops as edges first, then treat all alike."""
    every = np.arange(num_nodes)
    edges = np.concatenate([edge_index, [every, every]], axis=1)
    root = np.zeros(num_nodes)
    np.add.at(root, edges[1], 1)
    root = root**-0.5
    both = root[edges[0]] * root[edges[1]]
    return both[:-num_nodes], both[-num_nodes:]


def by_loop(edge_index, num_nodes):
    """Counted one by one."""
    d = [1 + sum(int(t) == v for t in edge_index[1]) for v in range(num_nodes)]
    edges = [(d[u] * d[v]) ** -0.5 for u, v in np.transpose(edge_index)]
    return np.array(edges), np.array([1 / one for one in d])


EXERCISE = Exercise(
    id="11.2",
    title="the coefficients of a graph convolution",
    statement=STATEMENT,
    stub=STUB,
    function="gcn_coefficients",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_loops, by_loop),
    question="Write the degrees of all nodes below each other first. Which arrows, and "
    "which loop, did you count?",
    hints=(
        "`np.bincount(a, minlength=N)` counts how often each of 0 … N − 1 is in a.",
        "`degree[source]` is the degree at the start of every edge.",
        "A loop is an edge from v to v: put v in for both letters.",
    ),
    reread="Repair the sum",
    parts=("edges", "loops"),
    minutes=7,
    points=2,
)
