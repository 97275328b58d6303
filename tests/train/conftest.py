"""Small data and small models for the tests of the training loop."""

import resource
import signal

import keras
import numpy as np
import pytest
from sklearn.datasets import load_digits


@pytest.fixture(scope="session")
def digits():
    """200 of scikit-learn's digits, (200, 64) in 0 … 1, and their labels."""
    found = load_digits()
    return (found.data[:200] / 16).astype("float32"), found.target[:200]


@pytest.fixture
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


@pytest.fixture
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
