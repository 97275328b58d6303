"""The residual connection: a sum, and with it a way back for the gradient."""

import numpy as np

from mmlearn.axes import ShapeError
from mmlearn.reference.upstream import upstream


def residual(x, branch):
    """Add what a branch has computed to what it was computed from: y = x + f.

    Through a chain of such sums a part of the gradient arrives at the bottom as it
    left the top, whatever the branches do.

    Args:
        x: any shape, the input.
        branch: f, the shape of x, the output of the layers that x went through.

    Returns:
        y: the shape of x, and its pullback: dy -> dx, dbranch. dx is the part of the
        sum alone; the branch's own pullback turns dbranch into the other part.

    Raises:
        ShapeError: for shapes that differ (they would broadcast).

    >>> y, pullback = residual(np.array([1.0, 2.0]), np.array([0.5, -2.0]))
    >>> y, pullback(np.array([3.0, 4.0]))
    (array([1.5, 0. ]), (array([3., 4.]), array([3., 4.])))

    Source: K. He et al., *Deep residual learning for image recognition*, CVPR 2016.
    """
    if np.shape(x) != np.shape(branch):
        raise ShapeError(
            f"residual: branch is {np.shape(branch)}; expected {np.shape(x)}, the "
            "shape of x: where a branch changes it, map x by a dense layer first"
        )
    y = np.asarray(x) + np.asarray(branch)

    def pullback(dy):
        # y_i = x_i + f_i, so ∂y_i/∂x_i = 1 and ∂y_i/∂f_i = 1.
        dy = upstream("residual", dy, y)
        return dy.copy(), dy.copy()

    return y, pullback
