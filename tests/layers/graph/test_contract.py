"""Graph layers as Keras layers: models, fit, jit, files, precision, configuration.

test_backends.py runs this file on the other Keras backends.
"""

import keras
import numpy as np
import pytest

from mmlearn import layers
from mmlearn.layers.graph import graph_inputs, node_features

KINDS = {
    "SumConv": ({}, ["kernel", "bias"]),
    "GCNConv": ({"add_self_loops": False}, ["kernel", "bias"]),
    "SAGEConv": (
        {"aggregate": "max", "normalize": True},
        ["kernel", "root_kernel", "bias"],
    ),
    "GINConv": (
        {"hidden_units": 6},
        ["epsilon", "kernel_1", "bias_1", "kernel_2", "bias_2"],
    ),
    "GATConv": (
        {"heads": 2, "concat": False, "dropout": 0.5, "negative_slope": 0.1},
        ["kernel", "attention_source", "attention_target", "bias"],
    ),
    "GATv2Conv": (
        {"heads": 2, "seed": 5},
        ["kernel", "target_kernel", "attention", "bias"],
    ),
    "RGCNConv": ({"relations": 3}, ["kernel", "root_kernel", "bias"]),
}
SHAPES = {
    "SumConv": [(5, 4), (4,)],
    "GCNConv": [(5, 4), (4,)],
    "SAGEConv": [(5, 4), (5, 4), (4,)],
    "GINConv": [(), (5, 6), (6,), (6, 4), (4,)],
    "GATConv": [(5, 2, 4), (2, 4), (2, 4), (4,)],
    "GATv2Conv": [(5, 2, 4), (5, 2, 4), (2, 4), (8,)],
    "RGCNConv": [(3, 5, 4), (5, 4), (4,)],
}


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_shapes_and_configuration(kind):
    options, names = KINDS[kind]
    options = {"activation": "relu", "kernel_regularizer": "l2"} | options
    layer = getattr(layers, kind)(4, bias_constraint="non_neg", name="g", **options)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    third = {"RGCNConv": {"edge_type_shape": (9,)}}.get(kind, {})
    again.build((7, 5), (2, 9), **third)
    assert [v.name for v in again.trainable_variables] == names
    assert [tuple(v.shape) for v in again.trainable_variables] == SHAPES[kind]
    assert again.compute_output_shape((7, 5), (2, 9), **third)[0] == 7
    regularized = {n for n in names if "bias" not in n and n != "epsilon"}
    found = {v.name for v in again.trainable_variables if v.regularizer is not None}
    assert found == regularized


@pytest.mark.parametrize("kind", KINDS)
def test_kernels_are_drawn_apart_and_as_wide_as_those_of_dense(kind):
    options = {k: v for k, v in KINDS[kind][0].items() if k in ("heads", "relations")}
    layer = getattr(layers, kind)(50, **options)
    layer.build((None, 50))
    drawn = [numpy(v) for v in layer.trainable_variables if "kernel" in v.name]
    if kind == "RGCNConv":
        drawn = [*drawn[0], drawn[1]]
    assert len({float(k.ravel()[0]) for k in drawn}) == len(drawn)
    for kernel in drawn:
        limit = np.sqrt(6 / (50 + kernel[0].size))
        assert 0.95 * limit < np.abs(kernel).max() <= limit


def network():
    """All layers but the sum in one functional model with dict inputs."""
    inputs = graph_inputs(5, edge_weight=True, edge_type=True)
    x, edges = node_features(inputs), inputs["edge_index"]
    h = layers.GCNConv(6, "relu")(x, edges, inputs["edge_weight"])
    h = layers.RGCNConv(6, 2, "relu")(h, edges, inputs["edge_type"])
    h = layers.GATConv(3, 2, "elu", dropout=0.2)(h, edges)
    h = layers.GATv2Conv(6)(h, edges)
    h = layers.SAGEConv(6, aggregate="max")(h, edges)
    return keras.Model(inputs, layers.GINConv(2)(h, edges))


def sparse_network():
    """Sparse features, of which some are dropped out, as Kipf and Veličković do."""
    inputs = graph_inputs(5, sparse=True)
    x, edges = node_features(inputs), inputs["edge_index"]
    x = x._replace(value=keras.layers.Dropout(0.5)(x.value))
    h = layers.GCNConv(6, "relu")(x, edges)
    return keras.Model(inputs, layers.GATConv(2, dropout=0.2)(h, edges))


