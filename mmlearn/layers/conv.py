"""The convolution of mathematics: Conv2D's formula with the kernel flipped."""

import keras
from keras import activations, initializers, ops, regularizers

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.layers.numeric import Numeric


@keras.saving.register_keras_serializable("mmlearn")
class Convolve2D(Numeric):
    """True 2-D convolution, whose taps run against the pixels: y = x ∗ W + b.

    Pixel by pixel  y_iju = b_u + Σ_pqc x_(i − p),(j − q),c W_pqcu,  as matrices
    Y = P(x) J W + b, where P holds one patch of x per row and J reverses the order of
    the taps. Keras' `Conv2D` leaves J out: it computes the cross-correlation. The two
    learn equally well; it matters when the kernel is given, or read.

    Args:
        filters: number of units out, U.
        kernel_size: taps in height and width, px: an integer, or one each.
        strides: step between windows, px: an integer, or one each.
        padding: "valid" (whole windows only) or "same" (zeros around).
        dilation_rate: step between the taps of a window, px.
        groups: channels and units fall into this many groups that do not mix.
        activation: applied to y; by default none.
        use_bias: whether b is added.
        kernel_initializer, bias_initializer, kernel_regularizer: as in Keras.

    Call: x (B, H, W, C) -> y (B, Ho, Wo, U). Weights: kernel (kh, kw, C / groups, U),
    bias (U,). Raises ShapeError for an input of another shape.

    Source: as `mmlearn.reference.convolve2d`, which `proof.agree` holds it against.

    >>> Convolve2D(32, 3)(ops.ones((2, 28, 28, 3))).shape == (2, 26, 26, 32)
    True
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        dilation_rate=1,
        groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = _positive("filters", filters)
        self.kernel_size = _pair("kernel_size", kernel_size)
        self.strides = _pair("strides", strides)
        self.padding = str(padding).lower()
        self.dilation_rate = _pair("dilation_rate", dilation_rate)
        self.groups = _positive("groups", groups)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self._check()

    def _check(self):
        if self.padding not in ("valid", "same"):
            raise ValueError(
                f"Convolve2D: padding is {self.padding!r}; expected 'valid' or 'same'"
            )
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"Convolve2D: strides are {self.strides} and dilation_rate is "
                f"{self.dilation_rate}; expected at most one of them above 1, as in "
                "Keras"
            )
        if self.filters % self.groups:
            raise ValueError(
                f"Convolve2D: groups is {self.groups}; expected a divisor of "
                f"filters = {self.filters}"
            )

    def build(self, input_shape):
        symbol = keras.KerasTensor(input_shape)
        channels = expect_shape("Convolve2D", "x", symbol, "B H W C")["C"]
        if channels is None or channels % self.groups:
            raise ShapeError(
                f"Convolve2D: x is {tuple(input_shape)}; expected a known number of "
                f"channels C that groups = {self.groups} divides"
            )
        self.kernel = self.add_weight(
            name="kernel",
            shape=(*self.kernel_size, channels // self.groups, self.filters),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.filters,), initializer=self.bias_initializer
            )
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={-1: channels})

    def call(self, x):
        # Cross-correlation with the flipped kernel is convolution with the kernel.
        y = ops.conv(  # (B, Ho, Wo, U)
            x,
            ops.flip(self.kernel, axis=(0, 1)),
            strides=self.strides,
            padding=self.padding,
            data_format="channels_last",
            dilation_rate=self.dilation_rate,
        )
        if self.bias is not None:
            y = y + self.bias
        return self.activation(y)

    def compute_output_shape(self, input_shape):
        batch, *sizes, _ = input_shape
        out = [
            _output_size(input_shape, n, k, s, d, self.padding)
            for n, k, s, d in zip(
                sizes, self.kernel_size, self.strides, self.dilation_rate, strict=True
            )
        ]
        return (batch, *out, self.filters)

    def get_config(self):
        return super().get_config() | {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            "groups": self.groups,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
        }


def _output_size(shape, n, k, s, d, padding):
    """Windows along one axis of n pixels: ⌈n / s⌉, or ⌊(n − d (k − 1) − 1) / s⌋ + 1."""
    if n is None:
        return None
    if padding == "same":
        return -(-n // s)
    reach = d * (k - 1) + 1
    if n < reach:
        raise ShapeError(
            f"Convolve2D: x is {tuple(shape)}, the kernel spans {reach} px; expected "
            "at least that many pixels, or padding='same'"
        )
    return (n - reach) // s + 1


def _pair(name, value):
    """An integer, or one each for height and width, as a pair of positive integers."""
    pair = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(pair) != 2:
        raise ValueError(
            f"Convolve2D: {name} is {value!r}; expected an integer, or one each for "
            "height and width"
        )
    return tuple(_positive(name, v) for v in pair)


def _positive(name, value):
    if isinstance(value, bool) or int(value) != value or value < 1:
        raise ValueError(
            f"Convolve2D: {name} is {value!r}; expected a positive integer"
        )
    return int(value)
