"""Layers with statistics: seen by a proof, and put back. On any backend."""

import keras
import numpy as np
import pytest

from mmlearn import proof, reference

D = "float64"


def draw_x(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def test_moving_statistics_are_put_back():
    layer = keras.layers.BatchNormalization(dtype=D)
    x = 3 + draw_x(0, 6, 4)
    for training in (True, False):
        assert proof.agree(reference.batch_norm, layer, x, training=training)
        moving = [v.numpy() for v in layer.non_trainable_variables]
        np.testing.assert_array_equal(moving, [np.zeros(4), np.ones(4)])


def test_an_operator_that_ignores_them_does_not_pass_on_a_fresh_layer():
    layer = keras.layers.BatchNormalization(dtype=D)

    def ignores(x, gamma, beta, *, epsilon=1e-3, training=True):
        moving = {"moving_mean": np.zeros(3), "moving_variance": np.ones(3)}
        options = {"epsilon": epsilon, "training": training, **moving}
        return reference.batch_norm(x, gamma, beta, **options)

    assert proof.agree(ignores, layer, draw_x(1, 5, 3), training=True)
    assert not proof.agree(ignores, layer, draw_x(1, 5, 3), training=False)


def test_training_must_be_said():
    layer = keras.layers.BatchNormalization(dtype=D)
    with pytest.raises(ValueError, match="needs training=True or training=False"):
        proof.agree(reference.batch_norm, layer, draw_x(2, 5, 3))


def test_layer_norm_and_a_setting_it_cannot_express():
    x = draw_x(3, 4, 5, 3)
    assert proof.agree(
        reference.layer_norm, keras.layers.LayerNormalization(dtype=D), x
    )
    layer = keras.layers.LayerNormalization(axis=[1, 2], dtype=D)
    with pytest.raises(ValueError, match="axis"):
        proof.agree(reference.layer_norm, layer, x)
