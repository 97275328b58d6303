"""The JAX step, in a process of its own: Keras has one backend per process."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.backend]

CODE = """
import os, signal, sys, tempfile
# Keras, where it finds it, imports it only to ask whether a thing is TensorFlow's.
sys.modules["tensorflow"] = None
import keras, numpy as np
from sklearn.datasets import load_digits
from mmlearn import train

assert keras.backend.backend() == "jax"
found = load_digits()
x, y = (found.data[:200] / 16).astype("float32"), found.target[:200]

def make():
    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(12, activation="relu", kernel_regularizer="l2",
                           activity_regularizer="l2"),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.3, seed=1),
        keras.layers.Dense(10)])
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"])
    return model

def numbers(model):
    return [np.asarray(v.value) for v in [*model.variables, *model.optimizer.variables]]

def same(a, b, tolerance=0.0):
    pairs = zip(numbers(a), numbers(b), strict=True)
    return all(np.allclose(p, q, rtol=0, atol=tolerance) for p, q in pairs)

class Own:
    steps_per_epoch = 7
    bad = -1
    def batches(self, epoch, start):
        source = train.ArraySource(x, y, shuffle=False)
        for i, (a, b) in enumerate(source.batches(epoch, start), start):
            if i == self.bad:
                a = np.where(a == 1, np.nan, a)
            yield a, b

# The same numbers as Model.fit, for arrays and for a source of our own.
expected = make()
history = expected.fit(x, y, epochs=2, shuffle=False, verbose=0, validation_data=(x, y))
for data in (train.ArraySource(x, y, shuffle=False), Own()):
    model = make()
    record = train.fit(model, data, epochs=2, validation_data=(x, y))
    assert same(model, expected, 1e-5)
    for name, values in history.history.items():
        assert np.allclose(record.history[name], values, atol=1e-5), name

# Stopped and gone on with, bit for bit, at another chunk.
class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if batch == 4:
            os.kill(os.getpid(), signal.SIGINT)

whole, folder = make(), tempfile.mkdtemp()
train.fit(whole, (x, y), epochs=2)
try:
    train.fit(make(), (x, y), epochs=2, checkpoint=folder, steps_per_chunk=1,
              callbacks=[Stop()])
except KeyboardInterrupt as stopped:
    assert "epoch 1 after step 5" in str(stopped), stopped
else:
    raise AssertionError("not stopped")
resumed = make()
train.fit(resumed, (x, y), epochs=2, checkpoint=folder)
assert same(resumed, whole)

# A NaN in the fourth batch: three steps, and no trace of the fourth.
poisoned = Own()
poisoned.bad = 3
model = make()
try:
    train.fit(model, poisoned, epochs=1)
except train.NonFiniteError as error:
    assert "step 4: the batch's x holds NaN" in str(error), error
else:
    raise AssertionError("not stopped")
three, good = make(), Own()
good.steps_per_epoch = 3
train.fit(three, good, epochs=1)
assert same(model, three)

# A dry run, and an eager step.
before = numbers(model)
train.fit(model, (x, y), epochs=2, dry_run=True)
assert all((a == b).all() for a, b in zip(before, numbers(model), strict=True))
eager, compiled = make(), make()
train.fit(eager, (x[:40], y[:40]), epochs=1, batch_size=20, jit_compile=False)
train.fit(compiled, (x[:40], y[:40]), epochs=1, batch_size=20)
assert same(eager, compiled, 1e-4)

# In parts and clipped: as whole, and as Keras clips; 32 rows are 11, 11, 10.
def plain(clip=None, policy="float32", **settings):
    init = keras.initializers.GlorotUniform(seed=1)
    keras.config.set_dtype_policy(policy)
    layers = [keras.layers.Dense(12, activation="relu", kernel_initializer=init,
                                 kernel_regularizer="l2"),
              keras.layers.Dense(10, kernel_initializer=init)]
    model = keras.Sequential([keras.Input((64,)), *layers])
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9, global_clipnorm=clip),
        settings.pop("loss", None)
        or keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"], **settings)
    keras.config.set_dtype_policy("float32")
    return model

