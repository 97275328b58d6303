"""Zachary's karate club, against networkx and against what is known of it."""

import networkx as nx
import numpy as np
import pytest

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
