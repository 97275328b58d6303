import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csgraph

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import gcn_conv, sum_conv

few = settings(max_examples=10, deadline=None)
seeds = st.integers(0, 999)


@few
@given(seed=seeds)
def test_is_one_minus_networkx_normalized_laplacian(draw, seed):
    """I − L̃ = D̃^-½ Ã D̃^-½ of an undirected graph with a loop at every node."""
    graph = nx.gnp_random_graph(7, 0.3, seed=seed)
    ties = np.array(graph.edges, int).reshape(-1, 2).T
    edge_index = np.concatenate([ties, ties[::-1]], axis=1)
    graph.add_edges_from((v, v) for v in range(7))
    s = np.eye(7) - nx.normalized_laplacian_matrix(graph, range(7)).toarray()
    x, kernel, bias = draw(seed, 7, 3), draw(1, 3, 2), draw(2, 2)
    y, _ = gcn_conv(x, kernel, bias, edge_index=edge_index)
    np.testing.assert_allclose(y, s @ x @ kernel + bias, atol=1e-12)


@few
@given(seed=seeds)
def test_is_scipys_laplacian_of_a_directed_weighted_graph(draw, seed):
    rng = np.random.default_rng(seed)
    a = rng.random((6, 6)) * (rng.random((6, 6)) < 0.4)  # u → v at [u, v]
    np.fill_diagonal(a, 0)  # SciPy's degrees leave loops out
    edge_index = np.array(np.nonzero(a))
    x = draw(seed, 6, 3)
    y, _ = gcn_conv(
        x, np.eye(3), None, a[a > 0], edge_index=edge_index, add_self_loops=False
    )
    laplacian = csgraph.laplacian(a, normed=True)  # by in-degrees
    s = np.diag(np.diag(laplacian)) - laplacian
    in_degree = a.sum(axis=0)
    heard = in_degree > 0  # for a degree of 0 SciPy puts 1, and we send nothing
    s = s * heard[:, None] * heard
    np.testing.assert_allclose(y, s.T @ x, atol=1e-12)


@few
@given(seed=seeds, loops=st.booleans(), normalize=st.booleans())
def test_gradient_of_the_edge_weights(draw, odd_graph, seed, loops, normalize):
    nodes, edge_index = odd_graph(seed)
    weight = 0.5 + np.random.default_rng(seed).random(edge_index.shape[1])
    arrays = draw(seed, nodes, 3), draw(1, 3, 2), draw(2, 2), weight
    structure = {"edge_index": edge_index, "normalize": normalize}
    assert proof.gradients(gcn_conv, *arrays, add_self_loops=loops, **structure)


def test_a_self_loop_is_kept_once_with_its_weight():
    x, one = np.array([[1.0], [10.0]]), np.eye(1)
    edge_index = np.array([[0, 0, 0, 1], [0, 0, 1, 0]])  # two loops at node 0
    weight = np.array([7.0, 3.0, 2.0, 2.0])
    structure = {"edge_index": edge_index, "normalize": False}
    y, pullback = gcn_conv(x, one, None, weight, **structure)
    np.testing.assert_array_equal(y.ravel(), [3 * 1 + 2 * 10, 2 * 1 + 10])
    *_, dweight = pullback(np.array([[1.0], [100.0]]))
    np.testing.assert_array_equal(dweight, [0, 1, 100, 10])
    y, _ = gcn_conv(x, one, None, weight, add_self_loops=False, **structure)
    np.testing.assert_array_equal(y.ravel(), [10 * 1 + 2 * 10, 2 * 1])


def test_weights_of_one_are_no_weights(draw, odd_graph):
    nodes, edge_index = odd_graph(4)
    x, kernel = draw(0, nodes, 3), draw(1, 3, 2)
    plain, _ = gcn_conv(x, kernel, edge_index=edge_index)
    for dtype in (float, int, bool):
        ones = np.ones(edge_index.shape[1], dtype)
        y, pullback = gcn_conv(x, kernel, None, ones, edge_index=edge_index)
        np.testing.assert_array_equal(y, plain)
        assert pullback(y)[3].dtype == np.float64
    off = {"add_self_loops": False, "normalize": False, "edge_index": edge_index}
    summed, _ = sum_conv(x, kernel, edge_index=edge_index)
    np.testing.assert_allclose(gcn_conv(x, kernel, **off)[0], summed, rtol=1e-12)


def test_a_degree_of_zero_neither_hears_nor_is_heard(draw):
    """Without self loops 0 → 1 carries nothing: node 0 has no edge into it."""
    edge = np.array([[0], [1]])
    y, pullback = gcn_conv(
        draw(0, 2, 3), draw(1, 3, 2), edge_index=edge, add_self_loops=False
    )
    assert not y.any()
    assert not pullback(draw(2, 2, 2))[0].any()


def test_degrees_are_wider_than_float16():
    """3,000 edges: in float16 a count would stop at 2,048."""
    edges = np.stack([np.arange(1, 3001), np.zeros(3000, int)])
    x = np.ones((3001, 1), np.float16)
    y, _ = gcn_conv(x, x[:1], edge_index=edges)
    np.testing.assert_allclose(y[0, 0], 3000 / 3001**0.5 + 1 / 3001, rtol=2e-3)


@pytest.mark.parametrize(
    ("weight", "error", "message"),
    [
        (
            np.ones(3),
            ShapeError,
            r"edge_weight is \(3,\); expected \(E,\) with .*E = 2",
        ),
        (np.ones((2, 1)), ShapeError, r"edge_weight is \(2, 1\); expected \(E,\)"),
        (
            np.array([1.0, -3.0]),
            ValueError,
            "edges into node 1 add up to -1; expected 0",
        ),
        (np.array(["a", "b"]), ValueError, "edge_weight is of <U1; expected numbers"),
    ],
)
def test_refused(draw, weight, error, message):
    edges = np.array([[0, 0], [1, 1]])
    with pytest.raises(error, match=f"^gcn_conv: .*{message}"):
        gcn_conv(draw(0, 2, 3), draw(1, 3, 2), None, weight, edge_index=edges)
