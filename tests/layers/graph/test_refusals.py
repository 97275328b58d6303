"""What a graph layer is wrongly given is told in one sentence.

test_backends.py runs this file on the other Keras backends.
"""

import keras
import numpy as np
import pytest

from mmlearn import layers
from mmlearn.axes import ShapeError
from mmlearn.layers.graph import graph_inputs

X, EDGES = np.ones((3, 2), "float32"), np.array([[0, 1], [1, 2]])
SPARSE = layers.SparseFeatures.of(X)


@pytest.mark.parametrize(
    "x, edge_index, message",
    [
        (
            X,
            np.zeros((3, 4), int),
            r"is \(3, 4\); expected \(2, E\): row 0 so",
        ),
        (X, EDGES.T[None], r"edge_index is \(1, 2, 2\); expected \(2, E\)"),
        (X, EDGES.astype("float32"), "edge_index holds float32; expected integers"),
        (X, EDGES + 1, r"edge_index\[1, 1\] is 3; expected nodes 0 … 2, as N = 3"),
        (X, EDGES - 1, r"edge_index\[0, 0\] is -1; expected nodes 0 … 2"),
        (X[:, 0], EDGES, r"x is \(3,\); expected \(N, F\)"),
        (SPARSE._replace(value=np.ones(5)), EDGES, r"x.value is \(5,\); .*E = 6"),
        (SPARSE._replace(index=SPARSE.index + 2), EDGES, r"x.index\[0\] holds 2 … 4"),
        (SPARSE._replace(index=SPARSE.index * 1.0), EDGES, "x.index holds float"),
    ],
)
def test_edges_and_features_that_do_not_fit(x, edge_index, message):
    with pytest.raises((ShapeError, ValueError), match=message):
        layers.GCNConv(4)(x, edge_index)


def test_what_stands_on_edges():
    with pytest.raises(ShapeError, match=r"edge_weight is \(3,\); .*E = 2: edges"):
        layers.GCNConv(4)(X, EDGES, np.ones(3))
    layer = layers.RGCNConv(4, relations=2)
    for types, message in (
        (np.array([0, 2]), "edge_type holds 0 … 2; expected types 0 … 1"),
        (np.ones(2), "edge_type holds float.*; expected integers"),
        (np.ones(3, int), r"edge_type is \(3,\)"),
    ):
        with pytest.raises((ShapeError, ValueError), match=message):
            layer(X, EDGES, types)


def test_graph_index():
    pool = layers.GraphSumPool(num_graphs=2)
    for index, message in (
        (np.array([0, 1, 2]), "graph_index holds 0 … 2; expected graphs 0 … 1"),
        (np.array([0, 1]), r"graph_index is \(2,\); expected \(N,\) with N = 3"),
        (np.zeros(3), "graph_index holds float"),
    ):
        with pytest.raises((ShapeError, ValueError), match=message):
            pool(X, index)


def test_functional_inputs_are_refused_when_the_model_is_made():
    inputs = graph_inputs(2)
    floats = keras.Input(batch_shape=(2, None))
    with pytest.raises(ValueError, match=r'keras.Input\(…, dtype="int32"\)'):
        layers.SumConv(4)(inputs["x"], floats)
    with pytest.raises(ShapeError, match=r"expected \(2, E\)"):
        layers.SumConv(4)(inputs["x"], keras.Input((2,), dtype="int32"))
    with pytest.raises(ShapeError, match="known number of features"):
        layers.SumConv(4)(keras.Input((None,)), inputs["edge_index"])


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.SumConv(0), "SumConv: units is 0; expected a positive integer"),
        (lambda: layers.GATConv(4, heads=1.5), "heads is 1.5; expected a positive int"),
        (lambda: layers.GATv2Conv(4, dropout=1), "dropout is 1; expected 0 ≤ rate < 1"),
        (lambda: layers.SAGEConv(4, aggregate="lstm"), "aggregate is 'lstm'; expected"),
        (lambda: layers.RGCNConv(4, relations=0), "relations is 0"),
        (lambda: layers.GINConv(4, use_bias=False), "use_bias is False"),
        (lambda: layers.GraphMaxPool(0), "num_graphs is 0"),
        (
            lambda: layers.SAGEConv(4, aggregate="max")(SPARSE, EDGES),
            "aggregate is 'max'; expected dense features",
        ),
    ],
)
def test_impossible_settings(make, message):
    with pytest.raises(ValueError, match=message):
        make()
