"""How few labels suffice: from scratch, on a frozen encoder, or fine-tuned.

An image encoder has learned from pairs with sounds, without any label. Then labels of a
few images of each digit are opened. All networks of one way, of every seed and number
of labels, are trained side by side: the same steps, batches and rate for all.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmlearn.recipes import pairs
from mmlearn.recipes.recipe import Recipe, without_test

WAYS = ("scratch", "frozen", "tuned")
SIZES = (1, 2, 5, 10, 20, 100)  # labels of each class
CLASSES, ROWS = 10, 1000
# Validation pictures, three seeds, mean over all numbers of labels, rates of 3e-4,
# 1e-3, 3e-3, 1e-2, 3e-2: scratch 0.752, 0.800, 0.810, 0.810, 0.796; frozen 0.916,
# 0.919, 0.922, 0.925, 0.925; tuned 0.845, 0.860, 0.859, 0.858, 0.818.
RATES = {"scratch": 1e-2, "frozen": 1e-2, "tuned": 1e-3}
EPOCHS, BATCH = 20, 50


def labelled(y, per_class, seed):
    """Rows of so many samples of each class, drawn by the seed; a nested choice.

    >>> labelled(np.array([0, 1, 0, 1, 1]), 2, seed=0).shape
    (4,)
    """
    rng = np.random.default_rng([seed, 17])
    order = rng.permutation(len(y))
    rows = [order[y[order] == k][:per_class] for k in np.unique(y)]
    return np.concatenate(rows)


def stacked(encoders):
    """The kernels and biases of some encoders of one shape, each (R, …)."""
    return [np.stack(w) for w in zip(*(e.get_weights() for e in encoders), strict=True)]


def fit_many(x, y, chosen, encoders, way, *, rate=None, epochs=EPOCHS, **how):
    """Train a classifier for each choice of labelled rows, all side by side.

    Args:
        x: (N, F) images. y: (N,) labels.
        chosen: R arrays of row numbers, whose labels may be read.
        encoders: R encoders to start from (from scratch: untrained ones).
        way: one of `WAYS`.
        rate: Adam's; by default the way's own.
        epochs: of 1,000 rows; few labels are repeated until they are as many.
        how: for `train.fit`.

    Returns:
        model (B, R, F) -> logits (B, R, K), and its history.
    """
    import keras

    from mmlearn import models, train

    model = models.side_by_side(stacked(encoders), CLASSES, frozen=way == "frozen")
    model.compile(
        keras.optimizers.Adam(RATES[way] if rate is None else rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    rows = np.stack([_repeated(c, n) for n, c in enumerate(chosen)], axis=1)  # (N, R)
    how = {"epochs": epochs, "batch_size": BATCH, "progress": False} | how
    return model, train.fit(model, (x[rows], y[rows]), **how)


def _repeated(rows, number):
    """A thousand rows or more, each of the given ones as often, in an order of ours."""
    rng = np.random.default_rng([number, 18])
    times = -(-ROWS // len(rows))
    return np.concatenate([rng.permutation(rows) for _ in range(times)])[:ROWS]


def accuracies(model, x, y):
    """(R,) accuracy of each of the networks on the same images."""
    runs = model.output_shape[1]
    logits = np.asarray(model(np.repeat(x[:, None], runs, axis=1), training=False))
    return (logits.argmax(axis=-1) == y[:, None]).mean(axis=0)


def curve(way, encoders, train, measured, sizes=SIZES):
    """Accuracy against labels per class, of one encoder a seed.

    Args:
        way: one of `WAYS`. encoders: one for each seed, 0, 1, ….
        train, measured: (x (N, F), y (N,)) to learn from, and to measure on.
        sizes: labels of each class.

    Returns:
        (seeds, sizes) accuracies.
    """
    x, y = train
    runs = [(seed, size) for seed in range(len(encoders)) for size in sizes]
    chosen = [labelled(y, size, seed) for seed, size in runs]
    start = [encoders[seed] for seed, _ in runs]
    model, _ = fit_many(x, y, chosen, start, way)
    return accuracies(model, *measured).reshape(len(encoders), len(sizes))


def train_jointly(splits, per_class, seed, *, epochs=20, weight=1.0, graphs=None):
    """Pairs and labels at once: InfoNCE of all pairs, cross-entropy of a few images.

    Args:
        splits: as `pairs.load` gives them.
        per_class: labels of each class. seed: draws them, and fixes the weights.
        epochs: of all pairs. weight: of InfoNCE. graphs: as of `train.fit`.

    Returns:
        DualEncoder with a head on the images.
    """
    import keras

    from mmlearn import train

    x, y = splits["train"]
    rows = labelled(y, per_class, seed)
    counts = np.zeros(len(y), np.float32)
    counts[rows] = len(y) / len(rows)  # so that their mean is what is learned
    glorot = keras.initializers.GlorotUniform(seed=1000 * seed + 7)
    head = keras.layers.Dense(CLASSES, kernel_initializer=glorot, name="logits")
    model = pairs.build(seed, heads={"image": head}, weight=weight)
    model.compile(
        keras.optimizers.Adam(pairs.PAIRS.learning_rate),
        {"image": keras.losses.SparseCategoricalCrossentropy(from_logits=True)},
    )
    data = x, {"image": y}, {"image": counts}
    how = {"epochs": epochs, "batch_size": 50, "seed": seed, "progress": False}
    train.fit(model, data, graphs=graphs, **how)
    return model


def fresh(seed, features):
    """An image encoder that has learned nothing."""
    one = pairs.build(seed).encoders["image"]
    one.build((None, features))
    return one


@dataclass(frozen=True)
class FewLabelsRecipe(Recipe):
    """Pairs without labels first, then five labels of each digit.

    Attributes:
        way: one of `WAYS`. per_class: labels of each class.
    """

    way: str = "scratch"
    per_class: int = 5

    def run_on(self, splits, seed=0, profile=None, *rest, **options):
        """`Recipe.run_on` after the pairs: what is trained, and counted, is this part.

        The validation and test images are those of the pairs, their sounds unread.
        """
        parts = {
            part: (x["image"][:, None], y[:, None]) for part, (x, y) in splits.items()
        }
        x, y = splits["train"]
        rows = _repeated(labelled(y, self.per_class, seed), 0)
        parts["train"] = x["image"][rows, None], y[rows, None]
        features = x["image"].shape[1]
        plan = options.get("dry_run") or (len(rest) > 2 and rest[2])
        if self.way == "scratch" or plan:
            start = fresh(seed, features)
        else:
            closed = without_test(splits)
            result = pairs.PAIRS.run_on(closed, seed, profile, progress=False)
            start = result.model.encoders["image"]

        def build(seed):
            from mmlearn import models

            given: Any = stacked([start])
            return models.side_by_side(given, CLASSES, frozen=self.way == "frozen")

        return Recipe.run_on(
            replace(self, build=build), parts, seed, profile, *rest, **options
        )


def _recipe(way, words, expected):
    grid = tuple({"learning_rate": rate} for rate in (3e-4, 1e-3, 3e-3, 1e-2, 3e-2))
    return FewLabelsRecipe(
        name=f"few_labels_{way}",
        description=f"five labelled images of each digit, {words} (lesson 17)",
        dataset="small_av_digits",
        load=pairs.load,
        build=lambda seed: None,
        epochs={"quick": EPOCHS, "full": EPOCHS},
        batch_size=BATCH,
        learning_rate=RATES[way],
        expected=expected,
        grid=grid,
        way=way,
    )


RECIPES = (
    _recipe("scratch", "from scratch", (0.74, 0.86)),
    _recipe("frozen", "on a frozen encoder that knows pairs", (0.89, 0.99)),
    _recipe("tuned", "from an encoder that knows pairs", (0.81, 0.95)),
)
