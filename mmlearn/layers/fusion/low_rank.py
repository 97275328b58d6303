"""Low-rank fusion: tensor fusion by a sum of products, its kernel never written out."""

import keras
from keras import ops

from mmlearn.layers.fusion.base import Fusion
from mmlearn.layers.graph.base import positive


@keras.saving.register_keras_serializable("mmlearn")
class LowRankFusion(Fusion):
    """Products of modalities, summed over ranks: y = σ(Σ_r Π_m [x_m ‖ 1] W_m^r + b).

    The product runs unit by unit. It is TensorFusion with a kernel of rank R,
    W = Σ_r W_1^r ⊗ … ⊗ W_M^r, at a cost that grows with the sum of the F_m and not with
    their product. The 1 keeps the products of fewer modalities; so with what is not
    available as zero, y is made of those that are, and where none is, of the last rows.

    Args:
        units: features out, U.
        rank: R.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: inputs, a dict of (B, F_m) or of (B, T, F_m); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y (B, U) or (B, T, U).
    Weights: for each modality by name a kernel (R, F_m + 1, U), its last row for the 1;
    bias (U,). Parameters: R U (ΣF + M) + U. Multiply-adds for a sample:
    R U (ΣF + M) + M R U. Raises KeySetError, ShapeError.

    Source: Liu, Shen, Lakshminarasimhan, Liang, Zadeh and Morency (2018), section 3.

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 3))}
    >>> LowRankFusion(4, rank=2)(x).shape == (2, 4)
    True
    """

    def __init__(self, units, rank, activation=None, **kwargs):
        super().__init__(units, activation, **kwargs)
        self.rank = positive(self, "rank", rank)

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        self.kernels = [
            self._factor(f"{name}_kernel", size + 1)
            for name, size in zip(self.names, self.features, strict=True)
        ]
        if self.use_bias:
            self.bias = self.add_bias()

    def _factor(self, name, size):
        """(R, F_m + 1, U), drawn as one matrix (F_m + 1, R U)."""

        def drawn(initializer, dtype):
            matrix = initializer((size, self.rank * self.units), dtype=dtype)
            matrix = ops.reshape(matrix, (size, self.rank, self.units))
            return ops.transpose(matrix, (1, 0, 2))

        return self.add_kernel(name, (self.rank, size, self.units), drawn)

    def call(self, inputs, available=None):
        x, _ = self.read(inputs, available)
        product = 1
        for name, kernel in zip(self.names, self.kernels, strict=True):
            product = product * ops.einsum("...f,rfu->...ru", with_one(x[name]), kernel)
        return self.finish(ops.sum(product, axis=-2))

    def get_config(self):
        return super().get_config() | {"rank": self.rank}


def with_one(x):
    """[x ‖ 1] over the last axis."""
    return ops.concatenate([x, ops.ones_like(x[..., :1])], axis=-1)
