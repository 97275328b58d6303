"""RandomVoice: each recording by itself, only in training, and a level at the end."""

import keras
import numpy as np
import pytest

from mmlearn.layers import RandomVoice

LENGTHS = (10, 16, 5)


def sounds():
    """Three recordings of unequal length, levelled, zeros after their ends."""
    rng = np.random.default_rng(0)
    mask = np.arange(16) < np.array(LENGTHS)[:, None]
    x = rng.normal(size=(3, 16, 8)) * mask[:, :, None]
    for row, kept in zip(x, mask, strict=True):
        row[kept] = (row[kept] - row[kept].mean()) / row[kept].std()
    return x.astype("float32"), mask


def heard(training=True, **how):
    x, mask = sounds()
    found = RandomVoice(seed=1, **how)(x, mask, training=training)
    return [keras.ops.convert_to_numpy(part) for part in found]


@pytest.mark.parametrize("training", [False, True])
def test_nothing_happens_outside_training_or_without_amounts(training):
    how = {} if training else {"stretch": 0.5, "warp": 0.5, "tilt": 1.0, "bands": 4}
    y, mask = heard(training, **how)
    np.testing.assert_allclose(y, sounds()[0], atol=5e-3)  # levelled twice
    np.testing.assert_array_equal(mask, sounds()[1])


def test_stretching_reads_between_the_frames():
    """A ramp over time stays a ramp, whose slope tells the speed and the length."""
    x = np.repeat(np.arange(16.0)[None, :, None], 3, axis=0).astype("float32")
    layer = RandomVoice(stretch=0.4, seed=3)
    y, mask = layer._stretched(x, sounds()[1])
    y, mask = (keras.ops.convert_to_numpy(part) for part in (y, mask))
    for row, kept, length in zip(y[:, :, 0], mask, LENGTHS, strict=True):
        slope = np.diff(row[kept])
        np.testing.assert_allclose(slope, slope[0], rtol=1e-4)
        assert 1 / 1.4 <= slope[0] <= 1 / 0.6
        assert kept.sum() == min(16, int((length - 1) / slope[0] + 1e-4) + 1)
    assert len(np.unique(mask.sum(axis=1))) == 3


def test_warping_reads_between_the_bands():
    x = np.tile(np.arange(8.0, dtype="float32"), (3, 16, 1))
    y = keras.ops.convert_to_numpy(RandomVoice(warp=0.3, seed=1)._warped(x))
    factor = y[:, 0, 1]
    assert (abs(factor - 1) <= 0.3).all() and len(np.unique(factor)) == 3
    expected = np.minimum(factor[:, None] * np.arange(8), 7)
    np.testing.assert_allclose(y[:, 5], expected, rtol=1e-5)


def test_a_microphone_is_the_same_at_all_times_and_its_curve_is_smooth():
    x = np.zeros((3, 16, 8), "float32")
    y = keras.ops.convert_to_numpy(RandomVoice(tilt=1.0, seed=1)._at_microphone(x))
    assert np.ptp(y, axis=1).max() < 1e-6 and np.ptp(y, axis=2).min() > 0.1
    np.testing.assert_allclose(y.mean(axis=2), 0, atol=1e-6)  # no louder as a whole
    flat = RandomVoice(floor=2.0, seed=1)._at_microphone(x - 50)
    flat = keras.ops.convert_to_numpy(flat)
    assert np.ptp(flat, axis=(1, 2)).max() < 1e-5
    assert ((flat >= -3) & (flat <= -1)).all() and np.ptp(flat) > 0.1


def test_masks_are_one_run_of_bands_and_one_of_frames():
    y, mask = heard(bands=4, frames=4)
    for row, kept in zip(y, mask, strict=True):
        inside = row[kept] == 0
        assert inside.all(axis=0).sum() <= 4 and inside.all(axis=1).sum() <= 4
    assert (y[0][mask[0]] == 0).any()


def test_what_comes_out_is_levelled_and_silent_after_the_end():
    y, mask = heard(stretch=0.2, warp=0.2, tilt=0.5, floor=1.0)
    for row, kept in zip(y, mask, strict=True):
        assert not row[~kept].any()
        assert row[kept].mean() == pytest.approx(0, abs=1e-5)
        assert row[kept].std() == pytest.approx(1, abs=5e-3)


def test_the_seed_and_the_configuration_are_kept():
    first, again = heard(warp=0.2), heard(warp=0.2)
    np.testing.assert_array_equal(first[0], again[0])
    layer = RandomVoice(0.1, 0.2, 0.3, 0.4, 5, 6, seed=7)
    assert (
        RandomVoice.from_config(layer.get_config()).get_config() == layer.get_config()
    )
    for name, amount in {"stretch": 1.0, "warp": -0.1, "bands": -1}.items():
        with pytest.raises(ValueError, match=f"RandomVoice: {name} is {amount}"):
            RandomVoice(**{name: amount})
