"""Pooling: one number per window and channel, the largest or the mean."""

import math

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.reference.upstream import upstream
from mmlearn.reference.windows import add_windows, pad, per_axis, slide, unpad, windows


def max_pool2d(x, *, pool_size=2, strides=None, padding="valid"):
    """Largest value of each window: y_bijc = max_pq x_b,(i s + p),(j s + q),c.

    Args:
        x: (B, H, W, C) images.
        pool_size: window, px: an integer, or one each for H and W.
        strides: step s between windows, px; by default pool_size.
        padding: "valid" (whole windows only) or "same" (Ho = ⌈H / s⌉; what lies
            outside x never is the largest).

    Returns:
        y: (B, Ho, Wo, C), and its pullback: dy (B, Ho, Wo, C) -> (dx,).

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> y, pullback = max_pool2d(np.array([[1.0, 5.0], [7.0, 3.0]]).reshape(1, 2, 2, 1))
    >>> float(y[0, 0, 0, 0]), pullback(np.ones_like(y))[0].ravel()
    (7.0, array([0., 0., 1., 0.]))
    """
    x, way = _check("max_pool2d", x, pool_size, strides, padding)
    lowest = -np.inf if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
    taps = _taps_first(windows(pad(x, way.pads, lowest), way))  # (kh, kw, B, Ho, Wo, C)
    shape = taps.shape
    taps = taps.reshape(math.prod(way.size), *shape[2:])  # (kh kw, B, Ho, Wo, C)
    y = taps.max(axis=0)
    first = taps.argmax(axis=0)

    def pullback(dy):
        # y is one of its window's pixels, so ∂y/∂x = 1 there and 0 elsewhere. Among
        # equals the first takes it all, as in TensorFlow.
        dy = upstream("max_pool2d", dy, y)
        which = np.arange(len(taps)).reshape(-1, 1, 1, 1, 1)  # one per tap
        dtaps = np.where(first == which, dy, 0)  # (kh kw, B, Ho, Wo, C)
        return (_back(dtaps.reshape(shape), way, x.shape),)

    return y, pullback


def average_pool2d(x, *, pool_size=2, strides=None, padding="valid"):
    """Mean of each window: y_bijc = 1/n_ij Σ_pq x_b,(i s + p),(j s + q),c.

    n_ij counts the window's pixels that lie in x: padding is not averaged, as in Keras.

    Args:
        x: (B, H, W, C) images.
        pool_size: window, px: an integer, or one each for H and W.
        strides: step s between windows, px; by default pool_size.
        padding: "valid" (whole windows only) or "same" (Ho = ⌈H / s⌉).

    Returns:
        y: (B, Ho, Wo, C), and its pullback: dy (B, Ho, Wo, C) -> (dx,).

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> y, pullback = average_pool2d(np.arange(4.0).reshape(1, 2, 2, 1))
    >>> float(y[0, 0, 0, 0]), pullback(np.ones_like(y))[0].ravel()
    (1.5, array([0.25, 0.25, 0.25, 0.25]))
    """
    x, way = _check("average_pool2d", x, pool_size, strides, padding)
    inside = np.ones((1, *x.shape[1:3], 1), x.dtype)
    n = _taps_first(windows(pad(inside, way.pads), way)).sum(axis=(0, 1))
    taps = _taps_first(windows(pad(x, way.pads), way))  # (kh, kw, B, Ho, Wo, C)
    y = taps.sum(axis=(0, 1)) / n

    def pullback(dy):
        # ∂y_ij/∂x = 1/n_ij for each pixel of the window.
        dy = upstream("average_pool2d", dy, y)
        return (_back(np.broadcast_to(dy / n, taps.shape), way, x.shape),)

    return y, pullback


def _taps_first(windows):
    """Windows (B, Ho, Wo, kh, kw, C) as (kh, kw, B, Ho, Wo, C)."""
    return np.moveaxis(windows, (3, 4), (0, 1))


def _back(dtaps, way, shape):
    """Pullback of `pad`, `windows`, `_taps_first`: (kh, kw, B, Ho, Wo, C) -> dx."""
    padded = [n + sum(p) for n, p in zip(shape[1:3], way.pads, strict=True)]
    dx = np.zeros((shape[0], *padded, shape[3]), dtaps.dtype)  # (B, H, W, C)
    add_windows(np.moveaxis(dx, -1, 0), np.moveaxis(dtaps, -1, 2), way)
    return unpad(dx, way.pads)


def _check(where, x, pool_size, strides, padding):
    """Refuse what does not fit, in the words of the function called; and the Slide."""
    expect_shape(where, "x", x, "B H W C")
    size = per_axis(where, "pool_size", pool_size, 2)
    strides = per_axis(where, "strides", pool_size if strides is None else strides, 2)
    way = slide(where, x.shape[1:3], size, strides, padding, (1, 1))
    return np.asarray(x), way
