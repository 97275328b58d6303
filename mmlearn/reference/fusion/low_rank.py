"""Low-rank fusion: tensor fusion by a sum of products, its kernel never written out."""

import numpy as np

from mmlearn.reference.fusion.modalities import (
    expect_modalities,
    modality_gradients,
    take,
)
from mmlearn.reference.upstream import upstream


def low_rank_fusion(inputs, *weights, available=None):
    """Products of the modalities: y = Σ_r Π_m p_m^r + b, p_m^r = [x_m ‖ 1] W_m^r.

    The product runs unit by unit. What is not available is zero, and only the 1 speaks
    for it.

    Args:
        inputs: dict, modality to (B, F_m), or to (B, T, F_m).
        *weights: for each modality by name a kernel W_m (R, F_m + 1, U), its last row
            for the 1; bias b (U,), which may be left out.
        available: dict, modality to (B,) or (B, T) of bool; None: all there.

    Returns:
        y: (B, U) or (B, T, U), and its pullback: dy -> dinputs (a dict), one gradient
        for each weight.

    Raises:
        ShapeError, KeySetError, ValueError: what does not fit, and what would.

    >>> x = {"image": np.array([[2.0]]), "sound": np.array([[5.0]])}
    >>> times = np.array([[[1.0], [0.0]]])  # rank 1: x itself, not the 1
    >>> low_rank_fusion(x, times, times)[0]
    array([[10.]])

    Source: Z. Liu et al., *Efficient low-rank multimodal fusion with modality-specific
    factors*, ACL 2018, section 3.
    """
    where = "low_rank_fusion"
    x, there = expect_modalities(where, inputs, available)
    layout = {f"{n}_kernel": f"rank {a.shape[-1] + 1} U" for n, a in x.items()}
    w = take(where, weights, layout | {"bias": "U"})
    with_one = [np.append(a, np.ones_like(a[..., :1]), axis=-1) for a in x.values()]
    kernels = [w[f"{name}_kernel"] for name in x]
    pairs = zip(with_one, kernels, strict=True)
    p = [np.einsum("...f,rfu->...ru", a, kernel) for a, kernel in pairs]
    y = np.prod(p, axis=0).sum(axis=-2)  # (..., U)
    y = y + w["bias"] if "bias" in w else y

    def pullback(dy):
        # y_u = Σ_r Π_m p_mru + b_u, so dp_mru = dy_u Π_{n ≠ m} p_nru (the others
        # multiplied anew: p_m may be zero); p_mru = Σ_f x̃_mf W_mrfu, so
        # dx̃_mf = Σ_ru dp_mru W_mrfu,  dW_mrfu = Σ_b x̃_mf dp_mru;  db_u = Σ_b dy_u
        dy = upstream(where, dy, y)
        dx, dw = {}, []
        for m, name in enumerate(x):
            others = np.prod([*p[:m], *p[m + 1 :], np.ones_like(p[m])], axis=0)
            dp = dy[..., None, :] * others  # (..., R, U)
            dx[name] = np.einsum("...ru,rfu->...f", dp, kernels[m])[..., :-1]
            rows, back = (
                _rows(part, kept) for part, kept in ((with_one[m], 1), (dp, 2))
            )
            dw.append(np.einsum("bf,bru->rfu", rows, back))
        if "bias" in w:
            dw.append(_rows(dy, 1).sum(axis=0))
        return modality_gradients(inputs, dx, there), *dw

    return y, pullback


def _rows(array, kept):
    """All axes but the last `kept` as one: what a weight's gradient sums over."""
    return array.reshape(-1, *array.shape[-kept:])
