"""The scene graph: what is there, and how it stands to each other, from its copies."""

import numpy as np

from mmlearn.datasets.storyboard.script import MOTIONS, SHAPES

KINDS = ("digit", *SHAPES, "ground")  # the nodes, in the order of their names
RELATIONS = ("left of", "above", "heads for", *(f"{name}s on" for name in MOTIONS))
FEATURES = len(KINDS) + 2  # one-hot kind, x, y
_HEADS_FOR, _FIRST_MOTION = 2, 3


def scene_graphs(script, dials, rng):
    """Make the scene graphs of some clips, their nodes in any order.

    Args:
        script: `Script` of B clips. dials: `Dials`. rng: a NumPy generator.

    Returns:
        nodes: (B, N, F) float32, one-hot kind, then x and y from 0 to 1 in the first
        frame; relations: (B, R, N, N) bool, [b, r, i, j]: there is an edge of type r
        from node i to node j.
    """
    told, n = script.copies["graph"], len(script)
    place = np.full((n, len(KINDS), 2), 0.5)
    place[:, 1:4] = script.places
    place[:, 4] = (0.5, 0.95)
    nodes = np.zeros((n, len(KINDS), FEATURES), np.float32)
    nodes[..., : len(KINDS)] = np.eye(len(KINDS))
    nodes[..., len(KINDS) :] = place
    links = np.zeros((n, len(RELATIONS), len(KINDS), len(KINDS)), bool)
    x, y = place[:, :4, 0], place[:, :4, 1]  # all are above the ground anyway
    links[:, 0, :4, :4] = x[:, :, None] < x[:, None, :] - 0.1
    links[:, 1, :4, :4] = y[:, :, None] < y[:, None, :] - 0.1
    every = np.arange(n)
    links[every, _HEADS_FOR, 0, 1 + told["target"]] = True
    links[every, _FIRST_MOTION + told["motion"], 0, 4] = True
    links &= rng.random(links.shape) >= dials.static["graph"]
    order = rng.permuted(np.tile(np.arange(len(KINDS)), (n, 1)), axis=1)  # (B, N)
    nodes = nodes[every[:, None], order]
    turned = links[every[:, None, None], :, order[:, :, None], order[:, None, :]]
    return nodes, np.moveaxis(turned, -1, 1)


def without_target(relations, when):
    """The relations of which "heads for" is taken from the clips in `when` (B,)."""
    known = relations.copy()
    known[when, _HEADS_FOR] = False
    return known


def named(nodes, relations):
    """One graph in words: its nodes' names, their places (N, 2), and its edges.

    A missing graph has neither.
    """
    there = nodes[:, : len(KINDS)].any(axis=1)
    names = [KINDS[k] for k in nodes[there, : len(KINDS)].argmax(axis=1)]
    found = np.argwhere(relations).tolist()
    links = [(source, target, RELATIONS[kind]) for kind, source, target in found]
    return names, nodes[there, len(KINDS) :], links


def edges(relations):
    """The edges of a batch of graphs as one big graph.

    Args:
        relations: (B, R, N, N) bool.

    Returns:
        edge_index: (2, E) int64, node n of graph b being b N + n; row 0 sources, row 1
        targets; edge_type: (E,) int64.

    >>> one = np.zeros((2, 3, 4, 4), bool)
    >>> one[1, 2, 0, 3] = True
    >>> edges(one)
    (array([[4],
           [7]]), array([2]))
    """
    graph, kind, source, target = np.nonzero(relations)
    first = graph * relations.shape[-1]
    return np.stack([first + source, first + target]), kind
