"""Voices that sound a little different each time: augmentation while training."""

import math

import keras
from keras import ops

from mmlearn.axes import expect_mask, expect_shape
from mmlearn.layers.numeric import Numeric

CURVES = 3  # cosines over the bands that a microphone's curve is made of
QUIET = -3.0  # standard deviations below the mean: where a silent room's floor lies


@keras.saving.register_keras_serializable("mmlearn")
class RandomVoice(Numeric):
    """Another speed, throat, microphone and room for each log-mel recording.

    Every recording gets its own draw in each step of training; otherwise nothing
    happens. In this order, x' being read by straight lines between frames and bands:
    x'_tf = x_(t / s)(f w), s the speed and w the warp; plus Σ_k a_k cos(πk(f + ½) / F),
    a microphone; at least a floor of noise; levelled to mean 0 and deviation 1 over the
    frames that count; then a run of bands and one of frames set to that mean, 0.

    Args:
        stretch: 0.1 makes a recording 0.9 to 1.1 times as long; what passes T is cut.
        warp: 0.1 reads band f at 0.9 f to 1.1 f: a shorter throat, or a longer one.
        tilt: standard deviation of each a_k.
        floor: the highest noise floor, in standard deviations above `QUIET`.
        bands, frames: the widest runs that are masked.
        seed: int.

    Call: x (B, T, F), sound_mask (B, T) bool -> both, of the same shapes.

    Source: Park et al. (2019), SpecAugment, Interspeech (masks); Jaitly and Hinton
    (2013), Vocal tract length perturbation, ICML workshop (warp).

    >>> x, mask = RandomVoice(warp=0.1)(ops.ones((2, 6, 4)), ops.ones((2, 6), "bool"))
    >>> x.shape == (2, 6, 4) and mask.shape == (2, 6)
    True
    """

    def __init__(
        self,
        stretch=0.0,
        warp=0.0,
        tilt=0.0,
        floor=0.0,
        bands=0,
        frames=0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.amounts = {"stretch": stretch, "warp": warp, "tilt": tilt, "floor": floor}
        self.amounts |= {"bands": bands, "frames": frames}
        for name, amount in self.amounts.items():
            top = 1 if name in ("stretch", "warp") else math.inf
            if not 0 <= amount < top:
                raise ValueError(
                    f"RandomVoice: {name} is {amount}; expected from 0 to below {top}"
                )
        self.seed = seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, x, sound_mask, training=False):
        expect_shape("RandomVoice", "x", x, "* * F", hint="batch, frames, bands")
        expect_mask("RandomVoice", "sound_mask", sound_mask, "x", x)
        if not training:
            return x, sound_mask
        y = ops.cast(x, "float32")
        y, mask = self._stretched(y, sound_mask)
        y = self._at_microphone(self._warped(y))
        return ops.cast(self._masked(_levelled(y, mask), mask), x.dtype), mask

    def _stretched(self, x, mask):
        """Frame t read at t / s."""
        if not self.amounts["stretch"]:
            return x, mask
        speed = 1 + self.amounts["stretch"] * self._uniform(x, -1.0)  # (B, 1)
        number = ops.arange(ops.shape(x)[1], dtype="float32")  # (T,)
        at = number / speed  # (B, T)
        last = _length(mask) - 1  # (B, 1)
        y = ops.matmul(_straight(at, number), x)  # (B, T, T) @ (B, T, F)
        return y, at <= last

    def _warped(self, x):
        """Band f read at f w."""
        if not self.amounts["warp"]:
            return x
        factor = 1 + self.amounts["warp"] * self._uniform(x, -1.0)  # (B, 1)
        number = ops.arange(x.shape[-1], dtype="float32")  # (F,)
        at = ops.minimum(number * factor, x.shape[-1] - 1.0)  # (B, F)
        weights = ops.transpose(_straight(at, number), (0, 2, 1))
        return ops.matmul(x, weights)  # (B, T, F) @ (B, F, F)

    def _at_microphone(self, x):
        """With the curve of another microphone, and the noise of another room."""
        rows = ops.shape(x)[0]
        if self.amounts["tilt"]:
            band = ops.arange(x.shape[-1], dtype="float32") + 0.5
            wave = ops.arange(1, CURVES + 1, dtype="float32")[:, None]
            curves = ops.cos(math.pi * wave * band / x.shape[-1])  # (k, F)
            a = keras.random.normal((rows, CURVES), seed=self.draws)
            x = x + self.amounts["tilt"] * ops.matmul(a, curves)[:, None, :]
        if self.amounts["floor"]:
            floor = QUIET + self.amounts["floor"] * self._uniform(x, 0.0)
            x = ops.logaddexp(x, floor[:, :, None])
        return x

    def _masked(self, x, mask):
        """A run of bands and a run of frames set to 0."""
        bands = ops.full_like(_length(mask), x.shape[-1])
        for name, sizes, axis in (("bands", bands, 2), ("frames", _length(mask), 1)):
            if self.amounts[name]:
                wide = self.amounts[name] * self._uniform(x, 0.0)  # (B, 1)
                begin = ops.maximum(sizes - wide, 0.0) * self._uniform(x, 0.0)
                place = ops.arange(ops.shape(x)[axis], dtype="float32") + 0.5
                kept = (place < begin) | (place > begin + wide)  # (B, T) or (B, F)
                kept = ops.expand_dims(ops.cast(kept, x.dtype), 3 - axis)
                x = x * kept
        return x

    def _uniform(self, x, low):
        """(B, 1) numbers from low to 1."""
        return keras.random.uniform((ops.shape(x)[0], 1), low, 1.0, seed=self.draws)

    def get_config(self):
        return super().get_config() | self.amounts | {"seed": self.seed}


def _straight(at, number):
    """(B, S, T) weights of straight lines: row s reads between the places around it."""
    return ops.maximum(1.0 - ops.abs(at[:, :, None] - number), 0.0)


def _length(mask):
    """(B, 1) how many frames count."""
    return ops.sum(ops.cast(mask, "float32"), axis=1, keepdims=True)


def _levelled(x, mask):
    """Mean 0 and deviation 1 over the frames that count, 0 elsewhere."""
    mask = ops.cast(mask, x.dtype)[:, :, None]
    count = ops.maximum(ops.sum(mask, axis=(1, 2), keepdims=True) * x.shape[-1], 1.0)
    mean = ops.sum(x * mask, axis=(1, 2), keepdims=True) / count
    centred = (x - mean) * mask
    variance = ops.sum(ops.square(centred), axis=(1, 2), keepdims=True) / count
    return centred / (ops.sqrt(variance) + 1e-3)
