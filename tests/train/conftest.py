"""Small data and small models for the tests of the training loop."""

import resource
import signal
from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.datasets import load_digits

from mmlearn import train


@pytest.fixture(scope="session")
def digits():
    """200 of scikit-learn's digits, (200, 64) in 0 … 1, and their labels."""
    found = load_digits()
    return (found.data[:200] / 16).astype("float32"), found.target[:200]


class Unshuffled:
    """A source of our own: rows in their order, 30 a batch."""

    def __init__(self, *arrays):
        self.arrays = arrays
        self.steps_per_epoch = -(-len(arrays[0]) // 30)

    def batches(self, epoch, start):
        for b in range(start, self.steps_per_epoch):
            yield tuple(a[30 * b : 30 * b + 30] for a in self.arrays)


@pytest.fixture(scope="session")
def fit():
    """`train.fit` for tests of what goes on around the steps.

    Models made alike share what TensorFlow compiles, half a second for each model.
    """
    return partial(train.fit, graphs={})


@pytest.fixture
def kinds(monkeypatch):
    """Every kind of data that `fit` takes: (x, y, …) -> 30 rows a batch, in order."""
    rows = tf.data.Dataset.from_tensor_slices

    def arrays(*a):
        return train.ArraySource(*a, batch_size=30, shuffle=False)

    def long(*a):  # as in an epoch of many steps: a graph for each size of batch
        monkeypatch.setattr("mmlearn.train.chunk_tensorflow.SHORT", 0)
        return arrays(*a)

    return {
        "arrays": arrays,
        "arrays, a long epoch": long,
        "own source": Unshuffled,
        "tf.data": lambda *a: rows(a).batch(30),
        "tf.data of unknown length": lambda *a: (
            rows(a).filter(lambda *_: True).batch(30)
        ),
    }


@pytest.fixture(scope="session")
def classifier():
    """A factory of equal models: same weights, same dropout, at every call."""

    def make(*, dropout=0.0, batch_norm=False, optimizer=None, **compiled):
        layers = [
            keras.Input((64,), name="pixels"),
            keras.layers.Dense(
                12,
                activation="relu",
                kernel_initializer=keras.initializers.GlorotUniform(seed=1),
            ),
        ]
        layers += [keras.layers.BatchNormalization()] if batch_norm else []
        layers += [keras.layers.Dropout(dropout, seed=3)] if dropout else []
        layers += [
            keras.layers.Dense(
                10, kernel_initializer=keras.initializers.GlorotUniform(seed=2)
            )
        ]
        model = keras.Sequential(layers)
        settings = {
            "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "metrics": ["accuracy"],
        }
        model.compile(
            optimizer or keras.optimizers.Adam(0.01), **{**settings, **compiled}
        )
        return model

    return make


@pytest.fixture(scope="session")
def same():
    """Whether two models hold the same numbers: (a, b, tolerance), by default bits."""

    def check(a, b, tolerance=0.0):
        # Also dropout's seeds and the optimizer's slots, not only the weights.
        pairs = zip(
            [*a.variables, *a.optimizer.variables],
            [*b.variables, *b.optimizer.variables],
            strict=True,
        )
        return all(
            np.allclose(
                np.asarray(p.value), np.asarray(q.value), rtol=0, atol=tolerance
            )
            for p, q in pairs
        )

    return check


@pytest.fixture
def full_disk():
    """No file may grow beyond so many bytes: the system refuses, as when full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)
