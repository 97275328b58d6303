"""Digits that are seen and heard: images and recordings paired by what they mean."""

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.digits import load_digits
from mmlearn.datasets.mnist import load_mnist
from mmlearn.datasets.speech import RATE, load_fsdd, load_spoken_digits
from mmlearn.datasets.splits import group_split

PARTS = {"train": 4, "validation": 1, "test": 1}  # speakers in each
DIGITS = 10


def load_av_digits(*, seed=0, repeats=1, seconds=1.0, download=True):
    """Load MNIST's images paired with FSDD's recordings of the same digit.

    Origin: see `load_mnist` and `load_fsdd`. A pair has one label and nothing else in
        common: given the digit, image and sound are independent, so multiplying what
        each says (a product of experts) loses nothing, and no richer fusion can win.
        Of 6 speakers 4 train, 1 validates, 1 tests; MNIST's own test images test.
    Licence: that of both sets. Citation: that of both sets; paired by the course.

    Args:
        seed: fixes the speakers' parts, the validation images and the pairs.
        repeats: how often a recording is used, each time with another image; with 1
            nothing is used twice.
        seconds: longer recordings are cut, shorter ones padded with zeros.
        download: whether what is missing may be fetched.

    Returns:
        dict "train", "validation", "test" → ({"image": (B, 28, 28, 1) uint8, "sound":
        (B, S) float32 at 8 kHz, "sound_mask": (B, S) bool}, y (B,) int64), as many of
        each digit; B = 2,000, 500, 500 times repeats.

    Raises:
        DataError: with the command to run, and `load_small_av_digits()` as the way
            without a network; or if there are too few images for so many repeats.
    """
    return pair(
        load_mnist(seed=seed, download=download),
        load_fsdd(download=download),
        seed=seed,
        repeats=repeats,
        seconds=seconds,
    )


def load_small_av_digits(*, seed=0, repeats=5, seconds=0.8):
    """Load scikit-learn's digits paired with the spoken digits that ship: no network.

    Origin: see `load_digits` and `load_spoken_digits`; paired as in `load_av_digits`.
        The voices are synthetic, and the same 13 people wrote all parts: far easier
        than strangers. Each recording is used 5 times: a test has 250 pairs, but only
        50 recordings, of one voice; another seed tests on another voice.
    Licence: that of both sets. Citation: that of both sets; paired by the course.

    Args:
        seed, repeats, seconds: as of `load_av_digits`; there are images for 5 repeats.

    Returns:
        dict "train", "validation", "test" → ({"image": (B, 8, 8, 1) uint8, 0 … 16,
        "sound": (B, S) float32 at 8 kHz, "sound_mask": (B, S) bool}, y (B,) int64);
        B = 200, 50, 50 times repeats. Log-mel frames of the sound, and noise in both,
        come from `recipes.av_digits.load_small_av_features`.

    Raises:
        DataError: if the recordings are damaged, or there are too few images.

    >>> x, y = load_small_av_digits()["test"]
    >>> {name: array.shape for name, array in x.items()}
    {'image': (250, 8, 8, 1), 'sound': (250, 6400), 'sound_mask': (250, 6400)}
    """
    return pair(
        load_digits(seed=seed),
        load_spoken_digits(),
        seed=seed,
        repeats=repeats,
        seconds=seconds,
    )


def pair(images, recordings, *, seed=0, repeats=1, seconds=1.0):
    """Pair images and recordings of the same digit; no speaker is in two parts.

    Within a part and a digit, the recordings (each `repeats` times) meet images in an
    order of the seed's, no image twice; then the part's pairs are shuffled.

    Args:
        images: dict part → (x (N, H, W, C), y (N,)), as `load_digits` gives it.
        recordings: `SpokenDigits` of at least three speakers, four of six training.
        seed, repeats, seconds: as of `load_av_digits`.

    Returns:
        as of `load_av_digits`.
    """
    if repeats < 1 or not seconds > 0:
        raise DataError(
            f"av_digits: repeats {repeats}, seconds {seconds}; expected 1 or more, > 0"
        )
    others = len(recordings.speakers) - PARTS["validation"] - PARTS["test"]
    if others < 1:
        names = ", ".join(recordings.speakers)
        raise DataError(f"av_digits: the speakers are {names}; expected 3 or more")
    sizes = [others, PARTS["validation"], PARTS["test"]]
    chosen = group_split(recordings.speaker, sizes, seed)
    splits = {}
    for number, (part, heard) in enumerate(zip(PARTS, chosen, strict=True)):
        x, labels = images[part]
        order = np.random.PCG64([seed, number])
        seen, heard = _pairs(labels, recordings.digit, heard, repeats, order, part)
        sound, mask = _padded(recordings, heard, round(seconds * RATE))
        batch = {"image": x[seen], "sound": sound, "sound_mask": mask}
        splits[part] = batch, recordings.digit[heard]
    return splits


def _pairs(labels, digit, heard, repeats, order, part):
    """Indices of images and of recordings, (B,) each, that belong together."""
    pairs = []
    for k in range(DIGITS):
        spoken = np.tile(heard[digit[heard] == k], repeats)
        drawn = np.flatnonzero(labels == k)
        if len(drawn) < len(spoken):
            raise DataError(
                f"av_digits: {len(spoken)} recordings of a {k} in the {part} part and"
                f" {len(drawn)} images; expected as many images: fewer repeats"
            )
        drawn = drawn[_shuffled(order, len(drawn))][: len(spoken)]
        pairs.append(np.stack([drawn, spoken]))
    together = np.concatenate(pairs, axis=1)  # (2, B)
    return together[:, _shuffled(order, together.shape[1])]


def _shuffled(order, n):
    """0 … n − 1 in an order that no version of NumPy changes."""
    return np.argsort(order.random_raw(n), kind="stable")


def _padded(recordings, index, length):
    """(B, length) float32 samples, and the mask that is True on what was recorded."""
    sound = np.zeros((len(index), length), np.float32)
    lengths = np.array([len(recordings.waveforms[i]) for i in index])
    for row, i in zip(sound, index, strict=True):
        samples = recordings.waveforms[i][:length]
        row[: len(samples)] = samples
    return sound, np.arange(length) < lengths[:, None]
