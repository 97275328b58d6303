"""Tensor fusion: every product of features, one of each modality, has its weight."""

import math

import keras
from keras import ops

from mmlearn.layers.fusion.base import Fusion, affine
from mmlearn.layers.fusion.low_rank import with_one
from mmlearn.layers.graph.base import positive


@keras.saving.register_keras_serializable("mmlearn")
class TensorFusion(Fusion):
    """An affine map of the outer product: y = σ(([x_1 ‖ 1] ⊗ … ⊗ [x_M ‖ 1]) W + b).

    The outer product holds each product of features from different modalities: single
    ones, pairs, triples, …, for any M ≥ 1; so it grows as Π (F_m + 1). What is not
    available is zero and leaves the products of the others; where nothing is, the 1 · 1
    … · 1 remains, y = σ(last row of W + b).

    Args:
        units: features out, U.
        max_parameters: a kernel that is larger is refused.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: inputs, a dict of (B, F_m) or of (B, T, F_m); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y (B, U) or (B, T, U).
    Weights: kernel (Π (F_m + 1), U), rows in the order of the outer product, the last
    name fastest; bias (U,). Parameters: U Π (F_m + 1) + U. Multiply-adds for a sample:
    U Π (F_m + 1), and about Π (F_m + 1) to multiply the modalities. Raises ValueError.

    Source: Zadeh, Chen, Poria, Cambria and Morency (2017), section 4.2.

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 3))}
    >>> layer = TensorFusion(4)
    >>> layer(x).shape == (2, 4), layer.count_params() == 4 * 6 * 4 + 4
    (True, True)
    """

    def __init__(self, units, activation=None, *, max_parameters=2**24, **kwargs):
        super().__init__(units, activation, **kwargs)
        self.max_parameters = positive(self, "max_parameters", max_parameters)

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        rows = math.prod(size + 1 for size in self.features)
        if rows * self.units > self.max_parameters:
            sizes = " · ".join(str(size + 1) for size in self.features)
            raise ValueError(
                f"TensorFusion: its kernel has {sizes} · {self.units} = "
                f"{rows * self.units:,} weights; expected at most "
                f"{self.max_parameters:,}: give it fewer features (a Dense before), "
                "take LowRankFusion, or raise max_parameters"
            )
        self.kernel = self.add_kernel("kernel", (rows, self.units))
        if self.use_bias:
            self.bias = self.add_bias()

    def call(self, inputs, available=None):
        x, _ = self.read(inputs, available)
        first, *others = [with_one(x[name]) for name in self.names]
        for other in others:
            first = outer(first, other)
        return self.activation(affine(first, self.kernel, self.bias))

    def get_config(self):
        return super().get_config() | {"max_parameters": self.max_parameters}


def outer(a, b):
    """All products of a (…, F) and b (…, G): (…, F G), b's index the fastest."""
    product = ops.expand_dims(a, -1) * ops.expand_dims(b, -2)
    size = a.shape[-1] * b.shape[-1]
    return ops.reshape(product, (*ops.shape(product)[:-2], size))
