"""What a graph operator is given: checked, in the user's terms, before it computes."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape

ENDS = "row 0 source nodes, row 1 target nodes"


def expect_graph(where, x, edge_index):
    """Check features and edges of one graph.

    Args:
        where: the operator that the reader called.
        x: (N, F) features; integers are taken as float64. NaN is let through: it
            reaches the nodes that a message from it reaches, and no others.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes; E may be 0.

    Returns:
        x, source (E,), target (E,), sizes {"N", "F", "E"}.

    Raises:
        ShapeError: for x without nodes, or another shape of either.
        ValueError: for edges that are no integers, or lead to a node that is not there.

    >>> expect_graph("gcn_conv", np.ones((3, 2)), np.zeros((3, 40), int))
    Traceback (most recent call last):
        ...
    mmlearn.axes.ShapeError: gcn_conv: edge_index is (3, 40); expected (2, E): row 0 \
source nodes, row 1 target nodes
    """
    x, sizes = expect_nodes(where, x)
    source, target = expect_edges(where, edge_index, sizes)
    return x, source, target, sizes


def expect_edges(where, edge_index, sizes):
    """Check edge_index (2, E) against N nodes; source, target, and E added to sizes."""
    sizes |= expect_shape(
        where, "edge_index", edge_index, "2 E", sizes=sizes, hint=ENDS
    )
    what = f"nodes 0 to {sizes['N'] - 1}, as x has {sizes['N']} rows"
    return expect_indices(where, "edge_index", edge_index, sizes["N"], what)


def expect_nodes(where, x):
    """Check x (N, F): some nodes, features of floating point; x and its sizes."""
    sizes = expect_shape(where, "x", x, "N F")
    if sizes["N"] == 0:
        raise ShapeError(f"{where}: x is {x.shape}; expected one node or more")
    x = expect_array(where, "x", x)
    return (x if x.dtype.kind == "f" else x.astype(np.float64)), sizes


def expect_indices(where, name, indices, size, what):
    """Check integers from 0 to size − 1; say where the first stray one stands.

    >>> expect_indices("op", "edge_type", np.array([0, 2]), 2, "relations 0 to 1")
    Traceback (most recent call last):
        ...
    ValueError: op: edge_type[1] is 2; expected relations 0 to 1
    """
    indices = expect_array(where, name, indices)
    if indices.dtype.kind not in "iu":
        raise ValueError(
            f"{where}: {name} has dtype {indices.dtype}; expected integers: "
            f"{name}.astype(int) if it holds whole numbers"
        )
    stray = (indices < 0) | (indices >= size)
    if stray.any():
        first = tuple(int(i) for i in np.argwhere(stray)[0])
        place = ", ".join(map(str, first))
        raise ValueError(
            f"{where}: {name}[{place}] is {indices[first]}; expected {what}"
        )
    return indices.astype(np.intp)


def expect_weights(where, sizes, **weights):
    """Check weights against their axes: kernel=(kernel, "F U"); arrays, None for None.

    Letters met for the first time are added to `sizes`, so that later ones must agree.
    """
    arrays = []
    for name, (value, axes) in weights.items():
        if value is not None:
            sizes |= expect_shape(where, name, value, axes, sizes=sizes)
            value = expect_array(where, name, value)
        arrays.append(value)
    return arrays
