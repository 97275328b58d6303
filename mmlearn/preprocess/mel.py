"""The mel scale: frequencies as far apart as they are heard to be."""

from functools import lru_cache

import numpy as np

from mmlearn.preprocess.arrays import expect_rate

CORNER = 1000.0  # Hz: linear below, logarithmic above
WIDTH = 200.0 / 3  # Hz in a mel, below the corner
STEP = np.log(6.4) / 27.0  # logarithm of the ratio of two frequencies a mel apart


@lru_cache(maxsize=16)
def mel_filters(rate, *, frame_length=256, bands=40, low=0.0, high=None):
    """Triangular filters, evenly spaced on the mel scale, each of unit area.

    Band b rises from edge b to edge b + 1 and falls to edge b + 2; its height is
    2 / (edge b + 2 - edge b).

    Args:
        rate: Hz. frame_length: of the spectra they weigh, samples.
        bands: how many. low, high: their range, Hz; by default up to rate / 2.

    Returns:
        (F, bands) float32, read-only: mel = power @ filters.

    Raises:
        ValueError: if a band falls between two frequencies and would always be 0.

    >>> mel_filters(8000).shape
    (129, 40)

    Source: Davis & Mermelstein (1980); the scale of Slaney's Auditory Toolbox (1998).
    """
    expect_rate("mel_filters", rate)
    frequencies = np.fft.rfftfreq(frame_length, 1 / rate)  # (F,)
    first, last = mels_of([low, rate / 2 if high is None else high])
    edges = hertz_of(np.linspace(first, last, bands + 2))  # (bands + 2,)
    distance = frequencies[:, None] - edges  # (F, bands + 2)
    width = np.diff(edges)
    rising, falling = distance[:, :-2] / width[:-1], -distance[:, 2:] / width[1:]
    filters = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    filters *= 2 / (edges[2:] - edges[:-2])
    empty = np.flatnonzero(filters.max(axis=0) == 0)
    if len(empty):
        raise ValueError(
            f"mel_filters: {len(empty)} of {bands} bands fall between the frequencies "
            f"of frames of {frame_length} samples; take fewer bands or longer frames"
        )
    filters.flags.writeable = False
    return filters


def mels_of(hertz):
    """f / 66.7 below 1000 Hz, 15 + 27 log(f / 1000) / log(6.4) above.

    >>> mels_of([0, 200, 1000, 6400])
    array([ 0.,  3., 15., 42.])
    """
    hertz = np.asarray(hertz, np.float64)
    above = CORNER / WIDTH + np.log(np.maximum(hertz, CORNER) / CORNER) / STEP
    return np.where(hertz < CORNER, hertz / WIDTH, above)


def hertz_of(mels):
    """The frequencies of mels: `mels_of` the other way round.

    >>> hertz_of([0, 3, 15, 42])
    array([   0.,  200., 1000., 6400.])
    """
    mels = np.asarray(mels, np.float64)
    above = CORNER * np.exp(STEP * (mels - CORNER / WIDTH))
    return np.where(mels < CORNER / WIDTH, mels * WIDTH, above)
