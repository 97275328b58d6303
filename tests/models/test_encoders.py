"""Small encoders and heads by hand; how an encoder is called, and its mask."""

import keras
import numpy as np
import pytest
from keras import layers

from mmlearn.layers.fusion import WeightedFusion
from mmlearn.models import MultimodalModel
from mmlearn.models.encoders import dense_head, image_encoder, vector_encoder
from mmlearn.samples import KeySetError

RNG = np.random.default_rng(0)


def numbers(outputs):
    return keras.tree.map_structure(keras.ops.convert_to_numpy, outputs)


def only(encoder, fusion=None):
    """A model of one modality."""
    return MultimodalModel({"b": encoder}, fusion or WeightedFusion(3), None, seed=0)


def test_encoders_and_heads_by_hand():
    model = image_encoder((9, 8, 2), 6, (3,), dropout=0.5, seed=0)
    assert model.output_shape == (None, 6)
    assert model.count_params() == 3 * (9 * 2 + 1) + (4 * 4 * 3 + 1) * 6
    again = image_encoder((9, 8, 2), 6, (3,), seed=0)
    x = RNG.uniform(size=(2, 9, 8, 2))
    np.testing.assert_array_equal(numbers(model(x)), numbers(again(x)))
    with pytest.raises(ValueError, match="at least 4 px"):
        image_encoder((3, 8, 1), seed=0)
    assert vector_encoder(5, 4, (3,), seed=0).count_params() == 18 + 16
    head = dense_head(2, hidden=3, dropout=0.1, seed=0)
    assert head(np.ones((1, 4))).shape == (1, 2)
    assert [layer.name for layer in head.layers] == ["dropout", "hidden", "logits"]


class Halving(layers.Layer):
    """Every second step, and a mask of those."""

    supports_masking = True

    def call(self, x, mask=None):
        return x[:, ::2], mask[:, ::2]


class Halved(layers.Layer):
    supports_masking = True

    def call(self, x, mask=None):
        return x[:, ::2]


@pytest.fixture(scope="module")
def sequence():
    x = RNG.normal(size=(2, 6, 5)).astype("f")
    return {"b": x, "b_mask": np.arange(6) < [[3], [6]]}


def test_an_encoder_may_say_which_of_its_steps_count(sequence):
    halving = only(Halving())
    found = numbers(halving(sequence))
    kept = (sequence["b"] * sequence["b_mask"][..., None])[:, ::2]  # (B, 3, F)
    kernel = numbers(halving.fusion.kernels[0].value)
    np.testing.assert_allclose(found, kept @ kernel, atol=1e-5)
    with pytest.raises(ValueError, match="makes 3 steps of 6, .*return"):
        only(Halved())(sequence)


def test_keras_own_mask_stays_behind(sequence):
    made = only(layers.Masking(), layers.Identity())({"b": sequence["b"]})
    assert getattr(made["b"], "_keras_mask", None) is None


def test_a_fusion_that_cannot_be_told_what_is_missing(sequence):
    with pytest.raises(ValueError, match="its call takes no `available`"):
        only(None, layers.Identity())(sequence)


def test_an_encoder_of_several_inputs():
    """A graph as dense nodes and neighbours: a dict, given as it is."""
    nodes, near = keras.Input((4, 2), name="nodes"), keras.Input((4, 4), name="near")
    h = keras.ops.mean(keras.ops.matmul(near, nodes), axis=1)
    model = only(keras.Model({"nodes": nodes, "near": near}, h))
    x = {"nodes": RNG.normal(size=(2, 4, 2)), "near": RNG.normal(size=(2, 4, 4))}
    found = numbers(model({"b": x, "b_available": np.array([True, False])}))
    kernel = numbers(model.fusion.kernels[0].value)
    expected = (x["near"] @ x["nodes"]).mean(axis=1) @ kernel
    np.testing.assert_allclose(found[0], expected[0], atol=1e-5)
    np.testing.assert_array_equal(found[1], 0)
    assert "nodes (B, T 4, F 2)" in model.describe()
    with pytest.raises(KeySetError, match="'near' is missing"):
        model({"b": {"nodes": x["nodes"]}})
    with pytest.raises(ValueError, match="is one array, but its encoder takes"):
        model({"b": x["nodes"]})


def test_batch_norm_stands_between_convolution_and_relu():
    model = image_encoder((8, 8, 1), 4, (3, 5), normalize=True, seed=0)
    names = [layer.name for layer in model.layers[1:5]]
    assert names == ["conv1", "norm1", "relu1", "pool1"]
    plain = image_encoder((8, 8, 1), 4, (3, 5), seed=0)
    assert model.count_params() - plain.count_params() == 4 * (3 + 5)
