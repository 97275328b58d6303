"""Classifiers of clips: matched, counted, each blind to what it should be blind to."""

import keras
import numpy as np
import pytest

from mmlearn import models
from mmlearn.datasets import simulate_moves
from mmlearn.models.video_size import VIDEO

SHAPE, K = (16, 12, 12, 1), 12


@pytest.fixture(scope="module")
def found():
    return {
        name: models.video_model(
            name, SHAPE, K, models.video_units(name, SHAPE, K, 6000), seed=1
        )
        for name in VIDEO
    }


@pytest.fixture(scope="module")
def moves():
    return simulate_moves(4, noise=0, seed=5)


def logits(model, x):
    return np.asarray(model(x, training=False))


def exchanged(moves):
    """The same clips with the two lamps' frames exchanged."""
    x = moves.x.copy()
    for clip in x:
        first = 4 if clip[4, [0, -1]].max(axis=(1, 2)).max() == 1 else 5
        clip[[first, first + 6]] = clip[[first + 6, first]]
    return x


@pytest.mark.parametrize("name", VIDEO)
def test_parameters_match_within_five_percent_and_are_counted(found, name):
    model = found[name]
    units = model.get_layer("project").units
    assert model.count_params() == models.video_parameters(name, SHAPE, K, units)
    assert abs(model.count_params() - 6000) < 0.05 * 6000
    assert model.output_shape == (None, K)


def counted(model, frames):
    """Products by the shapes of Keras' own layers: places × numbers of the kernel."""
    total = 0
    for layer in model.layers:
        shape = layer.output.shape
        kernels = [np.prod(w.shape) for w in layer.weights if "kernel" in w.name]
        if isinstance(layer, keras.layers.Conv2D):  # frames are in the batch
            total += frames * np.prod(shape[1:3]) * kernels[0]
        elif isinstance(layer, keras.layers.Conv3D):
            total += np.prod(shape[1:4]) * kernels[0]
        elif isinstance(layer, keras.layers.Dense):
            total += kernels[0] * (1 if layer.name == "logits" else frames)
        elif isinstance(layer, keras.layers.GRU):
            total += frames * sum(kernels)
        elif isinstance(layer, keras.layers.MultiHeadAttention):
            units = shape[-1]
            total += frames * 4 * units**2 + 2 * frames**2 * units
    return int(total)


@pytest.mark.parametrize("name", VIDEO)
def test_multiply_adds_are_those_of_the_layers(found, name):
    units = found[name].get_layer("project").units
    expected = counted(found[name], SHAPE[0])
    assert models.multiply_adds(name, SHAPE, K, units) == expected


def test_odd_sizes_are_counted_too():
    shape = (5, 9, 7, 3)
    for name in VIDEO:
        model = models.video_model(name, shape, 4, 6, (4, 6), seed=0)
        assert model.count_params() == models.video_parameters(
            name, shape, 4, 6, (4, 6)
        )
        expected = counted(model, 5)
        assert models.multiply_adds(name, shape, 4, 6, (4, 6)) == expected


def test_the_mean_of_frames_forgets_their_order(found, moves):
    model = found["frame_average"]
    same = logits(model, moves.x[:, np.random.default_rng(0).permutation(16)])
    np.testing.assert_allclose(logits(model, moves.x), same, atol=1e-5)


@pytest.mark.parametrize("name", ["conv3d", "conv2plus1d"])
def test_five_frames_tell_the_way_but_not_which_lamp_was_first(found, moves, name):
    before, after = logits(found[name], moves.x), logits(found[name], exchanged(moves))
    np.testing.assert_allclose(before, after, atol=1e-5)
    assert np.abs(before - logits(found[name], moves.x[:, ::-1])).max() > 1e-3


@pytest.mark.parametrize("name", ["cnn_gru", "attention_over_time"])
def test_a_state_or_positions_tell_both(found, moves, name):
    before = logits(found[name], moves.x)
    for other in (exchanged(moves), moves.x[:, ::-1]):
        assert np.abs(before - logits(found[name], other)).max() > 1e-3


def test_attention_without_positions_sees_a_set(moves):
    model = models.attention_over_time(SHAPE, K, 16, positions=False, seed=1)
    backward = logits(model, moves.x[:, ::-1])
    np.testing.assert_allclose(logits(model, moves.x), backward, atol=1e-5)


def test_a_frame_is_seen_as_a_picture_by_itself(found, moves):
    """The convolutions of one frame, and the GRU over what they found: few lines."""
    model = found["cnn_gru"]
    parts = [model.get_layer(n) for n in ("conv1", "conv2", "flatten", "project")]
    h = []
    for frame in np.moveaxis(moves.x, 1, 0):
        for part in parts:
            frame = part(frame)
        h.append(np.asarray(frame))
    z = model.get_layer("gru")(np.stack(h, axis=1))
    expected = np.asarray(model.get_layer("logits")(z))
    np.testing.assert_allclose(logits(model, moves.x), expected, atol=1e-5)


def test_middle_channels_never_cost_more_than_the_whole_kernel():
    for channels, units in ((1, 8), (8, 16), (64, 128), (3, 2)):
        middle = models.middle_channels(channels, units)
        whole, each = 27 * channels * units, 9 * channels + 3 * units
        assert middle * each <= whole < (middle + 1) * each
    assert models.middle_channels(64, 64) == 144  # of the paper's first block


def test_seeds_and_refusals():
    one, same, other = (
        models.conv3d(SHAPE, K, 4, seed=s).get_layer("conv2").get_weights()[0]
        for s in (1, 1, 2)
    )
    assert np.array_equal(one, same) and not np.allclose(one, other)
    with pytest.raises(ValueError, match=r"conv3d: input_shape is \(12, 12, 1\)"):
        models.conv3d((12, 12, 1), K, seed=0)
    with pytest.raises(ValueError, match="name is 'lstm'; expected one of frame_av"):
        models.video_model("lstm", SHAPE, K, 8, seed=0)
