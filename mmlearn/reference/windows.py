"""How a window slides over an image: output sizes, padding, all windows as one view.

Convolution and pooling differ in what they compute in a window, not in where it goes.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from mmlearn.axes import ShapeError


class Slide(NamedTuple):
    """A window's way over the axes it slides on; each field has one entry per axis."""

    size: tuple[int, ...]  # taps k
    strides: tuple[int, ...]  # step s between windows, px
    dilation: tuple[int, ...]  # step d between taps, px
    pads: tuple[tuple[int, int], ...]  # zeros before and after, px
    out: tuple[int, ...]  # number of windows


def per_axis(where, name, value, axes):
    """Read 2 or (2, 1) as one positive integer per axis.

    >>> per_axis("conv2d", "strides", 2, axes=2)
    (2, 2)
    """
    values = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    whole = all(isinstance(v, int | np.integer) and v > 0 for v in values)
    if len(values) != axes or not whole:
        tuples = "" if axes == 1 else f", or a tuple of {axes}"
        raise ValueError(
            f"{where}: {name} is {value!r}; expected a positive integer{tuples}"
        )
    return tuple(int(v) for v in values)


def slide(where, sizes, size, strides, padding, dilation):
    """Say where windows of `size` taps go on axes of `sizes` pixels.

    A window covers span = (k − 1) d + 1 pixels of an axis of n pixels.
    "valid": only whole windows, ⌊(n − span) / s⌋ + 1 of them. "same": ⌈n / s⌉ windows,
    and as many zeros as they need, an odd one after (as Keras and TensorFlow do).

    Raises:
        ValueError: for a padding that is neither.
        ShapeError: where no window fits.
    """
    if padding not in ("valid", "same"):
        raise ValueError(f"{where}: padding is {padding!r}; expected 'valid' or 'same'")
    out, pads = [], []
    for axis, (n, k, s, d) in enumerate(
        zip(sizes, size, strides, dilation, strict=True)
    ):
        span = (k - 1) * d + 1
        if padding == "same":
            out.append(-(-n // s))
            missing = max((out[-1] - 1) * s + span - n, 0)
            pads.append((missing // 2, missing - missing // 2))
        elif 0 < span <= n:
            out.append((n - span) // s + 1)
            pads.append((0, 0))
        else:
            raise ShapeError(
                f"{where}: a window of {k} taps covers {span} px, and sliding axis "
                f"{axis} of x has {n}; expected a smaller window, or padding='same'"
            )
    return Slide(tuple(size), tuple(strides), tuple(dilation), tuple(pads), tuple(out))


def pad(x, pads, value=0):
    """Put `value` around the sliding axes of x (B, H, W, C); x itself if pads are 0."""
    if not any(map(any, pads)):
        return x
    return np.pad(x, ((0, 0), *pads, (0, 0)), constant_values=value)


def windows(x, way):
    """View padded x (B, H, W, C) as its windows (B, Ho, Wo, kh, kw, C); no copy.

    >>> x = np.arange(12).reshape(1, 3, 4, 1)
    >>> way = slide("doc", (3, 4), (2, 3), (1, 1), "valid", (1, 1))
    >>> windows(x, way)[0, 1, 1, :, :, 0]
    array([[ 5,  6,  7],
           [ 9, 10, 11]])
    """
    b, *sliding, c = x.strides
    steps = [n * s for n, s in zip(sliding, way.strides, strict=True)]
    taps = [n * d for n, d in zip(sliding, way.dilation, strict=True)]
    shape = (len(x), *way.out, *way.size, x.shape[-1])
    return as_strided(x, shape, (b, *steps, *taps, c), writeable=False)


def overlap_add(dwindows, way, shape):
    """Pullback of `pad`, then `windows`: each pixel sums over the windows it was in.

    Args:
        dwindows: (B, Ho, Wo, kh, kw, C).
        way: the Slide that made the windows.
        shape: (B, H, W, C) of x before padding.

    Returns:
        dx: (B, H, W, C).
    """
    padded = [n + sum(p) for n, p in zip(shape[1:-1], way.pads, strict=True)]
    dx = np.zeros((shape[0], *padded, shape[-1]), dwindows.dtype)
    rows, columns = (
        [slice(t * d, t * d + (o - 1) * s + 1, s) for t in range(k)]
        for k, s, d, o in zip(way.size, way.strides, way.dilation, way.out, strict=True)
    )
    for p, row in enumerate(rows):
        for q, column in enumerate(columns):
            dx[:, row, column] += dwindows[:, :, :, p, q]
    (top, _), (left, _) = way.pads
    return dx[:, top : top + shape[1], left : left + shape[2]]
