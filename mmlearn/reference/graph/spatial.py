"""Spatial convolution over a body: neighbours in partitions, frame by frame."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.graph.check import expect_edges, expect_indices, expect_weights
from mmlearn.reference.graph.segments import scatter_sum, wide
from mmlearn.reference.upstream import upstream


def spatial_graph_conv(x, kernel, bias=None, *, edge_index, edge_type):
    """ST-GCN's spatial convolution: y_v = b + Σ_r Σ_{u → v by r} x_u W_r / √(d_v e_u).

    d_v counts the edges of type r that end in v, e_u those that leave u. In matrices,
    in each frame, Y = 1 bᵀ + Σ_r D_r^-½ A_r E_r^-½ X W_r; a node hears itself only
    along a loop. For A_r = A_rᵀ this is the paper's Λ_r^-½ A_r Λ_r^-½ with its α = 0:
    one Λ on both sides would divide by an α where r leads into a node but not out.

    Args:
        x: (B, T, N, F) features of N nodes in T frames; any axes in front of N.
        kernel: (R, F, U) weights W_r, one matrix for each partition.
        bias: (U,) offsets b, or None for none.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes; a list too.
        edge_type: (E,) integers from 0 to R − 1, the partition of each edge.

    Returns:
        y: (B, T, N, U), and its pullback: dy -> dx, dkernel, dbias.

    Raises: ShapeError, ValueError: what does not fit, and what would.

    >>> x, edges = np.ones((1, 1, 3, 1)), np.array([[1, 2, 0], [0, 0, 1]])
    >>> kernel, types = np.array([[[2.0]], [[5.0]]]), np.array([0, 0, 1])
    >>> y, _ = spatial_graph_conv(x, kernel, edge_index=edges, edge_type=types)
    >>> y.ravel().round(3)  # joint 0 hears two: 2 · 2 / √2
    array([2.828, 5.   , 0.   ])

    Source: S. Yan, Y. Xiong, D. Lin, *Spatial temporal graph convolutional networks for
    skeleton-based action recognition*, AAAI 2018, eq. 10.
    """
    where = "spatial_graph_conv"
    x, sizes = _expect_nodes(where, x)
    edge_index = expect_array(where, "edge_index", edge_index)
    source, target = expect_edges(where, edge_index, sizes)
    weights = {"kernel": (kernel, "R F U"), "bias": (bias, "U")}
    kernel, bias = expect_weights(where, sizes, **weights)
    edge_type = expect_array(where, "edge_type", edge_type)
    expect_shape(where, "edge_type", edge_type, "E", sizes=sizes)
    nodes, parts = sizes["N"], sizes["R"]
    what = f"partitions 0 to {parts - 1}, as kernel has R = {parts}"
    edge_type = expect_indices(where, "edge_type", edge_type, parts, what)
    by_source, by_target = source * parts + edge_type, target * parts + edge_type
    c = _coefficients(by_source, by_target, nodes * parts, x)  # (E, 1, …)
    h = np.moveaxis(x, -2, 0)  # (N, B, T, F)
    m = scatter_sum(c * h[source], by_target, nodes * parts)  # (N R, B, T, F)
    # The R sums of a node stand side by side: Σ_r m_rv W_r = [m_0v … m_(R−1)v] W.
    m = np.moveaxis(m.reshape(nodes, parts, *h.shape[1:]), (0, 1), (-3, -2))
    m = m.reshape(*x.shape[:-1], -1)  # (B, T, N, R F)
    w = kernel.reshape(-1, sizes["U"])  # (R F, U)
    y = m @ w  # (B, T, N, U)
    y = y if bias is None else y + bias

    def pullback(dy):
        # In each frame y_vk = b_k + Σ_rf m_vrf W_rfk, m_vrf = Σ_{u → v by r} c_e x_uf,
        # so dm_vrf = Σ_k dy_vk W_rfk,  dx_uf = Σ_{e: s_e = u} c_e dm_{t_e r_e f},
        # and over all frames dW_rfk = Σ_btv m_btvrf dy_btvk,  db_k = Σ_btv dy_btvk.
        dy = upstream(where, dy, y)
        dm = (dy @ w.T).reshape(*x.shape[:-1], parts, -1)  # (B, T, N, R, F)
        dm = np.moveaxis(dm, (-3, -2), (0, 1)).reshape(nodes * parts, *h.shape[1:])
        dx = np.moveaxis(scatter_sum(c * dm[by_target], source, nodes), 0, -2)
        rows = dy.reshape(-1, dy.shape[-1])  # (B T N, U)
        dkernel = (m.reshape(len(rows), -1).T @ rows).reshape(kernel.shape)
        return dx, dkernel, None if bias is None else rows.sum(axis=0)

    return y, pullback


def _coefficients(by_source, by_target, segments, x):
    """1/√(d_v e_u) of each edge, counted in its own partition: (E, 1, …), as x."""
    arriving = np.bincount(by_target, minlength=segments)[by_target]
    leaving = np.bincount(by_source, minlength=segments)[by_source]
    c = 1 / np.sqrt(arriving * leaving, dtype=wide(x.dtype))
    return c.astype(x.dtype, copy=False).reshape(-1, *[1] * (x.ndim - 1))


def _expect_nodes(where, x):
    """Check x (…, N, F): some nodes, features of floating point; x, its N and F."""
    hint = "batch, time, nodes, features in"
    sizes = expect_shape(where, "x", x, "... N F", hint=hint)
    if sizes["N"] == 0:
        raise ShapeError(f"{where}: x is {tuple(x.shape)}; expected one node or more")
    x = expect_array(where, "x", x)
    return (x if x.dtype.kind == "f" else x.astype(np.float64)), sizes
