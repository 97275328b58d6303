"""Normalization: give every feature, or every sample, mean 0 and variance 1.

Batch norm and layer norm are one idea along two axes. Both subtract a mean, divide by
a standard deviation, and then let the network choose scale and offset again.
"""

import numpy as np

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.reference.upstream import upstream


def batch_norm(
    x,
    gamma,
    beta,
    *,
    epsilon=1e-3,
    training=True,
    moving_mean=None,
    moving_variance=None,
):
    """Standardize each feature over the batch: y = γ (x − μ) / √(σ² + ε) + β.

    In training μ_f and σ²_f are mean and variance of feature f over all axes in front;
    in inference they are given. The moving ones come from `batch_norm_statistics`.

    Args:
        x: (..., F) inputs; any axes in front (B, or B H W) are the batch.
        gamma: (F,) scale γ, or None for 1.
        beta: (F,) offset β, or None for 0.
        epsilon: ε, keeps the root away from 0.
        training: True: use the batch's statistics; False: the moving ones.
        moving_mean, moving_variance: (F,), used where training is False.

    Returns:
        y: (..., F), and its pullback: dy (..., F) -> dx, dgamma, dbeta.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> y, _ = batch_norm(np.array([[1.0], [3.0]]), None, None, epsilon=0)
    >>> y.ravel()
    array([-1.,  1.])

    Source: S. Ioffe, C. Szegedy, *Batch normalization*, ICML 2015, algorithm 1.
    """
    x, gamma, beta = _check("batch_norm", x, gamma, beta)
    rows = x.reshape(-1, x.shape[-1])  # (N, F)
    if training:
        _expect_rows("batch_norm", x)
        z, pullback_z = _standardize(rows, 0, epsilon)
    else:
        mean, variance = _moving("batch_norm", x, moving_mean, moving_variance)
        z, pullback_z = _with_statistics(rows, mean, variance, epsilon)
    return _scale("batch_norm", x.shape, z, pullback_z, gamma, beta)


def batch_norm_statistics(x, moving_mean, moving_variance, *, momentum=0.99):
    """What the layer remembers of its batches: m ← ρ m + (1 − ρ) μ, v alike with σ².

    Args:
        x: (..., F) inputs of one training step.
        moving_mean, moving_variance: (F,), before the step; a new layer has 0 and 1.
        momentum: ρ, how much of the old value stays.

    Returns:
        moving_mean, moving_variance: (F,), after the step. σ² divides by N, not N − 1,
        as Keras' does.

    Raises:
        ShapeError: where the features of x and the statistics do not meet.

    >>> x = np.array([[1.0], [3.0]])
    >>> batch_norm_statistics(x, np.zeros(1), np.ones(1), momentum=0.5)
    (array([1.]), array([1.]))
    """
    where = "batch_norm_statistics"
    sizes = expect_shape(where, "x", x, "... F")
    x = np.asarray(x)
    _expect_rows(where, x)
    mean, variance = _moving(where, x, moving_mean, moving_variance)
    rows, keep = x.reshape(-1, sizes["F"]), float(momentum)  # (N, F)
    mean = keep * mean + (1 - keep) * rows.mean(axis=0)
    return mean, keep * variance + (1 - keep) * rows.var(axis=0)


def layer_norm(x, gamma, beta, *, epsilon=1e-3):
    """Standardize each sample over its features: y = γ (x − μ) / √(σ² + ε) + β.

    μ and σ² are mean and variance of one row of F features, so no sample depends on
    its batch, and training and inference are the same.

    Args:
        x: (..., F) inputs.
        gamma: (F,) scale γ, or None for 1.
        beta: (F,) offset β, or None for 0.
        epsilon: ε, keeps the root away from 0.

    Returns:
        y: (..., F), and its pullback: dy (..., F) -> dx, dgamma, dbeta.

    Raises:
        ShapeError: where the features of x, gamma and beta do not meet.

    >>> layer_norm(np.array([[1.0, 3.0], [0.0, 8.0]]), None, None, epsilon=0)[0]
    array([[-1.,  1.],
           [-1.,  1.]])

    Source: J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, 2016, eq. 4.
    """
    x, gamma, beta = _check("layer_norm", x, gamma, beta)
    rows = x.reshape(-1, x.shape[-1])  # (N, F)
    z, pullback_z = _standardize(rows, 1, epsilon)
    return _scale("layer_norm", x.shape, z, pullback_z, gamma, beta)


