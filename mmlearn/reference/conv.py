"""Convolution layers: each output pixel is a weighted sum over its window of x.

What deep learning calls convolution is cross-correlation: the kernel is laid on x as it
stands. `conv1d` and `conv2d` do that, as Keras does; `convolve2d` is the convolution of
mathematics and signal processing, whose kernel is flipped.
"""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.reference.windows import overlap_add, pad, per_axis, slide, windows


def conv2d(
    x, kernel, bias=None, *, strides=1, padding="valid", dilation_rate=1, groups=1
):
    """2-D cross-correlation, as Keras' Conv2D computes it.

    y_bijv = b_v + Σ_pqc x_b,(i s + p d),(j s + q d),c W_pqcv, x padded if "same".

    Args:
        x: (B, H, W, C) images.
        kernel: (kh, kw, C / groups, U) weights W.
        bias: (U,) offsets b, or None for none.
        strides: step s between windows, px: an integer, or one each for H and W.
        padding: "valid" (whole windows only) or "same" (zeros around, Ho = ⌈H / s⌉).
        dilation_rate: step d between the taps of a window, px.
        groups: channels and units fall into this many groups that do not mix.

    Returns:
        y: (B, Ho, Wo, U), and its pullback: dy (B, Ho, Wo, U) -> dx, dkernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> y, pullback = conv2d(np.ones((1, 28, 28, 3)), np.ones((3, 3, 3, 32)))
    >>> y.shape, float(y[0, 0, 0, 0])
    ((1, 26, 26, 32), 27.0)
    """
    way = _check(
        "conv2d", "H W", x, kernel, bias, strides, padding, dilation_rate, groups
    )
    units = kernel.shape[-1]
    padded = pad(x, way.pads)
    all_patches = windows(padded, way)  # (B, Ho, Wo, kh, kw, C)
    w = _by_group(kernel, groups)  # (G, kh kw C/G, U/G)
    y = np.empty((len(x), *way.out, units), np.result_type(x, kernel))
    for b in range(len(x)):  # one image at a time: its patches stay in the cache
        y[b] = _ungroup(_patches(all_patches[b], groups) @ w, way.out)
    if bias is not None:
        y += bias

    def pullback(dy):
        # With n for (i, j) and m for (p, q, c), an image is one product of matrices,
        # y_nu = Σ_m P_nm W_mu + b_u, where P holds one patch of x per row. So
        # dW_mu = Σ_bn P_nm dy_nu
        # dP_nm = Σ_u  dy_nu W_mu, and a pixel of x sums over the patches it is in
        # db_u  = Σ_bn dy_nu
        dw = np.zeros_like(w, np.result_type(x, dy))
        dx = np.empty(x.shape, np.result_type(kernel, dy))
        for b in range(len(x)):
            dy_g = _grouped(dy[b], groups)  # (G, Ho Wo, U/G)
            dw += _patches(all_patches[b], groups).swapaxes(1, 2) @ dy_g
            dpatches = dy_g @ w.swapaxes(1, 2)  # (G, Ho Wo, kh kw C/G)
            dpatches = dpatches.reshape(groups, *way.out, *way.size, -1)
            dpatches = np.moveaxis(dpatches, 0, -2).reshape(all_patches[b].shape)
            dx[b] = overlap_add(dpatches[None], way, x[b : b + 1].shape)[0]
        dkernel = np.moveaxis(dw, 0, 1).reshape(kernel.shape)
        dbias = None if bias is None else dy.sum(axis=(0, 1, 2))
        return dx, dkernel, dbias

    return y, pullback


def conv1d(
    x, kernel, bias=None, *, strides=1, padding="valid", dilation_rate=1, groups=1
):
    """1-D cross-correlation, as Keras' Conv1D computes it.

    y_bto = b_o + Σ_pc x_b,(t s + p d),c W_pco: `conv2d` on images of height 1.

    Args:
        x: (B, T, C) sequences.
        kernel: (kt, C / groups, U) weights W.
        bias: (U,) offsets b, or None for none.
        strides: step s between windows, in time steps.
        padding: "valid" or "same".
        dilation_rate: step d between the taps of a window, in time steps.
        groups: channels and units fall into this many groups that do not mix.

    Returns:
        y: (B, To, U), and its pullback: dy (B, To, U) -> dx, dkernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> x = np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 4, 1)
    >>> conv1d(x, np.array([-1.0, 1.0]).reshape(2, 1, 1))[0].ravel()
    array([1., 2., 4.])
    """
    way = _check(
        "conv1d", "T", x, kernel, bias, strides, padding, dilation_rate, groups
    )
    y, pullback2d = conv2d(
        x[:, None],  # (B, 1, T, C)
        kernel[None],
        bias,
        strides=(1, *way.strides),
        padding=padding,
        dilation_rate=(1, *way.dilation),
        groups=groups,
    )

    def pullback(dy):
        dx, dkernel, dbias = pullback2d(dy[:, None])
        return dx[:, 0], dkernel[0], dbias

    return y[:, 0], pullback