rows = train.ArraySource(x, y, shuffle=False)
for clip in (None, 0.3):
    expected = plain(clip)
    history = expected.fit(x, y, epochs=8, shuffle=False, verbose=0).history
    for parts in (1, 3) if clip else (3,):
        model = plain()
        record = train.fit(model, rows, epochs=8, global_clipnorm=clip,
                           gradient_accumulation_steps=parts)
        assert same(model, expected, 2e-6), (clip, parts)
        assert np.allclose(record.history["accuracy"], history["accuracy"])
        assert np.allclose(record.history["loss"], history["loss"], atol=1e-5)

# Mixed precision: as Keras does it in a model that was built so.
for policy in ("mixed_bfloat16", "mixed_float16"):
    model, expected = plain(), plain(policy=policy)
    record = train.fit(model, rows, epochs=2, precision=policy)
    expected.fit(x, y, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(model.get_weights(), expected.get_weights(), strict=True):
        assert np.allclose(a, b, rtol=0, atol=1e-5), policy
    again = plain(policy=policy)
    train.fit(again, rows, epochs=2, gradient_accumulation_steps=2)
    assert np.allclose(again.get_weights()[0], model.get_weights()[0], atol=1e-3)
assert record.history["loss_scale"] == [2.0**15] * 2

# An infinite gradient in float16 is skipped; a NaN in the data stops.
model = plain(loss="mse")
record = train.fit(model, (x, np.full((200, 10), 300.0)), epochs=3, batch_size=50,
                   precision="mixed_float16")
steps, scale = int(model.optimizer.iterations), record.history["loss_scale"][-1]
assert record.steps == 12 and scale == 2.0**(15 - (12 - steps)) < 2**15, scale
assert all(np.isfinite(w).all() for w in model.get_weights())
model = plain()
try:
    train.fit(model, poisoned, epochs=1, precision="mixed_float16")
except train.NonFiniteError as error:
    assert "step 4: the batch's x holds NaN" in str(error), error
    assert int(model.optimizer.iterations) == 3
else:
    raise AssertionError("not stopped")

# Modalities in dicts, some hidden, some missing, two heads: resumed bit for bit.
from mmlearn import layers, models
there = np.arange(200) % 3 > 0
parts = {"left": x[:, :32], "right": x[:, 32:], "left_available": there}
parts["left"] = np.where(there[:, None], parts["left"], np.nan)
tasks = {"digit": y, "ink": x.mean(axis=1)}

def several():
    init = keras.initializers.GlorotUniform(seed=1)
    heads = {"digit": models.dense_head(10, seed=1)}
    heads["ink"] = models.dense_head(1, seed=2)
    fusion = layers.WeightedFusion(6, kernel_initializer=init)
    model = models.MultimodalModel({"left": None, "right": None}, fusion, heads,
                                   modality_dropout=0.4, seed=0)
    digits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", {"digit": digits, "ink": "mse"}, metrics={"digit": "accuracy"})
    return model

folder, whole, resumed = tempfile.mkdtemp(), several(), several()
train.fit(whole, (parts, tasks), epochs=2, batch_size=100)
train.fit(several(), (parts, tasks), epochs=1, batch_size=100, checkpoint=folder)
record = train.fit(resumed, (parts, tasks), epochs=2, batch_size=100, checkpoint=folder)
assert same(resumed, whole) and np.isfinite(record.history["digit_accuracy"]).all()

# Several devices: refused, with the way out.
try:
    train.fit(plain(), (x, y), epochs=1, strategy=object())
except ValueError as error:
    assert "needs TensorFlow; Keras runs on jax, whose step" in str(error)
else:
    raise AssertionError("not refused")
print("all is well")
"""


def test_it_trains_resumes_and_stops_like_the_other(jax_python):
    pytest.importorskip("jax", reason="jax is not installed")
    done = jax_python("-W", "error::UserWarning:mmlearn", "-c", CODE)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.endswith("all is well\n")
