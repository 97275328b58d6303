"""A step that is not finite is not applied, and says where it came from."""

import keras
import numpy as np
import pytest

from mmlearn import train


class Poisoned:
    """Batches of 5; in number 37 a value is put into one of them."""

    steps_per_epoch = 40

    def __init__(self, x, y, value):
        self.x, self.y, self.value = x, y, value

    def batches(self, epoch, start):
        for b in range(start, self.steps_per_epoch):
            x = self.x[5 * b : 5 * b + 5].copy()
            if b == 36:
                x[3, 2] = self.value
            yield x, self.y[5 * b : 5 * b + 5]


@pytest.mark.parametrize("steps", [1, 40])
def test_a_nan_in_batch_37(steps, digits, classifier, same, tmp_path):
    model = classifier(batch_norm=True, dropout=0.2)
    with pytest.raises(train.NonFiniteError, match="the batch's x holds NaN") as caught:
        train.fit(
            model,
            Poisoned(*digits, np.nan),
            epochs=2,
            steps_per_chunk=steps,
            checkpoint=tmp_path,
        )
    assert "epoch 1, step 37" in str(caught.value)
    assert "last good checkpoint" in str(caught.value)
    assert (caught.value.epoch, caught.value.step) == (0, 36)
    # 36 steps and no trace of the next: statistics, dropout's seeds and all.
    other = classifier(batch_norm=True, dropout=0.2)
    source = Poisoned(*digits, np.nan)
    source.steps_per_epoch = 36
    train.fit(other, source, epochs=1)
    assert same(model, other)


def test_the_first_layer_with_a_nonfinite_value_is_named():
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(4, name="first", kernel_initializer="ones")(inputs)
    hidden = keras.layers.Lambda(keras.ops.log, name="logarithm")(hidden)
    outputs = keras.layers.Dense(1, name="last")(hidden)
    model = keras.Model(inputs, outputs)
    model.compile("sgd", "mse")
    x = np.ones((8, 4), "float32")
    x[5] = -1.0
    with pytest.raises(
        train.NonFiniteError, match=r"layer 'logarithm' \(Lambda\) .* holds NaN"
    ) as caught:
        train.fit(model, (x, np.zeros((8, 1))), epochs=1, batch_size=8)
    assert caught.value.layer == "logarithm"


def test_a_gradient_that_is_not_finite_with_a_finite_loss():
    """The square root's slope at 0 is infinite; the loss is finite there."""
    inputs = keras.Input((2,))
    hidden = keras.layers.Dense(2, name="inner", kernel_initializer="zeros")(inputs)
    outputs = keras.layers.Lambda(keras.ops.sqrt)(hidden)
    model = keras.Model(inputs, outputs)
    model.compile("sgd", keras.losses.MeanAbsoluteError())
    with pytest.raises(train.NonFiniteError, match="gradient of inner/") as caught:
        train.fit(model, (np.ones((4, 2)), np.ones((4, 2))), epochs=1)
    assert caught.value.layer == "inner"
    assert (model.layers[1].kernel.numpy() == 0).all()


def test_a_learning_rate_of_a_million(digits, classifier, tmp_path):
    model = classifier(optimizer=keras.optimizers.SGD(1e6), loss="mse", metrics=None)
    data = digits[0], np.eye(10)[digits[1]]
    with pytest.raises(train.NonFiniteError, match="last good checkpoint") as caught:
        train.fit(model, data, epochs=9, checkpoint=tmp_path, checkpoint_seconds=0)
    assert 1 <= 7 * caught.value.epoch + caught.value.step < 20
    assert all(np.isfinite(w).all() for w in model.get_weights())


def test_a_learning_rate_that_explodes(digits, classifier, tmp_path):
    model = classifier(optimizer=keras.optimizers.SGD(1e30))
    with pytest.raises(train.NonFiniteError, match="first whose output holds"):
        train.fit(model, digits, epochs=3, checkpoint=tmp_path)
    assert all(np.isfinite(w).all() for w in model.get_weights())


def test_large_but_finite_losses_go_on(digits, classifier):
    x, _ = digits
    model = classifier(optimizer=keras.optimizers.SGD(0.0), loss="mse", metrics=None)
    y = np.full((len(x), 10), 1e15, "float32")
    found = train.fit(model, (x, y), epochs=1)
    assert found.history["loss"] == pytest.approx([1e30], rel=1e-3)


def test_sparse_gradients_of_an_embedding(same):
    def make():
        model = keras.Sequential(
            [
                keras.Input((5,), dtype="int32"),
                keras.layers.Embedding(
                    20,
                    3,
                    embeddings_initializer=keras.initializers.RandomNormal(seed=1),
                ),
                keras.layers.GlobalAveragePooling1D(),
                keras.layers.Dense(1, kernel_initializer="ones"),
            ]
        )
        model.compile(keras.optimizers.SGD(0.1), "mse")
        return model

    x = np.random.default_rng(0).integers(0, 20, (40, 5))
    ours, theirs = make(), make()
    train.fit(ours, train.ArraySource(x, x.mean(1), shuffle=False), epochs=2)
    theirs.fit(x, x.mean(1), batch_size=32, epochs=2, shuffle=False, verbose=0)
    assert same(ours, theirs, 1e-6)