def convolve2d(
    x, kernel, bias=None, *, strides=1, padding="valid", dilation_rate=1, groups=1
):
    """True 2-D convolution: `conv2d` with the kernel flipped in height and width.

    y_iju = b_u + Σ_pqc x_(i − p),(j − q),c W_pqcu, with i and j counted from the first
    window that lies wholly in x: the taps run against the pixels.

    Args:
        x: (B, H, W, C) images.
        kernel: (kh, kw, C / groups, U) weights W, not yet flipped.
        bias: (U,) offsets b, or None for none.
        strides, padding, dilation_rate, groups: as for `conv2d`.

    Returns:
        y: (B, Ho, Wo, U), and its pullback: dy (B, Ho, Wo, U) -> dx, dkernel, dbias.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> x = np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 1, 4, 1)
    >>> convolve2d(x, np.array([-1.0, 1.0]).reshape(1, 2, 1, 1))[0].ravel()
    array([-1., -2., -4.])
    """
    _check(
        "convolve2d", "H W", x, kernel, bias, strides, padding, dilation_rate, groups
    )
    y, pullback_flipped = conv2d(
        x,
        kernel[::-1, ::-1],
        bias,
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        groups=groups,
    )

    def pullback(dy):
        # Flipping is its own pullback: weight (p, q) sits at (kh − 1 − p, kw − 1 − q).
        dx, dflipped, dbias = pullback_flipped(dy)
        return dx, dflipped[::-1, ::-1], dbias

    return y, pullback


def _check(where, axes, x, kernel, bias, strides, padding, dilation_rate, groups):
    """Refuse what does not fit, in the words of the function called; else the Slide."""
    sliding = axes.split()
    n = len(sliding)
    sizes = expect_shape(where, "x", x, f"B {axes} C")
    (groups,) = per_axis(where, "groups", groups, 1)
    channels = sizes["C"]
    if channels % groups:
        raise ValueError(
            f"{where}: groups is {groups}; expected a divisor of C = {channels}"
        )
    taps = " ".join("*" * n)
    hint = f"taps along {', '.join(sliding)}, channels of x per group, units out"
    expect_shape(where, "kernel", kernel, f"{taps} {channels // groups} *", hint=hint)
    sizes["U"] = kernel.shape[-1]
    if sizes["U"] % groups:
        raise ValueError(
            f"{where}: groups is {groups}; expected a divisor of U = {sizes['U']}"
        )
    if bias is not None:
        expect_shape(where, "bias", bias, "U", sizes=sizes)
    strides = per_axis(where, "strides", strides, n)
    dilation = per_axis(where, "dilation_rate", dilation_rate, n)
    return slide(where, x.shape[1:-1], kernel.shape[:n], strides, padding, dilation)


def _by_group(kernel, groups):
    """Kernel (kh, kw, C/G, U) as one matrix per group, (G, kh kw C/G, U/G)."""
    m = kernel.size // kernel.shape[-1]
    return np.moveaxis(kernel.reshape(m, groups, -1), 1, 0)


def _patches(windows, groups):
    """Copy one image's windows (Ho, Wo, kh, kw, C) to (G, Ho Wo, kh kw C/G)."""
    ho, wo, kh, kw, c = windows.shape
    per_group = windows.reshape(ho, wo, kh, kw, groups, c // groups)
    return np.moveaxis(per_group, -2, 0).reshape(groups, ho * wo, -1)


def _grouped(y, groups):
    """One image's units (Ho, Wo, U) as (G, Ho Wo, U/G)."""
    return np.moveaxis(y.reshape(-1, groups, y.shape[-1] // groups), 1, 0)


def _ungroup(y, out):
    """Units (G, Ho Wo, U/G) of one image as (Ho, Wo, U)."""
    return np.moveaxis(y, 0, 1).reshape(*out, -1)
