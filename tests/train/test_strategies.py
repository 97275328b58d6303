"""Two devices, two processes: the numbers of one, in processes of their own.

TensorFlow's devices must be set up before its first use, so each test is a child.
"""

import json
import os
import socket
import subprocess

import pytest

pytestmark = pytest.mark.slow

COMMON = """
import os, signal, sys
import keras, numpy as np
from sklearn.datasets import load_digits
from mmlearn import train

found = load_digits()
x, y = (found.data[:201] / 16).astype("float32"), found.target[:201]
w = np.linspace(0.1, 2, 201, dtype="float32")
data = train.ArraySource(x, y, w, batch_size=25)  # the last batch: one row

def make(wrap=lambda optimizer: optimizer, **layer):
    init = keras.initializers.GlorotUniform(seed=1)
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(12, activation="relu", kernel_initializer=init,
                           kernel_regularizer="l2", **layer),
        keras.layers.Dense(10, kernel_initializer=init)])
    model.compile(wrap(keras.optimizers.SGD(0.05, momentum=0.9)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        weighted_metrics=["accuracy"])
    return model

def refused(told, *args, error=ValueError, **settings):
    try:
        train.fit(*args, epochs=1, **settings)
    except error as caught:
        assert told in str(caught), caught
    else:
        raise AssertionError(f"not refused: {told}")

known = {}

def expect_same(settings, strategy, data=data, **model):
    with strategy.scope():
        several = make(**model)
    ours = train.fit(several, data, epochs=6, strategy=strategy,
                     validation_data=(x, y), **settings)
    clip = settings.get("global_clipnorm")
    if (clip, data) not in known:  # the one device is plain: no parts, no XLA
        one = make()
        known[clip, data] = one, train.fit(one, data, epochs=6, global_clipnorm=clip,
                                           validation_data=(x, y))
    one, theirs = known[clip, data]
    assert ours.steps == theirs.steps == 54
    for a, b in zip(several.get_weights(), one.get_weights(), strict=True):
        assert abs(a - b).max() < 1e-6, (settings, abs(a - b).max())
    for name, values in theirs.history.items():
        assert np.allclose(ours.history[name], values, atol=2e-6), (settings, name)
"""

MIRRORED = (
    """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(
    cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
"""
    + COMMON
    + """
clip, parts = {"global_clipnorm": 0.3}, {"gradient_accumulation_steps": 3}
expect_same({}, strategy)
# What follows runs a few steps of many graphs: faster without TensorFlow's optimizer of
# graphs, which had its turn above and has it with two processes.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
for settings in (clip, parts, clip | parts):
    expect_same(settings, strategy)
train.chunk_tensorflow.SHORT = 0  # as in a long epoch: two sizes, two graphs
expect_same(clip | parts, strategy)
expect_same({**clip, **parts, "jit_compile": True}, strategy)
scaled = keras.optimizers.LossScaleOptimizer
expect_same(clip | parts, strategy, wrap=scaled)
rows = tf.data.Dataset.from_tensor_slices((x, y, w)).batch(25)
expect_same(clip | parts, strategy, data=rows)

# What Keras would do per replica is refused, with the reason.
def built(**settings):
    with strategy.scope():
        return make(lambda _: keras.optimizers.SGD(0.1, **settings))
for name in ("clipnorm", "global_clipnorm", "clipvalue"):
    refused(f"the optimizer has {name}=1.0: under a strategy Keras clips each replica",
            built(**{name: 1.0}), data, strategy=strategy)
refused("cannot add up its replicas' accumulators",
        built(gradient_accumulation_steps=2), data, strategy=strategy)
refused("was not made under this strategy", make(), data, strategy=strategy)
refused("pass the same one", built(), data)
graph = {"edges": np.zeros((2, 9)), "nodes": np.zeros((34, 3))}
with strategy.scope():
    edges, nodes = keras.Input((9,), name="edges"), keras.Input((3,), name="nodes")
    joint = keras.ops.mean(edges) + keras.layers.Dense(1)(nodes)
    both = keras.Model({"edges": edges, "nodes": nodes}, joint)
    both.compile("sgd", "mse")
class Graph:
    steps_per_epoch = 1
    def batches(self, epoch, start):
        yield graph, np.zeros((34, 1))
refused("cannot be cut so", both, Graph(), strategy=strategy)

# A NaN stops before it is applied; Ctrl-C goes on from the checkpoint, with statistics
# and metrics of both replicas.
class Poisoned:
    steps_per_epoch = 4
    def batches(self, epoch, start):
        for b in range(start, 4):
            yield np.where((b == 2) & (x[:25] == 1), np.nan, x[:25]), y[:25]
model = built()
refused("step 3: the batch's x holds NaN", model, Poisoned(), strategy=strategy,
        error=train.NonFiniteError)
assert all(np.isfinite(v).all() for v in model.get_weights())
assert int(model.optimizer.iterations.numpy()) == 2

class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if batch == 4:
            os.kill(os.getpid(), signal.SIGINT)
settings = {"strategy": strategy, "checkpoint": sys.argv[1], "batch_size": 25}
refused("epoch 1 after step 5; the same call goes on", built(momentum=0.9), (x, y),
        error=KeyboardInterrupt, callbacks=[Stop()], steps_per_chunk=1, **settings)
resumed, whole = built(momentum=0.9), built(momentum=0.9)
one = train.fit(resumed, (x, y), epochs=1, **settings)
two = train.fit(whole, (x, y), epochs=1, batch_size=25, strategy=strategy)
assert one.history == two.history, (one.history, two.history)
for a, b in zip(resumed.variables, whole.variables, strict=True):
    assert (a.numpy() == b.numpy()).all()
print("all is well")
"""
)

