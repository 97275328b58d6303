"""MNIST-1D: a whole data set as a recipe, each step's strength an argument.

Ten curves of twelve points stand for the digits. A sample is one of them: followed by
silence, squeezed into 72 points, made larger or smaller, moved along the axis (what
falls off comes in again), its silence filled with noise, sheared; 40 points are kept.
"""

import numpy as np

from mmlearn.datasets.card import DataError

SIZES = {"train": 4_000, "validation": 1_000, "test": 1_000}
SMOOTHING = 2  # points, the standard deviation of the filter that makes noise low
# The published curves; each begins and ends at the height 5.
TEMPLATES = np.array(
    [
        [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
        [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
        [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
        [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
        [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
        [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
        [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
        [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
    ]
)


def load_mnist1d(
    *,
    noise=0.25,
    jitter=0.02,
    scaling=0.4,
    translation=48,
    shear=0.75,
    padding=(36, 60),
    length=40,
    shuffle=False,
    seed=0,
):
    """Make MNIST-1D: digits with one dimension, small enough to think about.

    Origin: the published recipe and templates in a program of ours: other samples than
        the published file's, out of the same distribution; no network.
    Licence: the recipe is Apache-2.0 (github.com/greydanus/mnist1d).
    Citation: Greydanus, Kobak (2024), Scaling down deep learning with MNIST-1D, ICML.

    Args:
        noise, jitter: of the smooth noise in the silence, of the white noise all over.
        scaling: width of the range of sizes around 1; 0 makes all digits alike.
        translation: the most a digit is moved, of 72 points; 1 or less: not at all.
        shear: width of the range of slopes. padding: least and most silence, points.
        length: T, points of a sample.
        shuffle: whether the points of all samples are put in one other order.
        seed: of everything drawn.

    Returns:
        dict "train", "validation", "test" → (x, y): x (N, T, 1) float32 with mean 0 and
        s.d. 1 over training, y (N,) int64. N = 4,000 and 1,000 as published, and 1,000
        more to choose by, as many of each digit.

    >>> load_mnist1d()["train"][0].shape
    (4000, 40, 1)
    """
    low, high = padding
    if not 1 <= low <= high or length < 2 or translation < 0:
        raise DataError(
            f"load_mnist1d: padding {padding}, length {length}, translation"
            f" {translation}; expected 1 <= least <= most, 2 or more, 0 or more"
        )
    splits = {}
    for part, (name, n) in enumerate(SIZES.items()):
        rng = np.random.default_rng([seed, part])
        y = rng.permutation(np.arange(n) % len(TEMPLATES))
        curves = _heights()[y]  # (N, 12)
        x, silent = _padded(curves, rng.integers(low, high, n, endpoint=True), high)
        x *= 1 + scaling * _centred(rng, n)
        x, silent = _rolled([x, silent], rng.integers(0, max(translation, 1), n))
        x = np.where(silent, noise * _smooth(rng.standard_normal(x.shape)), x)
        x += jitter * rng.standard_normal(x.shape)
        x -= shear * _centred(rng, n) * np.linspace(-0.5, 0.5, x.shape[1])
        x = _at(x, np.linspace(0, x.shape[1] - 1, length)[None])  # (N, T)
        splits[name] = x, y
    order = np.random.default_rng(seed).permutation(length) if shuffle else slice(None)
    mean, sd = splits["train"][0].mean(), splits["train"][0].std()
    return {
        name: (((x - mean) / sd)[:, order, None].astype(np.float32), y)
        for name, (x, y) in splits.items()
    }


def _heights():
    """The templates with mean 0 and s.d. 1, moved to begin at 0, over 6: (10, 12)."""
    centred = TEMPLATES - TEMPLATES.mean(axis=1, keepdims=True)
    unit = centred / TEMPLATES.std(axis=1, keepdims=True)
    return (unit - unit[:, :1]) / 6


def _padded(curves, silence, most):
    """Curves and the silence after each, read off at as many points for all.

    Returns:
        x: (N, 12 + most), zero in the silence; silent: the same shape, bool.
    """
    points = curves.shape[1]  # 12
    total = points + most
    place = np.linspace(0, 1, total) * (points - 1 + silence[:, None])
    silent = place >= points
    return np.where(silent, 0, _at(curves, np.minimum(place, points - 1))), silent


def _rolled(arrays, steps):
    """Arrays (N, L) with row n moved steps[n] to the right; the end comes in again."""
    total = arrays[0].shape[1]
    source = (np.arange(total) - steps[:, None]) % total
    return [np.take_along_axis(array, source, axis=1) for array in arrays]


def _at(curves, place):
    """Values of curves (N, L) between their points, by straight lines: (N, M)."""
    place = np.broadcast_to(place, (len(curves), place.shape[1]))
    left = np.minimum(place.astype(int), curves.shape[1] - 2)
    share = place - left
    before = np.take_along_axis(curves, left, axis=1)
    after = np.take_along_axis(curves, left + 1, axis=1)
    return (1 - share) * before + share * after


def _smooth(white):
    from scipy.ndimage import gaussian_filter1d

    return gaussian_filter1d(white, SMOOTHING, axis=1)


def _centred(rng, n):
    """(N, 1) uniform between -0.5 and 0.5."""
    return rng.random((n, 1)) - 0.5
