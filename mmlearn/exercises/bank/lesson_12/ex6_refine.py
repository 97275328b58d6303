"""12.6: colours of nodes refined by their neighbours' colours (Weisfeiler–Lehman)."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Refine the colours of nodes. In each of `rounds` rounds every node looks at its own
colour and at the colours of all nodes that point at it, with repetitions and in no
order. Two nodes get the same new colour if both agree, else different ones. All nodes
look at the colours of the round before.

`colours` is `(N,)`, integers; `edge_index` is `(2, E)`. Return the new colours, `(N,)`,
numbered by their first appearance: node 0 has colour 0, the next node with another
colour has colour 1, and so on. (Number them so after the last round, even if `rounds`
is 0.)
"""

STUB = '''\
def refine(colours, edge_index, rounds):
    """(N,), (2, E), a number -> the colours (N,) after so many rounds"""
    raise NotImplementedError
'''


def solution(colours, edge_index, rounds):
    """What a node sees is a pair: its colour, and a sorted list of colours."""
    source, target = edge_index
    colours = [int(c) for c in colours]
    for step in range(rounds + 1):
        if step:
            seen = [
                (colours[v], tuple(sorted(colours[u] for u in source[target == v])))
                for v in range(len(colours))
            ]
        else:
            seen = colours  # only numbered
        number: dict = {}
        for one in seen:
            number.setdefault(one, len(number))
        colours = [number[one] for one in seen]
    return np.array(colours)


def attempt(colours, edge_index, rounds, *, wrong=frozenset()):
    """The colours with a student's mistakes in them."""
    source, target = edge_index[::-1] if "rows swapped" in wrong else edge_index
    colours = _numbered([int(c) for c in colours])
    for _ in range(rounds - ("one round too few" in wrong)):
        seen: list = []
        number: dict = {}
        for v, own in enumerate(colours):
            heard = sorted(colours[u] for u in source[target == v])
            if "each colour once" in wrong:
                heard = sorted(set(heard))
            if "only how many" in wrong:
                heard = [len(heard)]
            if "own colour forgotten" in wrong:
                own = 0
            if "own colour among the others" in wrong:
                own, heard = 0, sorted([own, *heard])
            seen.append((own, tuple(heard)))
            if "colours changed during the round" in wrong:
                colours[v] = number.setdefault(seen[-1], len(number))
        if "colours changed during the round" not in wrong:
            colours = _numbered(seen)
    return np.array(_numbered(colours))


def _numbered(seen):
    number: dict = {}
    for one in seen:
        number.setdefault(one, len(number))
    return [number[one] for one in seen]


def _graph(rng, nodes, edges):
    pairs = [(u, v) for u in range(nodes) for v in range(nodes) if u != v]
    kept = rng.choice(len(pairs), edges, replace=False)
    return np.array([pairs[k] for k in kept]).T


def draw(rng):
    nodes = int(rng.integers(5, 8))
    edges = _graph(rng, nodes, nodes + int(rng.integers(0, 4)))
    return Case((rng.integers(0, 2, nodes), edges, int(rng.integers(1, 3))))


def corners(rng):
    """A path with both directions; colours that matter; one node heard twice."""
    path = np.array([[0, 1, 2, 3, 1, 2, 3, 4], [1, 2, 3, 4, 0, 1, 2, 3]])
    arrows = np.array([[0, 1, 2, 0, 0], [3, 4, 5, 4, 5]])
    twins = np.array([[0, 1, 2], [3, 3, 4]])
    return [
        Case((np.zeros(5, int), path, 1)),
        Case((np.zeros(5, int), path, 2)),
        Case((np.array([0, 0, 0, 1, 0]), path, 2)),
        Case((np.array([7, 7, 4, 4]), np.array([[0, 1], [2, 0]]), 0)),
        Case((np.array([0, 0, 1, 1, 1, 1]), arrows, 1)),
        Case((np.array([0, 1, 0, 0, 1, 0]), arrows, 1)),
        Case((np.zeros(5, int), twins, 1)),
        Case((np.array([0, 1, 1, 0, 1]), np.array([[0, 2], [3, 4]]), 1)),
        Case((np.array([0, 1, 0, 1]), np.array([[0, 1, 3], [2, 2, 0]]), 2)),
        Case((np.array([0, 1]), np.array([[0, 1], [1, 0]]), 1)),
        Case((np.zeros(5, int), np.array([[1, 2, 1, 3, 3], [4, 1, 3, 0, 4]]), 2)),
    ]


MISTAKES = (
    Mistake(
        "own colour forgotten",
        "two nodes of different colours with the same neighbours became one colour. A "
        "refinement never joins what was apart.",
        "What does a node know besides what it hears?",
    ),
    Mistake(
        "own colour among the others",
        "the node's own colour went into the multiset of those it hears. A 0 that "
        "hears a 1 and a 1 that hears a 0 are then the same.",
        "Who of the two is it, and whom does it hear?",
        excludes=("own colour forgotten", "only how many"),
    ),
    Mistake(
        "colours changed during the round",
        "some nodes looked at colours that others had got in this very round.",
        "Does the result depend on the order in which you visit the nodes?",
        excludes=("own colour among the others", "only how many"),
    ),
    Mistake(
        "each colour once",
        "a node that hears a colour twice looked like one that hears it once: a set "
        "in place of a multiset.",
        "Which function of the colours can count: mean, largest or sum?",
        excludes=("only how many",),
    ),
    Mistake(
        "only how many",
        "you counted the neighbours and forgot their colours.",
        "In the second round neighbours differ: who sees it?",
    ),
    Mistake(
        "one round too few",
        "the last round is missing.",
        "How far has a node heard after two rounds?",
    ),
    Mistake(
        "rows swapped",
        "each node looked at those that it points at.",
        "Which row of edge_index holds those who hear?",
    ),
)


def by_unique(colours, edge_index, rounds):
    """Counts of colours as rows of a matrix, equal rows found by np.unique."""
    a = np.zeros((len(colours), len(colours)), int)
    np.add.at(a, (edge_index[1], edge_index[0]), 1)
    colours = np.array(colours)
    for _ in range(rounds):
        onehot = (colours[:, None] == np.unique(colours)).astype(int)
        rows = np.hstack([colours[:, None], a @ onehot])
        _, colours = np.unique(rows, axis=0, return_inverse=True)
        colours = colours.ravel()
    _, first, back = np.unique(colours, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[back.ravel()]


EXERCISE = Exercise(
    id="12.6",
    title="refining colours",
    statement=STATEMENT,
    stub=STUB,
    function="refine",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_unique,),
    question="Take the first two nodes that should differ, or should not: what does "
    "each of them see?",
    hints=(
        "What a node sees fits in a tuple: its own colour, and the sorted colours of "
        "those it hears.",
        "A dictionary turns tuples into numbers, in the order in which they first "
        "appear.",
    ),
    reread="Transfer",
    minutes=10,
    points=3,
)
