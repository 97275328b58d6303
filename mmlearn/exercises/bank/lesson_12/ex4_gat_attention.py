"""12.4: the attention weights of GAT, for several heads."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves, random_graph
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The attention weights of GAT. For each head $h$ and each edge $u \\to v$,

$$s = \\text{LeakyReLU}(a^{source}_h \\cdot z_{uh} + a^{target}_h \\cdot z_{vh}),$$

and $\\alpha$ is the softmax of $s$ over the edges that end in $v$, for each head by
itself. LeakyReLU multiplies what is below 0 by 0.2.

`z` is `(N, heads, U)`, `attention_source` and `attention_target` are `(heads, U)`,
`edge_index` is `(2, E)`: take it as it is, without loops. Return `alpha`,
`(E, heads)`, a row for each of its columns. Scores may be as large as 1000.
"""

STUB = '''\
def gat_attention(z, attention_source, attention_target, edge_index):
    """(N, heads, U), two (heads, U), (2, E) -> alpha (E, heads)"""
    raise NotImplementedError
'''


def solution(z, attention_source, attention_target, edge_index):
    """A number for each end of an edge, LeakyReLU of their sum, then the softmax."""
    source, target = edge_index
    p = (z * attention_source).sum(axis=2)  # (N, heads)
    q = (z * attention_target).sum(axis=2)
    s = p[source] + q[target]  # (E, heads)
    s = np.where(s > 0, s, 0.2 * s)
    largest = np.full(p.shape, -np.inf)
    np.maximum.at(largest, target, s)
    e = np.exp(s - largest[target])
    total = np.zeros(p.shape)
    np.add.at(total, target, e)
    return e / total[target]


def attempt(z, attention_source, attention_target, edge_index, *, wrong=frozenset()):
    """The weights with a student's mistakes in them."""
    source, target = edge_index
    if "the two vectors swapped" in wrong:
        attention_source, attention_target = attention_target, attention_source
    p, q = ((z * a).sum(axis=2) for a in (attention_source, attention_target))
    s = p[source] + q[target]
    if "LeakyReLU after the softmax" not in wrong:
        s = np.where(s > 0, s, 0.2 * s)
    group = source if "softmax over sources" in wrong else target
    if "softmax over all edges" in wrong:
        group = np.zeros(len(s), int)
    largest = np.full(p.shape, -np.inf)
    np.maximum.at(largest, group, s)
    if "heads mixed" in wrong:
        largest[:] = largest.max(axis=1, keepdims=True)
    e = np.exp(s if "no maximum subtracted" in wrong else s - largest[group])
    total = np.zeros(p.shape)
    if "sums overwritten" in wrong:
        total[group] += e
    else:
        np.add.at(total, group, e)
    if "heads mixed" in wrong:
        total[:] = total.sum(axis=1, keepdims=True)
    alpha = e / total[group]
    if "LeakyReLU after the softmax" in wrong:
        alpha = np.where(alpha > 0, alpha, 0.2 * alpha)
    return alpha


def _case(rng, nodes, edges, heads, units):
    z = halves(rng, nodes, heads, units) / 2
    return Case((z, *(halves(rng, 2, heads, units) / 2), np.asarray(edges)))


def draw(rng):
    nodes = int(rng.integers(4, 6))
    edges = random_graph(rng, nodes, int(rng.integers(4, 6)))
    heads, units = (int(n) for n in rng.permutation([2, 3]))
    return _case(rng, nodes, edges, heads, units)


def corners(rng):
    """One head and one unit; two edges that part from one node; scores of 1000."""
    z = np.array([1000.0, 1001.0, 1000.5]).reshape(3, 1, 1)
    ones = np.ones((1, 1))
    return [
        _case(rng, 3, [[1, 2, 0], [0, 0, 1]], 1, 1),
        _case(rng, 4, [[0, 0, 0, 1, 2], [1, 2, 3, 2, 1]], 2, 1),
        Case((z, ones, 0.5 * ones, np.array([[1, 2, 1], [0, 0, 2]]))),
    ]


MISTAKES = (
    Mistake(
        "sums overwritten",
        "of the edges of one target only the last is in its sum. `total[target] += e` "
        "does not add where a target comes twice.",
        "How many exponentials belong to the sum of node 0?",
    ),
    Mistake(
        "softmax over all edges",
        "the weights of the whole graph add up to 1.",
        "Print the sum of alpha for each target and head: what should it be?",
        excludes=("softmax over sources", "sums overwritten"),
    ),
    Mistake(
        "softmax over sources",
        "the edges that start in one node add up to 1: a node shares out what it "
        "says, in place of choosing what it hears.",
        "Whose attention is it, the one who speaks or the one who hears?",
    ),
    Mistake(
        "no maximum subtracted",
        "`exp(1000)` is too large for any float, and `inf / inf` is not a number.",
        "Which number may be taken from all scores of one target without a change?",
    ),
    Mistake(
        "LeakyReLU after the softmax",
        "weights are never below 0, so that LeakyReLU did nothing there.",
        "Which numbers of the formula can be below 0?",
    ),
    Mistake(
        "heads mixed",
        "the weights of one target add up to 1 over all heads together. Each head has "
        "an attention of its own.",
        "Which axis of (E, heads) may the sum run over?",
    ),
    Mistake(
        "the two vectors swapped",
        "the node that speaks was weighed with the vector of the one that hears.",
        "Row 0 of edge_index holds sources: which vector belongs to them?",
    ),
)


def by_loop(z, attention_source, attention_target, edge_index):
    """Node by node, head by head."""
    source, target = edge_index
    alpha = np.zeros((len(source), z.shape[1]))
    for h, (a, b) in enumerate(zip(attention_source, attention_target, strict=True)):
        s = z[source, h] @ a + z[target, h] @ b
        s = np.maximum(s, 0.2 * s)
        for v in np.unique(target):
            here = target == v
            e = np.exp(s[here] - s[here].max())
            alpha[here, h] = e / e.sum()
    return alpha


def by_concatenation(z, attention_source, attention_target, edge_index):
    """As the paper writes it: one long vector times both ends side by side."""
    source, target = edge_index
    a = np.concatenate([attention_source, attention_target], axis=1)  # (heads, 2 U)
    s = np.einsum("ehk,hk->eh", np.concatenate([z[source], z[target]], axis=2), a)
    s = np.where(s < 0, 0.2 * s, s)
    log_total = np.full(z.shape[:2], -np.inf)
    np.logaddexp.at(log_total, target, s)
    return np.exp(s - log_total[target])


EXERCISE = Exercise(
    id="12.4",
    title="the attention of GAT",
    statement=STATEMENT,
    stub=STUB,
    function="gat_attention",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_concatenation),
    question="Take the edges of one target and one head. Which score has each, and "
    "what do their weights add up to?",
    hints=(
        "`(z * attention_source).sum(axis=2)` is one number for each node and head; "
        "gather it for the edges.",
        "With axes (E, heads) the lines of 12.3 work as they stand; the sums are "
        "(N, heads).",
    ),
    reread="Attention: each node chooses",
    minutes=12,
    points=3,
)
