"""11.4: a graph convolution, forward."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A graph convolution: every node gets a loop, $d_v$ counts what arrives at $v$, the loop
included, and

$$y_v = b + \\sum_{u \\to v \\text{ or } u = v} \\frac{x_u W}{\\sqrt{d_u d_v}}$$

`x` is `(N, F)`, `kernel` is `(F, U)`, `bias` is `(U,)`, `edge_index` is `(2, E)`,
without loops. Return `y`, `(N, U)`.
"""

STUB = '''\
def gcn_conv(x, kernel, bias, edge_index):
    """(N, F), (F, U), (U,), (2, E) -> (N, U)"""
    raise NotImplementedError
'''


def solution(x, kernel, bias, edge_index):
    """Divide by the root, add up along edges and loops, divide by the root, add b."""
    source, target = edge_index
    degree = np.bincount(target, minlength=len(x)) + 1
    root = np.sqrt(degree)[:, None]
    h = x @ kernel / root  # (N, U), what every node sends
    y = h.copy()  # the loop
    np.add.at(y, target, h[source])
    return y / root + bias


def attempt(x, kernel, bias, edge_index, *, wrong=frozenset()):
    """The layer with a student's mistakes in it."""
    source, target = edge_index[::-1] if "rows swapped" in wrong else edge_index
    loops = "no loops" not in wrong
    counted = source if "what leaves was counted" in wrong else target
    degree = np.bincount(counted, minlength=len(x)) + loops
    root = np.sqrt(np.maximum(degree, 1))[:, None]
    before = 1 if "mean in place of both roots" in wrong else root
    after = root**2 if "mean in place of both roots" in wrong else root
    h = x @ kernel
    h = (h + bias if "bias before the sum" in wrong else h) / before
    y = np.zeros(h.shape)
    if "messages overwritten" in wrong:
        y[target] += h[source]
    else:
        np.add.at(y, target, h[source])
    if loops and "loop not divided" not in wrong:
        y += h
    y = y / after
    if loops and "loop not divided" in wrong:
        y += h * before
    return y if "bias before the sum" in wrong else y + bias


def _case(rng, nodes, edges, features, units):
    arrays = halves(rng, nodes, features), halves(rng, features, units)
    return Case((*arrays, halves(rng, units) + 0.25, np.asarray(edges)))


def draw(rng):
    nodes = int(rng.integers(4, 6))
    edges = random_graph(rng, nodes, int(rng.integers(4, 6)))
    features, units = (int(n) for n in rng.permutation([1, 2, 3])[:2])
    return _case(rng, nodes, edges, features, units)


def corners(rng):
    """One number a node; node 2 hears all others, the last one nobody."""
    return [
        _case(rng, 3, [[0, 1], [2, 2]], 1, 1),
        _case(rng, 3, [[0, 0, 1], [1, 2, 2]], 1, 1),
        _case(rng, 4, [[0, 1, 3, 0, 3], [2, 2, 2, 1, 1]], 2, 1),
        _case(rng, 4, [[0, 1, 3, 3, 3], [2, 2, 2, 0, 1]], 2, 3),
        _case(rng, 5, [[0, 1, 2, 3, 3, 0], [1, 2, 3, 0, 1, 2]], 3, 2),
    ]


MISTAKES = (
    Mistake(
        "no loops",
        "a node does not hear itself, and is not in its own degree.",
        "Which term of the sum has u = v?",
        excludes=("loop not divided",),
    ),
    Mistake(
        "loop not divided",
        "a node's own message is added at full strength.",
        "What is the coefficient of the term with u = v?",
    ),
    Mistake(
        "mean in place of both roots",
        "you divided by the target's degree alone.",
        "What is done about a source that everybody hears?",
        excludes=("bias before the sum",),
    ),
    Mistake(
        "what leaves was counted",
        "the degrees count the edges that start in a node.",
        "What does d count?",
    ),
    Mistake(
        "rows swapped",
        "messages went from the targets to the sources.",
        "Which row of edge_index says where a message comes from?",
    ),
    Mistake(
        "bias before the sum",
        "b travelled along the edges and was divided by the degrees with the messages.",
        "In the formula, does b stand inside or outside of the sum?",
        excludes=("loop not divided",),
    ),
    Mistake(
        "messages overwritten",
        "where several edges end in one node, only the last message is left.",
        "Does your sum add a row for every edge, or for every place?",
    ),
)


def by_matrix(x, kernel, bias, edge_index):
    """D̃^-½ (A + I) D̃^-½ X W + b, with the whole matrix."""
    a = np.eye(len(x))
    np.add.at(a, (edge_index[1], edge_index[0]), 1)
    r = a.sum(axis=1) ** -0.5
    return (r[:, None] * a * r) @ x @ kernel + bias


def edge_by_edge(x, kernel, bias, edge_index):
    """With a coefficient for every edge, and the features added up first."""
    every = np.arange(len(x))
    source, target = np.hstack([edge_index, [every, every]])
    d = np.bincount(target)
    h = np.zeros_like(x)
    for u, v in zip(source, target, strict=True):
        h[v] += x[u] / np.sqrt(d[u] * d[v])
    return h @ kernel + bias


EXERCISE = Exercise(
    id="11.4",
    title="a graph convolution",
    statement=STATEMENT,
    stub=STUB,
    function="gcn_conv",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, edge_by_edge),
    question="Write down the degrees. Which messages, multiplied with what, make the "
    "first wrong row?",
    hints=(
        "11.2 gives a coefficient for every edge and for every loop.",
        "A factor that belongs to the sender can be taken before the message leaves, "
        "one that belongs to the receiver after all have arrived.",
    ),
    reread="Repair the sum",
    minutes=8,
    points=3,
)
