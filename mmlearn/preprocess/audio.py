"""Sound to one format: rate, level, length; and to spectra over time."""

from functools import lru_cache

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.preprocess.arrays import expect_numbers, expect_rate
from mmlearn.preprocess.mel import mel_filters


def resample(samples, rate, new_rate):
    """Bring sound to another rate; what the new rate cannot hold is filtered out first.

    Without the filter a tone above new_rate / 2 would come back as a lower one (alias).

    Args:
        samples: (S,) or (S, C) floats.
        rate, new_rate: samples per second before and after, Hz.

    Returns:
        (S',) or (S', C) of samples' dtype, S' = round(S new_rate / rate).

    >>> resample(np.ones(800, np.float32), 8000, 16000).shape
    (1600,)
    """
    import soxr

    samples = _expect_sound("resample", samples)
    expect_rate("resample", rate)
    expect_rate("resample", new_rate)
    if rate == new_rate:
        return samples.copy()
    return soxr.resample(samples, rate, new_rate, quality="HQ")


def normalize_level(samples, level=0.9, *, measure="peak"):
    """Multiply sound so that its peak, or its root mean square, is `level`.

    Args:
        samples: (S,) or (S, C) floats; silence stays silence.
        level: wanted, 1.0 is full scale.
        measure: "peak", max |x|, or "rms", sqrt(mean x²).

    Returns:
        array of the same shape and dtype.

    >>> normalize_level(np.array([0.1, -0.2]), 1.0)
    array([ 0.5, -1. ])
    """
    samples = _expect_sound("normalize_level", samples)
    if measure not in ("peak", "rms"):
        raise ValueError(
            f"normalize_level: measure is {measure!r}; expected peak or rms"
        )
    if not level > 0:
        raise ValueError(f"normalize_level: level is {level}; expected above 0")
    wide = samples.astype(np.float64)
    found = np.abs(wide).max() if measure == "peak" else np.sqrt(np.mean(wide**2))
    return (wide * (level / found if found > 0 else 1.0)).astype(samples.dtype)


def trim_silence(samples, *, below_db=40.0, frame_length=256, hop_length=64):
    """Cut off the quiet beginning and end.

    A frame is quiet if its power is `below_db` under that of the loudest frame.

    Args:
        samples: (S,) floats.
        below_db: how far below the loudest, dB.
        frame_length, hop_length: in samples.

    Returns:
        trimmed: (S',) view; span: (start, stop) with trimmed = samples[start:stop].
        All-zero sound is returned whole.

    >>> sound = np.r_[np.zeros(1000), np.ones(500), np.zeros(1000)]
    >>> trimmed, (start, stop) = trim_silence(sound)
    >>> 700 < start <= 1000 and 1500 <= stop < 1800
    True
    """
    samples = _expect_sound("trim_silence", samples)
    expect_shape("trim_silence", "samples", samples, "S", hint="mono samples")
    frames = _frames(samples, frame_length, hop_length)  # (T, frame_length), centred
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-below_db / 10))
    if len(loud) == 0:
        return samples, (0, len(samples))
    start = int(loud[0] * hop_length)
    stop = int(min(len(samples), (loud[-1] + 1) * hop_length))
    return samples[start:stop], (start, stop)


def stft(samples, rate, *, frame_length=256, hop_length=None, window="hann"):
    """Short-time Fourier transform: X_tf = Σ_n w_n x_{tP+n-N/2} exp(-2πi fn/N).

    N is the frame length, P the hop; the sound is padded with N/2 zeros on both sides.

    Args:
        samples: (S,) floats.
        rate: Hz.
        frame_length: N, samples. hop_length: P, samples; by default N / 4.
        window: name of w, as of `scipy.signal.get_window`.

    Returns:
        spectrum: (T, F) complex, T = 1 + S // P, F = 1 + N // 2; times (T,) of the
        frames' centres, s; frequencies (F,), Hz.

    >>> spectrum, times, frequencies = stft(np.zeros(8000), 8000, hop_length=80)
    >>> spectrum.shape, times[1], frequencies[-1]
    ((101, 129), np.float64(0.01), np.float64(4000.0))
    """
    return _stft("stft", samples, rate, frame_length, hop_length, window)


