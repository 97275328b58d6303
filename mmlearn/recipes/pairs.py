"""Pairs without labels: sounds that find pictures, lesson 17's first experiment.

An image and a sound of the same digit are a pair; the labels that made the pairs are
closed while training, and opened to measure: a sound found its picture if the picture
nearest to it shows the digit that was said. All that a pair has in common is the digit:
ln 10 nats at most, whatever is learned.

Bands are of the quick profile. On MNIST × FSDD a strange speaker's sounds found 0.770 ±
0.019 (three seeds), with the settings chosen on the small set.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from mmlearn.recipes.recipe import Recipe, current_profile

# Chosen by ln B − loss on validation pairs, in nats: temperatures 0.05, 0.1, 0.2, 0.5,
# two seeds at a rate of 3e-3: 1.59, 1.70, 1.72, 1.20; rates of 3e-3 and 1e-2, three
# seeds: 1.74, 1.89.
HIDDEN, UNITS, TEMPERATURE = {"quick": 64, "full": 256}, 16, 0.2
DROPOUT = 0.2
INFORMATION = float(np.log(10))  # nats that image and sound have in common, at most


@dataclass(frozen=True)
class PairRecipe(Recipe):
    """A recipe that learns from pairs; its accuracy is what `score` measures.

    Attributes:
        score: (model, (x, y)) -> a number from 0 to 1, that labels are opened for.

    The others are those of `Recipe`. `validation_loss` is InfoNCE among all validation
    pairs at once, or 256 of them: larger than in training batches of fewer strangers.
    """

    score: Callable[..., float] = field(default=lambda model, pair: float("nan"))

    def model(self, seed=0, steps=None):
        """A new model, compiled without a loss of labels: it has its own."""
        import keras

        model = self.build(seed)
        model.compile(optimizer=keras.optimizers.Adam(self._rate(steps)))
        return model

    def _result(self, model, history, splits, seed):
        closed = {part: splits[part] for part in splits if part == "train"}
        result = super()._result(model, history, closed, seed)
        found = {
            f"{part}_accuracy": self.score(model, splits[part])
            for part in ("validation", "test")
            if part in splits
        }
        size = len(splits["test"][1]) if "test" in splits else 0
        losses = history.history.get("val_loss", [np.nan])
        return replace(
            result, test_size=size, validation_loss=float(losses[-1]), **found
        )


@lru_cache(maxsize=2)
def load(profile):
    """Images and sounds as vectors; a voice tests that nobody has heard.

    Args:
        profile: "quick": the small set that ships. "full": MNIST × FSDD.
    """
    from mmlearn.recipes.av_digits import load_av_features, load_small_av_features
    from mmlearn.recipes.missing import as_vectors

    read = load_small_av_features if profile == "quick" else load_av_features
    return as_vectors(read(profile))


def encoder(name, hidden, units, seed, dropout=DROPOUT):
    """Dropout, a hidden layer with ReLU, a linear map: (B, F) -> (B, U)."""
    from keras import Sequential, initializers, layers

    first = 1000 * seed + 10 * sum(map(ord, name))
    return Sequential(
        [
            layers.Dropout(dropout, seed=first, name="dropout"),
            layers.Dense(
                hidden,
                "relu",
                kernel_initializer=initializers.HeNormal(seed=first + 1),
                name="hidden",
            ),
            layers.Dense(
                units,
                kernel_initializer=initializers.GlorotUniform(seed=first + 2),
                name="vectors",
            ),
        ],
        name=f"{name}_encoder",
    )


def build(seed, *, temperature=TEMPERATURE, heads=None, weight=1.0, dropout=DROPOUT):
    """Two dense encoders into one space of 16 dimensions."""
    from mmlearn.models import DualEncoder

    hidden = HIDDEN[current_profile()]
    encoders = {
        name: encoder(name, hidden, UNITS, seed, dropout) for name in ("image", "sound")
    }
    how = {"temperature": temperature, "weight": weight, "name": "dual_encoder"}
    return DualEncoder(encoders, heads, **how)


def embed(model, x):
    """Vectors of length 1: dict, modality -> (B, U) array."""
    return {name: np.asarray(model.embed(name, x[name])) for name in model.encoders}


def as_pictures(image):
    """(B, H W) pixels in a row -> (B, H, W, 1), of square images."""
    side = round(image.shape[1] ** 0.5)
    return image.reshape(len(image), side, side, 1)


def sound_finds_image(model, pair):
    """Share of sounds whose nearest image of all shows the digit that was said."""
    from mmlearn.evaluate import recall_at_k

    x, y = pair
    vectors = embed(model, x)
    same = y[:, None] == y
    return recall_at_k(vectors["sound"] @ vectors["image"].T, same)


def linear_alignment(x, y, units=9, ridge=1.0):
    """Canonical correlation: linear maps after which pairs agree the most.

    Args:
        x: (N, F). y: (N, G), row by row a pair.
        units: how many directions.
        ridge: added to both covariances, times their mean variance. (Validation pairs,
            recall@1 with 0.03, 0.1, 0.3, 1, 3: 0.74, 0.78, 0.78, 0.80, 0.80.)

    Returns:
        function of (x, y) to two arrays of vectors (n, units) of length 1; and the
        correlations (units,).

    Source: Hotelling (1936), Relations between two sets of variates, Biometrika 28.
    """
    means = x.mean(axis=0), y.mean(axis=0)
    a, b = x - means[0], y - means[1]
    whiten = [_inverse_root(c.T @ c / len(c), ridge) for c in (a, b)]
    u, correlations, vt = np.linalg.svd(whiten[0] @ (a.T @ b / len(a)) @ whiten[1])
    maps = whiten[0] @ u[:, :units], whiten[1] @ vt[:units].T

    def align(*arrays):
        found = []
        for array, mean, w in zip(arrays, means, maps, strict=True):
            z = (array - mean) @ w
            found.append(z / np.linalg.norm(z, axis=1, keepdims=True))
        return tuple(found)

    return align, correlations[:units]


def _inverse_root(covariance, ridge):
    values, vectors = np.linalg.eigh(covariance)
    values = np.maximum(values, 0) + ridge * values.mean()
    return vectors / np.sqrt(values) @ vectors.T


def bound(model, x, batch=50):
    """ln B − loss: a lower bound of the information, in nats, from whole batches.

    Args:
        model: DualEncoder. x: dict of (N, F), pairs in the order they come.
        batch: B.

    Returns:
        float, the mean over batches.
    """
    import keras

    vectors, losses = embed(model, x), []
    for i in range(0, len(vectors["image"]) - batch + 1, batch):
        part = [v[i : i + batch] for v in vectors.values()]
        losses.append(float(keras.ops.convert_to_numpy(model.contrast(*part))))
    return float(np.log(batch) - np.mean(losses))


def best_bound(batch, classes=10):
    """What ln B − loss is at best if all that pairs share is one of K equal classes.

    The best similarity is the same for all of the class and far lower for others: a
    pair with n others of its class in the batch loses ln(1 + n), and n is binomial.

    >>> round(best_bound(2), 3), round(best_bound(1000), 2)
    (0.624, 2.3)
    """
    from scipy.stats import binom

    n = np.arange(batch)
    loss = (binom.pmf(n, batch - 1, 1 / classes) * np.log1p(n)).sum()
    return float(np.log(batch) - loss)


PAIRS = PairRecipe(
    name="pairs_digits",
    description="sounds find pictures, learned from pairs without labels (lesson 17)",
    dataset="small_av_digits",
    load=load,
    build=build,
    epochs={"quick": 20, "full": 40},
    batch_size=50,
    learning_rate=1e-2,
    expected=(0.87, 1.0),
    grid=tuple({"learning_rate": rate} for rate in (3e-3, 1e-2, 3e-2)),
    schedule="cosine",
    score=sound_finds_image,
)
