"""Positions for attention, which by itself does not know them: added sines."""

import keras
from keras import ops

from mmlearn.axes import ShapeError
from mmlearn.layers.numeric import Numeric


@keras.saving.register_keras_serializable("mmlearn")
class SinusoidalPositions(Numeric):
    """Adds to the features of token t the pattern p_t of its place: y_t = x_t + p_t.

    p_t,2i = sin(t / 10000^(2i / F)),  p_t,2i+1 = cos(t / 10000^(2i / F)),  t from 0

    It has no weights, and no longest sequence. It is computed in float32 whatever the
    precision is: bfloat16 cannot tell t = 256 from 257.

    Call: x (B, L, F) -> y (B, L, F). Raises ShapeError for an input of another shape.

    Source: A. Vaswani et al., *Attention is all you need*, NeurIPS 2017, section 3.5;
    the pattern is `mmlearn.reference.positional_encoding`.

    >>> y = SinusoidalPositions()(ops.zeros((1, 2, 4)))
    >>> ops.convert_to_numpy(y)[0].round(3).tolist()[0]
    [0.0, 1.0, 0.0, 1.0]
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        if len(input_shape) != 3 or not input_shape[-1]:
            raise ShapeError(
                f"SinusoidalPositions: x is {tuple(input_shape)}; expected (B, L, F): "
                "tokens L, and a known number of features F"
            )

    def call(self, x):
        column = ops.arange(x.shape[-1], dtype="float32")
        pair = 2 * ops.floor(column / 2)  # 0, 0, 2, 2, 4, 4, …
        t = ops.cast(ops.arange(ops.shape(x)[1]), "float32")[:, None]  # (L, 1)
        angle = t / ops.power(10000.0, pair / x.shape[-1])  # (L, F)
        p = ops.where(column == pair, ops.sin(angle), ops.cos(angle))
        return x + ops.cast(p, x.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape
