"""What does the microscope cost? CPU time of runs with it and without, taking turns.

A small CNN learns images of MNIST's size and number (made here, from a seed) by
`train.fit` for a few epochs: bare, with `watch.TensorBoard` (curves, weights, graph)
and with `watch.Microscope` (feature maps, activations, gradients, dead units, updates,
confusion, vectors of chosen samples as well). Counted is the processor time of all
threads of the whole call, tracing included, so that a busy machine disturbs it little;
the share is that of the extra time in the bare run's. Imports are not counted.

    python tests/benchmarks/bench_microscope.py

prints the table and puts it in RESULTS.md beside this file, in place of the one there.
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

REPETITIONS, EPOCHS, IMAGES, SAMPLES = 5, 5, 55_000, 256
HEAD = "# The microscope's share of a run, CPU time"


def digits(rng):
    """Noisy images of ten templates, and their classes: something to learn."""
    y = rng.integers(0, 10, IMAGES)
    templates = rng.normal(size=(10, 28, 28, 1)).astype(np.float32)
    noise = rng.standard_normal((IMAGES, 28, 28, 1), dtype=np.float32)
    return 0.3 * templates[y] + 0.5 * noise, y


def run(x, y, callback):
    """CPU and wall seconds of one run."""
    model = models.small_cnn((28, 28, 1), 10, filters=(8, 16), seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    callbacks = [callback] if callback else []
    cpu, wall = time.process_time(), time.perf_counter()
    train.fit(
        model, (x, y), epochs=EPOCHS, batch_size=64, callbacks=callbacks, progress=False
    )
    return time.process_time() - cpu, time.perf_counter() - wall


def race(x, y):
    """Contestant to its CPU seconds, one per repetition; bare wall seconds an epoch."""
    kinds = {
        "no callback": lambda folder: None,
        "TensorBoard": watch.TensorBoard,
        "Microscope": lambda folder: watch.Microscope(folder, x[:SAMPLES], y[:SAMPLES]),
    }
    seconds: dict = {name: [] for name in kinds}
    epochs = []
    for _ in range(REPETITIONS):
        for name, make in kinds.items():
            with tempfile.TemporaryDirectory() as folder:
                cpu, wall = run(x, y, make(Path(folder) / "log"))
            seconds[name].append(cpu)
            if name == "no callback":
                epochs.append(wall / EPOCHS)
    return seconds, statistics.median(epochs)


def table(seconds):
    """The rows of a Markdown table."""
    bare = seconds["no callback"]
    yield "| callback | CPU s of the run, median (range) | share, median (range) |"
    yield "|---|---|---|"
    for name, found in seconds.items():
        shares = [100 * (a / b - 1) for a, b in zip(found, bare, strict=True)]
        spread = f"{min(found):.1f}–{max(found):.1f}"
        row = f"| {name} | {statistics.median(found):.1f} ({spread}) |"
        if name == "no callback":
            yield f"{row} |"
        else:
            middle = statistics.median(shares)
            yield f"{row} {middle:.1f} % ({min(shares):.1f}–{max(shares):.1f}) |"


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
    seconds, epoch = race(x, y)
    section = "\n".join([HEAD, "", f"{machine(epoch)}.", "", *table(seconds), ""])
    print(section)
    results = Path(__file__).with_name("RESULTS.md")
    kept = results.read_text("utf-8") if results.exists() else ""
    before, _, after = kept.partition(HEAD)
    rest = after.partition("\n# ")[2]  # the section after ours, if there is one
    parts = [before.rstrip(), section.rstrip(), f"# {rest}".rstrip() if rest else ""]
    results.write_text("\n\n".join(p for p in parts if p) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
