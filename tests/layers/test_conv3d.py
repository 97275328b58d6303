"""StackedConv3D: the numbers, gradients and configuration of Keras' own Conv3D."""

import keras
import numpy as np
import pytest

from mmlearn import proof
from mmlearn.layers import StackedConv3D
from mmlearn.reference import conv3d

X = np.random.default_rng(0).normal(size=(2, 5, 4, 7, 2)).astype(np.float32)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("size", [(3, 3, 2), (1, 3, 3), (2, 1, 1)], ids=str)
def test_it_is_keras_conv3d(size, padding):
    how = {"strides": (1, 2, 1), "padding": padding, "activation": "relu"}
    theirs = keras.layers.Conv3D(3, size, bias_initializer="glorot_normal", **how)
    expected = np.asarray(theirs(X))
    ours = StackedConv3D.from_config(theirs.get_config())
    ours.build(X.shape)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(ours(X), expected, atol=1e-5)
    assert ours.compute_output_shape(X.shape) == expected.shape


def test_its_gradients_are_the_references():
    layer = StackedConv3D(
        3, (3, 2, 3), strides=(1, 2, 2), padding="same", dtype="float64"
    )
    assert proof.agree(conv3d, layer, X.astype(np.float64))


def test_a_model_saves_and_loads(tmp_path):
    x = keras.Input(X.shape[1:])
    model = keras.Model(x, StackedConv3D(3, 3, use_bias=False)(x))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again(X), model(X), atol=1e-6)


@pytest.mark.parametrize(
    "wrong", [{"strides": 2}, {"dilation_rate": 2}, {"groups": 2}], ids=str
)
def test_what_it_cannot_do_is_refused(wrong):
    with pytest.raises(ValueError, match="expected stride 1 in time"):
        StackedConv3D(4, 3, **wrong)
