"""preprocess.graphs: graphs checked, side by side in a batch, and padded."""

import networkx as nx
import numpy as np
import pytest

from mmlearn.axes import ShapeError
from mmlearn.datasets import Graph, load_karate_club
from mmlearn.preprocess import graphs


def draw(nodes, edges, seed, weighted=True):
    rng = np.random.default_rng(seed)
    return Graph(
        x=rng.standard_normal((nodes, 3)).astype("float32"),
        edge_index=rng.integers(0, nodes, (2, edges)),
        y=None,
        node_names=tuple(map(str, range(nodes))),
        edge_weight=rng.uniform(1, 2, edges).astype("float32") if weighted else None,
    )


def as_networkx(edge_index, nodes):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edge_index.T.tolist())
    return graph


def test_a_batch_is_the_disjoint_union():
    several = [draw(4, 7, 0), draw(1, 0, 1), draw(5, 3, 2)]
    batch = graphs.batch_graphs(several)
    union = nx.disjoint_union_all([as_networkx(g.edge_index, g.nodes) for g in several])
    found = as_networkx(batch["edge_index"], 10)
    assert sorted(found.edges()) == sorted(union.edges())
    assert batch["graph_index"].tolist() == [0] * 4 + [1] + [2] * 5
    for number, graph in enumerate(several):
        rows = batch["x"][batch["graph_index"] == number]
        np.testing.assert_array_equal(rows, graph.x)
    np.testing.assert_array_equal(
        batch["edge_weight"], np.concatenate([g.edge_weight for g in several])
    )


def test_weights_are_left_out_unless_all_have_them():
    batch = graphs.batch_graphs([draw(4, 7, 0), draw(3, 2, 1, weighted=False)])
    assert set(batch) == {"x", "edge_index", "graph_index"}


def test_padding_fills_up_apart_from_what_is_real():
    batch = graphs.batch_graphs([draw(4, 7, 0), draw(5, 3, 2)])
    inputs, node_mask, graph_mask = graphs.pad_batch(batch, graphs=4)
    assert inputs["x"].shape == (16, 3) and inputs["edge_index"].shape == (2, 16)
    assert node_mask.sum() == 9 and graph_mask.tolist() == [True, True, False, False]
    source, target = inputs["edge_index"]
    np.testing.assert_array_equal(node_mask[source], node_mask[target])
    assert not inputs["edge_weight"][~node_mask[source]].any()
    assert set(inputs["graph_index"][~node_mask]) == {3}
    for name, array in batch.items():
        part = inputs[name][tuple(slice(n) for n in array.shape)]
        np.testing.assert_array_equal(part, array)


def test_buckets_grow_and_hold():
    sizes = [graphs.bucket(n) for n in range(1, 3000)]
    assert all(size >= n for n, size in enumerate(sizes, 1))
    assert sizes == sorted(sizes) and len(set(sizes)) < 16


def test_a_whole_graph_passes():
    club = load_karate_club()
    assert graphs.validate_graph(club) is club


def changed(**fields):
    good = draw(3, 4, 0)
    return Graph(**{**vars(good), **fields})


@pytest.mark.parametrize(
    "fields, message",
    [
        (
            {"edge_index": np.array([[0], [3]])},
            r"\[1, 0\] is 3; expected nodes",
        ),
        ({"edge_index": np.array([[-1], [0]])}, r"edge_index\[0, 0\] is -1"),
        (
            {"edge_index": np.zeros((4, 2), int)},
            r"\(4, 2\); expected \(2, E",
        ),
        (
            {"edge_index": np.zeros((2, 4))},
            "holds float64; expected integer",
        ),
        ({"edge_weight": np.ones(3)}, r"edge_weight is \(3,\); .* E = 4"),
        ({"edge_weight": np.full(4, np.inf)}, "edge_weight holds NaN or infinite"),
        ({"x": np.full((3, 2), np.nan)}, "x holds NaN or infinite"),
        ({"x": np.full((3, 2), "a")}, "x is of <U1; expected numbers"),
        ({"x": np.ones((4, 2))}, r"x is \(4, 2\); expected \(N, F\) with N = 3"),
        ({"y": np.zeros(2)}, r"y is \(2,\); expected N = 3 rows"),
    ],
)
def test_broken_graphs_are_refused(fields, message):
    with pytest.raises((ShapeError, ValueError), match=message):
        graphs.validate_graph(changed(**fields))


def test_what_cannot_be_batched_or_padded():
    other = changed(x=np.ones((3, 5)))
    for several, message in (
        ([], "no graphs came"),
        ([draw(3, 4, 0), other], r"x of graph 1 is \(3, 5\); .*F = 3"),
        ([changed(x=None)], "graph 0 has no x"),
    ):
        with pytest.raises((ShapeError, ValueError), match=message):
            graphs.batch_graphs(several)
    batch = graphs.batch_graphs([draw(3, 4, 0)])
    for size, message in (
        ({"nodes": 3}, "nodes is 3; expected ≥ 4, one to spare"),
        ({"edges": 3}, "edges is 3; expected ≥ 4"),
        ({"graphs": 1}, "graphs is 1; expected ≥ 2"),
    ):
        with pytest.raises(ValueError, match=message):
            graphs.pad_batch(batch, **size)
    with pytest.raises(ValueError, match="batch has 'y'"):
        graphs.pad_batch(batch | {"y": np.zeros(3)})
