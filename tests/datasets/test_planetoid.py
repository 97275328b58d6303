"""Cora: the real files where they are, a tiny set in their format elsewhere."""

import pickle

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from mmlearn import datasets
from mmlearn.datasets import DataError, planetoid, registry


@pytest.fixture(scope="module")
def cora():
    try:
        return datasets.load_cora(download=False)
    except DataError:
        pytest.skip("needs the real Cora: set MMLEARN_DATA to a folder with it")


def test_statistics(cora):
    assert (cora.nodes, cora.edges) == (2708, 2 * 5278)
    assert cora.x.shape == (2708, 1433) and cora.x.dtype == np.float32
    assert set(np.unique(cora.x)) == {0, 1} and int(cora.x.sum()) == 49_216
    assert dict(zip(cora.label_names, np.bincount(cora.y), strict=True)) == {
        "Theory": 351,
        "Reinforcement learning": 217,
        "Genetic algorithms": 418,
        "Neural networks": 818,
        "Probabilistic methods": 426,
        "Case based": 298,
        "Rule learning": 180,
    }
    source, target = cora.edge_index
    assert (source != target).all() and cora.edge_index.dtype == np.int64
    graph = nx.Graph(list(zip(source.tolist(), target.tolist(), strict=True)))
    assert graph.number_of_edges() == 5278
    assert nx.number_connected_components(graph) == 78
    same = (cora.y[source] == cora.y[target]).mean()
    assert same == pytest.approx(0.81, abs=0.005), "homophily as known of Cora"
    assert cora.sparse_x.nnz == 49_216 and cora.sparse_x.format == "csr"
    np.testing.assert_array_equal(cora.sparse_x.toarray(), cora.x)


def test_the_public_split(cora):
    masks = [cora.train_mask, cora.validation_mask, cora.test_mask]
    assert [m.sum() for m in masks] == [140, 500, 1000]
    assert np.sum(masks, axis=0).max() == 1
    assert np.bincount(cora.y[cora.train_mask]).tolist() == [20] * 7
    assert np.flatnonzero(cora.test_mask)[[0, -1]].tolist() == [1708, 2707]


def test_an_independent_conversion_agrees(cora, real):
    with np.load(real("planetoid") / "cora" / "cora.npz") as other:
        parts = (other["x_data"], other["x_indices"], other["x_indptr"])
        x = sparse.csr_array(parts, shape=other["x_shape"])
        np.testing.assert_array_equal(x.toarray(), cora.x)
        np.testing.assert_array_equal(other["labels"], cora.y)
        np.testing.assert_array_equal(other["val_mask"], cora.validation_mask)
        np.testing.assert_array_equal(other["test_mask"], cora.test_mask)
        pairs = {tuple(sorted(e)) for e in cora.edge_index.T.tolist()}
        edges = other["edges"]
        rows = (edges if edges.shape[1] == 2 else edges.T).tolist()
        assert {tuple(sorted(e)) for e in rows} == pairs


def test_random_splits(cora):
    one, same, other = (
        datasets.load_cora("random", seed=s, download=False) for s in (3, 3, 4)
    )
    masks = [one.train_mask, one.validation_mask, one.test_mask]
    assert [m.sum() for m in masks] == [140, 500, 1000]
    assert np.sum(masks, axis=0).max() == 1
    assert np.bincount(one.y[one.train_mask]).tolist() == [20] * 7
    np.testing.assert_array_equal(one.test_mask, same.test_mask)
    assert (one.train_mask & other.train_mask).sum() < 40
    np.testing.assert_array_equal(one.x, cora.x)


def test_a_split_that_does_not_exist():
    with pytest.raises(ValueError, match="split is 'full'; expected 'public'"):
        datasets.load_cora("full")


@pytest.fixture
def tiny(tmp_path):
    """Seven nodes, two classes: 5 is in no file, 6 has a loop, 0–1 is there twice."""
    x = np.eye(7, 3, dtype=np.float32)
    y = np.eye(2)[[0, 1, 0, 1, 0, 1, 1]]
    graph = {0: [1, 1, 2], 1: [0], 2: [0], 3: [4], 4: [3], 6: [6, 4]}
    contents = {
        "x": sparse.csr_matrix(x[:2]),
        "y": y[:2],
        "tx": sparse.csr_matrix(x[[6, 4]]),
        "ty": y[[6, 4]],
        "allx": sparse.csr_matrix(x[:4]),
        "ally": y[:4],
        "graph": graph,
    }
    paths = {name: tmp_path / f"ind.tiny.{name}" for name in planetoid.PARTS}
    for name, content in contents.items():
        paths[name].write_bytes(pickle.dumps(content, 4))
    paths["test.index"].write_text("6\n4\n")
    return paths


def test_the_parts_are_put_where_they_belong(tiny):
    x, y, edge_index, labelled, test_index = planetoid.read_planetoid(tiny.values())
    np.testing.assert_array_equal(x[[0, 1, 2, 3, 6]], np.eye(7, 3)[[0, 1, 2, 3, 6]])
    assert x[5].sum() == 0, "described by no file"
    assert y[[0, 1, 2, 3, 4, 6]].tolist() == [0, 1, 0, 1, 0, 1]
    assert (labelled, test_index.tolist()) == (2, [6, 4])
    assert sorted({tuple(sorted(e)) for e in edge_index.T.tolist()}) == [
        (0, 1),
        (0, 2),
        (3, 4),
        (4, 6),
    ]
    assert edge_index.shape == (2, 8)


@pytest.mark.parametrize(
    ("part", "content", "told"),
    [
        ("graph", {0: [99]}, r"the nodes 0 … 99; there are 7"),
        ("graph", [1, 2], "do not make one graph"),
        ("ally", np.zeros((4, 3, 2)), "ind.tiny.ally holds no table"),
        ("tx", np.zeros((3, 3)), "2 test nodes"),
        ("ty", np.zeros((2, 5)), "do not make one graph"),
    ],
)
def test_files_that_do_not_fit_together(tiny, part, content, told):
    tiny[part].write_bytes(pickle.dumps(content, 4))
    with pytest.raises(DataError, match=told):
        planetoid.read_planetoid(tiny.values())


def test_without_the_files_the_command_and_the_way_round_are_named(home):
    with pytest.raises(DataError) as caught:
        datasets.load_cora(download=False)
    for words in ("mmlearn data fetch cora", "planetoid/cora/raw/", "ind.cora.allx"):
        assert words in str(caught.value)
    assert "Without a network: load_digits_graph()" in str(caught.value)


def test_a_file_with_another_hash_is_not_even_opened(home, monkeypatch):
    folder = home / "planetoid" / "cora" / "raw"
    folder.mkdir(parents=True)
    for file in registry.entry("cora").files:
        (folder / file.name).write_bytes(b"\0" * file.size)
    monkeypatch.setattr(planetoid, "read_pickle", lambda path: pytest.fail("opened"))
    with pytest.raises(DataError, match=r"ind.cora.x: altered, .* and sha256"):
        datasets.load_cora(download=False)
