"""Killed with SIGKILL at random moments, a run ends in the same weights, bit for bit.

Two kills in the suite; `MMLEARN_KILLS=10` for as many as one has patience for. One
process imports TensorFlow and forks: each fork is a run that dies for real, and the
next one knows only the folder of checkpoints.
"""

import os
import subprocess

import pytest

KILLS = os.environ.get("MMLEARN_KILLS", "2")
CHILD = """
import os, random, signal, sys, time
from pathlib import Path
import keras, numpy as np
from mmlearn import train

folder, kills = Path(sys.argv[1]), int(sys.argv[2])

def run(checkpoint, result):
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(0)
    x, y = rng.random((160, 8, 8, 1), dtype="float32"), rng.integers(0, 3, 160)
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        layers.RandomTranslation(0.2, 0.2, seed=5),
        layers.Flatten(),
        layers.Dense(16, activation="relu"),
        layers.BatchNormalization(),
        layers.Dropout(0.4, seed=7),
        layers.Dense(3)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    callbacks = [
        keras.callbacks.ReduceLROnPlateau("loss", patience=1, min_delta=0.02),
        keras.callbacks.EarlyStopping("val_loss", patience=20, min_delta=0.01,
                                      restore_best_weights=True)]
    found = train.fit(model, (x, y), epochs=60, batch_size=16, steps_per_chunk=2,
        seed=2, callbacks=callbacks, validation_data=(x[:40], y[:40]),
        checkpoint=checkpoint, checkpoint_seconds=0)
    values = [v.numpy() for v in [*model.variables, *model.optimizer.variables]]
    values += [np.array(found.history[k]) for k in sorted(found.history)]
    np.savez(result, *values)

def start(*paths):
    child = os.fork()
    if child == 0:
        run(*paths)
        os._exit(0)
    return child

def stands(last):
    return last.stat().st_mtime_ns if last.exists() else 0

assert os.waitpid(start(folder / "whole", folder / "whole.npz"), 0)[1] == 0
last, random, killed = folder / "killed/last.npz", random.Random(3), 0
while killed < kills:
    before, saves = stands(last), random.randint(1, 25)
    child = start(folder / "killed", folder / "killed.npz")
    while saves:  # it moves on, saving after every second step
        assert os.waitpid(child, os.WNOHANG) == (0, 0), f"over after {killed} kills"
        if stands(last) != before:
            before, saves = stands(last), saves - 1
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.05))  # and dies in the middle of anything
    os.kill(child, signal.SIGKILL)
    died = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(died), f"over after {killed} kills"
    killed += 1
    meta = train.checkpoint.read(last)[0]["record"] if last.exists() else {}
    where = meta.get("epoch"), meta.get("position")
    print("killed at epoch, step", where, flush=True)
assert os.waitpid(start(folder / "killed", folder / "killed.npz"), 0)[1] == 0
with np.load(folder / "whole.npz") as one, np.load(folder / "killed.npz") as two:
    assert one.files == two.files
    for name in one.files:
        assert one[name].tobytes() == two[name].tobytes(), name
    print(len(one.files), "arrays are the same, bit for bit")
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_killed_at_random_moments_ends_in_the_same_weights(tmp_path, forked_python):
    done = subprocess.run(
        [*forked_python[0], "-c", CHILD, tmp_path, KILLS],
        env=os.environ | {"KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        timeout=1800,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("killed at") == int(KILLS)
    assert done.stdout.endswith("arrays are the same, bit for bit\n")