def _standardize(x, axis, epsilon):
    """z = (x − μ) r with r = 1 / √(σ² + ε), μ and σ² along an axis of x (N, F)."""
    centred = x - x.mean(axis=axis, keepdims=True)
    variance = (centred * centred).mean(axis=axis, keepdims=True)
    r = 1 / np.sqrt(variance + float(epsilon))
    z = centred * r

    def pullback(dz):
        # Along the axis, with n entries x_i:  μ = 1/n Σ x_j,  σ² = 1/n Σ (x_j − μ)².
        # ∂μ/∂x_j  = 1/n
        # ∂σ²/∂x_j = 2/n (x_j − μ)          (the part through μ is Σ (x_i − μ) = 0)
        # ∂r/∂x_j  = −½ r³ ∂σ²/∂x_j = −1/n r³ (x_j − μ) = −1/n r² z_j
        # ∂z_i/∂x_j = r (δ_ij − 1/n) + (x_i − μ) ∂r/∂x_j = r (δ_ij − 1/n − 1/n z_i z_j)
        # dx_j = Σ_i dz_i ∂z_i/∂x_j = r (dz_j − mean(dz) − z_j mean(dz z))
        mean_dz = dz.mean(axis=axis, keepdims=True)
        mean_dz_z = (dz * z).mean(axis=axis, keepdims=True)
        return r * (dz - mean_dz - z * mean_dz_z)

    return z, pullback


def _with_statistics(x, mean, variance, epsilon):
    """z = (x − m) r with r = 1 / √(v + ε) of given m and v: linear, so dx = r dz."""
    r = 1 / np.sqrt(variance + float(epsilon))
    return (x - mean) * r, lambda dz: r * dz


def _scale(where, shape, z, pullback_z, gamma, beta):
    """y = γ z + β in the shape of x, and the pullback of the whole."""
    y = z if gamma is None else z * gamma
    y = (y if beta is None else y + beta).reshape(shape)

    def pullback(dy):
        # y_nf = γ_f z_nf + β_f, so
        # dz_nf = γ_f dy_nf
        # dγ_f  = Σ_n dy_nf z_nf
        # dβ_f  = Σ_n dy_nf
        dy = upstream(where, dy, y).reshape(z.shape)
        dx = pullback_z(dy if gamma is None else dy * gamma)
        dgamma = None if gamma is None else (dy * z).sum(axis=0)
        dbeta = None if beta is None else dy.sum(axis=0)
        return dx.reshape(shape), dgamma, dbeta

    return y, pullback


def _check(where, x, gamma, beta):
    sizes = expect_shape(where, "x", x, "... F")
    if sizes["F"] == 0:
        raise ShapeError(f"{where}: x is {x.shape}; expected one feature or more")
    for name, weight in (("gamma", gamma), ("beta", beta)):
        if weight is not None:
            expect_shape(where, name, weight, "F", sizes=sizes)
    return tuple(None if a is None else np.asarray(a) for a in (x, gamma, beta))


def _expect_rows(where, x):
    if x.size == 0:
        raise ShapeError(
            f"{where}: x is {x.shape}; expected one row or more to take a mean of"
        )


def _moving(where, x, mean, variance):
    if mean is None or variance is None:
        raise ValueError(
            f"{where}: training=False without moving_mean and moving_variance; "
            "expected both, (F,) each"
        )
    sizes = {"F": x.shape[-1]}
    expect_shape(where, "moving_mean", mean, "F", sizes=sizes)
    expect_shape(where, "moving_variance", variance, "F", sizes=sizes)
    return np.asarray(mean), np.asarray(variance)
