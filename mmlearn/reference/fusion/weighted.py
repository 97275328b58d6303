"""Weighted fusion: a mean of the modalities, each after a map of its own."""

import numpy as np

from mmlearn.reference.dense import dense
from mmlearn.reference.fusion.modalities import (
    expect_modalities,
    modality_gradients,
    take,
)
from mmlearn.reference.upstream import upstream


def weighted_fusion(inputs, *weights, available=None):
    """A mean of modalities: y = Σ_m α_m z_m, z_m = x_m W_m + b_m, α = softmax(s).

    The softmax is over the modalities that are available; where none is, y = 0.

    Args:
        inputs: dict, modality to (B, F_m), or to (B, T, F_m).
        *weights: scores s (M,), then for each modality by name its kernel W_m (F_m, U)
            and bias b_m (U,); or no biases at all.
        available: dict, modality to (B,) or (B, T) of bool; None: all there.

    Returns:
        y: (B, U) or (B, T, U), and its pullback: dy -> dinputs (a dict), one gradient
        for each weight.

    Raises:
        ShapeError, KeySetError, ValueError: what does not fit, and what would.

    >>> x = {"image": np.ones((1, 2)), "sound": np.full((1, 2), 4.0)}
    >>> y, pullback = weighted_fusion(x, np.zeros(2), np.eye(2), np.eye(2))
    >>> y
    array([[2.5, 2.5]])
    >>> no_image = {"available": {"image": [False]}}
    >>> weighted_fusion(x, np.zeros(2), np.eye(2), np.eye(2), **no_image)[0]
    array([[4., 4.]])
    """
    where = "weighted_fusion"
    x, there = expect_modalities(where, inputs, available)
    layout = {"scores": str(len(x))}
    for name, array in x.items():
        layout |= {f"{name}_kernel": f"{array.shape[-1]} U", f"{name}_bias": "U"}
    w = take(where, weights, layout)
    mask = np.stack(list(there.values()), axis=-1)  # (..., M)
    alpha = _softmax(w["scores"], mask)
    maps = [dense(x[n], w[f"{n}_kernel"], w.get(f"{n}_bias")) for n in x]
    z = np.stack([value for value, _ in maps], axis=-2)  # (..., M, U)
    y = (alpha[..., None] * z).sum(axis=-2)

    def pullback(dy):
        # y_u = Σ_m α_m z_mu, so dα_m = Σ_u dy_u z_mu and dz_mu = α_m dy_u;
        # ∂α_n/∂s_m = α_n (δ_mn − α_m), so ds_m = Σ_b α_m (dα_m − Σ_n α_n dα_n), and
        # from dz_m on it is the affine map of each modality.
        dy = upstream(where, dy, y)
        dalpha = (dy[..., None, :] * z).sum(axis=-1)  # (..., M)
        mean = (alpha * dalpha).sum(axis=-1, keepdims=True)
        ds = (alpha * (dalpha - mean)).reshape(-1, len(x)).sum(axis=0)
        dx, dw = {}, {"scores": ds.astype(w["scores"].dtype, copy=False)}
        for m, (name, (_, pullback_z)) in enumerate(zip(x, maps, strict=True)):
            dx[name], dw[f"{name}_kernel"], dw[f"{name}_bias"] = pullback_z(
                alpha[..., m : m + 1] * dy
            )
        return modality_gradients(inputs, dx, there), *(dw[name] for name in w)

    return y, pullback


def _softmax(scores, mask):
    """α_m = exp(s_m) / Σ_n exp(s_n) over the n in the mask (..., M); zeros if none."""
    s = np.where(mask, scores, -np.inf)
    largest = s.max(axis=-1, keepdims=True)
    e = np.where(mask, np.exp(s - np.where(np.isinf(largest), 0, largest)), 0)
    total = e.sum(axis=-1, keepdims=True)
    alpha = np.divide(e, total, out=np.zeros_like(e), where=total > 0)
    return alpha.astype(scores.dtype, copy=False)
