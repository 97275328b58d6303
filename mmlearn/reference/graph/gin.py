"""Graph isomorphism network: a sum, which counts, and two dense layers behind it."""

import numpy as np

from mmlearn.reference.activations import relu
from mmlearn.reference.dense import dense
from mmlearn.reference.graph.check import expect_graph, expect_weights
from mmlearn.reference.graph.segments import scatter_sum
from mmlearn.reference.upstream import upstream


def gin_conv(x, epsilon, kernel_1, bias_1, kernel_2, bias_2, *, edge_index):
    """Graph isomorphism: y_v = MLP(h_v), h_v = (1 + ε) x_v + Σ_{u → v} x_u.

    MLP(h) = relu(h W₁ + b₁) W₂ + b₂; in matrices H = ((1 + ε) I + A) X. A sum tells
    two equal neighbours from one, which the mean and the max cannot.

    Args:
        x: (N, F) features of the nodes.
        epsilon: () number ε, how much more than a neighbour the node itself counts.
        kernel_1: (F, hidden) weights W₁.
        bias_1: (hidden,) offsets b₁, or None for none.
        kernel_2: (hidden, U) weights W₂.
        bias_2: (U,) offsets b₂, or None for none.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.

    Returns:
        y: (N, U), and its pullback: dy (N, U) -> dx, depsilon, dkernel_1, dbias_1,
        dkernel_2, dbias_2.

    Raises: ShapeError, ValueError: what does not fit, and what would.

    >>> x, edges = np.array([[1.0], [1.0], [1.0]]), np.array([[1, 2], [0, 0]])
    >>> gin_conv(x, 0.0, np.eye(1), None, np.eye(1), None, edge_index=edges)[0].ravel()
    array([3., 1., 1.])

    Source: K. Xu, W. Hu, J. Leskovec, S. Jegelka, *How powerful are graph neural
    networks?*, ICLR 2019, eq. 4.1.
    """
    x, source, target, sizes = expect_graph("gin_conv", x, edge_index)
    epsilon, kernel_1, bias_1, kernel_2, bias_2 = expect_weights(
        "gin_conv",
        sizes,
        epsilon=(np.asarray(epsilon), ""),
        kernel_1=(kernel_1, "F hidden"),
        bias_1=(bias_1, "hidden"),
        kernel_2=(kernel_2, "hidden U"),
        bias_2=(bias_2, "U"),
    )
    root = (1 + epsilon).astype(x.dtype)
    h = root * x + scatter_sum(x[source], target, len(x))  # (N, F)
    hidden, pullback_1 = dense(h, kernel_1, bias_1)  # (N, hidden)
    active, pullback_relu = relu(hidden)
    y, pullback_2 = dense(active, kernel_2, bias_2)  # (N, U)

    def pullback(dy):
        # The chain of pullbacks, last first, as far as dh. From there, with
        # h_vf = (1 + ε) x_vf + Σ_{e: t_e = v} x_{s_e f},
        # dx_uf = (1 + ε) dh_uf + Σ_{e: s_e = u} dh_{t_e f}
        # dε    = Σ_vf dh_vf x_vf
        dactive, dkernel_2, dbias_2 = pullback_2(upstream("gin_conv", dy, y))
        (dhidden,) = pullback_relu(dactive)
        dh, dkernel_1, dbias_1 = pullback_1(dhidden)
        dx = root * dh + scatter_sum(dh[target], source, len(x))
        depsilon = np.sum(dh * x)
        return dx, depsilon, dkernel_1, dbias_1, dkernel_2, dbias_2

    return y, pullback
