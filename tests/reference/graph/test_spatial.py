"""ST-GCN's spatial convolution, held against networkx' normalized Laplacian."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import gcn_conv, spatial_graph_conv


def matrices(nodes, edge_index, edge_type, parts):
    """(R, N, N) D^-½ A E^-½, as the graph of targets on one side, sources on the other.

    There node v has d_v neighbours and node N + u has e_u; nothing is directed.
    """
    zero = np.zeros((nodes, nodes))
    for r in range(parts):
        a = zero.copy()
        source, target = edge_index[:, edge_type == r]
        np.add.at(a, (target, source), 1)
        two_sided = nx.from_numpy_array(np.block([[zero, a], [a.T, zero]]))
        laplacian = nx.normalized_laplacian_matrix(two_sided).toarray()
        yield -laplacian[:nodes, nodes:]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 999), parts=st.integers(1, 4))
def test_is_einsum_with_networkx_normalization(draw, odd_graph, seed, parts):
    nodes, edge_index = odd_graph(seed)
    edge_type = np.random.default_rng(seed).integers(0, parts, edge_index.shape[1])
    x, kernel, bias = draw(seed, 2, 3, nodes, 3), draw(1, parts, 3, 2), draw(2, 2)
    a = np.stack(list(matrices(nodes, edge_index, edge_type, parts)))
    expected = np.einsum("rvu,btuf,rfk->btvk", a, x, kernel) + bias
    structure = {"edge_index": edge_index, "edge_type": edge_type}
    y, _ = spatial_graph_conv(x, kernel, bias, **structure)
    np.testing.assert_allclose(y, expected, atol=1e-12)
    assert proof.gradients(spatial_graph_conv, x, kernel, bias, **structure)


def test_one_undirected_partition_is_kipf_and_welling_in_each_frame(draw):
    one_way = np.array([[0, 1, 1, 3], [1, 2, 3, 4]])
    edges = np.concatenate([one_way, one_way[::-1], [[*range(5)]] * 2], axis=1)
    x, kernel, bias = draw(0, 2, 3, 5, 3), draw(1, 3, 2), draw(2, 2)
    structure = {"edge_index": edges, "edge_type": np.zeros(13, int)}
    y, _ = spatial_graph_conv(x, kernel[None], bias, **structure)
    for b in range(2):
        for t in range(3):
            expected, _ = gcn_conv(x[b, t], kernel, bias, edge_index=edges)
            np.testing.assert_allclose(y[b, t], expected, rtol=1e-12)


def test_half_precision_counts_all_edges():
    star = np.stack([np.arange(1, 3001), np.zeros(3000, int)])
    x, kernel = np.full((3001, 1), 0.5, np.float16), np.ones((1, 1, 1), np.float16)
    structure = {"edge_index": star, "edge_type": np.zeros(3000, int)}
    y, _ = spatial_graph_conv(x, kernel, **structure)
    assert y[0, 0] == pytest.approx(0.5 * np.sqrt(3000), rel=2e-3)


EDGES, TYPES = np.array([[0, 0], [1, 1]]), np.array([0, 1])


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"edge_type": TYPES + 1}, ValueError, r"edge_type\[1\] is 2; expected part"),
        ({"edge_type": TYPES - 1}, ValueError, r"edge_type\[0\] is -1; expected part"),
        ({"edge_type": TYPES * 1.0}, ValueError, "dtype float64; expected integers"),
        ({"edge_type": [0, 1, 0]}, ShapeError, r"edge_type is \(3,\); .* with E = 2"),
        ({"edge_index": EDGES.T[:1]}, ShapeError, r"edge_index is \(1, 2\); expected"),
        ({"edge_index": EDGES + 1}, ValueError, r"edge_index\[1, 0\] is 2; expected"),
        ({"x": np.ones(3)}, ShapeError, r"x is \(3,\); expected \(..., N, F\): batch"),
        ({"x": np.ones((4, 0, 3))}, ShapeError, "expected one node or more"),
        ({"x": np.ones((2, 4))}, ShapeError, r"kernel is .* with .*F = 4"),
        ({"bias": np.ones(3)}, ShapeError, r"bias is \(3,\); expected \(U,\) with U"),
        ({"x": np.full((2, 3), "a")}, ValueError, "x is of <U1; expected numbers"),
    ],
)
def test_refused(draw, changes, error, message):
    given = {"x": draw(0, 2, 3), "kernel": draw(1, 2, 3, 2), "bias": None}
    given |= {"edge_index": EDGES, "edge_type": TYPES} | changes
    with pytest.raises(error, match=f"^spatial_graph_conv: .*{message}"):
        spatial_graph_conv(**given)


def test_the_pullback_refuses_another_shape(draw):
    x, kernel = draw(0, 2, 3), draw(1, 2, 3, 2)
    _, pullback = spatial_graph_conv(x, kernel, edge_index=EDGES, edge_type=TYPES)
    with pytest.raises(ShapeError, match="the pullback got dy"):
        pullback(np.ones((3, 2)))
