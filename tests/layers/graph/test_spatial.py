"""SpatialGraphConv: the reference's numbers, in models, files and half precision.

test_backends.py runs this file on the other Keras backends.
"""

import keras
import numpy as np
import pytest

from mmlearn import layers, proof, reference
from mmlearn.axes import ShapeError

# Directed, a loop, one edge twice, joint 4 alone; partition 1 of 3 is empty.
EDGES = np.array([[0, 1, 2, 2, 3, 3, 3], [1, 1, 0, 0, 1, 3, 0]])
TYPES = np.array([0, 2, 2, 2, 0, 2, 0])


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("options", [{}, {"use_bias": False, "relations": 4}])
def test_agrees_with_the_reference(options):
    x = np.random.default_rng(0).standard_normal((2, 2, 5, 3))
    layer = layers.SpatialGraphConv(2, EDGES, TYPES, dtype="float64", **options)
    table = proof.agree(reference.spatial_graph_conv, layer, x)
    assert table, table
    assert layer.kernel.shape == (options.get("relations", 3), 3, 2)


def test_in_a_model_with_fit_jit_and_a_file(tmp_path):
    body = keras.Input((None, 5, 3))  # any number of frames
    h = layers.SpatialGraphConv(4, EDGES, TYPES, "relu")(body)
    assert h.shape == (None, None, 5, 4)
    model = keras.Model(body, keras.layers.GlobalAveragePooling2D()(h))
    model.compile("sgd", "mse", jit_compile=True)
    x = np.random.default_rng(0).random((4, 6, 5, 3), dtype="float32")
    start = [numpy(v) for v in model.trainable_variables]
    model.fit(x, np.ones((4, 4)), verbose=0)
    end = [numpy(v) for v in model.trainable_variables]
    assert all(np.abs(a - b).max() > 0 for a, b in zip(start, end, strict=True))
    model.save(tmp_path / "body.keras")
    loaded = keras.models.load_model(tmp_path / "body.keras")
    np.testing.assert_array_equal(numpy(loaded(x)), numpy(model(x)))


def test_half_precision_normalizes_in_float32():
    star = np.stack([np.arange(1, 3001), np.zeros(3000, int)])
    options = {"kernel_initializer": "ones", "dtype": "mixed_bfloat16"}
    layer = layers.SpatialGraphConv(1, star, np.zeros(3000, int), **options)
    y = layer(np.ones((1, 3001, 1), "float32"))
    total = float(numpy(keras.ops.cast(y, "float32"))[0, 0, 0])
    # Counted in bfloat16 3,000 would be 256; added up in it, the sum would stop early.
    assert abs(total - np.sqrt(3000)) < 0.25 and layer.kernel.dtype == "float32"


def test_its_configuration_is_the_whole_layer():
    options = {"kernel_regularizer": "l2", "activation": "relu", "relations": 5}
    layer = layers.SpatialGraphConv(4, EDGES, TYPES, **options)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    again.build((None, 8, 5, 50))
    assert [v.name for v in again.trainable_variables] == ["kernel", "bias"]
    assert len(np.unique(numpy(again.kernel)[:, 0, 0])) == 5  # each drawn by itself
    limit = np.sqrt(6 / (50 + 4))
    assert 0.9 * limit < np.abs(numpy(again.kernel)).max() <= limit


@pytest.mark.parametrize(
    ("edges", "types", "shape", "message"),
    [
        (EDGES, TYPES, (2, 6, 3, 3), r"edge_index\[0, 4\] is 3; expected nodes 0 … 2"),
        (EDGES, TYPES, (2, 6, None, 3), "expected known numbers of nodes and features"),
        (EDGES, TYPES, (3,), r"x is \(3,\); expected \(..., N, F\)"),
        (EDGES * 1.0, TYPES, None, "edge_index holds float64; expected integers"),
        (EDGES.T, TYPES, None, r"edge_index is \(7, 2\); expected \(2, E\)"),
        (EDGES, TYPES[:3], None, r"edge_type is \(3,\); .*E = 7"),
        (EDGES, TYPES - 1, None, "edge_type holds -1 … 1; expected types 0"),
    ],
)
def test_refused(edges, types, shape, message):
    with pytest.raises((ShapeError, ValueError), match=message):
        layers.SpatialGraphConv(2, edges, types).build(shape)
    with pytest.raises(ValueError, match="holds 0 … 2; expected types 0 … 1"):
        layers.SpatialGraphConv(2, EDGES, TYPES, relations=2)
