"""RandomBody: bodies stay bodies, each is changed by itself, and only in training."""

import keras
import numpy as np
import pytest

from mmlearn.axes import ShapeError
from mmlearn.layers import RandomBody

X = np.random.default_rng(0).normal(size=(8, 6, 5, 3)).astype("float32")


def changed(**how):
    y = RandomBody(seed=1, **how)(X, training=True)
    return keras.ops.convert_to_numpy(y)


def bones(x):
    return np.linalg.norm(x[:, :, 1:] - x[:, :, :1], axis=-1)


def test_outside_training_nothing_happens():
    y = RandomBody(turn=90, zoom=0.5, crop=0.5)(X)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(y), X)


def test_a_turn_keeps_lengths_and_heights_and_is_one_of_each_sequence():
    y = changed(turn=30)
    np.testing.assert_allclose(bones(y), bones(X), rtol=1e-5)
    np.testing.assert_allclose(y[..., 1], X[..., 1], rtol=1e-6)
    was, now = (a[..., 0] + 1j * a[..., 2] for a in (X, y))
    angles = np.degrees(np.angle(now / was))
    np.testing.assert_allclose(angles, angles[:, :1, :1] + 0 * angles, atol=1e-2)
    assert np.abs(angles).max() < 30 and len(np.unique(angles[:, 0, 0].round(2))) == 8


def test_a_zoom_multiplies_all_lengths_of_a_sequence():
    ratio = bones(changed(zoom=0.2)) / bones(X)
    np.testing.assert_allclose(ratio, ratio[:, :1, :1] + 0 * ratio, rtol=1e-5)
    assert 0.8 <= ratio.min() < 1 < ratio.max() <= 1.2


def test_a_crop_reads_a_part_of_the_frames_as_numpy_interpolates():
    line = np.broadcast_to(np.arange(6.0)[:, None, None], (8, 6, 5, 3))
    at = RandomBody(crop=0.4, seed=3)(line.astype("float32"), training=True)
    at = keras.ops.convert_to_numpy(at)[:, :, 0, 0]  # (B, T), which frame was read
    span = at[:, -1] - at[:, 0]
    assert (span >= 0.6 * 5 - 1e-5).all() and at.min() >= 0 and at.max() <= 5
    assert span.std() > 0.1 and at[:, 0].std() > 0.1
    np.testing.assert_allclose(np.diff(at, 2), 0, atol=1e-5)
    y = RandomBody(crop=0.4, seed=3)(X, training=True)
    y = keras.ops.convert_to_numpy(y)
    for b in range(8):
        expected = np.interp(at[b], np.arange(6), X[b, :, 2, 1])
        np.testing.assert_allclose(y[b, :, 2, 1], expected, atol=1e-5)


def test_its_configuration_and_its_seed():
    layer = RandomBody(turn=10, zoom=0.1, crop=0.2, seed=4)
    again = RandomBody.from_config(layer.get_config())
    first, second = (
        keras.ops.convert_to_numpy(one(X, training=True)) for one in (layer, again)
    )
    np.testing.assert_array_equal(first, second)
    third = keras.ops.convert_to_numpy(layer(X, training=True))
    assert np.abs(third - first).max() > 1e-3
    flat = keras.ops.convert_to_numpy(RandomBody(zoom=0.1)(X[..., :2], training=True))
    assert flat.shape == X[..., :2].shape


def test_what_it_refuses():
    for amount in ({"turn": -1}, {"zoom": 1}, {"crop": 1.5}):
        with pytest.raises(ValueError, match=f"{[*amount][0]} is .*; expected from 0"):
            RandomBody(**amount)
    with pytest.raises(ValueError, match="expected .B, T, N, D., 3 coordinates"):
        RandomBody(turn=5)(X[..., :2])
    with pytest.raises(ShapeError, match="batch, time, nodes"):
        RandomBody()(X[0])