def _stft(where, samples, rate, frame_length, hop_length, window="hann"):
    samples = _expect_sound(where, samples)
    hint = "mono samples; of several channels samples.mean(axis=1)"
    expect_shape(where, "samples", samples, "S", hint=hint)
    expect_rate(where, rate)
    hop_length = frame_length // 4 if hop_length is None else hop_length
    frames = _frames(samples, frame_length, hop_length)  # (T, N)
    weights = _window(window, frame_length).astype(samples.dtype)
    spectrum = np.fft.rfft(frames * weights, axis=-1)  # (T, F)
    times = np.arange(len(frames)) * hop_length / rate
    return spectrum, times, np.fft.rfftfreq(frame_length, 1 / rate)


@lru_cache(maxsize=16)
def _window(name, length):
    from scipy.signal import get_window

    return get_window(name, length)


def log_mel(samples, rate, *, frame_length=256, hop_length=None, bands=40, floor=1e-10):
    """Log-mel spectrogram: 10 log10(max(|X|² M, floor)), dB.

    Args:
        samples: (S,) floats; rate: Hz; frame_length, hop_length: samples (see `stft`).
        bands: of the mel filters M (see `mel_filters`).
        floor: the power below which all is silence.

    Returns:
        (T, bands) of samples' dtype, dB.

    >>> log_mel(np.zeros(8000, np.float32), 8000, hop_length=80).shape
    (101, 40)
    """
    spectrum, _, _ = _stft("log_mel", samples, rate, frame_length, hop_length)
    power = spectrum.real**2 + spectrum.imag**2  # (T, F)
    mel = power @ mel_filters(rate, frame_length=frame_length, bands=bands)
    return (10 * np.log10(np.maximum(mel, floor))).astype(spectrum.real.dtype)


def fit_length(waveforms, length=None):
    """Bring sounds to one length: the longer are cut, the shorter padded with zeros.

    Args:
        waveforms: list of B arrays (S,), or (T, F), that differ in their first axis.
        length: wanted; by default that of the longest.

    Returns:
        x: (B, length) or (B, length, F) of the first one's dtype; mask: (B, length)
        bool, True on what was recorded.

    >>> x, mask = fit_length([np.ones(2), np.ones(5)], 3)
    >>> x.tolist(), mask.sum(axis=1).tolist()
    ([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]], [2, 3])
    """
    if not hasattr(waveforms, "__iter__"):
        kind = type(waveforms).__name__
        raise TypeError(f"fit_length: got a {kind}; expected a list of waveforms")
    arrays = [expect_numbers("fit_length", "a waveform", w) for w in waveforms]
    if not arrays:
        raise ValueError("fit_length: no waveforms; expected at least one")
    if min(a.ndim for a in arrays) < 1 or len({a.shape[1:] for a in arrays}) > 1:
        shapes = sorted({a.shape for a in arrays})[:4]
        raise ValueError(f"fit_length: shapes {shapes}; only the first axis may differ")
    lengths = np.array([len(a) for a in arrays])
    length = int(lengths.max()) if length is None else int(length)
    if length < 1:
        raise ValueError(f"fit_length: length is {length}; expected 1 or more")
    x = np.zeros((len(arrays), length, *arrays[0].shape[1:]), arrays[0].dtype)
    for row, array in zip(x, arrays, strict=True):
        row[: len(array)] = array[:length]
    return x, np.arange(length) < lengths[:, None]


def _frames(samples, frame_length, hop_length):
    """(T, frame_length) view: frame t is centred on sample t hop_length."""
    if frame_length < 2 or not 1 <= hop_length <= frame_length:
        raise ValueError(
            f"frames of {frame_length} samples every {hop_length}; expected "
            "frame_length >= 2 and 1 <= hop_length <= frame_length"
        )
    half = frame_length // 2
    padded = np.zeros(len(samples) + 2 * half, samples.dtype)
    padded[half : half + len(samples)] = samples
    windows = np.lib.stride_tricks.sliding_window_view(padded, frame_length)
    return windows[::hop_length]


def _expect_sound(where, samples):
    samples = expect_numbers(where, "samples", samples)
    if samples.dtype.kind != "f":
        raise ValueError(
            f"{where}: samples are {samples.dtype}; expected floats, -1 to 1"
        )
    if samples.ndim not in (1, 2):
        raise ValueError(
            f"{where}: samples are {samples.shape}; expected (S,) or (S, C)"
        )
    return samples
