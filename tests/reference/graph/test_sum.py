import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.reference import sum_conv

few = settings(max_examples=10, deadline=None)


@few
@given(seed=st.integers(0, 999))
def test_is_the_product_with_networkx_adjacency(draw, odd_graph, seed):
    nodes, edge_index = odd_graph(seed)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edge_index.T.tolist())
    a = nx.to_numpy_array(graph).T  # networkx writes the edge u → v at [u, v]
    assert a.max() > 1  # a duplicate counts twice
    x, kernel, bias = draw(seed, nodes, 3), draw(1, 3, 2), draw(2, 2)
    y, pullback = sum_conv(x, kernel, bias, edge_index=edge_index)
    np.testing.assert_allclose(y, a @ x @ kernel + bias, atol=1e-12)
    dy = draw(3, nodes, 2)
    dx, dkernel, dbias = pullback(dy)
    np.testing.assert_allclose(dx, a.T @ dy @ kernel.T, atol=1e-12)
    np.testing.assert_allclose(dkernel, (a @ x).T @ dy, atol=1e-12)
    np.testing.assert_allclose(dbias, dy.sum(axis=0), atol=1e-12)


def test_a_degree_of_3000_is_counted_in_float16():
    edges = np.stack([np.arange(1, 3001), np.zeros(3000, int)])
    x = np.ones((3001, 1), np.float16)
    y, pullback = sum_conv(x, x[:1], edge_index=edges)
    assert (y.dtype, y[0, 0]) == (np.float16, 3000)
    back = np.stack([edges[1], edges[0]])
    (dx, *_) = sum_conv(x, x[:1], edge_index=back)[1](x)
    assert dx[0, 0] == 3000
    assert pullback(x)[0].dtype == np.float16


def test_worked_by_hand():
    """0 → 1, 2 → 1, 1 → 2, W = 2, b = 1, as in the lesson."""
    x, kernel, bias = np.array([[1.0], [2.0], [5.0]]), np.array([[2.0]]), np.ones(1)
    y, pullback = sum_conv(x, kernel, bias, edge_index=np.array([[0, 2, 1], [1, 1, 2]]))
    np.testing.assert_array_equal(y.ravel(), [1, 13, 5])
    dx, dkernel, dbias = pullback(np.array([[1.0], [10.0], [100.0]]))
    np.testing.assert_array_equal(dx.ravel(), [20, 200, 20])  # node 1 reached node 2
    assert (dkernel.item(), dbias.item()) == (260, 111)
