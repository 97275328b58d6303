"""The affine map: each unit is a weighted sum of all features."""

import numpy as np

from mmlearn.axes import expect_array, expect_shape
from mmlearn.reference.upstream import upstream


def dense(x, kernel, bias=None):
    """Affine map of the last axis: y = x W + b.

    Args:
        x: (..., F) inputs; any axes in front are mapped alike.
        kernel: (F, U) weights W.
        bias: (U,) offsets b, or None for none.

    Returns:
        y: (..., U), and its pullback: dy (..., U) -> dx, dkernel, dbias.

    Raises:
        ShapeError: where the features of x, kernel and bias do not meet.

    >>> y, pullback = dense(np.ones((2, 3)), np.ones((3, 4)), np.zeros(4))
    >>> y
    array([[3., 3., 3., 3.],
           [3., 3., 3., 3.]])
    """
    sizes = expect_shape("dense", "x", x, "... F")
    sizes = expect_shape("dense", "kernel", kernel, "F U", sizes=sizes)
    x, kernel = expect_array("dense", "x", x), expect_array("dense", "kernel", kernel)
    y = x @ kernel  # (..., U)
    if bias is not None:
        expect_shape("dense", "bias", bias, "U", sizes=sizes)
        y = y + np.asarray(bias)

    def pullback(dy):
        # y_bu = Σ_f x_bf W_fu + b_u, and b counts all axes in front, so
        # dx_bf = Σ_u dy_bu ∂y_bu/∂x_bf = Σ_u dy_bu W_fu
        # dW_fu = Σ_b dy_bu ∂y_bu/∂W_fu = Σ_b x_bf dy_bu
        # db_u  = Σ_b dy_bu
        dy = upstream("dense", dy, y)
        rows_x = x.reshape(-1, sizes["F"])  # (B, F)
        rows_dy = dy.reshape(-1, sizes["U"])  # (B, U)
        dbias = None if bias is None else rows_dy.sum(axis=0)
        return dy @ kernel.T, rows_x.T @ rows_dy, dbias

    return y, pullback
