"""Accumulation and clipping: the same numbers as one big batch, and as Keras' own."""

from functools import cache

import keras
import numpy as np
import pytest

from mmlearn import train


def momentum(**settings):
    """Not Adam: it makes whole steps of the rounding errors of a gradient near zero."""
    return keras.optimizers.SGD(0.05, momentum=0.9, **settings)


def pair(classifier, theirs=None, **settings):
    return (
        classifier(optimizer=optimizer, weighted_metrics=["accuracy"], **settings)
        for optimizer in (momentum(), theirs or momentum())
    )


@pytest.fixture(scope="module")
def weighted(digits):
    """182 rows: the last batch of 30 has 2."""
    x, y = digits
    return x[:182], y[:182], np.linspace(0.1, 2, 182, dtype="float32")


@pytest.fixture(scope="module")
def whole(weighted, digits, classifier):
    """Clip -> a model trained on whole batches, and its history."""

    @cache
    def train_whole(clip):
        model, _ = pair(classifier)
        data = train.ArraySource(*weighted, batch_size=30, shuffle=False)
        settings = {"global_clipnorm": clip, "validation_data": digits}
        return model, train.fit(model, data, epochs=8, **settings)

    return train_whole


@pytest.mark.parametrize(
    ("kind", "clip"),
    [
        ("arrays", 0.3),
        ("arrays, a long epoch", None),
        ("arrays, a long epoch", 0.3),
        ("own source", 0.3),
        ("tf.data", None),
    ],
)
def test_parts_of_a_batch_give_what_the_batch_gives(
    kind, kinds, clip, weighted, whole, digits, classifier, same
):
    """4 parts of 30 rows (8, 8, 7, 7), and of the last batch's 2 rows (1, 1, 0, 0)."""
    whole, expected = whole(clip)
    ours, _ = pair(classifier)
    settings = {"epochs": 8, "global_clipnorm": clip, "validation_data": digits}
    settings["jit_compile"] = kind == "own source"
    data = kinds[kind](*weighted)
    found = train.fit(ours, data, **settings, gradient_accumulation_steps=4)
    assert found.steps == expected.steps == 56
    assert same(ours, whole, 1e-6)
    for name, values in expected.history.items():
        assert found.history[name] == pytest.approx(values, abs=1e-5), name


@pytest.mark.parametrize("clip", [0.01, 0.5, 100.0])
def test_clipping_is_keras_clipping(clip, digits, classifier, same):
    ours, theirs = pair(classifier, momentum(global_clipnorm=clip))
    source = train.ArraySource(*digits, shuffle=False)
    train.fit(ours, source, epochs=2, global_clipnorm=clip)
    theirs.fit(*digits, batch_size=32, epochs=2, shuffle=False, verbose=0)
    assert same(ours, theirs, 1e-6)


def test_a_huge_gradient_is_clipped_not_lost(classifier):
    """The squares of these gradients overflow; their length does not."""
    rate = keras.optimizers.SGD(1.0)
    model = classifier(optimizer=rate, loss="mae", metrics=None)
    before = model.get_weights()
    data = np.ones((8, 64)), np.ones((8, 10)), np.full(8, 1e21, "float32")
    train.fit(model, data, epochs=1, batch_size=8, global_clipnorm=2.0)
    moved = [a - b for a, b in zip(model.get_weights(), before, strict=True)]
    length = np.sqrt(sum((m.astype("float64") ** 2).sum() for m in moved))
    assert length == pytest.approx(2.0, rel=1e-4)


def test_rows_of_an_embedding_that_occur_twice(same):
    """The norm is that of their sum; Keras' own takes it of the terms."""

    def make():
        draw = keras.initializers.RandomNormal(seed=1)
        layer = keras.layers.Embedding(5, 3, embeddings_initializer=draw)
        layers = [layer, keras.layers.Flatten(), keras.layers.Dense(1, trainable=False)]
        model = keras.Sequential([keras.Input((4,), dtype="int32"), *layers])
        model.layers[-1].set_weights([np.ones((12, 1)), np.zeros(1)])
        model.compile(keras.optimizers.SGD(1.0), "mse")
        return model

    x, y = np.array([[1, 1, 1, 2], [1, 2, 2, 2]]), np.array([[9.0], [9.0]])
    for parts in (1, 2):
        model = make()
        before = model.get_weights()[0]
        settings = {"gradient_accumulation_steps": parts, "global_clipnorm": 0.5}
        train.fit(model, (x, y), epochs=1, **settings)
        length = np.linalg.norm(model.get_weights()[0] - before)
        assert length == pytest.approx(0.5, rel=1e-4)


def test_a_regularizer_counts_once_and_unused_weights_stay(digits, same):
    class Unused(keras.layers.Layer):
        def build(self, shape):
            self.idle = self.add_weight(shape=(3,), name="idle")

        def call(self, x):
            return x

    def make():
        init = keras.initializers.GlorotUniform(seed=1)
        layers = [
            keras.layers.Dense(8, kernel_initializer=init, kernel_regularizer="l2"),
            keras.layers.ActivityRegularization(l2=1e-3),
            Unused(),
            keras.layers.Dense(10, kernel_initializer=init),
        ]
        model = keras.Sequential([keras.Input((64,)), *layers])
        model.layers[2].set_weights([np.ones(3)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(momentum(), loss)
        return model

    models = [make(), make()]
    for model, parts in zip(models, (1, 3), strict=True):
        with pytest.warns(UserWarning, match="Gradients do not exist"):
            train.fit(model, digits, epochs=2, gradient_accumulation_steps=parts)
    assert same(*models, 1e-6)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"precision": "float16"}, "precision is 'float16'; expected one of float32"),
        ({"global_clipnorm": 0}, "global_clipnorm is 0; expected .* above 0"),
        ({"global_clipnorm": True}, "global_clipnorm is True"),
        ({"gradient_accumulation_steps": 0}, "steps is 0; expected at least 1"),
        ({"gradient_accumulation_steps": 2.0}, "steps is 2.0; expected an int"),
    ],
)
def test_values_that_cannot_be_meant(settings, told, digits, classifier):
    with pytest.raises(ValueError, match=told):
        train.fit(classifier(), digits, epochs=1, **settings)


def test_what_keras_would_do_a_second_time(digits, classifier):
    clipped = classifier(optimizer=momentum(clipnorm=1.0))
    with pytest.raises(ValueError, match="own clipnorm: .* clipped twice"):
        train.fit(clipped, digits, epochs=1, global_clipnorm=1.0)
    slow = classifier(optimizer=momentum(gradient_accumulation_steps=2))
    with pytest.raises(ValueError, match="remove it from the optimizer"):
        train.fit(slow, digits, epochs=1, gradient_accumulation_steps=2)


def test_a_checkpoint_goes_on_with_the_same_mathematics_only(
    digits, classifier, same, tmp_path
):
    settings = {"checkpoint": tmp_path, "global_clipnorm": 0.5}
    train.fit(classifier(), digits, epochs=1, **settings)
    with pytest.raises(train.CheckpointError, match="global_clipnorm = 0.5"):
        train.fit(classifier(), digits, epochs=2, checkpoint=tmp_path)
    with pytest.raises(train.CheckpointError, match="precision = None"):
        train.fit(classifier(), digits, epochs=2, precision="float32", **settings)
    # In parts the numbers are the same: another machine may have less memory.
    model, whole = classifier(), classifier()
    train.fit(model, digits, epochs=2, gradient_accumulation_steps=2, **settings)
    train.fit(whole, digits, epochs=2, global_clipnorm=0.5)
    assert same(model, whole, 1e-4)
