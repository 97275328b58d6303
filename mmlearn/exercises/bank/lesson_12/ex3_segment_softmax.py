"""12.3: a softmax for every node, over the edges that end in it; and its pullback."""

import numpy as np

from mmlearn.exercises.bank.lesson_11.ex1_sum_messages import halves
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A softmax for each target: the weights of all edges that end in one node add up to 1,

$$\\alpha_e = \\frac{e^{s_e}}{\\sum_{e'} e^{s_{e'}}}, \\quad e' \\text{ over the edges
with the target of } e$$

`scores` is `(E,)`, `target` is `(E,)`, `num_nodes` is N. It must work for any finite
scores, also for 1000 and −1000 in one graph.

The pullback takes `dalpha`, `(E,)`, and returns a tuple with `dscores`, `(E,)`; its
last line is left to you.
"""

STUB = '''\
def segment_softmax(scores, *, target, num_nodes):
    """(E,), (E,), N -> alpha (E,), and its pullback"""
    alpha = ...  # your lines
    if alpha is ...:
        raise NotImplementedError

    def pullback(dalpha):
        mean = np.zeros(num_nodes)
        np.add.at(mean, target, alpha * dalpha)
        dscores = ...  # your line
        return (dscores,)

    return alpha, pullback
'''


def solution(scores, *, target, num_nodes):
    """The largest score of each target, then exponentials, then their sum."""
    largest = np.full(num_nodes, -np.inf)
    np.maximum.at(largest, target, scores)
    e = np.exp(scores - largest[target])
    total = np.zeros(num_nodes)
    np.add.at(total, target, e)
    alpha = e / total[target]

    def pullback(dalpha):
        mean = np.zeros(num_nodes)
        np.add.at(mean, target, alpha * dalpha)
        return (alpha * (dalpha - mean[target]),)

    return alpha, pullback


def _totals(rows, target, num_nodes, wrong):
    """For each edge the sum over its group."""
    if "softmax over all edges" in wrong:
        return np.full(len(rows), rows.sum())
    total = np.zeros(num_nodes)
    if "sums overwritten" in wrong:
        total[target] += rows
    else:
        np.add.at(total, target, rows)
    return total[target]


def attempt(scores, *, target, num_nodes, wrong=frozenset()):
    """The softmax with a student's mistakes in it."""
    largest = np.full(num_nodes, -np.inf)
    np.maximum.at(largest, target, scores)
    shift = largest[target]
    if {"softmax over all edges", "one maximum for all"} & wrong:
        shift = scores.max()
    if "no maximum subtracted" in wrong:
        shift = 0.0
    e = np.exp(scores - shift)
    alpha = e / _totals(e, target, num_nodes, wrong)

    def pullback(dalpha):
        mean = _totals(alpha * dalpha, target, num_nodes, wrong)
        if "only its own score" in wrong:
            return (alpha * (1 - alpha) * dalpha,)
        if "mean forgotten" in wrong:
            return (alpha * dalpha,)
        if "not weighted by alpha" in wrong:
            return (dalpha - mean,)
        return (alpha * (dalpha - mean),)

    return alpha, pullback


def _case(rng, target, scores=None):
    target = np.array(target)
    if scores is None:
        scores = rng.choice(np.arange(-5, 6), len(target), replace=False) / 2
    given = {"target": target, "num_nodes": int(target.max()) + 2}
    return Case((np.array(scores, float),), given, halves(rng, len(target)) + 0.25)


def draw(rng):
    """Several nodes hear two or three others; the last hears nobody."""
    target = [0, 0, 1, 1, 1, 2, 3, 3][: int(rng.integers(5, 9))]
    return _case(rng, rng.permutation(target))


def corners(rng):
    """Three edges for the hand; then scores that only the right maximum survives."""
    return [
        _case(rng, [0, 0, 1]),
        _case(rng, [1, 0, 1]),
        _case(rng, [0, 1, 0, 1], [1000, -1000, 1001, -1001]),
    ]


_LAST = ("mean forgotten", "not weighted by alpha")

MISTAKES = (
    Mistake(
        "softmax over all edges",
        "the weights of the whole graph add up to 1, so that a node far away takes "
        "attention from this one.",
        "Print the sum of alpha for each target: what should it be?",
        excludes=("sums overwritten", "one maximum for all", "no maximum subtracted"),
    ),
    Mistake(
        "no maximum subtracted",
        "`exp(1000)` is too large for any float, and `inf / inf` is not a number.",
        "Which number may be taken from all scores of one target without a change?",
        excludes=("one maximum for all",),
    ),
    Mistake(
        "one maximum for all",
        "the largest score of the whole graph pushes other nodes' exponentials to 0, "
        "and their weights are 0 / 0.",
        "Each target is a softmax of its own: over which edges is its maximum?",
    ),
    Mistake(
        "sums overwritten",
        "of the edges of one target only the last is in its sum. `total[target] += e` "
        "does not add where a target comes twice.",
        "How many exponentials belong to the sum of node 0?",
    ),
    Mistake(
        "only its own score",
        "you took α(1 − α), what a weight does when its own score grows. But the score "
        "also lowers the weights of all others with the same target.",
        "If one neighbour gets more attention, who gets less?",
        excludes=_LAST,
    ),
    Mistake(
        "mean forgotten",
        "nothing was subtracted: then raising all scores of a node would seem to "
        "change something.",
        "What should the dscores of one target add up to?",
        excludes=("not weighted by alpha",),
    ),
    Mistake(
        "not weighted by alpha",
        "a score whose weight is nearly 0 hardly matters, and yours matters as much "
        "as any other.",
        "With what is the difference multiplied in the softmax of lesson 02?",
    ),
)


def by_loop(scores, *, target, num_nodes):
    """One softmax after another, the Jacobian written out."""
    alpha = np.zeros(len(scores))
    jacobian = np.zeros((len(scores), len(scores)))
    for v in np.unique(target):
        edges = np.flatnonzero(target == v)
        e = np.exp(scores[edges] - scores[edges].max())
        a = alpha[edges] = e / e.sum()
        jacobian[np.ix_(edges, edges)] = np.diag(a) - np.outer(a, a)
    return alpha, lambda dalpha: [jacobian @ dalpha]


def by_logarithm(scores, *, target, num_nodes):
    """log Σ exp by np.logaddexp, which never overflows."""
    log_total = np.full(num_nodes, -np.inf)
    np.logaddexp.at(log_total, target, scores)
    alpha = np.exp(scores - log_total[target])
    same = target[:, None] == target

    def pullback(dalpha):
        return (alpha * dalpha - alpha * (same @ (alpha * dalpha)),)

    return alpha, pullback


EXERCISE = Exercise(
    id="12.3",
    title="a softmax for every target",
    statement=STATEMENT,
    stub=STUB,
    function="segment_softmax",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_logarithm),
    question="Which edges end in the same node as the first wrong one, and what do "
    "their weights add up to?",
    hints=(
        "A sum for each target is np.add.at; `total[target]` hands it back to every "
        "edge.",
        "np.maximum.at does for the largest what np.add.at does for the sum; begin "
        "with -np.inf.",
        "The pullback is that of lesson 02's softmax, with the mean over one target: "
        "`mean[target]`.",
    ),
    reread="A softmax for every target",
    kind="pullback",
    parts=("alpha", "dscores"),
    minutes=12,
    points=3,
)
