"""The whole: encoders → fusion → head, of any number of modalities in a dict."""

import inspect
from typing import Any

import keras
from keras import ops, tree

from mmlearn.layers.modality_batch import (
    AVAILABLE,
    MASK,
    ModalityBatch,
    where_available,
)
from mmlearn.layers.modality_dropout import ModalityDropout
from mmlearn.layers.numeric import Numeric
from mmlearn.models.describe import description
from mmlearn.models.encoding import encode


@keras.saving.register_keras_serializable("mmlearn")
class MultimodalModel(Numeric, keras.Model):
    """y = head(fusion({m: encoder_m(x_m)})), whatever is there of each sample.

    Args:
        encoders: dict, modality name -> Keras layer or model, or None: features as they
            come. One that makes a sequence (B, T, F) may return (features, mask).
        fusion: layer of `mmlearn.layers.fusion`, or any whose call takes a dict of
            features and `available=None`.
        head: layer, or dict task -> layer (a dict comes out), or None: the fusion's.
        modality_dropout: while training, the probability with which each modality of a
            sample is hidden from the fusion; never all (`layers.ModalityDropout`).
        seed: int, of this dropout; weights have their layers' own seeds.

    Call: a dict of arrays (B, …) with every name; beside a sequence `name_mask` (B, T)
    bool if its encoder takes one; beside any `name_available` (B,) bool, False where
    that sample has none. What stands there, NaN too, is read as zeros and never reaches
    the answer. (A batch norm in an encoder counts these zeros.) A sample without any
    modality gets what the fusion makes of nothing. Raises KeySetError for a modality
    that is missing or not known, ValueError for parts that are no layers.

    >>> encoders = {"image": keras.layers.Dense(4), "text": keras.layers.Dense(4)}
    >>> model = MultimodalModel(encoders, keras.layers.Identity(), None, seed=0)
    >>> y = model({"image": ops.ones((2, 3)), "text": ops.ones((2, 5))})
    >>> sorted(y), model.count_params()
    (['image', 'text'], 40)
    """

    def __init__(self, encoders, fusion, head, *, modality_dropout=0.0, seed, **kwargs):
        super().__init__(**kwargs)
        _expect_parts(encoders, fusion, head)
        self.modalities = sorted(encoders)
        self.encoders = {name: encoders[name] for name in self.modalities}
        self.fusion = fusion
        self.tasks = sorted(head) if isinstance(head, dict) else None
        self.head: Any = {t: head[t] for t in sorted(head)} if self.tasks else head
        self.seed = seed
        self.hide = ModalityDropout(modality_dropout, seed, name="modality_dropout")
        self._shapes: list = []

    def build(self, input_shape):
        """Build every part on symbols of these shapes, and remember the shapes.

        Args:
            input_shape: dict, name -> shape with the batch in front.
        """
        found = ModalityBatch.of(self._where, _symbols(input_shape), self.modalities)
        features, masks = self._encoded(found)
        fused = self.fusion(features)
        shapes = [found.values, features, fused, self._answered(fused)]
        self._shapes = [tree.map_structure(lambda x: x.shape, part) for part in shapes]
        self._masked = [n for n in self.modalities if found.masks[n] is not None]

    def call(self, inputs, training=False):
        found = ModalityBatch.of(self._where, inputs, self.modalities)
        features, masks = self._encoded(found)
        available = self._available(found.available, features, masks, training)
        if available is None:
            return self._answered(self.fusion(features))
        if "available" not in inspect.signature(self.fusion.call).parameters:
            raise ValueError(
                f"{self._where}: something is missing or hidden, or steps are masked, "
                f"and the fusion {self.fusion.name!r} cannot be told: its call takes "
                "no `available`; use one of mmlearn.layers.fusion"
            )
        return self._answered(self.fusion(features, available=available))

    @property
    def _where(self):
        return f"MultimodalModel {self.name!r}"

    def _encoded(self, found):
        """Two dicts: features, and for a sequence of them the mask of its steps."""
        features, masks = {}, {}
        for name in self.modalities:
            there, mask = found.available[name], found.masks[name]
            x = tree.map_structure(
                lambda a, there=there: where_available(a, there), found.values[name]
            )
            if mask is not None and there is not None:
                # Zeros to be read, rather than a sequence without any step.
                mask = ops.logical_or(mask, ops.logical_not(there)[:, None])
            h, mask = encode(self._where, name, self.encoders[name], x, mask)
            sequence = len(h.shape) == 3
            if sequence:  # Keras' hidden mask stays behind: ours is handed on by name
                h = ops.squeeze(ops.expand_dims(h, -1), -1)
                _expect_steps(self._where, name, h, mask)
            features[name], masks[name] = h, mask if sequence else None
        return features, masks

    def _available(self, said, features, masks, training):
        """What the fusion may look at: (B,), or (B, T) of a sequence; None: all."""
        hides = training and self.hide.rate
        every = [*said.values(), *masks.values()]
        if not hides and all(flag is None for flag in every):
            return None
        available = {
            name: _all_there(features[name]) if flag is None else flag
            for name, flag in said.items()
        }
        available = self.hide(available, training=training)
        for name, h in features.items():
            if len(h.shape) == 3:
                steps = masks[name]
                steps = ops.ones_like(h[..., 0], "bool") if steps is None else steps
                available[name] = ops.logical_and(available[name][:, None], steps)
        return available

    def _answered(self, fused):
        if self.head is None:
            return fused
        if self.tasks is None:
            return self.head(fused)
        return {task: self.head[task](fused) for task in self.tasks}

    def describe(self):
        """The whole as a table: every part, its shapes in axis letters, parameters.

        Returns:
            str, to print.

        Raises:
            ValueError: the model is not built yet.
        """
        if not self.built:
            raise ValueError(
                f"{self._where} is not built, and has no shapes yet: call it on a "
                "batch, or model.build({name: shape, …})"
            )
        inputs, features, fused, answers = self._shapes
        return description(self, inputs, features, fused, answers, self._masked)

    @property
    def output_shape(self):
        """(None, …) of what comes out, a dict of several heads; None if not built."""
        return self._shapes[-1] if self._shapes else None

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        parts = {"encoders": dict(self.encoders), "fusion": self.fusion}
        parts["head"] = self.head if self.tasks is None else dict(self.head)
        rates = {"modality_dropout": self.hide.rate, "seed": self.seed}
        return {**super().get_config(), **serialize(parts), **rates}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        names = ("encoders", "fusion", "head")
        restore = keras.saving.deserialize_keras_object
        parts = {n: restore(config[n], custom_objects=custom_objects) for n in names}
        return cls(**{**config, **parts})