@pytest.fixture
def data(example):
    rng = np.random.default_rng(0)
    x = (rng.random((example.nodes, 5)) < 0.4) * rng.random((example.nodes, 5))
    x = x.astype("float32")
    given = {
        "x": x,
        "edge_index": example.edge_index,
        "edge_weight": example.edge_weight.astype("float32"),
        "edge_type": example.edge_type,
    }
    parts = layers.SparseFeatures.of(x)._asdict()
    sparse = {f"x_{name}": part for name, part in parts.items()}
    return given, sparse | {"edge_index": example.edge_index}


class OneBatch(keras.utils.PyDataset):
    def __init__(self, inputs, y):
        super().__init__()
        self.batch = inputs, y

    def __len__(self):
        return 1

    def __getitem__(self, index):
        return self.batch


@pytest.mark.parametrize("jit", [False, True])
def test_functional_model_fits_saves_and_loads(data, tmp_path, jit):
    keras.utils.set_random_seed(0)
    model, inputs = (sparse_network(), data[1]) if jit else (network(), data[0])
    assert model.output_shape == (None, 2)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss, jit_compile=jit)
    before = numpy(model(inputs))
    one = OneBatch(inputs, np.arange(7) % 2)
    history = model.fit(one, epochs=10, verbose=0).history["loss"]
    after = numpy(model(inputs))
    assert min(history[-3:]) < history[0] and np.isfinite(history).all()
    assert np.abs(after - before).max() > 1e-3
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(numpy(loaded(inputs)), after)


def star(leaves):
    """Edges from nodes 1 … leaves to node 0."""
    return np.stack([np.arange(1, leaves + 1), np.zeros(leaves, "int64")])


@pytest.mark.parametrize("dtype", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_counts_3000_edges_as_3000(dtype):
    # 3,000 is 3,008 in bfloat16, which keeps 8 bits; counted in it, it would be 256.
    x, edges = np.ones((3001, 1), "float32"), star(3000)
    ones = {"kernel_initializer": "ones", "dtype": dtype}
    total = numpy(layers.SumConv(1, **ones)(x, edges)).astype(float)[0, 0]
    assert abs(total - 3000) <= 8
    alone = {"add_self_loops": False}
    for layer in (
        layers.SAGEConv(1, **ones),
        layers.GATConv(1, attention_initializer="zeros", **alone, **ones),
    ):
        y = numpy(layer(x, edges)).astype(float)
        mean = y[0, 0] - y[1, 0]  # SAGE adds the node itself, which is all 1 has
        assert abs(mean - 1) < 0.01
        assert layer.kernel.dtype == "float32"
    # 1/√(3001 · 1) from each leaf, 1/3001 from itself: 54.8; counted as 256: 188.
    y = numpy(layers.GCNConv(1, **ones)(x, edges)).astype(float)
    assert abs(y[0, 0] - (3000 / np.sqrt(3001) + 1 / 3001)) < 0.3
    types = np.zeros(3000, "int32")
    y = layers.RGCNConv(1, 1, **ones)(x, edges, types)
    assert abs(numpy(y).astype(float)[0, 0] - 2) < 0.02
    pool = layers.GraphMeanPool(1, dtype=dtype)
    assert abs(float(numpy(pool(x, np.zeros(3001, "int32")))[0, 0]) - 1) < 0.01


def test_dropout_of_attention_is_for_training_and_keeps_the_mean():
    x, edges = np.ones((4001, 1), "float32"), star(4000)
    layer = layers.GATConv(1, dropout=0.5, kernel_initializer="ones", seed=0)
    assert abs(float(numpy(layer(x, edges))[0, 0]) - 1) < 1e-5
    trained = float(numpy(layer(x, edges, training=True))[0, 0])
    assert 0.9 < trained < 1.1 and abs(trained - 1) > 1e-4


def test_pool_in_a_model_with_graph_index():
    inputs = graph_inputs(3, graph_index=True)
    h = layers.SumConv(4)(inputs["x"], inputs["edge_index"])
    parts = [
        pool(num_graphs=2)(h, inputs["graph_index"])
        for pool in (layers.GraphSumPool, layers.GraphMeanPool, layers.GraphMaxPool)
    ]
    model = keras.Model(inputs, keras.layers.Concatenate()(parts))
    assert model.output_shape == (2, 12)
    batch = {
        "x": np.ones((3, 3), "float32"),
        "edge_index": np.array([[0, 1], [1, 0]]),
        "graph_index": np.array([0, 0, 1]),
    }
    y = numpy(model(batch))
    np.testing.assert_allclose(y[0, :4], 2 * y[0, 4:8], rtol=1e-6)
    np.testing.assert_array_equal(y[1], np.zeros(12))
    pool = layers.GraphSumPool(2)
    assert type(pool).from_config(pool.get_config()).num_graphs == 2
