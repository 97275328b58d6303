"""Two encoders into one space, trained to find each other's partners."""

from typing import Any

import keras

from mmlearn.layers.contrastive import InfoNCE, unit_length
from mmlearn.layers.modality_batch import MASK, expect_keys
from mmlearn.layers.numeric import Numeric
from mmlearn.models.encoding import encode


@keras.saving.register_keras_serializable("mmlearn")
class DualEncoder(Numeric, keras.Model):
    """Two modalities as vectors of one space, and the InfoNCE loss of their pairs.

    The loss is the model's own (`add_loss`): compile without one, and no label is read.
    With heads, classes are learned beside (joint training): compile with a loss for
    each head, and weight 0 for samples without a label.

    Args:
        encoders: dict, two modality names -> Keras layer or model, to (B, U) both.
        heads: dict, modality -> layer that answers from its vectors; None: none.
        temperature: τ of the loss.
        weight: of the InfoNCE loss beside the heads'.

    Call: {name: (B, …)} of both, `name_mask` (B, T) beside a sequence -> dict, name ->
    vectors (B, U) of length 1; with heads dict, name -> their answers. Nothing may be
    missing: a pair with one side is none. (`embed` takes one modality alone.)

    Raises:
        ValueError: for other than two encoders. KeySetError: for other modalities.

    >>> encoders = {"image": keras.layers.Dense(4), "sound": keras.layers.Dense(4)}
    >>> model = DualEncoder(encoders)
    >>> y = model({"image": keras.ops.ones((2, 3)), "sound": keras.ops.ones((2, 5))})
    >>> sorted(y), len(model.losses)
    (['image', 'sound'], 1)
    """

    def __init__(self, encoders, heads=None, *, temperature=0.1, weight=1.0, **kwargs):
        super().__init__(**kwargs)
        if len(encoders) != 2:
            raise ValueError(
                f"DualEncoder: encoders are {', '.join(sorted(encoders)) or 'none'}; "
                "expected two"
            )
        if not set(heads or {}) <= set(encoders):
            raise ValueError(
                f"DualEncoder: heads are for {', '.join(sorted(heads))}; expected some "
                f"of {', '.join(sorted(encoders))}"
            )
        self.encoders = {name: encoders[name] for name in sorted(encoders)}
        self.heads = {name: heads[name] for name in sorted(heads)} if heads else None
        self.contrast = InfoNCE(temperature, name="info_nce")
        self.weight = float(weight)

    def build(self, input_shape):
        """Build every part on symbols of these shapes.

        Args:
            input_shape: dict, name -> shape with the batch in front.
        """
        names, symbols = self._expected(input_shape), {}
        for key, shape in input_shape.items():
            dtype = "bool" if key.endswith(MASK) else keras.config.floatx()
            symbols[key] = keras.KerasTensor((None, *shape[1:]), dtype=dtype)
        for name in names:
            h = self._encoded(name, symbols[name], symbols.get(name + MASK))
            if self.heads and name in self.heads:
                self.heads[name](h)

    def _expected(self, inputs):
        """The modalities' names, once the keys are what they must be."""
        names = list(self.encoders)
        masks = [n + MASK for n in names if isinstance(inputs, dict)]
        said = [key for key in masks if key in inputs]
        expect_keys("DualEncoder", inputs, [*names, *said])
        return names

    def call(self, inputs, training=False):
        names = self._expected(inputs)
        found = {n: self._encoded(n, inputs[n], inputs.get(n + MASK)) for n in names}
        self.add_loss(self.weight * self.contrast(*found.values()))
        units = {name: unit_length(h) for name, h in found.items()}
        if self.heads is None:
            return units
        return {name: head(units[name]) for name, head in self.heads.items()}

    def embed(self, name, x, mask=None):
        """One modality's vectors, of length 1.

        Args:
            name: of the modality. x: (B, …). mask: (B, T), or None.

        Returns:
            (B, U) tensor.
        """
        return unit_length(self._encoded(name, x, mask))

    def _encoded(self, name, x, mask):
        h, _ = encode("DualEncoder", name, self.encoders[name], x, mask)
        return h

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        heads: Any = dict(self.heads) if self.heads else None
        parts = {"encoders": dict(self.encoders), "heads": heads}
        rest = {"temperature": self.contrast.temperature, "weight": self.weight}
        return {**super().get_config(), **serialize(parts), **rest}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        restore = keras.saving.deserialize_keras_object
        parts = {
            n: restore(config[n], custom_objects=custom_objects)
            for n in ("encoders", "heads")
        }
        return cls(**{**config, **parts})
