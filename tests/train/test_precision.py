"""Mixed precision: Keras' own numbers, weights in float32, and a scale that adapts."""

import os
import signal

import keras
import numpy as np
import pytest

from mmlearn import train
from mmlearn.train.precision import LEAST_SCALE, LossScale, computing_in

RATE = 0.05


def build(policy=None, *, loss=None, optimizer=None):
    """A small network; under a policy as Keras wants it: from the beginning."""
    keras.config.set_dtype_policy(policy or "float32")
    try:
        init = [keras.initializers.GlorotUniform(seed=s) for s in (1, 2)]
        layers = [
            keras.layers.Dense(12, activation="relu", kernel_initializer=init[0]),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.2, seed=4),
            keras.layers.Dense(10, kernel_initializer=init[1], name="scores"),
        ]
        model = keras.Sequential([keras.Input((64,)), *layers])
        sparse = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        rate = optimizer or keras.optimizers.SGD(RATE, momentum=0.9)
        model.compile(rate, loss or sparse)
    finally:
        keras.config.set_dtype_policy("float32")
    return model


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_same_weights_as_a_model_that_keras_built_so(precision, digits):
    ours, theirs = build(), build(precision)
    source = train.ArraySource(*digits, shuffle=False)
    found = train.fit(ours, source, epochs=3, precision=precision)
    theirs.fit(*digits, batch_size=32, epochs=3, shuffle=False, verbose=0)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert np.allclose(a, b, rtol=0, atol=1e-5)
    single = train.fit(build(), source, epochs=3).history["loss"]
    assert found.history["loss"] != single  # it was another arithmetic
    if precision == "mixed_float16":
        assert found.history["loss_scale"] == [2.0**15] * 3


def test_a_model_built_in_mixed_precision_keeps_it(digits):
    ours, theirs = build("mixed_float16"), build("mixed_float16")
    assert type(ours.optimizer) is keras.optimizers.LossScaleOptimizer
    train.fit(ours, train.ArraySource(*digits, shuffle=False), epochs=2)
    theirs.fit(*digits, batch_size=32, epochs=2, shuffle=False, verbose=0)
    pairs = zip(ours.optimizer.variables, theirs.optimizer.variables, strict=True)
    for a, b in pairs:  # the scale and its steps among them
        assert np.allclose(a.numpy(), b.numpy(), rtol=0, atol=1e-5), a.path
    assert int(ours.optimizer.step_counter) == 14


def test_the_model_is_as_before_after_the_run(digits):
    model = build()
    inside = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            inside.append(self.model.predict(digits[0][:2], verbose=0).dtype)

    settings = {"precision": "mixed_float16", "callbacks": Look()}
    train.fit(model, digits, epochs=1, **settings)
    assert inside == ["float16"]
    assert {v.dtype for v in model.trainable_variables} == {"float32"}
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert model.predict(digits[0][:2], verbose=0).dtype == "float32"
    with pytest.raises(RuntimeError), computing_in(model, "mixed_bfloat16"):
        assert model.layers[0].compute_dtype == "bfloat16"
        raise RuntimeError
    assert model.compute_dtype == model.layers[0].compute_dtype == "float32"


def test_layers_of_doubles_stay_so():
    layer = keras.layers.Dense(2, dtype="float64")
    model = keras.Sequential([keras.Input((3,)), layer, keras.layers.Dense(1)])
    with computing_in(model, "mixed_bfloat16"):
        found = [layer.compute_dtype for layer in model.layers]
    assert found == ["float64", "bfloat16"]


@pytest.mark.parametrize("parts", [1, 2])
def test_an_infinite_gradient_is_skipped_and_the_scale_halved(parts, digits):
    """Errors of some hundreds, times 2¹⁵, overflow float16 on their way back."""
    x, _ = digits
    y = np.full((200, 10), 300.0, "float32")
    model = build(loss="mse", optimizer=keras.optimizers.SGD(0.0))
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps = int(self.model.optimizer.iterations)
            seen.append((logs["loss_scale"], steps))

    settings = {"precision": "mixed_float16", "gradient_accumulation_steps": parts}
    settings |= {"steps_per_chunk": 1, "callbacks": Look(), "batch_size": 50}
    found = train.fit(model, (x, y), epochs=4, **settings)
    scales = [2.0**15, *(scale for scale, _ in seen)]
    updates = [0, *(n for _, n in seen)]
    halved = [b < a for a, b in zip(scales, scales[1:], strict=False)]
    skipped = [b == a for a, b in zip(updates, updates[1:], strict=False)]
    assert halved == skipped
    assert 1 < sum(halved) < 10
    assert halved[: sum(halved)] == [True] * sum(halved)  # then it fits
    assert found.steps == 16
    assert np.isfinite(found.history["loss"]).all()


def test_a_nan_stops_in_float16_too(digits):
    class Poisoned:
        steps_per_epoch = 4

        def batches(self, epoch, start):
            for b in range(start, 4):
                x = digits[0][20 * b : 20 * b + 20].copy()
                x[3, 3] = np.nan if b == 2 else 0
                yield x, digits[1][20 * b : 20 * b + 20]

    model = build()
    with pytest.raises(train.NonFiniteError, match="step 3: the batch's x holds NaN"):
        train.fit(model, Poisoned(), epochs=1, precision="mixed_float16")
    assert all(np.isfinite(w).all() for w in model.get_weights())
    assert int(model.optimizer.iterations) == 2


def test_a_gradient_that_no_scale_helps_stops():
    """The square root's slope at 0 is infinite in any precision."""
    inputs = keras.Input((2,))
    hidden = keras.layers.Dense(2, name="inner", kernel_initializer="zeros")(inputs)
    model = keras.Model(inputs, keras.layers.Lambda(keras.ops.sqrt)(hidden))
    model.compile("sgd", keras.losses.MeanAbsoluteError())
    data = (np.ones((40, 2)), np.ones((40, 2)))
    with pytest.raises(train.NonFiniteError, match="step 31: .*gradient of inner/"):
        train.fit(model, data, epochs=1, batch_size=1, precision="mixed_float16")


def test_the_scale_goes_on_from_a_checkpoint(digits, tmp_path):
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 3:
                os.kill(os.getpid(), signal.SIGINT)

    x, y = digits[0], np.full((200, 10), 300.0, "float32")

    def go(callbacks=(), **settings):
        model = build(loss="mse", optimizer=keras.optimizers.SGD(1e-4))
        options = {"precision": "mixed_float16", "steps_per_chunk": 1, **settings}
        found = train.fit(model, (x, y), epochs=3, callbacks=callbacks, **options)
        return [v.numpy() for v in model.variables], found.history

    whole = go()
    with pytest.raises(KeyboardInterrupt):
        go([Interrupt()], checkpoint=tmp_path)
    resumed = go(checkpoint=tmp_path)
    assert resumed[1] == whole[1]
    assert whole[1]["loss_scale"][-1] < 2.0**15
    assert all((a == b).all() for a, b in zip(resumed[0], whole[0], strict=True))


def test_the_scale_grows_after_many_good_steps():
    scale = LossScale()
    scale.growth = 3
    outcomes = [True, True, True, False, True, True, True, True]
    found = []
    for finite in outcomes:
        scale.update(finite)
        found.append((float(scale.scale.value) / 2**15, int(scale.steps.value)))
    expected = [(1, 1), (1, 2), (2, 0), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]
    assert found == expected
    scale.scale.assign(LEAST_SCALE)
    assert bool(scale.may_halve())
    scale.update(False)
    assert not bool(scale.may_halve())
