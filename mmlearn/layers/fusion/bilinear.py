"""Bilinear fusion: each modality by itself, and every two of them multiplied."""

from itertools import combinations

import keras
from keras import ops

from mmlearn.layers.fusion.base import Fusion, affine
from mmlearn.layers.fusion.tensor import outer


@keras.saving.register_keras_serializable("mmlearn")
class BilinearFusion(Fusion):
    """All pairs of features: y_u = σ(Σ_m x_m·w_mu + Σ_{m<n} x_mᵀ W_mn^u x_n + b_u).

    The part of TensorFusion with at most two factors; for M = 2 they are the same map.
    What is not available is zero; where nothing is, y = σ(b).

    Args:
        units: features out, U.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: inputs, a dict of (B, F_m) or of (B, T, F_m); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y (B, U) or (B, T, U).
    Weights: for each modality by name a kernel (F_m, U); for each pair, m before n by
    name, a kernel (F_m, F_n, U); bias (U,).
    Parameters: U (ΣF + Σ_{m<n} F_m F_n) + U. Multiply-adds for a sample:
    U (ΣF + Σ_{m<n} F_m F_n) + Σ_{m<n} F_m F_n. Raises KeySetError, ShapeError.

    Source: Tenenbaum and Freeman (2000), for each pair, the single terms beside them.

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 3))}
    >>> BilinearFusion(4)(x).shape == (2, 4)
    True
    """

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        sizes = dict(zip(self.names, self.features, strict=True))
        self.kernels = [
            self.add_kernel(f"{name}_kernel", (sizes[name], self.units))
            for name in self.names
        ]
        self.pair_kernels = [
            self._pair(f"{m}_by_{n}_kernel", sizes[m], sizes[n])
            for m, n in combinations(self.names, 2)
        ]
        if self.use_bias:
            self.bias = self.add_bias()

    def _pair(self, name, first, second):
        """(F_m, F_n, U), drawn as one matrix (F_m F_n, U)."""
        shape = (first, second, self.units)

        def drawn(initializer, dtype):
            matrix = initializer((first * second, self.units), dtype=dtype)
            return ops.reshape(matrix, shape)

        return self.add_kernel(name, shape, drawn)

    def call(self, inputs, available=None):
        x, _ = self.read(inputs, available)
        y = 0
        for name, kernel in zip(self.names, self.kernels, strict=True):
            y = y + ops.matmul(x[name], kernel)
        pairs = combinations(self.names, 2)
        for (m, n), kernel in zip(pairs, self.pair_kernels, strict=True):
            y = y + affine(
                outer(x[m], x[n]), ops.reshape(kernel, (-1, self.units)), None
            )
        return self.finish(y)
