"""Convolution in time and space: as many 2-D convolutions as the kernel has frames."""

from typing import Any

import numpy as np

from mmlearn.axes import expect_array, expect_shape
from mmlearn.reference.conv import conv2d
from mmlearn.reference.upstream import upstream
from mmlearn.reference.windows import per_axis, slide


def conv3d(x, kernel, bias=None, *, strides=1, padding="valid", dilation_rate=1):
    """3-D cross-correlation, as Keras' Conv3D computes it.

    y_bt = b + Σ_p conv2d(x_b,(t s + p d), W_p): each frame p of the kernel is a 2-D
    convolution of the frame that it meets, and their maps add up.

    Args:
        x: (B, T, H, W, C) clips.
        kernel: (kt, kh, kw, C, U) weights W.
        bias: (U,) offsets b, or None for none.
        strides: step s between windows: an integer, or one each for T, H and W.
        padding: "valid", or "same" (zeros around, To = ⌈T / s⌉, so with H and W).
        dilation_rate: step d between the taps of a window.

    Returns:
        y: (B, To, Ho, Wo, U), and its pullback: dy -> dx, dkernel, dbias. Multiply-adds
        of a clip: To Ho Wo · kt kh kw C U.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> y, pullback = conv3d(np.ones((1, 16, 12, 12, 1)), np.ones((3, 3, 3, 1, 8)))
    >>> y.shape, float(y[0, 0, 0, 0, 0])
    ((1, 14, 10, 10, 8), 27.0)
    """
    x, kernel = expect_array("conv3d", "x", x), expect_array("conv3d", "kernel", kernel)
    sizes = expect_shape("conv3d", "x", x, "B T H W C")
    hint = "taps along T, H and W, channels of x, units out"
    expect_shape("conv3d", "kernel", kernel, f"* * * {sizes['C']} *", hint=hint)
    st, *strides = per_axis("conv3d", "strides", strides, 3)
    dt, *dilation = per_axis("conv3d", "dilation_rate", dilation_rate, 3)
    in_space: dict[str, Any] = {"strides": tuple(strides), "padding": padding}
    in_space["dilation_rate"] = tuple(dilation)
    taps, frames = len(kernel), sizes["T"]
    way = slide("conv3d", (frames,), (taps,), (st,), padding, (dt,))
    ((before, after),), (count,) = way.pads, way.out
    padded = np.pad(x, ((0, 0), (before, after), (0, 0), (0, 0), (0, 0)))
    met = [slice(p * dt, p * dt + (count - 1) * st + 1, st) for p in range(taps)]
    parts = []
    for p, frame in enumerate(met):
        seen = padded[:, frame].reshape(-1, *x.shape[2:])  # (B To, H, W, C)
        parts.append(conv2d(seen, kernel[p], None if p else bias, **in_space))
    y = np.sum([part for part, _ in parts], axis=0)  # (B To, Ho, Wo, U)
    maps = y.shape
    y = y.reshape(len(x), count, *maps[1:])

    def pullback(dy):
        # A sum hands dy to each of its terms; frame t s + p d collects what the terms
        # that met it hand back.
        dy = upstream("conv3d", dy, y).reshape(maps)
        dx, dkernel = np.zeros(padded.shape, dy.dtype), np.zeros(kernel.shape, dy.dtype)
        for p, (frame, (_, back)) in enumerate(zip(met, parts, strict=True)):
            dseen, dkernel[p], _ = back(dy)
            dx[:, frame] += dseen.reshape(len(x), count, *x.shape[2:])
        dbias = None if bias is None else dy.sum(axis=(0, 1, 2))
        return dx[:, before : before + frames], dkernel, dbias

    return y, pullback
