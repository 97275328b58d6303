"""Sparse features, padding, nothing at all: other ways to the same numbers."""

import keras
import numpy as np
import pytest

from mmlearn import layers
from mmlearn.preprocess import graphs

CLOSE = {"rtol": 1e-11, "atol": 1e-11}
FULL = {"dtype": "float64", "bias_initializer": "normal"}


@pytest.fixture(autouse=True, scope="module")
def float64():
    """Outside TensorFlow Keras narrows float64 in some operations."""
    from mmlearn.proof.autodiff import full_precision

    with full_precision():
        yield


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


SPARSE = [
    ("SumConv", {}),
    ("GCNConv", {}),
    ("SAGEConv", {}),
    ("SAGEConv", {"aggregate": "sum"}),
    ("GINConv", {}),
    ("GATConv", {"heads": 2}),
    ("GATv2Conv", {"heads": 2}),
    ("RGCNConv", {"relations": 2}),
]


@pytest.mark.parametrize("kind, options", SPARSE, ids=lambda v: str(v))
def test_sparse_features_are_the_same_numbers(example, kind, options):
    layer = getattr(layers, kind)(4, **options, **FULL)
    extra = [example.edge_type] if kind == "RGCNConv" else []
    dense = layer(example.x, example.edge_index, *extra)
    x = layers.SparseFeatures.of(example.x)
    sparse = layer(x, example.edge_index, *extra)
    np.testing.assert_allclose(numpy(sparse), numpy(dense), **CLOSE)


def test_sparse_features_of_a_scipy_matrix_and_repeated_entries(example):
    from scipy.sparse import csr_array

    x = layers.SparseFeatures.of(csr_array(example.x))
    index, value = np.repeat(x.index, 2, axis=1), np.repeat(x.value / 2, 2)
    layer = layers.SumConv(4, **FULL)
    dense = layer(example.x, example.edge_index)
    twice = layer(layers.SparseFeatures(index, value, x.frame), example.edge_index)
    np.testing.assert_allclose(numpy(twice), numpy(dense), **CLOSE)


def test_graphs_without_edges_or_nodes():
    none = np.zeros((2, 0), "int64")
    for kind in ("SumConv", "GCNConv", "SAGEConv", "GINConv", "GATConv", "GATv2Conv"):
        layer = getattr(layers, kind)(4, dtype="float64")
        assert np.isfinite(numpy(layer(np.ones((3, 2)), none))).all()
        assert layer(np.ones((0, 2)), none).shape == (0, 4)


PLAIN = ["SumConv", "GCNConv", "SAGEConv", "GINConv", "GATConv", "GATv2Conv"]


@pytest.mark.parametrize("kind", PLAIN)
def test_padding_changes_no_number(example, kind):
    batch = {
        "x": example.x,
        "edge_index": example.edge_index,
        "graph_index": np.repeat([0, 1], [3, 4]),
    }
    inputs, node_mask, graph_mask = graphs.pad_batch(batch, nodes=9, edges=11)
    layer = getattr(layers, kind)(2, **FULL)
    pool = layers.GraphMeanPool(3, dtype="float64")
    y = numpy(layer(example.x, example.edge_index))
    padded = layer(inputs["x"], inputs["edge_index"])
    np.testing.assert_allclose(numpy(padded)[node_mask], y, **CLOSE)
    pooled = numpy(pool(padded, inputs["graph_index"]))[graph_mask]
    np.testing.assert_allclose(pooled, [y[:3].mean(0), y[3:].mean(0)], **CLOSE)
