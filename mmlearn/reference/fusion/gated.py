"""Gated fusion: what all modalities say together decides what each may say."""

import numpy as np

from mmlearn.reference.activations import sigmoid, tanh
from mmlearn.reference.dense import dense
from mmlearn.reference.fusion.concatenate import side_by_side
from mmlearn.reference.fusion.modalities import (
    expect_modalities,
    modality_gradients,
    take,
)
from mmlearn.reference.upstream import upstream


def gated_fusion(inputs, *weights, available=None):
    """Gated multimodal unit: y = Σ_m z_m ⊙ h_m, with h_m = tanh(x_m W_m + b_m).

    The gates see all modalities: z_m = sigmoid([x_1 ‖ … ‖ x_M] V_m + c_m). What is not
    available is zero in the gates of the others, and is not in the sum; where nothing
    is, y = 0.

    Args:
        inputs: dict, modality to (B, F_m), or to (B, T, F_m).
        *weights: for each modality by name kernel W_m (F_m, U), bias b_m (U,),
            gate_kernel V_m (ΣF, U), gate_bias c_m (U,); or no biases at all.
        available: dict, modality to (B,) or (B, T) of bool; None: all there.

    Returns:
        y: (B, U) or (B, T, U), and its pullback: dy -> dinputs (a dict), one gradient
        for each weight.

    Raises:
        ShapeError, KeySetError, ValueError: what does not fit, and what would.

    >>> x = {"image": np.ones((1, 1)), "sound": np.ones((1, 1))}
    >>> zeros = np.zeros((2, 1))
    >>> gated_fusion(x, np.eye(1), zeros, np.eye(1), zeros)[0].round(3)  # tanh(1)
    array([[0.762]])

    Source: J. Arevalo, T. Solorio, M. Montes-y-Gómez, F. A. González, *Gated multimodal
    units for information fusion*, ICLR 2017 workshop.
    """
    where = "gated_fusion"
    x, there = expect_modalities(where, inputs, available)
    together, split = side_by_side(x)
    layout: dict[str, str] = {}
    for name, array in x.items():
        layout |= {f"{name}_kernel": f"{array.shape[-1]} U", f"{name}_bias": "U"}
        gate = f"{together.shape[-1]} U"
        layout |= {f"{name}_gate_kernel": gate, f"{name}_gate_bias": "U"}
    w = take(where, weights, layout)
    units = {name: _unit(x[name], together, w, name) for name in x}
    masks = {name: there[name][..., None] for name in x}
    y = sum(np.where(masks[name], units[name][0], 0) for name in x)

    def pullback(dy):
        # y = Σ_m y_m over what is there, so dy_m = dy where m is, else 0. It reaches
        # x_m on two ways: through its own h_m, and through every gate, cut to pieces.
        dy = upstream(where, dy, y)
        dtogether, dx = np.zeros_like(together), {}
        dw: dict[str, np.ndarray] = {}
        for name, (_, pullback_unit) in units.items():
            dx[name], dgates, dunit = pullback_unit(np.where(masks[name], dy, 0))
            dtogether += dgates
            dw |= dunit
        gates = split(dtogether)
        dx = {name: dx[name] + gates[name] for name in x}
        return modality_gradients(inputs, dx, there), *(dw[name] for name in w)

    return y, pullback


def _unit(x, together, w, name):
    """y_m = z_m ⊙ h_m of one modality: dy -> dx_m, dtogether, a dict of its weights."""
    keys = [f"{name}_{part}" for part in ("kernel", "bias", "gate_kernel", "gate_bias")]
    a, pullback_a = dense(x, w[keys[0]], w.get(keys[1]))
    g, pullback_g = dense(together, w[keys[2]], w.get(keys[3]))
    (h, pullback_h), (z, pullback_z) = tanh(a), sigmoid(g)

    def pullback(dy):
        # y = z h: dz = dy h, dh = dy z; da = dh (1 − h²), dg = dz z (1 − z); then the
        # two affine maps.
        dx, *dmap = pullback_a(*pullback_h(dy * z))
        dtogether, *dgate = pullback_g(*pullback_z(dy * h))
        return dx, dtogether, dict(zip(keys, [*dmap, *dgate], strict=True))

    return z * h, pullback
