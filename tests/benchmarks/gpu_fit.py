"""train.fit against Model.fit on one GPU: Keras on JAX, float32 and bfloat16.

Both sides train the same model from the same weights on the same arrays, shuffled anew
in every epoch, with accuracy as a metric, and take turns. Wall time, because the work
is not on the CPU: an epoch ends when its last loss has reached Python; the first epoch
of a run, which compiles, is left out. Model.fit gets its default call and
`steps_per_execution`; JAX always compiles. A ratio is samples/s of train.fit over
samples/s of the faster of the two, each the median of its epochs.

    KERAS_BACKEND=jax python tests/benchmarks/gpu_fit.py

prints the table and keeps it as gpu_fit.md in the folder given, else beside this file.
Not a test.
"""

import statistics
import sys
import time
from pathlib import Path

import jax
import keras
import numpy as np

from mmlearn import models, train

EPOCHS = 3  # timed in a run
REPETITIONS = 3  # runs of each side
SAMPLES = 40_960
STEPS_PER_EXECUTION = 32
POLICIES = ("float32", "mixed_bfloat16")
BATCHES = (64, 256)


def mlp():
    return models.dense_classifier((784,), 10, 128, seed=0), (784,)


def conv_lstm():
    shape = (28, 28, 1)
    return models.conv_lstm(shape, 10, (16, 32, 64), 64, shift=0.07, seed=0), shape


def lstm():
    layers = [keras.Input((50, 8)), keras.layers.LSTM(32), keras.layers.Dense(10)]
    return keras.Sequential(layers), (50, 8)


MODELS = {
    "MLP 784-128-10": mlp,
    "conv_lstm (lesson 05)": conv_lstm,
    "LSTM T 50, U 32": lstm,
}


def contestants(build, policy, batch):
    """Three calls, each one epoch: ours, Keras' default, with steps per execution."""
    rng = np.random.default_rng(0)
    keras.config.set_dtype_policy(policy)
    built = {name: build() for name in ("ours", "default", "executed")}
    keras.config.set_dtype_policy("float32")
    shape = built["ours"][1]
    x = rng.standard_normal((SAMPLES, *shape), dtype=np.float32)
    y = rng.integers(0, 10, SAMPLES)
    for name, (model, _) in built.items():
        model.compile(
            keras.optimizers.Adam(1e-3),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            steps_per_execution=STEPS_PER_EXECUTION if name == "executed" else 1,
        )

    def ours(**call):
        train.fit(built["ours"][0], (x, y), batch_size=batch, progress=False, **call)

    def theirs(name):
        model = built[name][0]
        return lambda **call: model.fit(x, y, batch_size=batch, verbose=0, **call)

    return {"ours": ours, "default": theirs("default"), "executed": theirs("executed")}


class Clock(keras.callbacks.Callback):
    """When each epoch ended."""

    def on_train_begin(self, logs=None):
        self.ends = []

    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(time.perf_counter())


def rates(call):
    """Samples per second of every epoch of one run but the first."""
    clock = Clock()
    call(epochs=EPOCHS + 1, callbacks=[clock])
    return list(SAMPLES / np.diff(clock.ends))


def race(calls):
    """Median samples/s of each side; the ratio to the better, and its range by runs."""
    runs = [{n: rates(call) for n, call in calls.items()} for _ in range(REPETITIONS)]
    middle = [{n: statistics.median(r) for n, r in run.items()} for run in runs]
    best = [r["ours"] / max(r["default"], r["executed"]) for r in middle]
    found = [statistics.median(r[n] for r in middle) for n in calls]
    return *found, statistics.median(best), min(best), max(best)


def table():
    yield (
        "| model | precision | B | train.fit, samples/s | Model.fit | "
        f"steps_per_execution={STEPS_PER_EXECUTION} | ratio to the better | range |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for name, build in MODELS.items():
        for policy in POLICIES:
            for batch in BATCHES:
                calls = contestants(build, policy, batch)
                *found, ratio, least, most = race(calls)
                cells = " | ".join(f"{r:,.0f}" for r in found)
                span = f"{ratio:.2f} | {least:.2f}–{most:.2f}"
                yield f"| {name} | {policy} | {batch} | {cells} | {span} |"


def machine():
    device = jax.devices()[0]
    return (
        f"{device.device_kind}; Keras {keras.__version__} on JAX {jax.__version__}; "
        f"{SAMPLES:,} samples, {EPOCHS} timed epochs a run, {REPETITIONS} interleaved "
        "runs a side"
    )


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    lines = ["# train.fit / Model.fit on a GPU, wall time", "", f"{machine()}.", ""]
    for row in table():
        print(row, flush=True)
        lines.append(row)
        (folder / "gpu_fit.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
