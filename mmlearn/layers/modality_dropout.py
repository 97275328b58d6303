"""Modalities left out on purpose while training, so that none is relied on alone."""

import keras
from keras import ops

from mmlearn.layers.numeric import Numeric


@keras.saving.register_keras_serializable("mmlearn")
class ModalityDropout(Numeric):
    """While training, hide each modality of each sample with a probability, never all.

    Modality m of a sample is hidden if u_m < rate, u uniform on [0, 1); but of those
    that are there, the one with the largest u stays. So among M that are there each is
    kept with probability 1 − rate + rate^M / M. What is kept is not scaled: unlike
    units, modalities are averaged over those that are there, or go without.

    Args:
        rate: probability, 0 to 1; with 1, exactly one modality of each sample stays.
        seed: int; the state of the draws is among the layer's variables.

    Call: dict, name -> (B,) bool, True where the modality is there -> the same, with
    fewer True. A sample with nothing there keeps nothing.

    Raises:
        ValueError: for a rate outside 0 to 1.

    Source: N. Neverova, C. Wolf, G. Taylor, F. Nebout, *ModDrop: adaptive multi-modal
    gesture recognition*, IEEE TPAMI 38(8), 2016.

    >>> there = {"image": ops.ones((4,), "bool"), "sound": ops.ones((4,), "bool")}
    >>> kept = ModalityDropout(1.0, seed=0)(there, training=True)
    >>> ops.convert_to_numpy(kept["image"] ^ kept["sound"]).tolist()
    [True, True, True, True]
    """

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(**kwargs)
        if isinstance(rate, bool) or not 0 <= rate <= 1:
            raise ValueError(f"ModalityDropout: rate is {rate}; expected 0 to 1")
        self.rate, self.seed = float(rate), seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, available, training=False):
        if not training or not self.rate:
            return available
        names = sorted(available)
        there = ops.stack([available[name] for name in names], axis=1)  # (B, M)
        shape = (ops.shape(there)[0], len(names))
        luck = keras.random.uniform(shape, dtype="float32", seed=self.draws)
        luck = ops.where(there, luck, -1.0)
        best = ops.max(luck, axis=1, keepdims=True)  # (B, 1)
        lucky = ops.logical_or(luck >= self.rate, luck >= best)
        kept = ops.logical_and(there, lucky)
        return {name: kept[:, i] for i, name in enumerate(names)}

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
