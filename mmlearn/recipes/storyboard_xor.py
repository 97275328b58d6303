"""The storyboard's XOR dial: is the visitor's sound that of what is seen?

All is in cipher and nothing is noisy: whether the two fit is the XOR of what is seen (a
stone or a bell) and what is heard (a thud or a ping), and either alone is a coin. The
readers are those of `storyboard_readers.py`, trained on the default dials' clips; on
the mean of the last three frames' readings (every visitor has landed by then) and on
the sound's, each fusion learns the XOR from the label alone. Fusions are matched in
parameters, fusion and head together, as in `av_fusion`; heads are linear. Concatenation
is there to fail: after encoders of one layer it cannot multiply.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from mmlearn.recipes import storyboard_clips, storyboard_readers
from mmlearn.recipes.recipe import Recipe, Result

SAMPLES = {
    "quick": {"train": 160, "validation": 48, "test": 48},
    "full": {"train": 2000, "validation": 500, "test": 10_000},
}
WORLD, LAST = 1, 3  # another seed of clips than the tasks'; frames that are read
CLASSES, FEATURES, PARAMETERS = 2, 16, 2500
SINGLES = ("sound", "video")
FUSIONS = ("concatenate", "gated", "tensor", "cross_attention", "deep")


def dials():
    """Everything in cipher, no copy is wrong."""
    from mmlearn.datasets import storyboard

    none = dict.fromkeys(storyboard.MODALITIES, 0.0)
    return storyboard.Dials(noise=none, synergy=1.0)


@lru_cache(maxsize=1)
def load(profile):
    """Clips of the dial, before they are read: part -> (x, y), y whether they fit.

    x has "sound", "sound_mask" and "video", the last frames alone, in bytes.
    """
    return {part: _clips(part, n) for part, n in SAMPLES[profile].items()}


def _clips(part, samples):
    xs, ys = [], []
    for x, y in storyboard_clips.chunks(part, samples, dials(), WORLD):
        last = x["video"][:, -LAST:]
        xs.append({n: x[n] for n in ("sound", "sound_mask")} | {"video": last})
        ys.append(y["anomaly"])
    whole = {name: np.concatenate([x[name] for x in xs]) for name in xs[0]}
    return whole, np.concatenate(ys)


@dataclass(frozen=True)
class XorResult(Result):
    """One run; `right` has (N,) bool under "anomaly", of the test clips."""

    right: dict[str, np.ndarray] = field(repr=False)


@dataclass(frozen=True)
class XorRecipe(Recipe):
    """A recipe on what the readers of the same seed say of the dial's clips.

    Attributes:
        modalities: those it looks at. The others are those of `Recipe`.
    """

    modalities: tuple[str, ...] = SINGLES

    def prepared(self, splits, seed, profile):
        """What the readers of this seed make of the clips: part -> (x, y)."""
        return {
            part: ({name: x[name] for name in self.modalities}, y)
            for part, (x, y) in readings(splits, seed, profile).items()
        }

    def _result(self, model, history, splits, seed):
        plain = Recipe._result(self, model, history, splits, seed)
        right = {}
        if "test" in splits:
            x, y = splits["test"]
            right["anomaly"] = np.asarray(model(x)).argmax(axis=1) == y
        return XorResult(**vars(plain), right=right)


_KEPT: dict[tuple, Any] = {}


def readings(splits, seed, profile):
    """Part -> (x, y) of readings, x name -> (N, F); the last ones are kept."""
    key = (profile, seed, *(id(y) for _, y in splits.values()))
    if key not in _KEPT:
        readers = storyboard_readers.trained(profile, seed)
        parts = {part: (readers.read(x), y) for part, (x, y) in splits.items()}
        parts = {
            part: (x | {"video": x["video"].mean(axis=1)}, y)
            for part, (x, y) in parts.items()
        }
        _KEPT.clear()
        _KEPT[key] = splits, parts
    return _KEPT[key][1]


def build(how, seed):
    """An encoder of one layer for each reading, a fusion, a linear head.

    Args:
        how: one of FUSIONS or SINGLES. seed: int.

    Returns:
        MultimodalModel, built, uncompiled.
    """
    import keras

    from mmlearn import models

    names = (how,) if how in SINGLES else SINGLES
    fusion = "concatenate" if how in SINGLES else how
    widths = {"sound": storyboard_readers.width("sound")}
    widths["video"] = storyboard_readers.width("frame")
    encoders = {
        name: models.vector_encoder(widths[name], FEATURES, seed=2 * seed + k)
        for k, name in enumerate(SINGLES)
        if name in names
    }
    size = models.matched_units(fusion, [FEATURES] * len(names), CLASSES, PARAMETERS)
    init = keras.initializers.GlorotUniform(seed=1000 * seed + 400)
    joined = models.fusion_layer(fusion, size, kernel_initializer=init, name="fusion")
    head = models.dense_head(CLASSES, seed=seed)
    model = models.MultimodalModel(encoders, joined, head, seed=seed, name=how)
    model.build({name: (None, widths[name]) for name in names})
    return model


def _builder(how):
    return lambda seed: build(how, seed)


BANDS = dict.fromkeys((*SINGLES, "concatenate"), (0.48, 0.52))  # five seeds: 0.50
BANDS |= dict.fromkeys(("gated", "tensor", "cross_attention", "deep"), (0.99, 1.0))
RATES = tuple({"learning_rate": rate} for rate in (2e-3, 5e-3, 1e-2))
RECIPES = tuple(
    XorRecipe(
        name=f"storyboard_xor_{how}",
        description=f"XOR of what is seen and heard, {told} (lesson 19)",
        dataset="storyboard",
        load=load,
        build=_builder(how),
        epochs={"quick": 2, "full": 15},
        batch_size=50,
        learning_rate=5e-3,
        schedule="cosine",
        jit_compile=False,
        expected=BANDS[how],
        grid=RATES,
        modalities=(how,) if how in SINGLES else SINGLES,
    )
    for how, told in (
        *((name, f"{name} alone") for name in SINGLES),
        *((name, f"{name.replace('_', '-')} fusion") for name in FUSIONS),
    )
)
