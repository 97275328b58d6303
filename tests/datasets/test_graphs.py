"""Small graphs: the karate club against networkx, the digits against scikit-learn."""

import networkx as nx
import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestNeighbors
from sklearn.semi_supervised import LabelSpreading

from mmlearn import datasets
from mmlearn.datasets import DataError


def test_statistics():
    graph = datasets.load_karate_club()
    assert (graph.nodes, graph.edges) == (34, 156)
    assert graph.edge_index.shape == (2, 156) and graph.edge_index.dtype == np.int64
    assert graph.x is None and graph.y.dtype == np.int64
    assert np.bincount(graph.y).tolist() == [17, 17]
    assert graph.node_names[0] == "1" and graph.node_names[-1] == "34"
    degree = np.bincount(graph.edge_index[0])
    assert (degree[0], degree[33], degree.max()) == (16, 17, 17)


def test_both_directions_once_each_and_no_loops():
    source, target = datasets.load_karate_club().edge_index
    edges = set(zip(source.tolist(), target.tolist(), strict=True))
    assert len(edges) == 156
    assert edges == {(t, s) for s, t in edges}
    assert all(s != t for s, t in edges)


def test_adjacency_is_that_of_networkx():
    graph = datasets.load_karate_club()
    adjacency = np.zeros((34, 34))
    adjacency[tuple(graph.edge_index)] = graph.edge_weight
    np.testing.assert_array_equal(adjacency, nx.to_numpy_array(nx.karate_club_graph()))


def test_another_graph_from_networkx_is_refused(monkeypatch):
    monkeypatch.setattr(nx, "karate_club_graph", lambda: nx.path_graph(34))
    with pytest.raises(DataError, match="34 nodes and 33 edges; expected"):
        datasets.load_karate_club()


def test_digits_are_joined_with_their_nearest_neighbours():
    graph = datasets.load_digits_graph(neighbors=3)
    pixels = load_digits().data
    np.testing.assert_array_equal(graph.x * 16, pixels)
    nearest = NearestNeighbors(n_neighbors=4).fit(pixels).kneighbors(pixels)[1]
    chosen = {(i, j) for i, row in enumerate(nearest.tolist()) for j in row if i != j}
    edges = set(map(tuple, graph.edge_index.T.tolist()))
    assert len(edges) == graph.edges, "no edge twice"
    assert edges == {(t, s) for s, t in edges}
    missing = {e for e in chosen if e not in edges}
    assert len(missing) < 20, "but for a few ties of distance"
    assert graph.edge_index.dtype == np.int64


def test_few_labels_suffice_where_neighbours_are_alike():
    graph = datasets.load_digits_graph()
    source, target = graph.edge_index
    assert (source != target).all() and np.unique(source).size == 1797
    assert (graph.y[source] == graph.y[target]).mean() > 0.95
    masks = [graph.train_mask, graph.validation_mask, graph.test_mask]
    assert [int(m.sum()) for m in masks] == [40, 300, 1457]
    assert (np.sum(masks, axis=0) == 1).all()
    assert np.bincount(graph.y[graph.train_mask]).tolist() == [4] * 10
    known = np.where(graph.train_mask, graph.y, -1)
    spread = LabelSpreading(kernel="knn", n_neighbors=10).fit(graph.x, known)
    found = spread.transduction_[graph.test_mask]
    assert (found == graph.y[graph.test_mask]).mean() > 0.85


def test_a_graph_without_features_says_so():
    with pytest.raises(DataError, match="x is None; expected"):
        _ = datasets.load_karate_club().sparse_x
    with pytest.raises(ValueError, match="neighbors is 0; expected 1 to 1796"):
        datasets.load_digits_graph(neighbors=0)
