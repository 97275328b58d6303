"""What stands between two linear maps: relu, sigmoid, tanh, softmax."""

import numpy as np

from mmlearn.axes import expect_array
from mmlearn.reference.upstream import upstream


def relu(x):
    """Keep what is positive: y = max(x, 0).

    Args:
        x: any shape.

    Returns:
        y: the shape of x, and its pullback: dy -> (dx,). At x = 0, where the slope is
        undefined, dx is 0, as in TensorFlow.

    >>> y, pullback = relu(np.array([-1.0, 0.0, 2.0]))
    >>> y, pullback(np.ones(3))[0]
    (array([0., 0., 2.]), array([0., 0., 1.]))
    """
    y = np.maximum(_numbers("relu", x), 0)

    def pullback(dy):
        # ∂y/∂x = 1 where x > 0, else 0.
        return (upstream("relu", dy, y) * (y > 0),)

    return y, pullback


def sigmoid(x):
    """Squash to (0, 1): y = 1 / (1 + exp(−x)).

    Only exp(−|x|) ≤ 1 is ever taken, so that no x overflows:
    y = 1 / (1 + exp(−x)) for x ≥ 0, and exp(x) / (1 + exp(x)) for x < 0.

    Args:
        x: any shape.

    Returns:
        y: the shape of x, and its pullback: dy -> (dx,).

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))[0]
    array([0. , 0.5, 1. ])
    """
    x = _numbers("sigmoid", x)
    e = np.exp(-np.abs(x))
    y = np.where(x >= 0, 1, e) / (1 + e)

    def pullback(dy):
        # y = 1/(1 + e⁻ˣ), so ∂y/∂x = e⁻ˣ/(1 + e⁻ˣ)² = y (1 − y).
        return (upstream("sigmoid", dy, y) * y * (1 - y),)

    return y, pullback


def tanh(x):
    """Squash to (−1, 1): y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).

    Args:
        x: any shape.

    Returns:
        y: the shape of x, and its pullback: dy -> (dx,).

    >>> y, pullback = tanh(np.array([0.0, 1000.0]))
    >>> y, pullback(np.ones(2))[0]
    (array([0., 1.]), array([1., 0.]))
    """
    y = np.tanh(_numbers("tanh", x))

    def pullback(dy):
        # y = sinh/cosh, so ∂y/∂x = (cosh² − sinh²)/cosh² = 1 − y².
        return (upstream("tanh", dy, y) * (1 - y * y),)

    return y, pullback


def softmax(x, *, axis=-1):
    """Turn scores into probabilities: y_k = exp(x_k) / Σ_j exp(x_j).

    The largest score is subtracted first; it cancels, and nothing overflows.

    Args:
        x: any shape.
        axis: the axis over which y sums to 1.

    Returns:
        y: the shape of x, and its pullback: dy -> (dx,).

    >>> softmax(np.array([1000.0, 1000.0]))[0]
    array([0.5, 0.5])
    """
    x = _numbers("softmax", x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    y = e / e.sum(axis=axis, keepdims=True)

    def pullback(dy):
        # ∂y_k/∂x_j = y_k (δ_kj − y_j), so
        # dx_j = Σ_k dy_k y_k (δ_kj − y_j) = y_j (dy_j − Σ_k dy_k y_k).
        dy = upstream("softmax", dy, y)
        return (y * (dy - (dy * y).sum(axis=axis, keepdims=True)),)

    return y, pullback


def _numbers(where, x):
    """x as an array to compute with: True counts as 1."""
    x = expect_array(where, "x", x)
    return x.astype(np.float64) if x.dtype == bool else x
