"""Spoken digits: features without loudness, splits without the stranger."""

import dataclasses

import numpy as np
import pytest
from scipy import signal

from mmlearn import datasets, recipes
from mmlearn.recipes import speech


@pytest.fixture(scope="module")
def recordings():
    return datasets.load_spoken_digits()


def test_features_do_not_know_how_loud_it_was(recordings):
    loud = recordings.waveforms[:3]
    quiet = [w / 2 for w in loud]
    a, b = (speech.features(w, recordings.rate) for w in (loud, quiet))
    far = np.abs(a["sound"] - b["sound"])  # only at the floor of silence
    assert far.mean() < 0.03 and np.median(far) < 0.03
    assert a["sound"].shape == (3, 64, 40) and a["sound"].dtype == np.float32
    lengths = [1 + len(w) // speech.HOP for w in loud]
    assert a["sound_mask"].sum(axis=1).tolist() == lengths
    first = a["sound"][0][a["sound_mask"][0]]
    assert first.mean() == pytest.approx(0, abs=1e-4)
    assert first.std() == pytest.approx(1, abs=1e-2)


def test_features_of_another_rate_or_of_stereo_are_refused(recordings):
    sound = recordings.waveforms[0]
    with pytest.raises(ValueError, match=r"rate is 44100 Hz; .*resample\(samples, 44"):
        speech.features([sound], 44_100)
    with pytest.raises(ValueError, match=r"mono samples; .* samples.mean\(axis=1\)"):
        speech.features([np.stack([sound, sound], axis=1)], recordings.rate)


def test_features_by_band_do_not_know_the_microphone(recordings):
    """Four times as loud above 1.5 kHz: a constant in some bands, all but at edges."""
    some = recordings.waveforms[:2]
    sharp = signal.firwin2(65, [0, 0.3, 0.45, 1], [1, 1, 4, 4])
    other = [np.convolve(w, sharp, "same").astype("float32") for w in some]
    far = {}
    for by_band in (False, True):
        a, b = (speech.features(w, recordings.rate, 50, by_band) for w in (some, other))
        far[by_band] = np.abs(a["sound"] - b["sound"]).mean()
        for x, mask in zip(a["sound"], a["sound_mask"], strict=True):
            means = x[mask].mean(axis=0)
            assert (np.abs(means).max() < 1e-4) == by_band
    assert far[True] < 0.5 * far[False]


def test_by_take_everybody_is_everywhere(recordings):
    parts = speech.by_take(recordings)
    assert {name: len(y) for name, (_, y) in parts.items()} == {
        "train": 180,
        "validation": 60,
        "test": 60,
    }
    assert parts["train"][0]["sound"].shape[1] == 50  # the longest, made even


def test_by_speaker_the_stranger_is_in_the_test_alone(recordings):
    parts = speech.by_speaker(recordings, "edith")
    assert {name: len(y) for name, (_, y) in parts.items()} == {
        "train": 200,
        "validation": 50,
        "test": 50,
    }
    hers = recordings.select(recordings.speaker == "edith")
    expected = speech.features(hers.waveforms, hers.rate, 50)["sound"]
    np.testing.assert_array_equal(parts["test"][0]["sound"], expected)
    seen = {x.tobytes() for x in parts["train"][0]["sound"]}
    assert not seen & {x.tobytes() for x in expected}


def test_the_baseline_has_as_many_weights():
    gru, mean = (
        recipes.get(name).model().count_params()
        for name in ("gru_spoken_digits", "mean_spoken_digits")
    )
    assert mean == pytest.approx(gru, rel=0.01)


def test_a_stranger_for_every_speaker(recordings):
    recipe = recipes.get("mean_spoken_digits")
    recipe = dataclasses.replace(recipe, epochs={"quick": 8, "full": 8})
    some = recordings.select(np.isin(recordings.speaker, ["carol", "larry"]))
    found = speech.leave_one_speaker_out(recipe, some)
    assert list(found) == ["carol", "larry"]
    assert found["larry"].known > found["larry"].stranger
