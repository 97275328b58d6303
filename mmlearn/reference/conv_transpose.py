"""The transposed convolution: `conv2d` run backwards, used as a forward layer.

A convolution is a matrix, y = T x. Its pullback multiplies with Tᵀ. This layer does the
same on purpose, to make a small map larger.
"""

import numpy as np

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.reference.conv import conv2d
from mmlearn.reference.upstream import upstream
from mmlearn.reference.windows import add_windows, per_axis, slide, unpad


def conv2d_transpose(x, kernel, bias=None, *, strides=1, padding="valid"):
    """2-D transposed convolution, as Keras' Conv2DTranspose computes it.

    y_b,(i s + p),(j s + q),u = b_u + Σ_c x_bijc W_pquc, summed over all (i, p), (j, q)
    that meet there: each pixel of x stamps the kernel into y, s pixels apart.

    Args:
        x: (B, H, W, C) maps.
        kernel: (kh, kw, U, C) weights W: units *before* channels, as in Keras.
        bias: (U,) offsets b, or None for none.
        strides: step s between stamps, px: an integer, or one each for H and W.
        padding: "valid", Ho = H s + max(kh − s, 0), or "same", Ho = H s.

    Returns:
        y: (B, Ho, Wo, U), and its pullback: dy (B, Ho, Wo, U) -> dx, dkernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> x = np.array([1.0, 2.0]).reshape(1, 1, 2, 1)
    >>> kernel = np.array([1.0, 10.0, 100.0]).reshape(1, 3, 1, 1)
    >>> conv2d_transpose(x, kernel, strides=(1, 2))[0].ravel()
    array([  1.,  10., 102.,  20., 200.])

    Source: Dumoulin and Visin (2016), section 4.
    """
    where = "conv2d_transpose"
    x, kernel, bias = _check(where, x, kernel, bias)
    strides = per_axis(where, "strides", strides, 2)
    sizes = list(zip(x.shape[1:3], kernel.shape[:2], strides, strict=True))
    wide = padding == "valid"
    out = tuple(n * s + (max(k - s, 0) if wide else 0) for n, k, s in sizes)
    # The windows are those of the convolution that would lead from y back to x.
    way = slide(where, out, kernel.shape[:2], strides, padding, (1, 1))
    padded = tuple(n + sum(pads) for n, pads in zip(out, way.pads, strict=True))
    units = kernel.shape[2]
    stamps = np.tensordot(x, kernel, axes=([3], [3]))  # (B, H, W, kh, kw, U)
    y = np.zeros((len(x), *padded, units), stamps.dtype)
    add_windows(y, stamps, way)
    y = unpad(y, way.pads)  # (B, Ho, Wo, U)
    y = y if bias is None else y + bias

    def pullback(dy):
        # y = Tᵀx with T the matrix of the convolution with W, from U units to C. So
        # ⟨dy, y⟩ = ⟨dy, Tᵀx⟩ = ⟨T dy, x⟩, and T dy is conv2d itself: dx = T dy. The
        # same number as a function of W is ⟨conv2d(dy, W), x⟩: dW is the gradient of
        # conv2d's kernel where dy goes in and x comes back.
        dy = upstream(where, dy, y)
        dx, convolution_pullback = conv2d(dy, kernel, strides=strides, padding=padding)
        _, dkernel, _ = convolution_pullback(x)
        return dx, dkernel, None if bias is None else dy.sum(axis=(0, 1, 2))

    return y, pullback


def _check(where, x, kernel, bias):
    sizes = expect_shape(where, "x", x, "B H W C")
    hint = "taps along H and W, units out, channels of x"
    expect_shape(where, "kernel", kernel, f"* * * {sizes['C']}", hint=hint)
    if 0 in kernel.shape:
        raise ShapeError(f"{where}: kernel is {kernel.shape}; expected no size of 0")
    if bias is not None:
        expect_shape(where, "bias", bias, "U", sizes={"U": kernel.shape[2]})
        bias = np.asarray(bias)
    return np.asarray(x), np.asarray(kernel), bias
