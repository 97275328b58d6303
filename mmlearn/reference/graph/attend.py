"""What GAT and GATv2 share: leaky relu, attention over neighbours, heads made one."""

import numpy as np

from mmlearn.axes import expect_array, expect_shape
from mmlearn.reference.graph.check import expect_graph
from mmlearn.reference.graph.segments import scatter_sum, segment_softmax
from mmlearn.reference.graph.self_loops import remaining_self_loops


def looped_graph(where, x, edge_index, add_self_loops):
    """As `expect_graph`, with one self loop at each node if so told."""
    x, source, target, sizes = expect_graph(where, x, edge_index)
    if add_self_loops:
        source, target, _ = remaining_self_loops(source, target, len(x))
    return x, source, target, sizes


def leaky_relu(g, slope):
    """g where g > 0, else slope · g; and its pullback. At 0 the slope counts."""
    factor = np.where(g > 0, 1, slope).astype(g.dtype)

    def pullback(dy):
        # ∂y/∂g = 1 where g > 0, else slope.
        return (dy * factor,)

    return g * factor, pullback


def attend(z, scores, source, target):
    """Average what the neighbours send: o_v = Σ_{e: t_e = v} α_e z_{s_e}.

    α is the softmax of the scores over the edges that end in v, for each head by
    itself. A node that no edge ends in gets 0.

    Args:
        z: (N, heads, U) what each node sends.
        scores: (E, heads), before the softmax.
        source, target: (E,) nodes at the two ends of each edge.

    Returns:
        o: (N, heads, U), and its pullback: do (N, heads, U) -> dz, dscores.
    """
    alpha, pullback_alpha = segment_softmax(scores, segment=target, segments=len(z))
    column = alpha.astype(z.dtype, copy=False)[:, :, None]  # (E, heads, 1)
    out = scatter_sum(column * z[source], target, len(z))

    def pullback(dout):
        # o_vhk = Σ_{e: t_e = v} α_eh z_{s_e hk}, so
        # dα_eh  = Σ_k do_{t_e hk} z_{s_e hk}, and through the softmax to the scores
        # dz_uhk = Σ_{e: s_e = u} α_eh do_{t_e hk}
        dmessages = dout[target]  # (E, heads, U)
        (dscores,) = pullback_alpha((dmessages * z[source]).sum(axis=2))
        return scatter_sum(column * dmessages, source, len(z)), dscores

    return out, pullback


def merge_heads(where, out, bias, concat):
    """(N, heads, U) to (N, heads U) side by side, or their mean (N, U); plus bias."""
    nodes, heads, units = out.shape
    if bias is not None:
        width = heads * units if concat else units
        hint = "heads × units, as concat=True" if concat else "units, as concat=False"
        expect_shape(where, "bias", bias, str(width), hint=hint)
        bias = expect_array(where, "bias", bias)
    y = out.reshape(nodes, heads * units) if concat else out.mean(axis=1)
    y = y if bias is None else y + bias

    def pullback(dy):
        # Side by side each number stands in one place; of the mean each head has 1/H.
        dbias = None if bias is None else dy.sum(axis=0)
        if concat:
            return dy.reshape(out.shape), dbias
        return np.broadcast_to(dy[:, None] / heads, out.shape), dbias

    return y, pullback


def heads_dense(x, kernel):
    """z_vhk = Σ_f x_vf W_fhk: (N, F) by (F, heads, U), and its pullback."""
    matrix = kernel.reshape(len(kernel), -1)  # (F, heads U)
    z = (x @ matrix).reshape(len(x), *kernel.shape[1:])  # (N, heads, U)

    def pullback(dz):
        # dx_vf = Σ_hk dz_vhk W_fhk,  dW_fhk = Σ_v x_vf dz_vhk
        rows = dz.reshape(len(x), -1)
        return rows @ matrix.T, (x.T @ rows).reshape(kernel.shape)

    return z, pullback
