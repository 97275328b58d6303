"""Graph convolution: a sum over neighbours, weighted by the degrees at both ends."""

import numpy as np

from mmlearn.reference.graph.check import expect_graph, expect_weights
from mmlearn.reference.graph.segments import scatter_sum, wide
from mmlearn.reference.graph.self_loops import origin_weights, remaining_self_loops
from mmlearn.reference.upstream import upstream


def gcn_conv(
    x,
    kernel,
    bias=None,
    edge_weight=None,
    *,
    edge_index,
    add_self_loops=True,
    normalize=True,
):
    """Graph convolution: y_v = b + Σ_{u → v} w_uv / √(d_u d_v) x_u W.

    d_v = Σ_{u → v} w_uv counts v's own loop, of weight 1 unless the graph has one (of
    several the last is kept). Y = D̃^-½ Ã D̃^-½ X W + 1 bᵀ, Ã = A + I, A_vu = w_uv. A
    node of degree 0, possible without self loops, neither hears nor is heard.

    Args:
        x: (N, F) features of the nodes.
        kernel: (F, U) weights W.
        bias: (U,) offsets b, or None for none.
        edge_weight: (E,) weights w, or None for 1 each.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.
        add_self_loops: whether Ã = A + I, or Ã = A.
        normalize: whether to divide by the degrees; else y_v = b + Σ w_uv x_u W.

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx, dkernel, dbias, dedge_weight.

    Raises: ShapeError, ValueError: what does not fit; a negative degree.

    >>> x, edge = np.array([[2.0], [4.0]]), np.array([[0, 1], [1, 0]])
    >>> gcn_conv(x, np.eye(1), edge_index=edge)[0].ravel()
    array([3., 3.])

    Source: T. Kipf, M. Welling, *Semi-supervised classification with graph
    convolutional networks*, ICLR 2017, eq. 2.
    """
    x, source, target, sizes = expect_graph("gcn_conv", x, edge_index)
    kernel, bias, edge_weight = expect_weights(
        "gcn_conv",
        sizes,
        kernel=(kernel, "F U"),
        bias=(bias, "U"),
        edge_weight=(edge_weight, "E"),
    )
    edges = source, target, edge_weight, add_self_loops, len(x), x.dtype
    source, target, c, pullback_c = weighted_edges(*edges)  # c is w̃, (E',)
    if normalize:
        c, pullback_c = symmetric("gcn_conv", c, pullback_c, source, target, len(x))
    z = x @ kernel  # (N, U)
    c_column = c.astype(z.dtype, copy=False)[:, None]  # (E', 1)
    y = scatter_sum(c_column * z[source], target, len(x))
    y = y if bias is None else y + bias

    def pullback(dy):
        # y_vk = b_k + Σ_{e: t_e = v} c_e z_{s_e k}, z_uk = Σ_f x_uf W_fk, so
        # dz_uk = Σ_{e: s_e = u} c_e dy_{t_e k},  dc_e = Σ_k z_{s_e k} dy_{t_e k} (→ dw)
        # dx_uf = Σ_k dz_uk W_fk,  dW_fk = Σ_u x_uf dz_uk,  db_k = Σ_v dy_vk
        dy = upstream("gcn_conv", dy, y)
        dz = scatter_sum(c_column * dy[target], source, len(x))
        dbias = None if bias is None else dy.sum(axis=0)
        dedge_weight = None
        if edge_weight is not None:
            (dedge_weight,) = pullback_c((z[source] * dy[target]).sum(axis=1))
        return dz @ kernel.T, x.T @ dz, dbias, dedge_weight

    return y, pullback


def weighted_edges(source, target, edge_weight, add_self_loops, nodes, dtype):
    """The edges of Ã: source, target (E',), weight (E',), and the weight's pullback."""
    origin = np.arange(len(source))
    if add_self_loops:
        source, target, origin = remaining_self_loops(source, target, nodes)
    if edge_weight is None:
        return source, target, *origin_weights(None, origin, dtype)
    if edge_weight.dtype.kind != "f":  # how often two people met: an integer
        edge_weight = edge_weight.astype(dtype)
    return source, target, *origin_weights(edge_weight, origin, edge_weight.dtype)


def symmetric(where, weight, pullback_weight, source, target, nodes):
    """c_e = w_e r_{s_e} r_{t_e}, where r_v = d_v^-½ and d_v = Σ_{e: t_e = v} w_e.

    r_v is 0 where d_v is 0. Degrees are float32 or wider, as w is. The pullback goes
    on through that of w.
    """
    degree = scatter_sum(weight, target, nodes)  # (N,)
    r = inverse_root(where, degree)
    c = weight * r[source] * r[target]

    def pullback(dc):
        # ∂c_e/∂r_v = w_e r_{t_e} if s_e = v, plus w_e r_{s_e} if t_e = v, so
        # dr_v = Σ_{e: s_e = v} dc_e w_e r_{t_e} + Σ_{e: t_e = v} dc_e w_e r_{s_e}
        # dd_v = dr_v ∂r_v/∂d_v = −½ r_v³ dr_v
        # dw_e = dc_e r_{s_e} r_{t_e} + dd_{t_e}, as w_e is part of d_{t_e}
        dc = np.asarray(dc, wide(dc.dtype))
        dr = scatter_sum(dc * weight * r[target], source, nodes)
        dr += scatter_sum(dc * weight * r[source], target, nodes)
        ddegree = -0.5 * r**3 * dr
        return pullback_weight(dc * r[source] * r[target] + ddegree[target])

    return c, pullback


def inverse_root(where, degree):
    """d^-½, with 0 for 0; refuses a negative degree, which has no root."""
    if (degree < 0).any():
        node = int(np.argmin(degree))
        raise ValueError(
            f"{where}: the weights of the edges into node {node} add up to "
            f"{degree[node]:.3g}; expected 0 or more: use weights without a sign, or "
            "normalize=False"
        )
    root = np.sqrt(degree)
    return np.divide(1, root, out=np.zeros_like(root), where=root > 0)
