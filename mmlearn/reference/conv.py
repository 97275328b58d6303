"""Convolution layers: each output pixel is a weighted sum over its window of x.

What deep learning calls convolution is cross-correlation: the kernel is laid on x as it
stands. `conv1d` and `conv2d` do that, as Keras does; `convolve2d` is the convolution of
mathematics and signal processing, whose kernel is flipped.
"""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference import winograd
from mmlearn.reference.upstream import upstream
from mmlearn.reference.windows import (
    add_patches,
    pad,
    patch_blocks,
    per_axis,
    short_rows,
    slide,
    unpad,
    windows,
)


def conv2d(
    x, kernel, bias=None, *, strides=1, padding="valid", dilation_rate=1, groups=1
):
    """2-D cross-correlation, as Keras' Conv2D computes it.

    y_biju = b_u + Σ_pqc x_b,(i s + p d),(j s + q d),c W_pqcu, x padded if "same".

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
    x, kernel, bias, way = _check(
        "conv2d", "H W", x, kernel, bias, strides, padding, dilation_rate, groups
    )
    if groups > 1:
        return _side_by_side(groups, x, kernel, bias, way, padding)
    padded = pad(x, way.pads)
    taps = windows(padded, way)  # (B, Ho, Wo, kh, kw, C), a view
    units = kernel.shape[-1]
    w = kernel.reshape(-1, units)  # (kh kw C, U)
    dtype = np.result_type(x, kernel, x if bias is None else bias)
    y = np.empty((*taps.shape[:3], units), dtype)  # (B, Ho, Wo, U)
    _correlate(padded, kernel, way, taps, y)
    if bias is not None:
        y += bias

    def pullback(dy):
        # With n for (b, i, j) and m for (p, q, c), all is one product of matrices,
        # y_nu = Σ_m P_nm W_mu + b_u, where row n of P is the patch of x in window n. So
        # dW_mu = Σ_n dy_nu ∂y_nu/∂W_mu = Σ_n P_nm dy_nu
        # dP_nm = Σ_u dy_nu ∂y_nu/∂P_nm = Σ_u W_mu dy_nu
        # dx    = at each pixel, Σ dP_nm over the places (n, m) of P that copy it
        # db_u  = Σ_n dy_nu
        dy = upstream("conv2d", dy, y)
        dw = np.zeros(w.shape, dy.dtype)
        dx = np.zeros(padded.shape, dy.dtype)
        shares = 2 if short_rows(taps) else 1
        for block, patches in patch_blocks(taps, shares):
            dy_block = dy[block].reshape(-1, units)  # (n, U)
            dw += patches.T @ dy_block
            # The same dP either way; few channels add up quicker if stored by columns.
            by_columns = x.shape[-1] < 32
            dpatches = (w @ dy_block.T).T if by_columns else dy_block @ w.T
            add_patches(dx, dpatches, block, way)
        dbias = None if bias is None else dy.sum(axis=(0, 1, 2))
        return unpad(dx, way.pads), dw.reshape(kernel.shape), dbias

    return y, pullback


def _correlate(padded, kernel, way, taps, y):
    """Fill y with P W, block by block: in the cache; or by pairs where that pays."""
    if winograd.pays(y.dtype, kernel.shape, way):
        return winograd.in_pairs(padded, kernel, y)
    w = kernel.reshape(-1, kernel.shape[-1])
    # BLAS multiplies matrices of few columns as they lie, if they have few rows too.
    for block, patches in patch_blocks(taps, shares=8 if short_rows(taps) else 1):
        np.matmul(patches, w, out=y[block].reshape(-1, w.shape[-1]))
    return None


def conv1d(
    x, kernel, bias=None, *, strides=1, padding="valid", dilation_rate=1, groups=1
):
    """1-D cross-correlation, as Keras' Conv1D computes it.

    y_btu = b_u + Σ_pc x_b,(t s + p d),c W_pcu: `conv2d` on images of height 1.

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
    x, kernel, bias, way = _check(
        "conv1d", "T", x, kernel, bias, strides, padding, dilation_rate, groups
    )
    structure = {"strides": (1, *way.strides), "dilation_rate": (1, *way.dilation)}
    structure |= {"padding": padding, "groups": groups}
    y, pullback2d = conv2d(x[:, None], kernel[None], bias, **structure)
    y = y[:, 0]  # (B, 1, To, U) -> (B, To, U)

    def pullback(dy):
        dx, dkernel, dbias = pullback2d(upstream("conv1d", dy, y)[:, None])
        return dx[:, 0], dkernel[0], dbias

    return y, pullback


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
    x, kernel, bias, way = _check(
        "convolve2d", "H W", x, kernel, bias, strides, padding, dilation_rate, groups
    )
    structure = {"strides": way.strides, "dilation_rate": way.dilation}
    structure |= {"padding": padding, "groups": groups}
    y, pullback_flipped = conv2d(x, kernel[::-1, ::-1], bias, **structure)

    def pullback(dy):
        # Flipping is its own pullback: weight (p, q) sits at (kh − 1 − p, kw − 1 − q).
        dx, dflipped, dbias = pullback_flipped(upstream("convolve2d", dy, y))
        return dx, dflipped[::-1, ::-1], dbias

    return y, pullback


