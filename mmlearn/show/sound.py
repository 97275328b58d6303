"""Sound as pictures: a waveform, a spectrum, a spectrogram."""

import numpy as np

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.show.figure import new
from mmlearn.show.play import play

_POINTS = 2000  # more along the width than a screen has pixels are drawn as an envelope


def waveform(samples, rate, *, start=0.0, title="", alt="", size=(8.0, 2.2)):
    """Samples over time; where there are too many to draw, their envelope.

    Args:
        samples: (S,) mono or (S, 2) stereo, full scale 1.
        rate: samples per second, Hz.
        start: time of the first sample, s.
        title: the figure's finding.
        alt: in words; by default length, rate and peak.
        size: width and height in inches.

    Returns:
        the Figure, one axes per channel.

    >>> fig = waveform(np.sin(np.arange(80)), 8000)
    >>> fig.axes[0].get_xlabel()
    'time (s)'
    """
    channels = _channels("waveform", samples, rate)
    seconds, peak = channels.shape[1] / rate, np.abs(channels).max()
    alt = alt or f"{seconds:.3g} s of sound at {rate:g} Hz, peak {peak:.2g}."
    width, height = size
    whole = (width, height * len(channels))
    figure, axes = new(
        len(channels), 1, size=whole, title=title, alt=alt, sharex=True, sharey=True
    )
    names = [""] if len(channels) == 1 else ["left ", "right "]
    for ax, channel, name in zip(axes[:, 0], channels, names, strict=True):
        draw_waveform(ax, channel, rate, start)
        ax.set_ylabel(f"{name}amplitude\n(full scale = 1)")
    axes[-1, 0].set_xlabel("time (s)")
    return figure


def draw_waveform(ax, channel, rate, start=0.0):
    """One channel (S,) on an axes whose x is time in seconds."""
    if len(channel) <= _POINTS:
        times = start + np.arange(len(channel)) / rate
        mark = "o" if len(channel) <= 60 else None
        ax.plot(times, channel, linewidth=1, marker=mark, markersize=3)
        return
    step = -(-len(channel) // (_POINTS // 2))
    blocks = np.arange(0, len(channel), step)
    low, high = (f.reduceat(channel, blocks) for f in (np.minimum, np.maximum))
    ax.fill_between(start + blocks / rate, low, high, step="post", linewidth=0.5)


def spectrum(magnitude, rate, *, title="", alt="", size=(6.0, 2.6)):
    """Magnitudes of a DFT as stems: for a handful of samples, so that each is seen.

    Args:
        magnitude: (F,) |X[k]| for k = 0 … F − 1, as `np.fft.rfft` of an even number of
            samples gives them: bin k stands at k · rate / (2 (F − 1)).
        rate: samples per second of the signal, Hz.
        title, alt, size: as for `waveform`.

    Returns:
        the Figure.
    """
    height = np.asarray(magnitude, float)
    bins = expect_shape("spectrum", "magnitude", height, "F", hint="bins 0 to rate/2")
    frequencies = np.linspace(0, rate / 2, bins["F"])
    top = frequencies[height.argmax()]
    alt = alt or f"A spectrum of {bins['F']} bins; the highest is at {top:.4g} Hz."
    figure, axes = new(size=size, title=title, alt=alt)
    axes[0, 0].stem(frequencies, height, basefmt=" ")
    axes[0, 0].set(xlabel="frequency (Hz)", ylabel="magnitude", ylim=(0, None))
    return figure


def spectrogram(
    levels,
    rate,
    hop,
    *,
    frequencies=None,
    sound=None,
    label="level (dB)",
    title="",
    alt="",
    size=(8.0, 3.0),
):
    """A spectrogram: time to the right, frequency upwards, level as brightness.

    Args:
        levels: (T, F) real levels, as `preprocess.audio` gives them.
        rate: samples per second of the sound, Hz.
        hop: samples from one frame to the next.
        frequencies: (F,) centre of each band, Hz (mel bands); by default linear from
            0 to rate / 2.
        sound: (S,) the samples themselves: then a player stands below the picture.
        label: what the brightness is, with its unit.
        title, alt, size: as for `waveform`.

    Returns:
        the Figure.

    >>> fig = spectrogram(np.zeros((20, 5)), rate=8000, hop=80)
    >>> fig.axes[0].get_images()[0].get_array().shape
    (5, 20)
    """
    values = np.asarray(levels)
    found = expect_shape("spectrogram", "levels", values, "T F")
    if np.iscomplexobj(values):
        raise ShapeError(
            "spectrogram: levels are complex; expected real ones: take np.abs, then dB"
        )
    linear = np.linspace(0, rate / 2, found["F"])
    bands = linear if frequencies is None else np.asarray(frequencies, float)
    expect_shape("spectrogram", "frequencies", bands, "F", sizes=found)
    seconds = found["T"] * hop / rate
    alt = alt or (
        f"A spectrogram of {seconds:.3g} s: {found['T']} frames of {found['F']} bands "
        f"from {bands[0]:.0f} to {bands[-1]:.0f} Hz."
    )
    figure, axes = new(size=size, title=title, alt=alt)
    ax = axes[0, 0]
    extent = (0, seconds, -0.5, found["F"] - 0.5)
    picture = ax.imshow(
        values.T, origin="lower", aspect="auto", cmap="magma", extent=extent
    )
    rows = np.unique(np.linspace(0, found["F"] - 1, 5).round().astype(int))
    ax.set_yticks(rows, [f"{bands[row]:.0f}" for row in rows])
    ax.set(xlabel="time (s)", ylabel="frequency (Hz)")
    ax.grid(False)
    figure.colorbar(picture, ax=ax, label=label)
    if sound is not None:
        figure.player = play(sound, rate, title)
    return figure


def _channels(where, samples, rate):
    """(channels, S) from (S,) or (S, 2)."""
    x = np.asarray(samples, float)
    if x.ndim not in (1, 2) or not x.size or (x.ndim == 2 and x.shape[1] > 2):
        raise ShapeError(
            f"{where}: samples is {x.shape}; expected (S,) mono or (S, 2) stereo, S > 0"
        )
    if not rate > 0:
        raise ValueError(f"{where}: rate is {rate}; expected samples per second, in Hz")
    return x[None] if x.ndim == 1 else x.T
