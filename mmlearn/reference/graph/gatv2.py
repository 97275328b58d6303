"""Graph attention that depends on the pair: GATv2."""

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


def gatv2_conv(
    x,
    kernel,
    target_kernel,
    attention,
    bias=None,
    *,
    edge_index,
    concat=True,
    negative_slope=0.2,
    add_self_loops=True,
):
    """Graph attention v2, for each head: y_v = b + Σ_{u → v} α_uv z_u, z_u = x_u W.

    α_uv = softmax over v's incoming edges of a·LeakyReLU(z_u + q_v), q_v = x_v Wₜ. In
    `gat_conv` LeakyReLU comes last, so that all nodes rank their neighbours alike;
    here a stands outside, and the ranking may differ from node to node.

    Args:
        x: (N, F) features of the nodes.
        kernel: (F, heads, U) weights W of what a node sends.
        target_kernel: (F, heads, U) weights Wₜ of the node that listens.
        attention: (heads, U) weights a.
        bias: (heads U,), or (U,) if the heads are averaged, or None.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.
        concat, negative_slope, add_self_loops: as for `gat_conv`.

    Returns:
        y: (N, heads U) or (N, U), and its pullback: dy -> dx, dkernel, and so on.

    Raises: ShapeError, ValueError: what does not fit, and what would.

    >>> x, edge, zero = np.array([[2.0], [4.0]]), np.array([[0], [1]]), np.zeros((1, 1))
    >>> one = np.ones((1, 1, 1))
    >>> gatv2_conv(x, one, one, zero, edge_index=edge)[0].ravel()
    array([2., 3.])

    Source: S. Brody, U. Alon, E. Yahav, *How attentive are graph attention networks?*,
    ICLR 2022, eq. 7.
    """
    x, source, target, sizes = looped_graph("gatv2_conv", x, edge_index, add_self_loops)
    kernel, target_kernel, attention = expect_weights(
        "gatv2_conv",
        sizes,
        kernel=(kernel, "F heads U"),
        target_kernel=(target_kernel, "F heads U"),
        attention=(attention, "heads U"),
    )
    z, pullback_z = heads_dense(x, kernel)  # (N, heads, U)
    q, pullback_q = heads_dense(x, target_kernel)  # (N, heads, U)
    leaky, pullback_leaky = leaky_relu(z[source] + q[target], negative_slope)
    scores = np.sum(leaky * attention, axis=2)  # (E', heads)
    out, pullback_attend = attend(z, scores, source, target)
    y, pullback_merge = merge_heads("gatv2_conv", out, bias, concat)

    def pullback(dy):
        # score_eh = Σ_k a_hk l_ehk, l = LeakyReLU(g), g_ehk = z_{s_e hk} + q_{t_e hk}:
        # da_hk  = Σ_e dscore_eh l_ehk,  dl_ehk = dscore_eh a_hk
        # dz_uhk = attend's + Σ_{e: s_e = u} dg_ehk,  dq_vhk = Σ_{e: t_e = v} dg_ehk
        dout, dbias = pullback_merge(upstream("gatv2_conv", dy, y))
        dz, dscores = pullback_attend(dout)
        (dg,) = pullback_leaky(dscores[:, :, None] * attention)  # (E', heads, U)
        dx, dkernel = pullback_z(dz + scatter_sum(dg, source, len(x)))
        dx_target, dtarget_kernel = pullback_q(scatter_sum(dg, target, len(x)))
        dattention = np.einsum("eh,ehk->hk", dscores, leaky)
        return dx + dx_target, dkernel, dtarget_kernel, dattention, dbias

    return y, pullback
