"""Weighted fusion: a mean of the modalities, each after a map of its own."""

import keras
from keras import ops

from mmlearn.layers.fusion.base import Fusion, affine
from mmlearn.layers.fusion.modalities import booleans, expect_known
from mmlearn.layers.graph.segments import wide

NEVER = -1e30  # the score of a modality that is not there


@keras.saving.register_keras_serializable("mmlearn")
class WeightedFusion(Fusion):
    """A mean of modalities: y = σ(Σ_m α_m (x_m W_m + b_m)), α = softmax(s) over m.

    The softmax runs over the modalities that are available in a sample; where none is,
    the sum is zero. With one modality α = 1, whatever its score.

    Args:
        units: features out, U.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: inputs, a dict of (B, F_m) or of (B, T, F_m); available, a dict of (B,) or
    (B, T) booleans, or None: all are -> y (B, U) or (B, T, U).
    Weights: scores (M,), then for each modality by name kernel (F_m, U), bias (U,).
    Parameters: U ΣF + M U + M. Multiply-adds for a sample: U ΣF + M U.
    `modality_weights(available)` returns α. Raises KeySetError, ShapeError.

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 3))}
    >>> WeightedFusion(4)(x).shape == (2, 4)
    True
    """

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        self.scores = self.add_weight(
            name="scores",
            shape=(len(self.names),),
            initializer="zeros",
            dtype=wide(self.variable_dtype),
            autocast=False,
        )
        self.kernels, self.biases = self.add_maps()

    def call(self, inputs, available=None):
        x, there = self.read(inputs, available)
        weights = self._weights(there)
        parts = zip(self.names, self.kernels, self.biases, strict=True)
        y = 0
        for i, (name, kernel, bias) in enumerate(parts):
            alpha = ops.cast(weights[..., i : i + 1], self.compute_dtype)
            y = y + alpha * affine(x[name], kernel, bias)
        return self.activation(y)

    def modality_weights(self, available=None):
        """α (…, M) by `names`: (M,) for None, else (B, M) or (B, T, M)."""
        there = booleans(type(self).__name__, available)
        expect_known(type(self).__name__, there, self.names)
        return self._weights(dict.fromkeys(self.names) | there)

    def _weights(self, there):
        scores = ops.convert_to_tensor(self.scores)
        given = [a for a in there.values() if a is not None]
        if not given:
            return ops.softmax(scores)
        all_there = ops.ones_like(given[0], dtype="bool")
        masks = [all_there if there[n] is None else there[n] for n in self.names]
        mask = ops.stack(masks, axis=-1)  # (…, M)
        least = ops.cast(NEVER, scores.dtype)
        largest = ops.where(mask, scores, least)
        largest = ops.max(largest, axis=-1, keepdims=True, initial=NEVER)
        e = ops.exp(ops.where(mask, scores - ops.stop_gradient(largest), least))
        total = ops.sum(e, axis=-1, keepdims=True)
        return e / ops.where(total > 0, total, ops.ones_like(total))
