"""Graph attention: each node weighs its neighbours by what they and it are."""

import numpy as np

from mmlearn.reference.graph.attend import (
    attend,
    heads_dense,
    leaky_relu,
    looped_graph,
    merge_heads,
)
from mmlearn.reference.graph.check import expect_weights
from mmlearn.reference.graph.segments import scatter_sum
from mmlearn.reference.upstream import upstream


def gat_conv(
    x,
    kernel,
    attention_source,
    attention_target,
    bias=None,
    *,
    edge_index,
    concat=True,
    negative_slope=0.2,
    add_self_loops=True,
):
    """Graph attention, for each head: y_v = b + Σ_{u → v} α_uv z_u, z_u = x_u W.

    α_uv = softmax over v's incoming edges of LeakyReLU(aₛ·z_u + aₜ·z_v). In matrices
    Y = α X W + 1 bᵀ with rows of α that add up to 1 and are 0 where A is. Without self
    loops a node that no edge ends in gets b.

    Args:
        x: (N, F) features of the nodes.
        kernel: (F, heads, U) weights W.
        attention_source, attention_target: (heads, U) weights aₛ and aₜ.
        bias: (heads U,), or (U,) if the heads are averaged, or None.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.
        concat: True: heads side by side; False: their mean.
        negative_slope: slope of LeakyReLU below 0.
        add_self_loops: whether each node gets one (its own, if it has one).

    Returns:
        y: (N, heads U) or (N, U), and its pullback: dy -> dx, dkernel, and so on.

    Raises: ShapeError, ValueError: what does not fit, and what would.

    >>> x, edge, zero = np.array([[2.0], [4.0]]), np.array([[0], [1]]), np.zeros((1, 1))
    >>> gat_conv(x, np.ones((1, 1, 1)), zero, zero, edge_index=edge)[0].ravel()
    array([2., 3.])

    Source: P. Veličković et al., *Graph attention networks*, ICLR 2018, eq. 1–6.
    """
    x, source, target, sizes = looped_graph("gat_conv", x, edge_index, add_self_loops)
    kernel, a_source, a_target = expect_weights(
        "gat_conv",
        sizes,
        kernel=(kernel, "F heads U"),
        attention_source=(attention_source, "heads U"),
        attention_target=(attention_target, "heads U"),
    )
    z, pullback_z = heads_dense(x, kernel)  # (N, heads, U)
    p, q = np.sum(z * a_source, axis=2), np.sum(z * a_target, axis=2)  # (N, heads)
    scores, pullback_leaky = leaky_relu(p[source] + q[target], negative_slope)
    out, pullback_attend = attend(z, scores, source, target)
    y, pullback_merge = merge_heads("gat_conv", out, bias, concat)

    def pullback(dy):
        # g_eh = p_{s_e h} + q_{t_e h}, p_uh = Σ_k aₛ_hk z_uhk, q_vh = Σ_k aₜ_hk z_vhk:
        # dp_uh = Σ_{e: s_e = u} dg_eh,  dq_vh = Σ_{e: t_e = v} dg_eh
        # daₛ_hk = Σ_u dp_uh z_uhk,  daₜ_hk = Σ_v dq_vh z_vhk
        # dz_uhk = what it sent (attend) + dp_uh aₛ_hk + dq_uh aₜ_hk
        dout, dbias = pullback_merge(upstream("gat_conv", dy, y))
        dz, dscores = pullback_attend(dout)
        (dg,) = pullback_leaky(dscores)  # (E', heads)
        dp = scatter_sum(dg, source, len(x))[:, :, None]  # (N, heads, 1)
        dq = scatter_sum(dg, target, len(x))[:, :, None]
        dx, dkernel = pullback_z(dz + dp * a_source + dq * a_target)
        return dx, dkernel, (dp * z).sum(axis=0), (dq * z).sum(axis=0), dbias

    return y, pullback
