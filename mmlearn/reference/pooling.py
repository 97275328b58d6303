"""Pooling: one number per window and channel, the largest or the mean."""

import numpy as np

from mmlearn.axes import expect_array, expect_shape
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
    padded = pad(x, way.pads, lowest)
    taps = windows(padded, way)  # (B, Ho, Wo, kh, kw, C), a view
    y = taps.max(axis=(3, 4))

    def pullback(dy):
        # y is one of its window's pixels, so ∂y/∂x = 1 there and 0 elsewhere. Among
        # equals the first takes it all, as in TensorFlow.
        dy = upstream("max_pool2d", dy, y)
        dtaps = np.empty((*way.size, *y.shape), dy.dtype)
        met = np.zeros(y.shape, bool)  # has the window's maximum been met?
        for p, q in np.ndindex(way.size):
            here = (taps[:, :, :, p, q] == y) & ~met
            dtaps[p, q] = dy * here
            met |= here
        dtaps = np.moveaxis(dtaps, (0, 1), (3, 4))  # (B, Ho, Wo, kh, kw, C)
        return (_to_pixels(dtaps, padded.shape, way),)

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
    n = windows(pad(inside, way.pads), way).sum(axis=(3, 4))  # (1, Ho, Wo, 1)
    padded = pad(x, way.pads)
    taps = windows(padded, way)  # (B, Ho, Wo, kh, kw, C)
    y = taps.sum(axis=(3, 4)) / n

    def pullback(dy):
        # ∂y_ij/∂x = 1/n_ij for each pixel of the window.
        dy = upstream("average_pool2d", dy, y) / n
        dtaps = np.broadcast_to(dy[:, :, :, None, None], taps.shape)
        return (_to_pixels(dtaps, padded.shape, way),)

    return y, pullback


def _to_pixels(dtaps, shape, way):
    """Pullback of `pad`, then `windows`: dtaps (B, Ho, Wo, kh, kw, C) -> dx."""
    dx = np.zeros(shape, dtaps.dtype)
    add_windows(dx, dtaps, way)
    return unpad(dx, way.pads)


def _check(where, x, pool_size, strides, padding):
    """Refuse what does not fit, in the words of the function called; and the Slide."""
    expect_shape(where, "x", x, "B H W C")
    size = per_axis(where, "pool_size", pool_size, 2)
    strides = per_axis(where, "strides", pool_size if strides is None else strides, 2)
    way = slide(where, x.shape[1:3], size, strides, padding, (1, 1))
    x = expect_array(where, "x", x)
    return (x.astype(np.float64) if x.dtype == bool else x), way
