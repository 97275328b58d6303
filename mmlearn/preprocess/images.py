"""Images to one format: values, size, colour; standardized by the training set.

`augment` (of `augmentation.py`) changes them a little, from a seed.
"""

import numpy as np

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.preprocess.arrays import NotFittedError, expect_numbers
from mmlearn.preprocess.augmentation import augment

__all__ = ["LUMA", "Standardize", "augment", "crop", "pad_to"]
__all__ += ["resize", "scale", "to_gray"]

LUMA = (0.299, 0.587, 0.114)  # red, green, blue: ITU-R BT.601


def scale(x, *, top=None):
    """Bring stored values to 0 … 1: y = x / top.

    Args:
        x: images of any shape.
        top: the value that becomes 1; by default the largest of an integer type (255
            for uint8). Floats, and integers that use less of their range, must say.

    Returns:
        float32 of x's shape.

    Raises:
        ValueError: for values below 0 or above top, NaN, or floats without top.

    >>> scale(np.array([[0, 51, 255]], np.uint8))
    array([[0. , 0.2, 1. ]], dtype=float32)
    """
    x = expect_numbers("scale", "x", x)
    if top is None:
        if x.dtype.kind not in "ui":
            raise ValueError(
                f"scale: x is {x.dtype}; say which value is to be 1: top=…"
            )
        top = np.iinfo(x.dtype).max
    if not top > 0:
        raise ValueError(f"scale: top is {top}; expected a value above 0")
    if x.min() < 0 or x.max() > top:
        raise ValueError(
            f"scale: x goes from {x.min():g} to {x.max():g}; expected 0 to {top:g}"
        )
    return (x / top).astype(np.float32)


def resize(x, size):
    """Scale images to a size: area averages when smaller, bilinear when larger.

    Args:
        x: (..., H, W, C) uint8 or floats.
        size: (H, W) wanted, px.

    Returns:
        (..., H, W, C) of x's dtype.

    >>> resize(np.arange(4.0).reshape(2, 2, 1), (1, 1)).ravel()
    array([1.5])
    """
    import cv2

    x = expect_numbers("resize", "x", x)
    expect_shape("resize", "x", x, "... H W C")
    height, width = _expect_size("resize", size)
    kept = x.dtype if x.dtype in (np.uint8, np.float32, np.float64) else None
    if kept is None:
        raise ValueError(f"resize: x is {x.dtype}; expected uint8, float32 or float64")
    smaller = height * width < x.shape[-3] * x.shape[-2]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    flat = x.reshape(-1, *x.shape[-3:])
    resized = np.empty((len(flat), height, width, x.shape[-1]), kept)
    for image, target in zip(flat, resized, strict=True):
        for first in range(0, image.shape[-1], 4):  # OpenCV takes at most 4
            few = np.ascontiguousarray(image[..., first : first + 4])
            scaled = cv2.resize(few, (width, height), None, 0, 0, how)
            target[..., first : first + 4] = scaled.reshape(height, width, -1)
    return resized.reshape(*x.shape[:-3], *resized.shape[1:])


def crop(x, size, *, top=None, left=None):
    """Cut a window out of images; by default the middle.

    Args:
        x: (..., H, W, C).
        size: (H, W) of the window, px, no larger than x.
        top, left: its first row and column.

    Returns:
        (..., H, W, C), a view.

    >>> crop(np.arange(12).reshape(3, 4, 1), (1, 2)).ravel()
    array([5, 6])
    """
    found = expect_shape("crop", "x", x, "... H W C")
    height, width = _expect_size("crop", size)
    top = (found["H"] - height) // 2 if top is None else top
    left = (found["W"] - width) // 2 if left is None else left
    inside = 0 <= top <= found["H"] - height and 0 <= left <= found["W"] - width
    if not inside:
        raise ShapeError(
            f"crop: a window of {size} at row {top}, column {left} leaves the image "
            f"of ({found['H']}, {found['W']})"
        )
    return x[..., top : top + height, left : left + width, :]


