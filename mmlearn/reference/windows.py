"""How a window slides over an image: output sizes, padding, all windows as one view.

Convolution and pooling differ in what they compute in a window, not in where it goes.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from mmlearn.axes import ShapeError

CACHE = 2**20  # bytes, about what one core's L2 cache holds
SHORT = 16  # numbers side by side in a window: fewer are not worth a copy of their own


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

    >>> way = slide("conv2d", (28, 5), (3, 3), (1, 2), "same", (1, 1))
    >>> way.out, way.pads
    ((28, 3), ((1, 1), (1, 1)))
    """
    if padding not in ("valid", "same"):
        raise ValueError(f"{where}: padding is {padding!r}; expected 'valid' or 'same'")
    out, pads = [], []
    for n, k, s, d in zip(sizes, size, strides, dilation, strict=True):
        span = (k - 1) * d + 1
        if padding == "same" and n:
            out.append(-(-n // s))
            missing = max((out[-1] - 1) * s + span - n, 0)
            pads.append((missing // 2, missing - missing // 2))
        elif span <= n:
            out.append((n - span) // s + 1)
            pads.append((0, 0))
        else:
            raise ShapeError(
                f"{where}: a window of {k} taps covers {span} px, and x {tuple(sizes)} "
                f"has only {n}; expected a smaller window, or padding='same'"
            )
    return Slide(tuple(size), tuple(strides), tuple(dilation), tuple(pads), tuple(out))


def pad(x, pads, value=0):
    """Put `value` around the sliding axes of x (B, H, W, C); x itself if pads are 0."""
    if not any(map(any, pads)):
        return x
    return np.pad(x, ((0, 0), *pads, (0, 0)), constant_values=value)


def unpad(dx, pads):
    """Pullback of `pad`: cut what was put around; the zeros are nobody's input."""
    (top, bottom), (left, right) = pads
    return dx[:, top : dx.shape[1] - bottom, left : dx.shape[2] - right]


def windows(x, way):
    """View padded x (B, H, W, C) as its windows (B, Ho, Wo, kh, kw, C); no copy.

    >>> x = np.arange(12).reshape(1, 3, 4, 1)
    >>> way = slide("doc", (3, 4), (2, 3), (1, 1), "valid", (1, 1))
    >>> windows(x, way)[0, 1, 1, :, :, 0]
    array([[ 5,  6,  7],
           [ 9, 10, 11]])
    """
    b, h, w, c = x.strides
    (sh, sw), (dh, dw) = way.strides, way.dilation
    shape = (len(x), *way.out, *way.size, x.shape[-1])
    strides = (b, h * sh, w * sw, h * dh, w * dw, c)
    return as_strided(x, shape, strides, writeable=False)


def add_windows(dx, dwindows, way):
    """Pullback of `windows`: each pixel sums over the windows that it was in.

    Args:
        dx: (B, H, W, C), padded; added to in place.
        dwindows: (B, Ho, Wo, kh, kw, C).
        way: the Slide that made the windows.
    """
    (sh, sw), (dh, dw) = way.strides, way.dilation
    _, ho, wo, *_ = dwindows.shape
    # Where memory orders differ NumPy adds along the last axis: let that be W, not C.
    dx, dwindows = np.moveaxis(dx, -1, 0), np.moveaxis(dwindows, -1, 0)
    for p, q in np.ndindex(way.size):
        top, left = p * dh, q * dw
        pixels = dx[..., top : top + ho * sh : sh, left : left + wo * sw : sw]
        pixels += dwindows[..., p, q]


def short_rows(windows):
    """Whether the rows of windows (B, Ho, Wo, kh, kw, C) are too short to copy each."""
    return np.prod(windows.shape[4:]) < SHORT


def patch_blocks(windows, shares=1):
    """Copy windows to rows of a matrix, as many at a time as fit in the cache.

    The whole matrix of 32 images 32×32×64 and a 3×3 kernel has 66 MB. Block by block,
    the product that follows reads it from the cache: this is why NumPy keeps up.

    Args:
        windows: (B, Ho, Wo, kh, kw, C).
        shares: a block may fill one of so many parts of the cache.

    Yields:
        block: (images, rows), slices of B and of Ho: some whole images, or some rows
            of one. So `y[block]` is contiguous, and its reshape to (n, U) is a view.
        patches: (n, kh kw C), the block's windows, one per row; stored by columns where
            the rows of a window are short, for a column runs along a row of the image.
    """
    batch, ho, wo, *window = windows.shape
    m = int(np.prod(window))
    short = short_rows(windows)
    fitting = max(1, CACHE // shares // (wo * m * windows.itemsize))  # rows of windows
    images, height = max(1, fitting // ho), min(ho, fitting)
    for b in range(0, batch, images):
        for i in range(0, ho, height):
            block = slice(b, b + images), slice(i, i + height)
            if short:
                yield block, windows[block].transpose(3, 4, 5, 0, 1, 2).reshape(m, -1).T
            else:
                yield block, windows[block].reshape(-1, m)


def add_patches(dx, dpatches, block, way):
    """Pullback of `patch_blocks`: each pixel sums over the patches that it was in.

    Args:
        dx: (B, H, W, C), padded; added to in place.
        dpatches: (n, kh kw C), the gradient of the block's patches.
        block: (images, rows), as `patch_blocks` gave them.
        way: the Slide that made the windows.
    """
    images, rows = block
    pixels = dx[images, rows.start * way.strides[0] :]
    shape = (len(pixels), -1, way.out[1], *way.size, dx.shape[-1])
    add_windows(pixels, dpatches.reshape(shape), way)
