"""The gradient that arrives from above: what every pullback is given."""

import numpy as np

from mmlearn.axes import ShapeError


def upstream(where, dy, y):
    """Check that dy = ∂L/∂y has y's shape, and give it y's dtype.

    A dy that merely broadcasts would give wrong gradients in silence.

    >>> upstream("relu", np.ones((2, 1)), np.zeros((2, 3)))
    Traceback (most recent call last):
        ...
    mmlearn.axes.ShapeError: relu: the pullback got dy (2, 1); expected (2, 3) like y
    """
    if np.shape(dy) != np.shape(y):
        raise ShapeError(
            f"{where}: the pullback got dy {np.shape(dy)}; "
            f"expected {np.shape(y)} like y"
        )
    return np.asarray(dy, y.dtype if np.issubdtype(y.dtype, np.inexact) else None)
