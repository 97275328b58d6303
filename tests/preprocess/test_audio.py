import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.axes import ShapeError
from mmlearn.preprocess import audio

SEED = st.integers(0, 999)


def noise(seed, *shape):
    return np.random.default_rng(seed).uniform(-1, 1, shape)


def tone(frequency, rate, seconds=1.0):
    return np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)


@given(
    st.sampled_from([8000, 11025, 16000, 44100]),
    st.sampled_from([4000, 8000, 22050, 48000]),
    st.sampled_from([np.float32, np.float64]),
    st.booleans(),
)
@settings(max_examples=15, deadline=None)
def test_resample_keeps_a_tone(rate, new_rate, dtype, stereo):
    x = tone(440, rate).astype(dtype)
    x = np.stack([x, -x], axis=1) if stereo else x
    y = audio.resample(x, rate, new_rate)
    assert y.dtype == dtype
    assert len(y) == pytest.approx(new_rate, abs=1)
    assert y.shape[1:] == x.shape[1:]
    mono = y[:, 0] if stereo else y
    middle = slice(new_rate // 10, -new_rate // 10)
    np.testing.assert_allclose(
        mono[:new_rate][middle], tone(440, new_rate)[: len(mono)][middle], atol=2e-3
    )


def test_resample_agrees_with_scipy_and_removes_what_would_alias():
    x = sum(tone(f, 16000) for f in (300, 900, 1500))
    ours = audio.resample(x, 16000, 4000)
    theirs = scipy.signal.resample_poly(x, 1, 4, window=("kaiser", 12.0))
    np.testing.assert_allclose(ours[200:-200], theirs[200:-200], atol=1e-2)
    high = tone(3000, 16000)  # taken every fourth sample, it would sound as 1000 Hz
    assert np.abs(high[::4]).max() > 0.7
    assert np.abs(audio.resample(high, 16000, 4000)[100:-100]).max() < 1e-4


def test_resample_refuses():
    with pytest.raises(ValueError, match="rate is 0; expected above 0 Hz"):
        audio.resample(np.ones(9), 8000, 0)
    with pytest.raises(ValueError, match="int16; expected floats"):
        audio.resample(np.ones(9, np.int16), 8000, 4000)
    with pytest.raises(ValueError, match=r"\(2, 3, 4\)"):
        audio.resample(np.ones((2, 3, 4)), 8000, 4000)


@given(SEED, st.floats(0.01, 2), st.sampled_from(["peak", "rms"]))
@settings(max_examples=25, deadline=None)
def test_normalize_level_reaches_it_and_keeps_the_shape(seed, level, measure):
    x = 0.3 * noise(seed, 50)
    y = audio.normalize_level(x, level, measure=measure)
    found = np.abs(y).max() if measure == "peak" else np.sqrt(np.mean(y**2))
    assert found == pytest.approx(level)
    np.testing.assert_allclose(y / level * (x[0] / y[0] * level), x, atol=1e-9)
    np.testing.assert_array_equal(audio.normalize_level(np.zeros(5)), 0)
    for wrong in ({"measure": "db"}, {"level": 0}):
        with pytest.raises(ValueError, match="expected"):
            audio.normalize_level(x, **wrong)


@given(st.integers(0, 900), st.integers(300, 900), st.integers(0, 900))
@settings(max_examples=25, deadline=None)
def test_trim_silence_keeps_the_sound_and_little_else(before, during, after):
    sound = tone(500, 8000)[:during]
    x = np.r_[np.zeros(before), sound, np.zeros(after)]
    trimmed, (start, stop) = audio.trim_silence(x)
    np.testing.assert_array_equal(trimmed, x[start:stop])
    assert before - 256 <= start <= before + 1
    assert before + during - 2 <= stop <= before + during + 256


def test_trim_silence_of_silence_and_as_librosa_does(librosa):
    assert audio.trim_silence(np.zeros(500))[1] == (0, 500)
    x = np.r_[1e-4 * noise(0, 2000), 0.5 * noise(1, 3000), 1e-4 * noise(2, 2500)]
    _, span = audio.trim_silence(x)
    _, theirs = librosa.effects.trim(x, top_db=40, frame_length=256, hop_length=64)
    assert np.abs(np.array(span) - theirs).max() <= 128


@given(
    SEED,
    st.integers(1, 700),
    st.sampled_from([16, 64, 256]),
    st.integers(1, 4),
    st.sampled_from([np.float32, np.float64]),
)
@settings(max_examples=20, deadline=None)
def test_stft_is_librosas(librosa, seed, length, frame, parts, dtype):
    x = noise(seed, length).astype(dtype)
    hop = frame // parts
    spectrum, times, frequencies = audio.stft(
        x, 8000, frame_length=frame, hop_length=hop
    )
    theirs = librosa.stft(
        np.pad(x, frame // 2), n_fft=frame, hop_length=hop, center=False
    ).T
    assert spectrum.shape == (1 + length // hop, 1 + frame // 2)
    np.testing.assert_allclose(spectrum, theirs, atol=1e-4)
    np.testing.assert_allclose(
        frequencies, librosa.fft_frequencies(sr=8000, n_fft=frame)
    )
    np.testing.assert_allclose(
        times, librosa.frames_to_time(np.arange(len(times)), sr=8000, hop_length=hop)
    )


def test_stft_is_scipys_and_finds_a_tone():
    x = tone(1000, 8000)
    spectrum, times, frequencies = audio.stft(x, 8000, hop_length=64)
    window = scipy.signal.get_window("hann", 256)
    oracle = scipy.signal.ShortTimeFFT(window, 64, 8000, phase_shift=None)
    theirs = oracle.stft(x, p0=0, p1=len(times)).T
    np.testing.assert_allclose(np.abs(spectrum), np.abs(theirs), atol=1e-9)
    assert frequencies[np.abs(spectrum[60]).argmax()] == 1000
    with pytest.raises(ShapeError, match="mono samples"):
        audio.stft(np.ones((9, 2)), 8000)
    for wrong in ({"hop_length": 0}, {"hop_length": 300}, {"frame_length": 1}):
        with pytest.raises(ValueError, match="1 <= hop_length <= frame_length"):
            audio.stft(x, 8000, **wrong)


@pytest.mark.parametrize(
    ("rate", "frame", "bands"), [(8000, 256, 40), (16000, 512, 80)]
)
def test_log_mel_is_librosas(librosa, rate, frame, bands):
    x = noise(0, rate // 2).astype(np.float32)
    ours = audio.log_mel(x, rate, frame_length=frame, hop_length=80, bands=bands)
    theirs = librosa.feature.melspectrogram(
        y=x, sr=rate, n_fft=frame, hop_length=80, n_mels=bands
    )
    theirs = librosa.power_to_db(theirs, ref=1.0, amin=1e-10, top_db=None).T
    assert (ours.shape, ours.dtype) == (theirs.shape, np.float32)
    np.testing.assert_allclose(ours, theirs, atol=1e-2)
    np.testing.assert_allclose(audio.log_mel(np.zeros(800), rate), -100)


@pytest.mark.parametrize(
    ("rate", "frame", "bands", "low", "high"),
    [
        (8000, 256, 40, 0.0, None),
        (16000, 512, 80, 0.0, None),
        (22050, 2048, 128, 300.0, 8000.0),
        (44100, 1024, 13, 1200, 20000),
        (7999.5, 255, 20, 50.0, 900.0),
    ],
)
def test_mel_filters_are_librosas(librosa, rate, frame, bands, low, high):
    ours = audio.mel_filters(rate, frame_length=frame, bands=bands, low=low, high=high)
    given = {"n_fft": frame, "n_mels": bands, "fmin": low, "fmax": high}
    theirs = librosa.filters.mel(sr=rate, **given).T
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-12)


def test_mel_filters_weigh_and_refuse_empty_bands():
    filters = audio.mel_filters(8000)
    assert filters.shape == (129, 40)
    assert (filters.argmax(axis=0)[1:] >= filters.argmax(axis=0)[:-1]).all()
    with pytest.raises(ValueError, match="fewer bands or longer frames"):
        audio.mel_filters(8000, frame_length=64, bands=80)
    with pytest.raises(ValueError, match="read-only"):
        filters[0, 0] = 1  # shared by all callers


@given(
    st.lists(st.integers(1, 30), min_size=1, max_size=6),
    st.one_of(st.none(), st.integers(1, 40)),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_fit_length_keeps_every_sample_or_cuts_the_end(lengths, length, features):
    waves = [1 + noise(n, n, 3) if features else 1 + noise(n, n) for n in lengths]
    x, mask = audio.fit_length(waves, length)
    wanted = length or max(lengths)
    assert x.shape[:2] == mask.shape == (len(waves), wanted)
    for row, valid, wave in zip(x, mask, waves, strict=True):
        np.testing.assert_array_equal(row[valid], wave[:wanted])
        assert not row[~valid].any()
        assert not (np.diff(valid.astype(int)) > 0).any()  # padding only at the end


def test_fit_length_refuses():
    with pytest.raises(ValueError, match="no waveforms"):
        audio.fit_length([])
    with pytest.raises(ValueError, match="only the first axis may differ"):
        audio.fit_length([np.ones((2, 3)), np.ones((2, 4))])
    with pytest.raises(ValueError, match="length is 0"):
        audio.fit_length([np.ones(3)], 0)


@pytest.mark.parametrize("rate", [0, -8000, "8k", None, float("nan")])
def test_a_rate_that_is_none_is_refused(rate):
    x = np.zeros(512)
    calls = {
        "resample": lambda: audio.resample(x, rate, 8000),
        "stft": lambda: audio.stft(x, rate),
        "log_mel": lambda: audio.log_mel(x, rate),
        "mel_filters": lambda: audio.mel_filters(rate),
    }
    for name, call in calls.items():
        with pytest.raises(ValueError, match=f"^{name}: rate is .*above 0 Hz"):
            call()
    with pytest.raises(TypeError, match="got a NoneType; expected a list of waveforms"):
        audio.fit_length(None)
