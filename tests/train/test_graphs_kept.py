"""Compiled once for many models: the same bits, and nobody else's weights."""

import functools

import keras
import numpy as np
import pytest

from mmlearn import train
from mmlearn.train import inputs
from mmlearn.train.graphs_tensorflow import made_like

DROPOUT = 0.3
FALLING = keras.optimizers.schedules.ExponentialDecay(0.01, 5, 0.9)
RNG = np.random.default_rng(0)
X, Y = RNG.random((37, 5), "float32"), RNG.integers(0, 3, 37)


def make(seed, activation="relu", rate=0.01):
    """Whose step has all that changes: moving statistics, seeds, slots, metrics."""
    glorot = keras.initializers.GlorotUniform(seed=seed)
    layers = [
        keras.layers.Dense(6, activation=activation, kernel_initializer=glorot),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(DROPOUT, seed=seed),
        keras.layers.Dense(3, kernel_initializer=glorot),
    ]
    model = keras.Sequential([keras.Input((5,)), *layers])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return model


def run(model, seed, graphs=None, **how):
    how = {"batch_size": 8, "validation_data": (X[:20], Y[:20])} | how
    return train.fit(model, (X, Y), epochs=2, seed=seed, graphs=graphs, **how).history


def numbers(model):
    found = [*model.variables, *model.optimizer.variables]
    return [v.numpy().tobytes() for v in found]


@pytest.fixture
def traced(monkeypatch):
    """How often a model's code was read in a graph."""
    import tensorflow as tf

    calls, call = [], keras.Sequential.call

    @functools.wraps(call)  # whose signature says that it knows of training
    def counted(self, *args, **kwargs):
        if not tf.executing_eagerly():
            calls.append(self)
        return call(self, *args, **kwargs)

    monkeypatch.setattr(keras.Sequential, "call", counted)
    return calls


@pytest.mark.parametrize("jit", [False, True])
def test_another_seed_gets_the_same_bits_without_being_traced(jit, traced):
    graphs, first, other, again = {}, make(1), make(2), make(1)
    how = {"jit_compile": jit} | ({"validation_data": None} if jit else {})
    history = run(first, 1, graphs, **how)
    count = len(traced)
    run(other, 2, graphs, **how)
    before = numbers(other)
    assert history == run(again, 1, graphs, **how)
    assert len(traced) == count > 0
    assert numbers(first) == numbers(again) != before == numbers(other)


def test_new_sizes_are_traced_with_the_model_that_is_trained(traced):
    graphs, second, alone = {}, make(2), make(2)
    how = {"validation_data": None, "jit_compile": False}
    run(make(1), 1, graphs, batch_size=16, **how)
    assert run(second, 2, graphs, **how) == run(alone, 2, **how)
    assert traced[1] is second and numbers(second) == numbers(alone)


def test_another_rate_is_a_number_like_the_weights(traced):
    graphs, other, alone = {}, make(2, rate=0.1), make(2, rate=0.1)
    how = {"validation_data": None, "jit_compile": False}
    run(make(1), 1, graphs, **how)
    count = len(traced)
    history = run(other, 2, graphs, **how)
    assert len(traced) == count
    assert history == run(alone, 2, **how) and numbers(other) == numbers(alone)


@pytest.mark.parametrize("change", [{"activation": "tanh"}, {"rate": FALLING}])
def test_a_model_that_was_made_otherwise_is_another(change):
    models = make(1), make(2), make(1, **change)
    for model in models:
        inputs.build(model, (X[:2], Y[:2], None))
    one, same, other = map(made_like, models)
    assert one == same != other
