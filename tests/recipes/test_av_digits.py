"""Digits seen and heard as networks take them."""

import numpy as np
import pytest

from mmlearn.recipes import av_digits
from mmlearn.recipes.speech import features

RNG = np.random.default_rng(0)
RAW = {
    "image": RNG.integers(0, 17, (6, 8, 8, 1)).astype(np.uint8),
    "sound": RNG.standard_normal((6, 6400)).astype(np.float32) / 10,
    "sound_mask": np.arange(6400) < np.array([[3000], [6400], [2000]] * 2),
}


@pytest.fixture(scope="module")
def clean():
    return av_digits.ready(RAW)


def test_grey_levels_and_log_mel_frames(clean):
    assert sorted(clean) == ["image", "sound", "sound_mask"]
    np.testing.assert_allclose(clean["image"], RAW["image"] / 16.0, rtol=1e-6)
    assert clean["sound"].shape == (6, 52, 40) and clean["sound"].dtype == np.float32
    alone = features([RAW["sound"][0, :3000]], 8000, 52)
    np.testing.assert_array_equal(clean["sound"][0], alone["sound"][0])
    np.testing.assert_array_equal(clean["sound_mask"][0], alone["sound_mask"][0])


def test_noise_has_the_strength_asked_for(clean):
    noisy = av_digits.ready(RAW, image_noise=0.5, rng=np.random.default_rng(1))
    assert abs((noisy["image"] - clean["image"]).std() - 0.5) < 0.05
    np.testing.assert_array_equal(noisy["sound"], clean["sound"])
    loud = av_digits.ready(RAW, sound_noise=2.0, rng=np.random.default_rng(1))
    assert np.abs(loud["sound"] - clean["sound"]).mean() > 0.1
    np.testing.assert_array_equal(loud["sound_mask"], clean["sound_mask"])


def test_the_parts_have_noise_of_their_own(monkeypatch):
    parts = {"train": (RAW, np.arange(6)), "test": (RAW, np.arange(6))}
    monkeypatch.setattr("mmlearn.datasets.load_small_av_digits", lambda seed: parts)
    found = av_digits.load_small_av_features(image_noise=0.2)
    assert (found["train"][0]["image"] != found["test"][0]["image"]).any()
    again = av_digits.load_small_av_features(image_noise=0.2)
    np.testing.assert_array_equal(found["test"][0]["image"], again["test"][0]["image"])