def _all_there(h):
    """(B,) of True."""
    return ops.ones((ops.shape(h)[0],), "bool")


def _symbols(shape, name=""):
    """A Keras tensor for every shape of a dict; masks are of bool."""
    if isinstance(shape, dict):
        return {key: _symbols(part, key) for key, part in shape.items()}
    flag = name.endswith((MASK, AVAILABLE))
    dtype = "bool" if flag else keras.config.floatx()
    return keras.KerasTensor((None, *shape[1:]), dtype=dtype, name=name or None)


def _expect_steps(where, name, h, mask):
    """The features' steps are those that the mask speaks of, as far as is known."""
    if mask is None:
        return
    steps, said = h.shape[1], mask.shape[1]
    if None not in (steps, said) and steps != said:
        raise ValueError(
            f"{where}: the encoder of {name!r} makes {steps} steps of {said}, and does "
            "not say which of them count; let it return (features, mask)"
        )


def _expect_parts(encoders, fusion, head):
    where = "MultimodalModel"
    if not isinstance(encoders, dict) or not encoders:
        kind = "empty" if encoders == {} else f"a {type(encoders).__name__}"
        raise ValueError(
            f"{where}: encoders is {kind}; expected a dict, modality -> layer or None"
        )
    for name in encoders:
        if not isinstance(name, str) or name.endswith((MASK, AVAILABLE)):
            raise ValueError(
                f"{where}: a modality is called {name!r}; expected a text that does "
                f"not end in {MASK!r} or {AVAILABLE!r}"
            )
    heads = head if isinstance(head, dict) else {"head": head}
    if not heads:
        raise ValueError(f"{where}: head is empty; expected task -> layer, or None")
    parts = {f"the encoder of {n!r}": e for n, e in encoders.items() if e is not None}
    parts |= {"fusion": fusion}
    parts |= {f"head {t!r}": h for t, h in heads.items() if head is not None}
    for told, part in parts.items():
        if not isinstance(part, keras.Layer):
            kind = type(part).__name__
            raise ValueError(f"{where}: {told} is a {kind}; expected a Keras layer")
