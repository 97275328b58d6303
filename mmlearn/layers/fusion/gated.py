"""Gated fusion: what all modalities say together decides what each may say."""

import keras
from keras import ops

from mmlearn.layers.fusion.base import Fusion, affine
from mmlearn.layers.fusion.modalities import where_there


@keras.saving.register_keras_serializable("mmlearn")
class GatedFusion(Fusion):
    """Gated multimodal unit: y = σ(Σ_m z_m ⊙ tanh(x_m W_m + b_m)).

    The gates see all modalities: z_m = sigmoid([x_1 ‖ … ‖ x_M] V_m + c_m), one number
    in (0, 1) for each unit. What is not available is zero for the gates of the others
    and says nothing itself; where nothing is, the sum is zero. Each modality has a gate
    of its own; in the paper's unit for two, z_2 = 1 − z_1.

    Args:
        units: features out, U.
        activation (of the sum), use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: inputs, a dict of (B, F_m) or of (B, T, F_m); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y (B, U) or (B, T, U).
    Weights, for each modality by name: kernel (F_m, U), bias (U,), gate_kernel (ΣF, U),
    gate_bias (U,). `gates(inputs, available)` returns z, a dict.
    Parameters: (M + 1) U ΣF + 2 M U. Multiply-adds for a sample: (M + 1) U ΣF + M U.
    Raises KeySetError, ShapeError.

    Source: Arevalo, Solorio, Montes-y-Gómez and González (2017).

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 3))}
    >>> GatedFusion(4)(x).shape == (2, 4)
    True
    """

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        total, maps = sum(self.features), []
        for name, size in zip(self.names, self.features, strict=True):
            own = self.add_kernel(f"{name}_kernel", (size, self.units))
            bias = self.add_bias(name=f"{name}_bias") if self.use_bias else None
            gate = self.add_kernel(f"{name}_gate_kernel", (total, self.units))
            shift = self.add_bias(name=f"{name}_gate_bias") if self.use_bias else None
            maps.append((own, bias, gate, shift))
        self.maps = maps

    def call(self, inputs, available=None):
        x, there = self.read(inputs, available)
        gates = self._gates(x)
        y = 0
        for name, (kernel, bias, *_) in zip(self.names, self.maps, strict=True):
            said = gates[name] * ops.tanh(affine(x[name], kernel, bias))
            y = y + where_there(there[name], said)
        return self.activation(y)

    def gates(self, inputs, available=None):
        """z of a built layer: dict, modality to (…, U); zero where it is missing."""
        x, there = self.read(inputs, available)
        gates = self._gates(x)
        return {name: where_there(there[name], gates[name]) for name in self.names}

    def _gates(self, x):
        together = self.stacked(x)
        return {
            name: ops.sigmoid(affine(together, gate, shift))
            for name, (_, _, gate, shift) in zip(self.names, self.maps, strict=True)
        }
