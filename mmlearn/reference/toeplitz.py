"""A convolution written out as the matrix that it is: one row for each window."""

import numpy as np

from mmlearn.axes import ShapeError


def toeplitz(kernel, shape, *, strides=1):
    """The matrix T with y = T x, for one image, one channel, one unit, no padding.

    T_(i),(i s + p) = k_p; in two dimensions T_(i,j),(i s + p, j s + q) = k_pq. With
    stride 1 each diagonal of T holds one number: a Toeplitz matrix, in two dimensions
    one of Toeplitz blocks.

    Args:
        kernel: (P,) or (P, Q) weights k.
        shape: the input's, (T,) or (H, W), px.
        strides: step s between windows, px, the same on each axis.

    Returns:
        T: (outputs, inputs), pixels counted row by row: `T @ x.ravel()` is y.ravel().

    Raises:
        ShapeError: where kernel and shape differ in their axes, or no window fits.

    >>> toeplitz([1, 2, -1], (5,))
    array([[ 1,  2, -1,  0,  0],
           [ 0,  1,  2, -1,  0],
           [ 0,  0,  1,  2, -1]])

    Source: Dumoulin and Visin (2016), section 4.1.
    """
    kernel, shape = np.asarray(kernel), tuple(shape)
    if kernel.ndim != len(shape) or any(np.greater(kernel.shape, shape)):
        raise ShapeError(
            f"toeplitz: kernel is {kernel.shape}, shape is {shape}; expected as many "
            "axes, and a kernel that fits"
        )
    outputs = [(n - k) // strides + 1 for n, k in zip(shape, kernel.shape, strict=True)]
    matrix = np.zeros((*outputs, *shape), kernel.dtype)
    for place in np.ndindex(*outputs):
        for tap in np.ndindex(kernel.shape):
            pixel = tuple(i * strides + p for i, p in zip(place, tap, strict=True))
            matrix[place + pixel] = kernel[tap]
    return matrix.reshape(int(np.prod(outputs)), int(np.prod(shape)))
