"""Encoders, a fusion, a head: the networks that lesson 14 compares."""

import keras

from mmlearn.layers.fusion import (
    ConcatenateFusion,
    DeepFusion,
    GatedFusion,
    LateFusion,
    ProductOfExperts,
    WeightedFusion,
)
from mmlearn.models.classifiers import _init
from mmlearn.models.multimodal import MultimodalModel

EARLY = {
    "weighted": WeightedFusion,
    "concatenate": ConcatenateFusion,
    "gated": GatedFusion,
}
LATE = {"late": LateFusion, "product": ProductOfExperts}
FUSIONS = (*EARLY, "deep", *LATE)


def fused_classifier(
    shapes,
    classes,
    how="concatenate",
    units=16,
    *,
    relu=False,
    encoders=None,
    log_prior=None,
    seed,
):
    """Several modalities to one label, fused in one of six ways.

    - weighted, concatenate, gated: the fusion to U units, then a linear head; with
      `relu` a ReLU stands between.
    - deep: concatenate and a hidden layer of U units.
    - late, product: a network with U hidden units for each modality (or its encoder,
      which then gives logits), and the mean, or product, of what they say.

    Args:
        shapes: dict, modality to the shape of one sample, (F,) for a vector; and
            `name_mask` to (T,) beside a sequence whose encoder takes one.
        classes: K.
        how: one of "weighted", "concatenate", "gated", "deep", "late", "product".
        units: U. relu: whether the head has a ReLU before it.
        encoders: dict, modality to a layer or model; by default none has one.
        log_prior: of "product", (K,).
        seed: int, fixes the initial weights.

    Returns:
        MultimodalModel, built, uncompiled: a dict of arrays -> logits (B, K).

    >>> shapes = {"image": (8,), "audio": (8,)}
    >>> fused_classifier(shapes, 2, "deep", seed=0).count_params()
    306
    """
    if how not in FUSIONS:
        raise ValueError(
            f"fused_classifier: how is {how!r}; expected one of {', '.join(FUSIONS)}"
        )
    names = sorted(name for name in shapes if not name.endswith("_mask"))
    encoders = dict.fromkeys(names) | (encoders or {})
    fusion: keras.layers.Layer
    head = None
    if how in EARLY:
        options = {"activation": "relu" if relu else None}
        fusion = EARLY[how](units, **options, **_init(seed, 50), name="fusion")
        head = keras.layers.Dense(classes, name="logits", **_init(seed, 40))
    elif how == "deep":
        init = _init(seed, 50, "he_normal")
        fusion = DeepFusion(classes, hidden_units=units, **init, name="fusion")
    else:
        experts = zip(names, range(20, 40, 2), strict=False)
        encoders |= {
            name: _expert(name, units, classes, seed, number)
            for name, number in experts
            if encoders[name] is None
        }
        options = {"log_prior": log_prior} if how == "product" else {}
        fusion = LATE[how](**options, name="fusion")
    model = MultimodalModel(encoders, fusion, head, seed=seed, name=f"{how}_fusion")
    model.build({name: (None, *shape) for name, shape in shapes.items()})
    return model


def _expert(name, units, classes, seed, number):
    """A network that decides from one modality alone."""
    hidden = keras.layers.Dense(
        units, "relu", name="hidden", **_init(seed, number, "he_normal")
    )
    logits = keras.layers.Dense(classes, name="logits", **_init(seed, number + 1))
    return keras.Sequential([hidden, logits], name=f"{name}_expert")
