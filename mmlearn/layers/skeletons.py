"""Bodies that move a little differently each time: augmentation while training."""

import keras
import numpy as np
from keras import ops

from mmlearn.axes import expect_shape
from mmlearn.layers.numeric import Numeric


@keras.saving.register_keras_serializable("mmlearn")
class RandomBody(Numeric):
    """Turn bodies about the vertical, change their size, cut a little off in time.

    Every sequence gets its own draw in each step of training; otherwise nothing
    happens. The second coordinate points up, the first and the third are turned.

    Args:
        turn: largest angle to either side, degrees; 0 for flat figures (D = 2).
        zoom: 0.1 multiplies all lengths by 0.9 to 1.1.
        crop: the largest share of the frames cut off, at the two ends together; what is
            left is stretched to T frames again by straight lines.
        seed: int.

    Call: x (B, T, N, D), D = 2 or 3 -> the same shape. Raises ValueError for a negative
    amount, ShapeError for another shape.

    >>> x = np.ones((2, 4, 5, 3), "float32")
    >>> RandomBody(turn=30, seed=0)(x, training=True).shape == x.shape
    True
    """

    def __init__(self, turn=0.0, zoom=0.0, crop=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        amounts = {"turn": (turn, 360), "zoom": (zoom, 1), "crop": (crop, 1)}
        for name, (amount, top) in amounts.items():
            if not 0 <= amount < top:
                raise ValueError(
                    f"RandomBody: {name} is {amount}; expected from 0 to below {top}"
                )
        self.turn, self.zoom, self.crop, self.seed = turn, zoom, crop, seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, x, training=False):
        hint = "batch, time, nodes, 2 or 3 coordinates"
        expect_shape("RandomBody", "x", x, "* T N *", hint=hint)
        if x.shape[-1] not in (2, 3) or (self.turn and x.shape[-1] == 2):
            wanted = "3 coordinates" if self.turn else "2 or 3 coordinates"
            raise ValueError(
                f"RandomBody: x is {tuple(x.shape)}; expected (B, T, N, D), {wanted}"
            )
        if not training:
            return x
        y = ops.cast(x, "float32")
        if self.crop:
            y = ops.einsum("bst,btnd->bsnd", self._cut(y), y)
        if self.turn:
            y = ops.matmul(y, self._rotations(y)[:, None])
        if self.zoom:
            y = y * (1 + self.zoom * self._uniform(y, -1.0)[:, None, None, None])
        return ops.cast(y, x.dtype)

    def _uniform(self, x, low):
        """(B,) numbers from low to 1."""
        return keras.random.uniform((ops.shape(x)[0],), low, 1.0, seed=self.draws)

    def _cut(self, x):
        """(B, T, T): how much of each frame t makes up each new frame s."""
        frames = x.shape[1]
        left = self.crop * self._uniform(x, 0.0)  # how much is cut off in all
        begin = (left * self._uniform(x, 0.0))[:, None]
        span = (1 - left)[:, None] * np.linspace(0, 1, frames, dtype="float32")
        at = (frames - 1) * (begin + span)  # (B, T), in frames
        gap = ops.abs(at[:, :, None] - np.arange(frames, dtype="float32"))
        return ops.maximum(1 - gap, 0.0)

    def _rotations(self, x):
        """(B, 3, 3) rotations about the second axis."""
        angle = np.pi / 180 * self.turn * self._uniform(x, -1.0)
        cos, sin = ops.cos(angle), ops.sin(angle)
        zero, one = ops.zeros_like(cos), ops.ones_like(cos)
        rows = [cos, zero, -sin, zero, one, zero, sin, zero, cos]
        return ops.reshape(ops.stack(rows, axis=1), (-1, 3, 3))

    def compute_output_shape(self, x_shape):
        return x_shape

    def get_config(self):
        amounts = {"turn": self.turn, "zoom": self.zoom, "crop": self.crop}
        return super().get_config() | amounts | {"seed": self.seed}
