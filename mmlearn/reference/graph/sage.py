"""GraphSAGE: a node and a summary of its neighbours, each with weights of its own."""

import numpy as np

from mmlearn.reference.graph.check import expect_graph, expect_weights
from mmlearn.reference.graph.segments import (
    scatter_sum,
    segment_max,
    segment_mean,
    segment_sum,
    wide,
)
from mmlearn.reference.upstream import upstream

AGGREGATES = {"mean": segment_mean, "max": segment_max, "sum": segment_sum}


def sage_conv(
    x, kernel, root_kernel, bias=None, *, edge_index, aggregate="mean", normalize=False
):
    """GraphSAGE: y_v = m_v W + x_v R + b, m_v = mean, max or sum of x_u over u → v.

    With the mean Y = D⁻¹ A X W + X R + 1 bᵀ, d_v = Σ_u A_vu the number of edges into v.
    Where no edge ends, m_v = 0. The max is taken of each feature by itself; neighbours
    that share it share its gradient.

    Args:
        x: (N, F) features of the nodes.
        kernel: (F, U) weights W of the neighbours.
        root_kernel: (F, U) weights R of the node itself.
        bias: (U,) offsets b, or None for none.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.
        aggregate: "mean", "max" or "sum".
        normalize: whether to divide each y_v by its length ‖y_v‖₂ (0 stays 0).

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx, dkernel, droot_kernel, dbias.

    Raises: ShapeError, ValueError: what does not fit, and what would.

    >>> x, edges = np.array([[0.0], [2.0], [4.0]]), np.array([[1, 2], [0, 0]])
    >>> sage_conv(x, np.eye(1), np.zeros((1, 1)), edge_index=edges)[0].ravel()
    array([3., 0., 0.])

    Source: W. Hamilton, R. Ying, J. Leskovec, *Inductive representation learning on
    large graphs*, NeurIPS 2017, algorithm 1.
    """
    if aggregate not in AGGREGATES:
        raise ValueError(
            f"sage_conv: aggregate is {aggregate!r}; expected 'mean', 'max' or 'sum'"
        )
    x, source, target, sizes = expect_graph("sage_conv", x, edge_index)
    kernel, root_kernel, bias = expect_weights(
        "sage_conv",
        sizes,
        kernel=(kernel, "F U"),
        root_kernel=(root_kernel, "F U"),
        bias=(bias, "U"),
    )
    m, pullback_m = AGGREGATES[aggregate](x[source], segment=target, segments=len(x))
    y = m @ kernel + x @ root_kernel  # (N, U)
    y = y if bias is None else y + bias
    y, pullback_length = unit_length(y) if normalize else (y, lambda dy: (dy,))

    def pullback(dy):
        # y_vk = Σ_f m_vf W_fk + Σ_f x_vf R_fk + b_k, so
        # dm_vf = Σ_k dy_vk W_fk, which goes back to the messages, and they to x:
        # dx_uf = Σ_k dy_uk R_fk + Σ_{e: s_e = u} dmessage_ef
        # dW_fk = Σ_v m_vf dy_vk,  dR_fk = Σ_v x_vf dy_vk,  db_k = Σ_v dy_vk
        (dy,) = pullback_length(upstream("sage_conv", dy, y))
        (dmessages,) = pullback_m((dy @ kernel.T).astype(m.dtype, copy=False))
        dx = dy @ root_kernel.T + scatter_sum(dmessages, source, len(x))
        dbias = None if bias is None else dy.sum(axis=0)
        return dx, m.T @ dy, x.T @ dy, dbias

    return y, pullback


def unit_length(z):
    """Rows of length 1: y = z / ‖z‖₂, where ‖z‖₂² = Σ_k z_k². A row of zeros stays.

    >>> unit_length(np.array([[3.0, 4.0], [0.0, 0.0]]))[0]
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    length = np.linalg.norm(z.astype(wide(z.dtype), copy=False), axis=1, keepdims=True)
    inverse = np.divide(1, length, out=np.zeros_like(length), where=length > 0)
    y = (z * inverse).astype(z.dtype, copy=False)

    def pullback(dy):
        # ∂‖z‖/∂z_j = z_j / ‖z‖ = y_j, so ∂y_i/∂z_j = (δ_ij − y_i y_j) / ‖z‖ and
        # dz_j = Σ_i dy_i ∂y_i/∂z_j = (dy_j − y_j Σ_i y_i dy_i) / ‖z‖;
        # a row of zeros has no direction to turn: its gradient is 0.
        along = (dy * y).sum(axis=1, keepdims=True)
        return (((dy - y * along) * inverse).astype(dy.dtype, copy=False),)

    return y, pullback
