"""Every fusion on every dial: small simulated tasks, matched parameters, one ceiling.

A dial is a task made for one fusion. All fusions get the same data, a linear head,
about as many parameters, and the learning rate that the validation data of that dial
chose for them. Vectors are a sequence of one step to the two that take tokens; the
others see a sequence step by step, and a mean over time follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CLASSES = 2
SIZES = {"train": 2000, "validation": 2000, "test": 4000}
BATCH = 100
WORLD = 15  # of `simulate_modalities`


@dataclass(frozen=True)
class Dial:
    """One task, the fusion that is predicted to win, and how long all train.

    Attributes:
        name, says: in words.
        winner: name in `FUSIONS`, predicted before anything was run.
        draw: (samples, seed) -> simulated data with x, y and bayes_accuracy.
        parameters: what every model comes as near to as its size allows.
        epochs: passes over the 2,000 training samples.
    """

    name: str
    says: str
    winner: str
    draw: Callable[[int, int], Any]
    parameters: int
    epochs: int


def _add(samples, seed):
    from mmlearn.datasets import simulate_modalities

    noise = {"audio": 1.0, "image": 1.0}
    return simulate_modalities(
        samples, classes=CLASSES, features=4, noise=noise, seed=seed, world=WORLD
    )


def _multiply(samples, seed):
    from mmlearn.datasets import simulate_modalities

    dials = {"noise": {"audio": 0.4, "image": 0.4}, "synergy": 1.0, "world": WORLD}
    return simulate_modalities(samples, classes=CLASSES, features=4, seed=seed, **dials)


def _relation(kind):
    def draw(samples, seed):
        from mmlearn.datasets import simulated_sequences

        return getattr(simulated_sequences, f"simulate_{kind}")(samples, seed=seed)

    return draw


DIALS = {
    dial.name: dial
    for dial in (
        Dial("sum", "both say it; add", "concatenate", _add, 300, 10),
        Dial("trust", "whom to trust changes", "gated", _relation("trust"), 300, 20),
        Dial("XOR", "a product of two", "bilinear", _multiply, 300, 20),
        Dial("parity", "a product of four", "low_rank", _relation("parity"), 300, 40),
        Dial(
            "pointer",
            "a step that the other points at",
            "cross_attention",
            _relation("pointer"),
            600,
            25,
        ),
        Dial("offset", "a step behind", "graph", _relation("offset"), 600, 25),
    )
}
FUSIONS = (
    "concatenate",
    "deep",
    "gated",
    "bilinear",
    "tensor",
    "low_rank",
    "cross_attention",
    "graph",
)
RATES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
TOKENS = ("cross_attention", "graph")  # they pool by themselves


def build(dial, name, seed, size=None):
    """A fusion between the modalities of a dial and a linear head.

    Args:
        dial: name in `DIALS`. name: one in `FUSIONS`.
        seed: int, fixes the initial weights.
        size: of the fusion; by default `matched_size`.

    Returns:
        MultimodalModel, built, uncompiled: dict of arrays -> logits (B, 2).
    """
    import keras

    from mmlearn.models import MultimodalModel, fusion_layer

    size = matched_size(dial, name) if size is None else size

    def glorot(number):
        return keras.initializers.GlorotUniform(seed=1000 * seed + number)

    shapes = {n: x.shape for n, x in dial_data(dial)["train"][0].items()}
    fusion = fusion_layer(name, size, kernel_initializer=glorot(0), name="fusion")
    head = keras.layers.Dense(CLASSES, kernel_initializer=glorot(500), name="logits")
    steps = len(next(iter(shapes.values()))) == 3
    if steps and name not in TOKENS:  # a mean over time, then the head
        head = keras.Sequential([keras.layers.GlobalAveragePooling1D(), head])
    model = MultimodalModel(dict.fromkeys(shapes), fusion, head, seed=seed, name=name)
    model.build({n: (None, *shape[1:]) for n, shape in shapes.items()})
    return model


@lru_cache(maxsize=128)
def matched_size(dial, name):
    """The units with which a model comes nearest to the dial's parameters."""
    from mmlearn.models import matched_units

    x = dial_data(dial)["train"][0]
    features = [x[n].shape[-1] for n in sorted(x)]
    return matched_units(name, features, CLASSES, DIALS[dial].parameters)


@lru_cache(maxsize=8)
def dial_data(dial):
    """The three parts of a dial: dict part -> (x, y)."""
    drawn = {
        part: DIALS[dial].draw(samples, seed)
        for seed, (part, samples) in enumerate(SIZES.items())
    }
    return {part: (data.x, data.y) for part, data in drawn.items()}


@lru_cache(maxsize=8)
def ceiling(dial):
    """The best accuracy that there can be."""
    best = DIALS[dial].draw(20_000, 99).bayes_accuracy
    return float(best() if callable(best) else best)


@lru_cache(maxsize=8)
def best_rule(dial):
    """Accuracy of the best possible decision on the very samples of the test."""
    parts = list(SIZES)  # a part's seed is its place, as in `dial_data`
    data = DIALS[dial].draw(SIZES["test"], parts.index("test"))
    found = data.posterior() if callable(data.posterior) else data.posterior
    return float((found.argmax(axis=1) == data.y).mean())
