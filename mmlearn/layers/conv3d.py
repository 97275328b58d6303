"""Keras' Conv3D by another way: neighbouring frames side by side, as channels."""

import keras
from keras import ops

from mmlearn.layers.numeric import Numeric


@keras.saving.register_keras_serializable(package="mmlearn")
class StackedConv3D(Numeric, keras.layers.Conv3D):
    """`keras.layers.Conv3D`, the same numbers, computed by a 2-D convolution.

    y_t = b + Σ_p conv2d(x_{t+p}, W_p) = b + conv2d([x_t, x_{t+1}, …], [W_0, W_1, …]):
    the frames that a window sees are laid on each other as channels. On CPUs
    TensorFlow's gradients of a 3-D convolution are slow: 14 to 36 times slower than
    these on 50 clips of 16 frames and 1 or 8 channels.

    Args:
        filters, kernel_size, padding, …: as of `keras.layers.Conv3D`. In time the
            stride is 1, nothing is dilated, channels come last, groups are 1.

    Weights, names and configuration are Keras' own.

    Raises:
        ValueError: for a stride in time, a dilation, groups or channels first.

    >>> layer = StackedConv3D(8, 3, strides=(1, 2, 2), padding="same")
    >>> layer(ops.ones((2, 16, 12, 12, 1))).shape == (2, 16, 6, 6, 8)
    True
    """

    def __init__(self, filters, kernel_size, **options):
        options.setdefault("data_format", "channels_last")
        super().__init__(filters, kernel_size, **options)
        plain = set(self.dilation_rate) == {1} and self.groups == 1
        if self.strides[0] != 1 or not plain or self.data_format != "channels_last":
            raise ValueError(
                f"StackedConv3D: strides are {self.strides}, dilation "
                f"{self.dilation_rate}, groups {self.groups}, {self.data_format}; "
                "expected stride 1 in time, no dilation, 1 group, channels last"
            )

    def call(self, inputs):
        """(B, T, H, W, C) -> (B, To, Ho, Wo, U)."""
        taps = self.kernel_size[0]
        x, frames = inputs, inputs.shape[1]
        if self.padding == "same":
            before = (taps - 1) // 2
            x = ops.pad(x, [[0, 0], [before, taps - 1 - before]] + 3 * [[0, 0]])
        else:
            frames = frames - taps + 1
        x = ops.concatenate([x[:, p : p + frames] for p in range(taps)], axis=-1)
        x = ops.reshape(x, (-1, *x.shape[2:]))  # (B To, H, W, kt C)
        kernel = ops.transpose(self.kernel, (1, 2, 0, 3, 4))  # kh kw kt C U
        kernel = ops.reshape(kernel, (*self.kernel_size[1:], -1, self.filters))
        how = {"padding": self.padding, "data_format": "channels_last"}
        y = ops.conv(x, kernel, strides=self.strides[1:], **how)
        y = ops.reshape(y, (-1, frames, *y.shape[1:]))
        if self.use_bias:
            y = y + self.bias
        return self.activation(y)
