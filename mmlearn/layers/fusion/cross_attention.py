"""Cross-attention: every token asks those of the other modalities."""

import keras
from keras import ops

from mmlearn.layers.fusion.tokens import TokenFusion
from mmlearn.layers.graph.base import positive
from mmlearn.layers.graph.segments import widen


@keras.saving.register_keras_serializable("mmlearn")
class CrossAttentionFusion(TokenFusion):
    """Tokens ask the other modalities: y = σ(Σ_l p_l (h_l + Σ_h o_l^h W_o^h + b_o)).

    All steps stand in one row of tokens, h_l = x_l W_m + b_m, m the modality of l. Each
    head has q = h W_q, k = h W_k, v = h W_v,  o_l = Σ_s w_ls v_s,  D = U / H and
    w_ls = exp(q_l·k_s/√D) / (1 + Σ_j exp(q_l·k_j/√D)) over the available tokens s of
    *other* modalities. The 1 is a token that says nothing: one may hear nobody, and
    must where it is alone. The p_l make a mean over the available steps of a modality,
    and then over modalities; where nothing is, y = σ(0).

    Args:
        units: features out, U, a multiple of heads, H.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: inputs, a dict of (B, T_m, F_m) or (B, F_m), T_m may differ; available, a dict
    of (B,) or (B, T_m) booleans, or None: all are -> y (B, U). No order in time: add
    positions before. `attention_weights(inputs, available)` returns w (B, H, S, S).
    Weights: for each modality by name kernel (F_m, U), bias (U,); query_kernel,
    key_kernel, value_kernel (U, H, D), output_kernel (H, D, U), output_bias (U,).
    Parameters: U ΣF + M U + 4 U² + U. Multiply-adds for a sample, S = ΣT_m:
    U Σ T_m F_m + 4 S U² + 2 S² U. Raises KeySetError, ShapeError, ValueError.

    Source: Vaswani et al. (2017), eq. 1; across modalities as Tsai et al. (2019).

    >>> import numpy as np
    >>> x = {"image": np.ones((2, 5)), "sound": np.ones((2, 7, 3))}
    >>> CrossAttentionFusion(4, heads=2)(x).shape == (2, 4)
    True
    """

    def __init__(self, units, heads=1, activation=None, **kwargs):
        super().__init__(units, activation, **kwargs)
        self.heads = positive(self, "heads", heads)
        if self.units % self.heads:
            raise ValueError(
                f"CrossAttentionFusion: units is {units}, heads {heads}; expected a "
                "multiple: each head has units / heads features"
            )

    def build(self, inputs_shape=None, available_shape=None):
        self.note(inputs_shape)
        self.kernels, self.biases = self.add_maps()
        shape = (self.units, self.heads, self.units // self.heads)
        self.query_kernel = self._square("query_kernel", shape)
        self.key_kernel = self._square("key_kernel", shape)
        self.value_kernel = self._square("value_kernel", shape)
        self.output_kernel = self._square("output_kernel", (*shape[1:], self.units))
        self.output_bias = self.add_bias(name="output_bias") if self.use_bias else None

    def _square(self, name, shape):
        """A kernel of this shape, drawn as one matrix (U, U)."""

        def drawn(initializer, dtype):
            matrix = initializer((self.units, self.units), dtype=dtype)
            return ops.reshape(matrix, shape)

        return self.add_kernel(name, shape, drawn)

    def call(self, inputs, available=None):
        tokens = self.tokens(inputs, available)
        w = ops.cast(self._look(tokens), self.compute_dtype)  # (B, H, S, S)
        v = ops.einsum("bsu,uhd->bhsd", tokens.h, self.value_kernel)
        heard = ops.einsum("bhls,bhsd->bhld", w, v)
        z = tokens.h + ops.einsum("bhld,hdu->blu", heard, self.output_kernel)
        z = z if self.output_bias is None else z + self.output_bias
        return self.pool(z, tokens.share)

    def attention_weights(self, inputs, available=None):
        """w of a built layer: (B, H, S, S), tokens in the order of names and steps.

        What a row lacks to 1 went to the token that says nothing.
        """
        return self._look(self.tokens(inputs, available))

    def _look(self, tokens):
        q = ops.einsum("blu,uhd->bhld", tokens.h, self.query_kernel)
        k = ops.einsum("bsu,uhd->bhsd", tokens.h, self.key_kernel)
        scores = widen(ops.einsum("bhld,bhsd->bhls", q, k))
        scores = scores / (self.units // self.heads) ** 0.5
        other = ops.not_equal(tokens.owner[:, :, None], tokens.owner[:, None, :])
        may = ops.logical_and(other, tokens.there[:, None, :])[:, None]  # (B, 1, S, S)
        zeros = ops.zeros_like(scores)
        scores = ops.where(may, scores, zeros)
        # The silent token's score is 0: so the largest is never below.
        largest = ops.max(scores, axis=-1, keepdims=True, initial=0)
        largest = ops.stop_gradient(largest)
        e = ops.where(may, ops.exp(scores - largest), zeros)
        return e / (ops.exp(-largest) + ops.sum(e, axis=-1, keepdims=True))

    def get_config(self):
        return super().get_config() | {"heads": self.heads}
