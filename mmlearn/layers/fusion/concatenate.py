"""Concatenation: all modalities side by side, and one affine map of them."""

import keras

from mmlearn.layers.fusion.base import Fusion, affine


@keras.saving.register_keras_serializable("mmlearn")
class ConcatenateFusion(Fusion):
    """One affine map of the concatenation: y = σ([x_1 ‖ … ‖ x_M] W + b).

    The rows of W that meet x_m are its map W_m: y = σ(Σ_m x_m W_m + b). What is not
    available is zero, so where nothing is, y = σ(b).

    Args:
        units: features out, U.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: inputs, a dict of (B, F_m) or of (B, T, F_m); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y (B, U) or (B, T, U).
    Weights: kernel (ΣF, U), rows in the order of the names; bias (U,).
    Parameters: U ΣF + U. Multiply-adds for a sample: U ΣF.
    Raises KeySetError, ShapeError.

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 3))}
    >>> ConcatenateFusion(4)(x).shape == (2, 4)
    True
    """

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        self.kernel = self.add_kernel("kernel", (sum(self.features), self.units))
        if self.use_bias:
            self.bias = self.add_bias()

    def call(self, inputs, available=None):
        x, _ = self.read(inputs, available)
        return self.activation(affine(self.stacked(x), self.kernel, self.bias))
