"""What does the microscope cost? CPU time of runs with it and without, taking turns.

A small CNN learns images of MNIST's size (made here, from a seed) by `train.fit` for a
few short epochs, which is the unfavourable case: bare, with `watch.TensorBoard`
(curves, weights, graph) and with `watch.Microscope` (feature maps, activations,
gradients, dead units, updates, confusion, vectors of chosen samples as well). Counted
is the processor time of all threads of the whole call, tracing included; the extra time
is a share of the bare run's. Beside it stands the share spent inside the callback,
measured within one run: on a busy machine the sharper figure. Imports are not counted.

    python tests/benchmarks/bench_microscope.py

prints the table and keeps it in microscope.md beside this file.
Not a test: no figure here makes a build fail.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import platform
import statistics
import tempfile
import time
from pathlib import Path

import keras
import numpy as np

from mmlearn import models, train, watch

REPETITIONS, EPOCHS, IMAGES, SAMPLES = 3, 5, 15_000, 128
HEAD = "# The microscope's share of a run, CPU time"


def digits(rng):
    """Noisy images of ten templates, and their classes: something to learn."""
    y = rng.integers(0, 10, IMAGES)
    templates = rng.normal(size=(10, 28, 28, 1)).astype(np.float32)
    noise = rng.standard_normal((IMAGES, 28, 28, 1), dtype=np.float32)
    return 0.3 * templates[y] + 0.5 * noise, y


def run(x, y, callback):
    """CPU and wall seconds of one run, and the CPU seconds inside the callback."""
    model = models.small_cnn((28, 28, 1), 10, filters=(8, 16), seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    inside, given = [], []
    if callback:
        given, work = [callback], callback._timed

        def timed(*what):
            start = time.process_time()
            work(*what)
            inside.append(time.process_time() - start)

        callback._timed = timed
    cpu, wall = time.process_time(), time.perf_counter()
    train.fit(
        model, (x, y), epochs=EPOCHS, batch_size=64, callbacks=given, progress=False
    )
    return time.process_time() - cpu, time.perf_counter() - wall, sum(inside)


def race(x, y):
    """Contestant to its (CPU seconds, those inside); bare wall seconds an epoch."""
    kinds = {
        "no callback": lambda folder: None,
        "TensorBoard": watch.TensorBoard,
        "Microscope": lambda folder: watch.Microscope(folder, x[:SAMPLES], y[:SAMPLES]),
    }
    found: dict = {name: [] for name in kinds}
    epochs = []
    for _ in range(REPETITIONS):
        for name, make in kinds.items():
            with tempfile.TemporaryDirectory() as folder:
                cpu, wall, inside = run(x, y, make(Path(folder) / "log"))
            found[name].append((cpu, inside))
            print(f"{name}: {cpu:.1f} s, {inside:.2f} s of it inside", flush=True)
            if name == "no callback":
                epochs.append(wall / EPOCHS)
    return found, statistics.median(epochs)


def table(found):
    """The rows of a Markdown table."""
    bare = [cpu for cpu, _ in found["no callback"]]
    yield "| callback | CPU s of the run | extra over the bare run | inside callback |"
    yield "|---|---|---|---|"
    for name, runs in found.items():
        row = f"| {name} | {spread([cpu for cpu, _ in runs], 's')} |"
        if name == "no callback":
            yield f"{row} | |"
            continue
        extra = [100 * (cpu / b - 1) for (cpu, _), b in zip(runs, bare, strict=True)]
        inside = [100 * part / (cpu - part) for cpu, part in runs]
        yield f"{row} {spread(extra, '%')} | {spread(inside, '%')} |"


def spread(values, unit):
    """Median (range), with its unit."""
    middle = statistics.median(values)
    return f"{middle:.1f} {unit} ({min(values):.1f}–{max(values):.1f})"


def machine(epoch):
    """Cores and versions; nothing that names the machine."""
    load = f"{os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{os.cpu_count()} cores, {platform.system()}; Python "
        f"{platform.python_version()}, Keras {keras.__version__} on "
        f"{keras.backend.backend()}; {IMAGES} images of 28×28, 3×3 convolutions to 8 "
        f"and 16 channels, batch 64, {EPOCHS} epochs of {epoch:.1f} s (wall, bare); "
        f"{SAMPLES} samples under the microscope, every epoch; {REPETITIONS} "
        f"interleaved repetitions; load average at the end {load}"
    )


def main():
    x, y = digits(np.random.default_rng(0))
    run(x[:640], y[:640], None)  # what is loaded at first use
    with tempfile.TemporaryDirectory() as folder:
        run(x[:640], y[:640], watch.Microscope(folder, x[:8], y[:8]))
    found, epoch = race(x, y)
    section = "\n".join([HEAD, "", f"{machine(epoch)}.", "", *table(found), ""])
    print(section)
    Path(__file__).with_name("microscope.md").write_text(section, encoding="utf-8")


if __name__ == "__main__":
    main()
