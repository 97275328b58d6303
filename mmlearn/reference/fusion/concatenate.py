"""Concatenation: all modalities side by side, and one affine map of them."""

import numpy as np

from mmlearn.reference.dense import dense
from mmlearn.reference.fusion.modalities import (
    expect_modalities,
    modality_gradients,
    take,
)
from mmlearn.reference.upstream import upstream


def concatenate_fusion(inputs, *weights, available=None):
    """One affine map of the concatenation: y = [x_1 ‖ … ‖ x_M] W + b.

    What is not available is zero; where nothing is, y = b.

    Args:
        inputs: dict, modality to (B, F_m), or to (B, T, F_m).
        *weights: kernel W (ΣF, U), rows in the order of the sorted names, and bias b
            (U,), which may be left out.
        available: dict, modality to (B,) or (B, T) of bool; None: all there.

    Returns:
        y: (B, U) or (B, T, U); its pullback: dy -> dinputs (a dict), dkernel, dbias.

    Raises:
        ShapeError, KeySetError, ValueError: what does not fit, and what would.

    >>> x = {"image": np.ones((1, 2)), "sound": np.full((1, 1), 4.0)}
    >>> concatenate_fusion(x, np.array([[1.0], [2.0], [10.0]]), np.zeros(1))[0]
    array([[43.]])
    """
    where = "concatenate_fusion"
    x, there = expect_modalities(where, inputs, available)
    together, split = side_by_side(x)
    w = take(where, weights, {"kernel": f"{together.shape[-1]} U", "bias": "U"})
    y, pullback_dense = dense(together, w["kernel"], w.get("bias"))

    def pullback(dy):
        # y_u = Σ_m Σ_f x_mf W_(m,f)u + b_u: one affine map; its dx is cut into pieces.
        dtogether, *dw = pullback_dense(upstream(where, dy, y))
        return modality_gradients(inputs, split(dtogether), there), *dw[: len(w)]

    return y, pullback


def side_by_side(x):
    """[x_1 ‖ … ‖ x_M] (..., ΣF) of a dict, and what cuts such an array into the dict.

    >>> together, split = side_by_side({"a": np.zeros((1, 2)), "b": np.ones((1, 1))})
    >>> together.tolist(), split(together)["b"].tolist()
    ([[0.0, 0.0, 1.0]], [[1.0]])
    """
    ends = np.cumsum([array.shape[-1] for array in x.values()])

    def split(together):
        return dict(zip(x, np.split(together, ends[:-1], axis=-1), strict=True))

    return np.concatenate(list(x.values()), axis=-1), split
