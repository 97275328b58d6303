"""Fusions of tokens: modality × time steps in one row, pooled at the end."""

from typing import Any, NamedTuple

from keras import ops

from mmlearn.layers.fusion.base import Fusion, affine
from mmlearn.layers.graph.segments import wide, widen


class Tokens(NamedTuple):
    """All steps of all modalities, one after another, and what is known of each."""

    h: Any  # (B, S, U) what it says
    there: Any  # (B, S) bool: whether it is available
    share: Any  # (B, S) what it counts in the pooled mean
    owner: Any  # (B, S) the number of its modality
    step: Any  # (B, S) its time step, 0 …
    steps: Any  # (B, S) how many its modality has, T_m


class TokenFusion(Fusion):
    """A fusion of sequences of different lengths, a vector being one of one step.

    Each modality is mapped to U features: h_m = x_m W_m + b_m. Subclasses let tokens
    hear each other; `pool` takes the mean over what is available in each modality, and
    then over the modalities, so that a long one does not count for more.
    """

    pools = True

    def tokens(self, inputs, available):
        x, there = self.read(inputs, available)
        parts = []
        for i, name in enumerate(self.names):
            array, a = x[name], there[name]
            if len(array.shape) == 2:
                array = ops.expand_dims(array, 1)
                a = a if a is None else ops.expand_dims(a, 1)
            h = affine(array, self.kernels[i], self.biases[i])  # (B, T_m, U)
            one = ops.ones_like(array[..., 0], dtype="int32")  # (B, T_m)
            a = ops.cast(one, "bool") if a is None else a
            steps = one * ops.sum(one, axis=1, keepdims=True)
            number = ops.cast(a, wide(self.compute_dtype))
            share = number / ops.maximum(ops.sum(number, axis=1, keepdims=True), 1)
            step = ops.cumsum(one, axis=1) - 1
            parts.append(Tokens(h, a, share, one * i, step, steps))
        joined = Tokens(*(ops.concatenate(p, axis=1) for p in zip(*parts, strict=True)))
        # The shares of a modality add up to 1, or to 0: how many are there at all?
        modalities = ops.sum(joined.share, axis=1, keepdims=True)
        return joined._replace(share=joined.share / ops.maximum(modalities, 1))

    def pool(self, z, share):
        """Σ_l share_l z_l: (B, S, U), (B, S) -> (B, U), zero where nothing is there."""
        y = ops.sum(ops.expand_dims(share, -1) * widen(z), axis=1)
        return self.activation(ops.cast(y, self.compute_dtype))
