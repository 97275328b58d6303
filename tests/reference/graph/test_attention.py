"""GAT and GATv2, held against attention written with dense matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from mmlearn.axes import ShapeError
from mmlearn.reference import gat_conv, gatv2_conv

few = settings(max_examples=8, deadline=None)
seeds = st.integers(0, 999)
both = pytest.mark.parametrize("op", [gat_conv, gatv2_conv])


def leaky(x, slope):
    return np.maximum(x, slope * x)


def dense_scores(op, x, weights, slope):
    """Scores (target, source, head) of all pairs, and what each node sends."""
    if op is gat_conv:
        kernel, a_source, a_target = weights
        z = np.einsum("nf,fhu->nhu", x, kernel)
        p, q = (
            np.einsum("nhu,hu->nh", z, a_source),
            np.einsum("nhu,hu->nh", z, a_target),
        )
        return leaky(q[:, None] + p[None], slope), z
    kernel, target_kernel, attention = weights
    z = np.einsum("nf,fhu->nhu", x, kernel)
    q = np.einsum("nf,fhu->nhu", x, target_kernel)
    pairs = leaky(q[:, None] + z[None], slope)  # (N, N, heads, U)
    return np.einsum("vuhk,hk->vuh", pairs, attention), z


def dense(op, x, weights, edge_index, slope, loops):
    a = np.zeros((len(x), len(x)))
    np.add.at(a, (edge_index[1], edge_index[0]), 1)
    if loops:
        np.fill_diagonal(a, 1)
    scores, z = dense_scores(op, x, weights, slope)
    heard = a.sum(axis=1) > 0
    with np.errstate(divide="ignore"):  # an edge there k times has exp(s) k times
        masked = scores[heard] + np.log(a[heard])[:, :, None]
    out = np.zeros(z.shape)
    out[heard] = np.einsum("vuh,uhk->vhk", softmax(masked, axis=1), z)
    return out


@both
@few
@given(seed=seeds, concat=st.booleans(), loops=st.booleans(), slope=st.floats(0, 0.9))
def test_is_masked_softmax_over_a_dense_matrix(
    draw, odd_graph, op, seed, concat, loops, slope
):
    nodes, edge_index = odd_graph(seed)
    shapes = {gat_conv: (2, 5), gatv2_conv: (3, 2, 5)}[op]
    weights = [draw(seed + 1, 3, 2, 5), draw(seed + 2, *shapes), draw(seed + 3, 2, 5)]
    x, bias = draw(seed, nodes, 3), draw(4, 10 if concat else 5)
    structure = {"concat": concat, "negative_slope": slope, "add_self_loops": loops}
    y, _ = op(x, *weights, bias, edge_index=edge_index, **structure)
    out = dense(op, x, weights, edge_index, slope, loops)
    expected = out.reshape(nodes, 10) if concat else out.mean(axis=1)
    np.testing.assert_allclose(y, expected + bias, atol=1e-12)


@both
def test_scores_of_a_thousand_do_not_overflow(draw, odd_graph, op):
    nodes, edge_index = odd_graph(1)
    shapes = {gat_conv: (2, 5), gatv2_conv: (3, 2, 5)}[op]
    weights = [draw(1, 3, 2, 5), draw(2, *shapes), 1e5 * draw(3, 2, 5)]
    y, pullback = op(draw(0, nodes, 3), *weights, edge_index=edge_index)
    assert all(np.isfinite(g).all() for g in (y, *pullback(y)[:4]))


def rankings(op, weights, x):
    """For each node the neighbours by attention, each node hearing all."""
    scores, _ = dense_scores(op, x, weights, 0.2)
    return {tuple(np.argsort(row)) for row in scores[:, :, 0]}


def test_gat_ranks_neighbours_alike_for_all_and_gatv2_does_not(draw):
    """Static and dynamic attention, as Brody, Alon and Yahav name them."""
    x = draw(0, 6, 3)
    one = [draw(1, 3, 1, 5), draw(2, 1, 5), draw(3, 1, 5)]
    assert len(rankings(gat_conv, one, x)) == 1
    assert len(rankings(gatv2_conv, [one[0], draw(2, 3, 1, 5), one[2]], x)) > 1


@both
def test_the_bias_of_heads_side_by_side_or_averaged(draw, op):
    shapes = {gat_conv: (2, 5), gatv2_conv: (3, 2, 5)}[op]
    x, weights = draw(0, 3, 3), [draw(1, 3, 2, 5), draw(2, *shapes), draw(3, 2, 5)]
    edge = np.array([[0], [1]])
    message = r"bias is \(5,\); expected \(10,\): heads × units, as concat=True"
    with pytest.raises(ShapeError, match=f"^{op.__name__}: {message}"):
        op(x, *weights, np.zeros(5), edge_index=edge)
    message = r"bias is \(10,\); expected \(5,\): units, as concat=False"
    with pytest.raises(ShapeError, match=message):
        op(x, *weights, np.zeros(10), edge_index=edge, concat=False)
