"""Digits seen and heard: pairs have one label, and parts share nobody."""

import numpy as np
import pytest

from mmlearn import datasets
from mmlearn.datasets import DataError, SpokenDigits, av_digits


@pytest.fixture(scope="module")
def small():
    return datasets.load_small_av_digits()


def keyed(speakers=4, takes=2):
    """Recordings whose first sample is their number, and their length its digit's."""
    digit = np.repeat(np.arange(10), speakers * takes)
    speaker = np.tile(np.repeat([f"s{k}" for k in range(speakers)], takes), 10)
    waves = [np.full(100 + d, n, np.float32) for n, d in enumerate(digit)]
    return SpokenDigits(waves, 8000, digit, speaker, np.tile([0, 1], 10 * speakers))


def pictures(each=8):
    """Images whose one pixel is their number in the part, of 10 digits."""
    y = np.arange(10 * each) % 10
    return {
        part: (np.arange(len(y), dtype=np.uint8).reshape(-1, 1, 1, 1), y)
        for part in av_digits.PARTS
    }


def test_sizes_and_balance(small):
    for part, n in {"train": 1000, "validation": 250, "test": 250}.items():
        x, y = small[part]
        assert x["image"].shape == (n, 8, 8, 1) and x["image"].dtype == np.uint8
        assert x["sound"].shape == x["sound_mask"].shape == (n, 6400)
        assert x["sound"].dtype == np.float32 and x["sound_mask"].dtype == bool
        assert np.bincount(y).tolist() == [n // 10] * 10 and y[:20].tolist() != [0] * 20
        assert not x["sound"][~x["sound_mask"]].any()


def test_a_pair_means_the_same_digit(small):
    """Looked up in the sets it was made of."""
    written, spoken = datasets.load_digits(), datasets.load_spoken_digits()
    voices = {
        w.tobytes(): d for w, d in zip(spoken.waveforms, spoken.digit, strict=True)
    }
    for part, (x, y) in small.items():
        images = {i.tobytes(): d for i, d in zip(*written[part], strict=True)}
        assert [images[i.tobytes()] for i in x["image"]] == y.tolist()
        heard = [
            s[m].tobytes() for s, m in zip(x["sound"], x["sound_mask"], strict=True)
        ]
        assert [voices[h] for h in heard] == y.tolist()


def test_no_speaker_and_no_image_is_in_two_parts():
    recordings = keyed()
    splits = av_digits.pair(pictures(), recordings, repeats=2, seconds=0.02)
    seen = set()
    for part, (x, y) in splits.items():
        number = x["sound"][:, 0].astype(int)
        people = set(recordings.speaker[number])
        assert len(people) == (2 if part == "train" else 1) and not people & seen
        seen |= people
        np.testing.assert_array_equal(recordings.digit[number], y)
        np.testing.assert_array_equal(x["image"][:, 0, 0, 0] % 10, y)
        assert len(np.unique(x["image"])) == len(y), "an image twice"
        assert np.bincount(number).max() == 2
        np.testing.assert_array_equal(x["sound_mask"].sum(axis=1), 100 + y)
    assert seen == set(recordings.speakers)


def test_the_seed_fixes_all_and_longer_recordings_are_cut(small):
    again, other = (
        datasets.load_small_av_digits(),
        datasets.load_small_av_digits(seed=1),
    )
    np.testing.assert_array_equal(again["test"][0]["image"], small["test"][0]["image"])
    np.testing.assert_array_equal(again["test"][0]["sound"], small["test"][0]["sound"])
    assert (other["test"][0]["image"] != small["test"][0]["image"]).any()
    cut = av_digits.pair(pictures(), keyed(), seconds=0.01)["test"][0]
    assert cut["sound"].shape[1] == 80 and cut["sound_mask"].all()


def test_what_cannot_be_paired_is_refused():
    with pytest.raises(DataError, match="expected as many images: fewer repeats"):
        av_digits.pair(pictures(each=3), keyed(), repeats=2)
    with pytest.raises(DataError, match="expected 3 or more"):
        av_digits.pair(pictures(), keyed(speakers=2))
    with pytest.raises(DataError, match="repeats 0"):
        av_digits.pair(pictures(), keyed(), repeats=0)


def test_the_real_ones(real):
    real("mnist"), real("fsdd")
    splits = datasets.load_av_digits(download=False)
    assert [len(y) for _, y in splits.values()] == [2000, 500, 500]
    x, y = splits["test"]
    assert x["image"].shape == (500, 28, 28, 1) and x["sound"].shape == (500, 8000)
    assert np.bincount(y).tolist() == [50] * 10