def pad_to(x, size, *, value=0):
    """Surround images with a value up to a size, the image in the middle.

    Args:
        x: (..., H, W, C).
        size: (H, W) wanted, px, no smaller than x.
        value: what the border holds.

    Returns:
        padded: (..., H, W, C); mask: (H, W) bool, True where the image is.

    >>> padded, mask = pad_to(np.ones((1, 2, 1)), (3, 2))
    >>> padded[..., 0].tolist(), mask.sum()
    ([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]], np.int64(2))
    """
    found = expect_shape("pad_to", "x", x, "... H W C")
    height, width = _expect_size("pad_to", size)
    if height < found["H"] or width < found["W"]:
        raise ShapeError(
            f"pad_to: the image is ({found['H']}, {found['W']}), larger than {size}; "
            "crop or resize it first"
        )
    top, left = (height - found["H"]) // 2, (width - found["W"]) // 2
    padded = np.full((*x.shape[:-3], height, width, x.shape[-1]), value, x.dtype)
    mask = np.zeros((height, width), bool)
    window = np.s_[top : top + found["H"], left : left + found["W"]]
    padded[(..., *window, slice(None))] = x
    mask[window] = True
    return padded, mask


def to_gray(x):
    """Luma of RGB images: Y = 0.299 R + 0.587 G + 0.114 B.

    Args:
        x: (..., H, W, 3) RGB.

    Returns:
        (..., H, W, 1) of x's dtype, integers rounded.

    >>> to_gray(np.array([[[255, 0, 0]]], np.uint8))
    array([[[76]]], dtype=uint8)
    """
    x = expect_numbers("to_gray", "x", x)
    expect_shape("to_gray", "x", x, "... H W 3", hint="height, width, red green blue")
    luma = x @ np.array(LUMA, x.dtype if x.dtype.kind == "f" else np.float64)
    luma = luma if x.dtype.kind == "f" else np.rint(luma)
    return luma[..., None].astype(x.dtype)


class Standardize:
    """z = (x - mean) / sd, with mean and sd of the *training* images.

    Computed over all images, they would carry the test set's looks into training.

    Args:
        per: "channel" (one mean per channel) or "pixel" (one per pixel and channel).

    Attributes:
        mean, sd: float64, (C,) or (H, W, C), after `fit`. A value that never varies in
            training has sd 1.

    >>> train, test = np.array([0.0, 4.0]), np.array([6.0])
    >>> standardize = Standardize().fit(train.reshape(2, 1, 1, 1))
    >>> standardize.transform(test.reshape(1, 1, 1, 1)).ravel()
    array([2.])
    """

    def __init__(self, per="channel"):
        if per not in ("channel", "pixel"):
            raise ValueError(
                f"Standardize: per is {per!r}; expected 'channel' or 'pixel'"
            )
        self.per = per
        self.mean = self.sd = None

    def fit(self, x_train):
        """Learn mean and sd of training images (B, H, W, C); return self."""
        x_train = expect_numbers("Standardize.fit", "x_train", x_train)
        expect_shape("Standardize.fit", "x_train", x_train, "B H W C")
        axes = (0, 1, 2) if self.per == "channel" else 0
        self.mean = x_train.mean(axis=axes, dtype=np.float64)
        sd = x_train.std(axis=axes, dtype=np.float64)
        self.sd = np.where(sd > 0, sd, 1.0)
        return self

    def transform(self, x):
        """Standardize images (B, H, W, C); floats keep their dtype, else float32."""
        x = self._expect(x, "Standardize.transform")
        return ((x - self.mean) / self.sd).astype(_float_of(x))

    def inverse(self, z):
        """Undo `transform`: x = z sd + mean."""
        z = self._expect(z, "Standardize.inverse")
        return (z * self.sd + self.mean).astype(_float_of(z))

    def _expect(self, x, where):
        if self.mean is None:
            raise NotFittedError(f"{where}: not fitted yet; call fit(x_train) first")
        x = expect_numbers(where, "x", x)
        sizes = dict(zip("HWC"[-self.mean.ndim :], self.mean.shape, strict=True))
        expect_shape(where, "x", x, "B H W C", sizes=sizes)
        return x


def _float_of(x):
    return x.dtype if x.dtype.kind == "f" else np.float32


def _expect_size(where, size):
    try:
        height, width = (int(side) for side in size)
    except (TypeError, ValueError):
        height = width = 0
    if min(height, width) < 1:
        raise ValueError(f"{where}: size is {size!r}; expected (H, W), px")
    return height, width
