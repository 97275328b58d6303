"""Self loops: how a node hears itself."""

import numpy as np

from mmlearn.reference.graph.segments import wide


def remaining_self_loops(source, target, nodes):
    """Give every node exactly one self loop, behind all other edges.

    A node that has one keeps it; of several the last is kept (the rule of PyTorch
    Geometric's `add_remaining_self_loops`). Other duplicate edges stay.

    Args:
        source, target: (E,) nodes at the two ends of each edge.
        nodes: N.

    Returns:
        source, target, origin: (E',) each; origin says which of the E edges an edge
        was, −1 for a loop that was added.

    >>> source, target = np.array([0, 1, 0]), np.array([1, 1, 1])
    >>> remaining_self_loops(source, target, 2)
    (array([0, 0, 0, 1]), array([1, 1, 0, 1]), array([ 0,  2, -1,  1]))
    """
    loops = np.flatnonzero(source == target)
    others = np.flatnonzero(source != target)
    origin = np.full(nodes, -1)
    np.maximum.at(origin, source[loops], loops)
    every = np.arange(nodes)
    return (
        np.concatenate([source[others], every]),
        np.concatenate([target[others], every]),
        np.concatenate([others, origin]),
    )


def origin_weights(edge_weight, origin, dtype):
    """Weights of the edges that `remaining_self_loops` returned: 1 for what it added.

    Returns:
        weight: (E',) in float32 or wider, and its pullback: dweight -> (dedge_weight,).
    """
    weight = np.ones(len(origin), wide(dtype))
    given = origin >= 0
    if edge_weight is not None:
        weight[given] = edge_weight[origin[given]]

    def pullback(dweight):
        # weight_i = w_{origin_i}, each w at most once; a dropped loop has no effect.
        dedge_weight = np.zeros(edge_weight.shape, edge_weight.dtype)
        dedge_weight[origin[given]] = dweight[given]
        return (dedge_weight,)

    return weight, pullback
