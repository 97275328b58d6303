"""The plainest message passing: every node adds up what its neighbours send."""

from mmlearn.reference.graph.check import expect_graph, expect_weights
from mmlearn.reference.graph.segments import scatter_sum
from mmlearn.reference.upstream import upstream


def sum_conv(x, kernel, bias=None, *, edge_index):
    """Sum over neighbours: y_v = b + Σ_{u → v} x_u W, over the edges that end in v.

    In matrices Y = A X W + 1 bᵀ, where A_vu counts the edges u → v: duplicate edges
    count twice, a node hears itself only through a self loop, and one that no edge
    ends in gets b. b is added once a node, not once a message.

    Args:
        x: (N, F) features of the nodes.
        kernel: (F, U) weights W.
        bias: (U,) offsets b, or None for none.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx, dkernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> import numpy as np
    >>> x, path = np.array([[1.0], [2.0], [4.0]]), np.array([[0, 1], [1, 2]])
    >>> sum_conv(x, np.eye(1), edge_index=path)[0].ravel()  # 0 → 1 → 2
    array([0., 1., 2.])
    """
    x, source, target, sizes = expect_graph("sum_conv", x, edge_index)
    kernel, bias = expect_weights(
        "sum_conv", sizes, kernel=(kernel, "F U"), bias=(bias, "U")
    )
    z = x @ kernel  # (N, U), one row for each node, then one message for each edge
    y = scatter_sum(z[source], target, len(x))
    y = y if bias is None else y + bias

    def pullback(dy):
        # y_vk = b_k + Σ_{e: t_e = v} z_{s_e k}, z_uk = Σ_f x_uf W_fk, so
        # dz_uk = Σ_v dy_vk ∂y_vk/∂z_uk = Σ_{e: s_e = u} dy_{t_e k}   (dZ = Aᵀ dY)
        # dx_uf = Σ_k dz_uk W_fk
        # dW_fk = Σ_u x_uf dz_uk
        # db_k  = Σ_v dy_vk
        dy = upstream("sum_conv", dy, y)
        dz = scatter_sum(dy[target], source, len(x))  # back along the edges
        dbias = None if bias is None else dy.sum(axis=0)
        return dz @ kernel.T, x.T @ dz, dbias

    return y, pullback