WORKER = (
    """
import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
"""
    + COMMON
    + """
folder = sys.argv[1]
# Processes that save and measure by their own clocks must still agree on when.
settings = {"checkpoint": folder + "/a", "checkpoint_seconds": 0.05}
with strategy.scope():
    several = make()
ours = train.fit(several, data, epochs=3, strategy=strategy, validation_data=(x, y),
                 log_dir=folder + "/log", **settings)
with strategy.scope():
    several = make()
ours = train.fit(several, data, epochs=6, strategy=strategy, validation_data=(x, y),
                 **settings)  # from the checkpoint on
one = make()
theirs = train.fit(one, data, epochs=6, validation_data=(x, y))
for a, b in zip(several.get_weights(), one.get_weights(), strict=True):
    assert abs(a - b).max() < 1e-6
for name, values in theirs.history.items():
    assert np.allclose(ours.history[name], values, atol=2e-6), name
expect_same({"global_clipnorm": 0.3, "gradient_accumulation_steps": 3}, strategy)
print("all is well")
"""
)


def start(python, code, *arguments, **environment):
    words, _ = python
    return subprocess.Popen(
        [*words, "-c", code, *map(str, arguments)],
        env=os.environ | {"KERAS_BACKEND": "tensorflow"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def expect_well(child):
    try:
        out, told = child.communicate(timeout=600)
    finally:
        child.kill()
    assert child.returncode == 0, told[-3000:]
    assert out.endswith("all is well\n")


def test_two_devices_equal_one(tmp_path, forked_python):
    expect_well(start(forked_python, MIRRORED, tmp_path))


def test_two_processes_equal_one(tmp_path, forked_python):
    with socket.socket() as one, socket.socket() as two:
        for free in (one, two):
            free.bind(("127.0.0.1", 0))
        ports = [s.getsockname()[1] for s in (one, two)]
    workers = [f"127.0.0.1:{port}" for port in ports]
    children = [
        start(
            forked_python,
            WORKER,
            tmp_path,
            TF_CONFIG=json.dumps(
                {
                    "cluster": {"worker": workers},
                    "task": {"type": "worker", "index": index},
                }
            ),
        )
        for index in range(2)
    ]
    for child in children:
        expect_well(child)
    names = {p.name for p in (tmp_path / "a").iterdir()}
    assert names == {"last.npz", "previous.npz"}  # one process wrote
    assert len(list((tmp_path / "log" / "train").iterdir())) == 1
