"""The spoken digits that ship are what their card says."""

import hashlib
import importlib.util
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from mmlearn.media import read_wav

FOLDER = Path(__file__).parents[2] / "data" / "spoken_digits"
FILES = sorted(FOLDER.glob("*.wav"))


def test_every_digit_voice_and_take_is_there_once():
    digits, voices, takes = zip(*(f.stem.split("_") for f in FILES), strict=True)
    assert len(FILES) == 300
    assert Counter(digits) == {str(d): 30 for d in range(10)}
    assert len(Counter(voices)) == 6
    assert set(Counter(voices).values()) == {50}
    assert Counter(takes) == {str(t): 60 for t in range(5)}
    assert len({hashlib.sha256(f.read_bytes()).hexdigest() for f in FILES}) == 300
    assert sum(f.stat().st_size for f in FILES) < 2_500_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_word_is_neither_empty_nor_clipped_nor_mostly_silence(path):
    samples, rate = read_wav(path)
    assert rate == 8000
    assert samples.ndim == 1
    assert 0.25 < len(samples) / rate < 0.85
    assert 0.4 < np.abs(samples).max() < 0.95
    assert abs(samples.mean()) < 0.02
    frames = samples[: len(samples) // 80 * 80].reshape(-1, 80)  # 10 ms each
    assert (np.sqrt((frames**2).mean(axis=1)) > 0.01).mean() > 0.4
    assert np.abs(samples[:8]).max() < 0.1  # it begins softly, without a click


def test_voices_differ_more_between_than_within():
    spectra = {}
    for path in FILES:
        digit, voice, _ = path.stem.split("_")
        power = np.abs(np.fft.rfft(read_wav(path)[0], 8192)) ** 2
        bands = np.log(power[:4096].reshape(64, 64).mean(axis=1))
        spectra.setdefault((voice, digit), []).append(bands - bands.mean())
    centre = {key: np.mean(rows, axis=0) for key, rows in spectra.items()}
    within = np.mean([np.std(rows, axis=0).mean() for rows in spectra.values()])
    voices = {voice for voice, _ in centre}
    for one in voices:
        for other in voices - {one}:
            gap = [
                np.abs(centre[one, d] - centre[other, d]).mean() for d in "0123456789"
            ]
            assert np.mean(gap) > 1.3 * within, (one, other)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
def test_prepare_makes_such_files_again():
    spec = importlib.util.spec_from_file_location("prepare", FOLDER / "prepare.py")
    prepare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prepare)
    first, second = prepare.take(3, "diana", 1), prepare.take(3, "diana", 1)
    np.testing.assert_array_equal(first, second)
    stored, _ = read_wav(FOLDER / "3_diana_1.wav")
    # Another version of espeak-ng renders other samples of about the same length.
    assert 0.7 < len(first) / len(stored) < 1.4
