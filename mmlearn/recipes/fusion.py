"""The recipes of lesson 14: what fusing gains, where the best possible is known.

Two worlds of simulated modalities. In "parts" each of three modalities shows its own
bit of the label well, the others weakly, independent given the label: multiplying what
they say is best. In "xor" the label is the XOR of what two modalities show.
"""

from functools import lru_cache, partial
from typing import Any

from mmlearn.recipes.recipe import Recipe

PARTS: dict[str, Any] = {
    "classes": 8,
    "noise": {"audio": 0.8, "image": 0.6, "text": 1.0},
    "redundancy": 0.5,
}
XOR: dict[str, Any] = {
    "classes": 2,
    "noise": {"audio": 0.3, "image": 0.3},
    "synergy": 1.0,
}
SAMPLES = {"parts": 10_000, "xor": 6_000}
FEATURES = 8
RATES = tuple({"learning_rate": rate} for rate in (3e-3, 1e-2, 3e-2))


@lru_cache(maxsize=2)
def world(name):
    """The samples of one world, "parts" or "xor": `SimulatedModalities`.

    >>> world("xor").names
    ('audio', 'image')
    """
    from mmlearn.datasets import simulate_modalities

    dials = {"parts": PARTS, "xor": XOR}[name]
    return simulate_modalities(SAMPLES[name], features=FEATURES, **dials, seed=14)


def _load(name, only, profile):
    """The world's parts: half to train, a tenth to validate, the rest to test."""
    splits = world(name).splits(0.5, 0.1)
    if only is None:
        return splits
    return {part: ({only: x[only]}, y) for part, (x, y) in splits.items()}


def _build(name, only, how, units, relu, seed):
    from mmlearn import models

    dials = {"parts": PARTS, "xor": XOR}[name]
    names = sorted(dials["noise"]) if only is None else [only]
    shapes = dict.fromkeys(names, (FEATURES,))
    return models.fused_classifier(
        shapes, dials["classes"], how, units, relu=relu, seed=seed
    )


def _recipe(name, what, how, units, expected, only=None, relu=False, rate=1e-2):
    kind = name.split("_")[1]
    return Recipe(
        name=name,
        description=f"{what}, simulated modalities, {kind!r} (lesson 14)",
        dataset="simulated_modalities",
        load=partial(_load, kind, only),
        build=partial(_build, kind, only, how, units, relu),
        epochs={"quick": 10, "full": 10},
        batch_size=50,
        learning_rate=rate,
        schedule="cosine",
        jit_compile=False,
        expected=expected,
        grid=RATES,
    )


# Units are such that all of a world have about as many parameters (932 to 991, 321 to
# 334). One rate for all: of RATES the one with the lowest validation loss, the mean of
# the thirteen, two seeds.
RECIPES = (
    _recipe(
        "fusion_parts_image",
        "the best modality alone",
        "deep",
        55,
        (0.58, 0.615),
        "image",
    ),
    _recipe("fusion_parts_weighted", "a weighted sum", "weighted", 28, (0.83, 0.847)),
    _recipe(
        "fusion_parts_concatenate", "a linear map", "concatenate", 28, (0.83, 0.847)
    ),
    _recipe("fusion_parts_deep", "a hidden layer", "deep", 28, (0.82, 0.84)),
    _recipe("fusion_parts_late", "the mean of three experts", "late", 18, (0.69, 0.72)),
    _recipe("fusion_parts_product", "their product", "product", 18, (0.818, 0.837)),
    _recipe(
        "fusion_xor_audio", "one modality alone", "deep", 29, (0.465, 0.505), "audio"
    ),
    _recipe("fusion_xor_weighted", "a weighted sum", "weighted", 16, (0.475, 0.505)),
    _recipe(
        "fusion_xor_concatenate", "a linear map", "concatenate", 17, (0.475, 0.505)
    ),
    _recipe("fusion_xor_late", "the mean of two experts", "late", 15, (0.48, 0.535)),
    _recipe(
        "fusion_xor_relu", "a sum, then a ReLU", "weighted", 16, (0.995, 1.0), relu=True
    ),
    _recipe("fusion_xor_deep", "a hidden layer", "deep", 17, (0.995, 1.0)),
    _recipe("fusion_xor_gated", "a gate, a linear head", "gated", 6, (0.995, 1.0)),
)
