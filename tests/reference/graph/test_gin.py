import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network import MLPRegressor

from mmlearn.reference import gin_conv, graph_max_pool, graph_mean_pool, graph_sum_pool


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 999), epsilon=st.floats(-1, 1))
def test_is_scikit_learns_network_on_sums(draw, odd_graph, seed, epsilon):
    nodes, edge_index = odd_graph(seed)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edge_index.T.tolist())
    a = nx.to_numpy_array(graph).T
    x, w1, b1 = draw(seed, nodes, 3), draw(1, 3, 4), draw(2, 4)
    w2, b2 = draw(3, 4, 2), draw(4, 2)
    mlp = MLPRegressor((4,), max_iter=1, solver="lbfgs")
    mlp.coefs_, mlp.intercepts_ = [w1, w2], [b1, b2]
    mlp.n_layers_, mlp.out_activation_, mlp.n_features_in_ = 3, "identity", 3
    h = ((1 + epsilon) * np.eye(nodes) + a) @ x
    y, _ = gin_conv(x, epsilon, w1, b1, w2, b2, edge_index=edge_index)
    np.testing.assert_allclose(y, mlp.predict(h), atol=1e-9)


def test_the_sum_tells_apart_what_mean_and_maximum_cannot():
    """A star of two equal leaves, and one of three: only the sum differs."""
    seen = []
    for leaves in (2, 3):
        edges = np.stack([np.arange(1, leaves + 1), np.zeros(leaves, int)])
        x = np.ones((leaves + 1, 1))
        heard, _ = gin_conv(x, 0.0, np.eye(1), None, np.eye(1), None, edge_index=edges)
        leaf = {"graph_index": np.zeros(leaves, int), "num_graphs": 1}
        pools = (graph_sum_pool, graph_mean_pool, graph_max_pool)
        seen.append([heard[0, 0], *(p(x[1:], **leaf)[0].item() for p in pools)])
    assert seen == [[3, 2, 1, 1], [4, 3, 1, 1]]
