"""A confusion matrix as a picture, quick enough to be drawn after every epoch."""

from functools import cache

import numpy as np

_CELL, _FONT = 34, 13  # px
_MOST = 40  # classes with their counts and names; more are drawn as cells alone
_LOW, _HIGH = np.array([247, 251, 255.0]), np.array([8, 48, 107.0])  # pale, dark blue


def confusion_counts(labels, prediction):
    """(K, K) counts, true class by predicted class; None if these are no classes.

    Args:
        labels: (B,) or (B, 1) class numbers, or (B, K) one-hot.
        prediction: (B, K) logits or probabilities.
    """
    labels, prediction = np.asarray(labels), np.asarray(prediction)
    if prediction.ndim != 2 or prediction.shape[1] < 2 or len(labels) < 1:
        return None
    classes = prediction.shape[1]
    if labels.shape == prediction.shape:
        labels = labels.argmax(axis=1)
    labels = labels.reshape(len(labels), -1)
    whole = labels.dtype.kind in "biuf" and np.all(labels == np.floor(labels))
    if labels.shape[1] != 1 or not whole:
        return None
    labels = labels[:, 0].astype(np.int64)
    if labels.min() < 0 or labels.max() >= classes:
        return None
    pairs = labels * classes + prediction.argmax(axis=1)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def confusion_picture(counts, names=None):
    """A confusion matrix: rows true, columns predicted, darker for a larger share.

    Args:
        counts: (K, K), true class by predicted class.
        names: of the K classes, by default their numbers.

    Returns:
        (height, width, 3) uint8.
    """
    from PIL import Image, ImageDraw

    counts = np.asarray(counts)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # A power, so that one mistake among many is still seen.
    cells = _LOW + (share[..., None] ** 0.4) * (_HIGH - _LOW)
    cells = cells.round().astype(np.uint8)
    if len(counts) > _MOST:
        return cells.repeat(4, axis=0).repeat(4, axis=1)
    names = [str(k) for k in (range(len(counts)) if names is None else names)]
    left = 24 + int(max(_font().getlength(name) for name in names)) + 8
    side = len(counts) * _CELL
    image = Image.new("RGB", (left + side + 8, side + 60), "white")
    grid = cells.repeat(_CELL, axis=0).repeat(_CELL, axis=1)
    image.paste(Image.fromarray(grid), (left, 8))
    draw = ImageDraw.Draw(image)
    for row, column in np.argwhere(counts):
        ink = "white" if share[row, column] > 0.3 else "black"
        at = left + (column + 0.5) * _CELL, 8 + (row + 0.5) * _CELL
        _write(draw, at, str(counts[row, column]), ink)
    for k, name in enumerate(names):
        middle = (k + 0.5) * _CELL
        _write(draw, (left - 8, 8 + middle), name, anchor="rm")
        _write(draw, (left + middle, side + 20), name[: _CELL // 7])
    _write(draw, (left + side / 2, side + 44), "predicted class")
    upright = Image.new("RGB", (90, 20), "white")
    _write(ImageDraw.Draw(upright), (45, 10), "true class")
    image.paste(upright.rotate(90, expand=True), (0, max(0, 8 + (side - 90) // 2)))
    return np.asarray(image)


def _write(draw, at, text, ink="black", anchor="mm"):
    draw.text(at, text, fill=ink, font=_font(), anchor=anchor)


@cache
def _font():
    from matplotlib import get_data_path
    from PIL import ImageFont

    return ImageFont.truetype(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf", _FONT)