def _side_by_side(groups, x, kernel, bias, way, padding):
    """Groups do not mix: each is a convolution of its own, their units side by side."""
    structure = {"strides": way.strides, "dilation_rate": way.dilation}
    biases = [None] * groups if bias is None else np.split(bias, groups)
    xs, kernels = (np.split(array, groups, axis=-1) for array in (x, kernel))
    parts = [
        conv2d(*arrays, padding=padding, **structure)
        for arrays in zip(xs, kernels, biases, strict=True)
    ]
    y = np.concatenate([part for part, _ in parts], axis=-1)  # (B, Ho, Wo, U)

    def pullback(dy):
        dys = np.split(upstream("conv2d", dy, y), groups, axis=-1)
        grads = [back(d) for (_, back), d in zip(parts, dys, strict=True)]
        dxs, dkernels, dbiases = zip(*grads, strict=True)
        dbias = None if bias is None else np.concatenate(dbiases)
        return np.concatenate(dxs, axis=-1), np.concatenate(dkernels, axis=-1), dbias

    return y, pullback


def _check(where, axes, x, kernel, bias, strides, padding, dilation_rate, groups):
    """Refuse what does not fit, in the words of the function called; arrays, Slide."""
    sizes = expect_shape(where, "x", x, f"B {axes} C")
    (groups,) = per_axis(where, "groups", groups, 1)
    sliding = axes.split()
    taps, n = " ".join("*" for _ in sliding), len(sliding)
    hint = f"taps along {' and '.join(sliding)}, channels of x / groups, units out"
    expect_shape(where, "kernel", kernel, f"{taps} * *", hint=hint)
    sizes["U"] = kernel.shape[-1]
    for letter, size in (("C", sizes["C"]), ("U", sizes["U"])):
        if size % groups:
            raise ValueError(
                f"{where}: groups is {groups}; expected a divisor of {letter} = {size}"
            )
    expect_shape(where, "kernel", kernel, f"{taps} {sizes['C'] // groups} *", hint=hint)
    if 0 in kernel.shape:
        raise ShapeError(
            f"{where}: kernel is {kernel.shape}; expected no axis of size 0"
        )
    if bias is not None:
        expect_shape(where, "bias", bias, "U", sizes=sizes)
        bias = expect_array(where, "bias", bias)
    strides = per_axis(where, "strides", strides, n)
    dilation = per_axis(where, "dilation_rate", dilation_rate, n)
    way = slide(where, x.shape[1:-1], kernel.shape[:n], strides, padding, dilation)
    x, kernel = expect_array(where, "x", x), expect_array(where, "kernel", kernel)
    return x, kernel, bias, way
