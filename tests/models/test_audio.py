"""The audio encoder: what its mask does, what it counts, what it refuses."""

import keras
import numpy as np
import pytest
from keras import ops

from mmlearn import models


def recording(seed=0, B=2, T=8, bands=12):
    rng = np.random.default_rng(seed)
    mask = np.arange(T) < np.array([[T], [T - 2]])[:B]
    return {"sound": rng.normal(size=(B, T, bands)).astype("float32"),
            "sound_mask": mask}  # fmt: skip


def small(**changes):
    settings = {"bands": 12, "units": 5, "filters": (3, 4), "seed": 1} | changes
    return models.spoken_digit_classifier(**settings)


@pytest.fixture(scope="module")
def model():
    return small()


def logits(model, inputs, training=False):
    return ops.convert_to_numpy(model(inputs, training=training))


def test_more_padding_changes_nothing_and_its_content_neither(model):
    short = recording()
    longer = {
        "sound": np.pad(short["sound"], ((0, 0), (0, 6), (0, 0)), constant_values=9),
        "sound_mask": np.pad(short["sound_mask"], ((0, 0), (0, 6))),
    }
    expected = logits(model, short)
    np.testing.assert_allclose(logits(model, longer), expected, atol=1e-6)
    heard = longer | {"sound_mask": np.ones_like(longer["sound_mask"])}
    assert np.abs(logits(model, heard) - expected).max() > 1e-3


def test_parameters_counted_by_hand(model):
    convolutions = 3 * 3 * 1 * 3 + 3 + 3 * 3 * 3 * 4 + 4
    gru = 3 * (12 // 4 * 4 * 5 + 5 * 5 + 2 * 5)
    assert model.count_params() == convolutions + gru + (5 + 1) * 10
    both = small(bidirectional=True, normalize=True)
    assert both.count_params() == (
        convolutions - 7 + 4 * 7 + 2 * gru + (2 * 5 + 1) * 10
    )


def test_augmentation_and_dropout_act_in_training_only():
    noisy, x = small(dropout=0.5, shift=0.2), recording()
    names = {layer.name for layer in noisy.layers}
    assert {"shift", "bands", "dropout"} <= names
    np.testing.assert_array_equal(logits(noisy, x), logits(noisy, x))
    moved = [logits(noisy, x, training=True) for _ in range(2)]
    assert np.abs(moved[0] - moved[1]).max() > 1e-4


def test_strides_and_more_halvings_read_as_much_in_fewer_steps():
    """Time is halved twice: what padding holds and how long it is changes nothing."""
    x = recording(T=16)
    longer = {
        "sound": np.pad(x["sound"], ((0, 0), (0, 4), (0, 0)), constant_values=9),
        "sound_mask": np.pad(x["sound_mask"], ((0, 0), (0, 4))),
    }
    for strided in (False, True):
        model = small(strided=strided, halvings=2)
        steps = model.get_layer("steps")
        assert steps.output.shape == (None, None, 12 // 4 * 4)
        assert model.count_params() == small().count_params()
        np.testing.assert_allclose(logits(model, longer), logits(model, x), atol=1e-6)


def test_another_voice_is_heard_in_training_only():
    model, x = small(voice={"stretch": 0.2, "tilt": 0.5}), recording()
    np.testing.assert_allclose(logits(model, x), logits(small(), x), atol=1e-6)
    heard = [logits(model, x, training=True) for _ in range(2)]
    assert np.abs(heard[0] - heard[1]).max() > 1e-4


def test_it_is_saved_and_loaded(model, tmp_path):
    model.save(tmp_path / "ear.keras")
    again = keras.models.load_model(tmp_path / "ear.keras")
    x = recording()
    np.testing.assert_array_equal(logits(model, x), logits(again, x))


def test_the_baseline_is_the_mean_of_what_was_recorded():
    model, x = models.mean_over_time(12, 10, 7, seed=0), recording()
    cut = {"sound": x["sound"][1:, :6], "sound_mask": x["sound_mask"][1:, :6]}
    np.testing.assert_allclose(logits(model, x)[1:], logits(model, cut), atol=1e-6)
    turned = x | {"sound": x["sound"][:, ::-1], "sound_mask": x["sound_mask"][:, ::-1]}
    np.testing.assert_allclose(logits(model, turned), logits(model, x), atol=1e-6)
    silent = x | {"sound_mask": np.zeros_like(x["sound_mask"])}
    assert np.isfinite(logits(model, silent)).all()


def test_what_it_refuses():
    with pytest.raises(ValueError, match="cell is 'tcn'; expected gru, lstm"):
        models.audio_encoder(12, cell="tcn", seed=0)
    with pytest.raises(ValueError, match="3 bands cannot be halved 2 times"):
        models.audio_encoder(3, seed=0)
