"""The loss of pairs as a layer: two batches of vectors in, one number out."""

import keras
from keras import ops

from mmlearn.axes import expect_shape
from mmlearn.layers.numeric import Numeric


@keras.saving.register_keras_serializable("mmlearn")
class InfoNCE(Numeric):
    """Softmax cross-entropy over the cosines of a batch, in rows and in columns.

    s_bj = cos(q_b, k_j) / τ,
    L = −1/(2B) Σ_b [log softmax_j(s_bj) at j = b + log softmax_j(s_jb) at j = b].

    Args:
        temperature: τ > 0.

    Call: query (B, U), key (B, U) -> a number, in float32 at least. No weights, no
    masks: a pair of which one side is missing must be left out before. The strangers
    are those of the batch: the loss depends on B, at most ln B means nothing learned,
    and B = 1 gives 0 without any gradient. Where a loop cuts the batch into parts (for
    accumulation, or for replicas) each part has its own strangers only. Multiply-adds:
    B² U.

    Raises:
        ShapeError: for shapes that differ. ValueError: for a temperature not above 0.

    Source: see `reference.info_nce`.

    >>> loss = InfoNCE(0.5)(ops.eye(2), ops.eye(2))
    >>> print(f"{float(loss):.4f}")
    0.1269
    """

    def __init__(self, temperature=0.1, **kwargs):
        super().__init__(**kwargs)
        if isinstance(temperature, bool) or not 0 < temperature < float("inf"):
            raise ValueError(
                f"InfoNCE: temperature is {temperature}; expected a number above 0"
            )
        self.temperature = float(temperature)

    def call(self, query, key):
        sizes = expect_shape("InfoNCE", "query", query, "B U")
        hint = "row b of query and key belong together"
        expect_shape("InfoNCE", "key", key, "B U", sizes=sizes, hint=hint)
        q, k = unit_length(query), unit_length(key)
        s = ops.matmul(q, ops.transpose(k)) / self.temperature  # (B, B)
        own = ops.diagonal(s)  # (B,), not q · k anew: other rounding, and 0 is not 0
        rows, columns = (ops.logsumexp(s, axis=axis) for axis in (1, 0))
        return ops.mean((rows + columns) / 2 - own)

    def compute_output_shape(self, query_shape, key_shape):
        return ()

    def get_config(self):
        return {**super().get_config(), "temperature": self.temperature}


def unit_length(x):
    """Rows divided by their lengths, in float32 at least; a row of zeros stays.

    Args:
        x: (B, U) tensor.

    Returns:
        (B, U) tensor.
    """
    half = keras.backend.standardize_dtype(x.dtype) in ("float16", "bfloat16")
    x = ops.cast(x, "float32") if half else x
    square = ops.sum(x * x, axis=1, keepdims=True)
    return x / ops.sqrt(ops.where(square == 0, ops.ones_like(square), square))
