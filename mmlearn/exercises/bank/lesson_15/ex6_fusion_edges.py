"""15.6: the edges of a graph whose nodes are modality × time."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
M modalities, T steps each: node $mT + t$ is modality m at step t. `available`, `(M, T)`
of bool, says which nodes were recorded. Edges, each in **both directions**, join

- a step and the next one, within a modality;
- two modalities at the same step.

No node is joined to itself, and no edge begins or ends at a node that is not available.
Return `edge_index`, `(2, E)` integers, sources above targets, **sorted** by source and
among equal sources by target.
"""

STUB = '''\
def fusion_edges(available):
    """(M, T) bool -> edge_index (2, E), sorted"""
    raise NotImplementedError
'''


def solution(available):
    """Of every two nodes: one modality and a step apart, or the same step?"""
    M, T = available.shape
    m, t = np.divmod(np.arange(M * T), T)
    along = (m[:, None] == m) & (np.abs(t[:, None] - t) == 1)
    across = (m[:, None] != m) & (t[:, None] == t)
    there = available.ravel()
    joined = (along | across) & there[:, None] & there
    return np.stack(np.nonzero(joined))  # row by row: sorted already


def attempt(available, *, wrong=frozenset()):
    """The edges with a student's mistakes in them."""
    M, T = available.shape
    m, t = np.divmod(np.arange(M * T), T)
    there = available.ravel()
    if "nodes numbered step by step" in wrong:
        t, m = np.divmod(np.arange(M * T), M)
        there = available.T.ravel()
    n = np.arange(M * T)
    along = (m[:, None] == m) & (np.abs(t[:, None] - t) == 1)
    if "the end joined to the next modality" in wrong:
        along = np.abs(n[:, None] - n) == 1
    if "time in one direction only" in wrong:
        along &= n[:, None] < n
    across = (m[:, None] != m) & (t[:, None] == t)
    if "across at all times" in wrong:
        across = m[:, None] != m
    if "no edges across" in wrong:
        across = np.zeros_like(across)
    joined = along | across
    if "loops" in wrong:
        joined = joined | (n[:, None] == n)
    if "missing nodes speak" in wrong:
        joined = joined & there
    elif "missing nodes are joined" not in wrong:
        joined = joined & there[:, None] & there
    return np.stack(np.nonzero(joined))


def _case(rng, M, T):
    """One node in the middle is missing, where there is one; its neighbours are not."""
    available = np.ones((M, T), bool)
    if T > 2:
        available[int(rng.integers(M)), int(rng.integers(1, T - 1))] = False
    return Case((available,))


def draw(rng):
    M, T = (int(n) for n in rng.permutation([2, 3]))
    return _case(rng, M, T + 1)


def corners(rng):
    return [Case((np.ones((2, 2), bool),)), _case(rng, 2, 3), _case(rng, 3, 4)]


TIME = (
    "the end joined to the next modality",
    "nodes numbered step by step",
)
ACROSS = ("across at all times", "no edges across")
MISSING = ("missing nodes are joined", "missing nodes speak")
MISTAKES = (
    Mistake(
        TIME[0],
        "the last step of one modality is joined to the first of the next: their "
        "numbers are neighbours, they are not.",
        "Which two nodes have the numbers T − 1 and T?",
        excludes=(*TIME, "across at all times"),
    ),
    Mistake(
        TIME[1],
        "you numbered the nodes step by step, tM + m.",
        "Which number has modality 1 at step 0?",
        excludes=TIME,
    ),
    Mistake(
        "time in one direction only",
        "in time your edges only lead forward.",
        "May a step hear what comes after it?",
    ),
    Mistake(
        ACROSS[0],
        "every step of one modality is joined to every step of the others.",
        "Which moments may two modalities share an edge at?",
        excludes=ACROSS,
    ),
    Mistake(
        ACROSS[1],
        "nothing leads from one modality to another in yours: nothing is fused.",
        "How does the sound hear the picture?",
        excludes=ACROSS,
    ),
    Mistake("loops", "every node is joined to itself.", "Is (0, 0) an edge?"),
    Mistake(
        MISSING[0],
        "nodes that were never recorded are joined like the others.",
        "Where have you used `available`?",
        excludes=MISSING,
    ),
    Mistake(
        MISSING[1],
        "no edge ends at a missing node in yours, but some begin there: it speaks.",
        "An edge has two ends. Did you ask both?",
        excludes=MISSING,
    ),
)


def by_loop(available):
    """Node by node, and its neighbours in the order of their numbers."""
    M, T = available.shape
    edges = []
    for m, t in np.ndindex(M, T):
        for k, s in np.ndindex(M, T):
            near = abs(s - t) == 1 if k == m else s == t
            if near and available[m, t] and available[k, s]:
                edges.append((m * T + t, k * T + s))
    return np.array(edges, int).reshape(-1, 2).T


def by_lists(available):
    """Both kinds made apart, turned round, and sorted."""
    M, T = available.shape
    node = np.arange(M * T).reshape(M, T)
    pairs = [np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()])]
    for m in range(M):
        for k in range(m):
            pairs.append(np.stack([node[m], node[k]]))
    one_way = np.concatenate(pairs, axis=1)
    edges = np.concatenate([one_way, one_way[::-1]], axis=1)
    edges = edges[:, available.ravel()[edges].all(axis=0)]
    return edges[:, np.lexsort(edges[::-1])].astype(np.int32)


EXERCISE = Exercise(
    id="15.6",
    title="edges of modality × time",
    statement=STATEMENT,
    stub=STUB,
    function="fusion_edges",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_lists),
    question="Which nodes have the numbers T − 1 and T, and what does a node that is "
    "missing say?",
    hints=(
        "m, t = np.divmod(np.arange(M * T), T): what each node is.",
        "Two nodes are joined along if m is equal and t differs by 1, across if t is "
        "equal and m is not. m[:, None] == m asks all pairs at once.",
        "np.nonzero goes row by row, so what it returns is sorted. Both ends of an "
        "edge must be available.",
    ),
    reread="Neighbours: the graph of modality × time",
    minutes=8,
    points=3,
)
