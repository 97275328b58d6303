"""What the widgets of convolution share: maps of numbers, and where windows go."""

import numpy as np

from mmlearn.axes import ShapeError, expect_shape

LARGEST = 64  # px: beyond that the cells are too small to point at


def matrix(where, name, value):
    """A list of lists of finite numbers, from anything shaped (H, W) or (H, W, 1).

    >>> matrix("doc", "kernel", np.eye(2, dtype=int))
    [[1.0, 0.0], [0.0, 1.0]]
    """
    array = np.asarray(value, float)
    array = array[:, :, 0] if array.ndim == 3 and array.shape[2] == 1 else array
    found = expect_shape(where, name, array, "H W", hint="one channel, rows by columns")
    if not (0 < found["H"] <= LARGEST and 0 < found["W"] <= LARGEST):
        raise ShapeError(
            f"{where}: {name} is {array.shape}; "
            f"expected 1 to {LARGEST} rows and columns"
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{where}: {name} holds NaN or infinity; expected finite numbers"
        )
    return array.tolist()


def along(n, k, s, padding, d=1):
    """Output size, zeros before and after one axis of n cells, as Keras counts them.

    >>> along(28, 3, 2, "same"), along(28, 3, 1, "valid")
    ((14, 0, 1), (26, 0, 0))
    """
    span = d * (k - 1) + 1
    if padding == "valid":
        return (n - span) // s + 1 if n >= span else 0, 0, 0
    size = -(-n // s)
    total = max(0, (size - 1) * s + span - n)
    return size, total // 2, total - total // 2
