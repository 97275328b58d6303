"""Typed edges: every relation has weights of its own."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.reference.graph.check import expect_graph, expect_indices, expect_weights
from mmlearn.reference.graph.segments import scatter_sum, segment_mean
from mmlearn.reference.upstream import upstream


def rgcn_conv(x, kernel, root_kernel, bias=None, *, edge_index, edge_type):
    """Relational graph convolution: y_v = x_v R + b + Σ_r m_rv W_r.

    m_rv is the mean of x_u over the edges u → v of type r, and 0 where there is none:
    the paper's 1/c_vr with c_vr the number of such edges. In matrices
    Y = X R + 1 bᵀ + Σ_r D_r⁻¹ A_r X W_r.

    Args:
        x: (N, F) features of the nodes.
        kernel: (R, F, U) weights W_r, one matrix for each relation.
        root_kernel: (F, U) weights R of the node itself.
        bias: (U,) offsets b, or None for none.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.
        edge_type: (E,) integers from 0 to R − 1.

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx, dkernel, droot_kernel, dbias.

    Raises: ShapeError, ValueError: what does not fit, and what would.

    >>> x, edges = np.array([[0.0], [3.0], [6.0]]), np.array([[1, 2], [0, 0]])
    >>> kernel = np.array([1.0, 10.0]).reshape(2, 1, 1)
    >>> structure = {"edge_index": edges, "edge_type": np.array([0, 1])}
    >>> rgcn_conv(x, kernel, np.zeros((1, 1)), **structure)[0].ravel()
    array([63.,  0.,  0.])

    Source: M. Schlichtkrull et al., *Modeling relational data with graph convolutional
    networks*, ESWC 2018, eq. 2.
    """
    x, source, target, sizes = expect_graph("rgcn_conv", x, edge_index)
    kernel, root_kernel, bias = expect_weights(
        "rgcn_conv",
        sizes,
        kernel=(kernel, "R F U"),
        root_kernel=(root_kernel, "F U"),
        bias=(bias, "U"),
    )
    nodes, relations = sizes["N"], sizes["R"]
    expect_shape("rgcn_conv", "edge_type", edge_type, "E", sizes=sizes)
    what = f"relations 0 to {relations - 1}, as kernel has R = {relations}"
    edge_type = expect_indices("rgcn_conv", "edge_type", edge_type, relations, what)
    # The R means of a node stand side by side, so that one product takes all:
    # Σ_r m_rv W_r = [m_0v … m_(R−1)v] W, where W stacks the W_r.
    m, pullback_m = segment_mean(
        x[source], segment=target * relations + edge_type, segments=nodes * relations
    )
    m = m.reshape(nodes, -1)  # (N R, F) -> (N, R F)
    w = kernel.reshape(-1, sizes["U"])  # (R F, U)
    y = np.matmul(m, w) + x @ root_kernel  # (N, U)
    y = y if bias is None else y + bias

    def pullback(dy):
        # y_vk = Σ_rf m_vrf W_rfk + Σ_f x_vf R_fk + b_k, so
        # dm_vrf = Σ_k dy_vk W_rfk, which goes back to the messages, and they to x:
        # dx_uf  = Σ_k dy_uk R_fk + Σ_{e: s_e = u} dmessage_ef
        # dW_rfk = Σ_v m_vrf dy_vk,  dR_fk = Σ_v x_vf dy_vk,  db_k = Σ_v dy_vk
        dy = upstream("rgcn_conv", dy, y)
        dm = (dy @ w.T).reshape(-1, sizes["F"])  # (N, R F) -> (N R, F)
        (dmessages,) = pullback_m(dm)
        dx = dy @ root_kernel.T + scatter_sum(dmessages, source, nodes)
        dkernel = (m.T @ dy).reshape(kernel.shape)
        return dx, dkernel, x.T @ dy, None if bias is None else dy.sum(axis=0)

    return y, pullback
