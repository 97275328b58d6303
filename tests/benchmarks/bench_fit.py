"""How fast is `train.fit`? CPU time per step beside `Model.fit`, in one process.

All contestants train the same model on the same shuffled data with one thread. Each
lives in a Python thread that waits for its turn, and a turn is one epoch, so that a
busy machine disturbs all alike and no compilation is measured. Keras runs as it comes
and with `steps_per_execution` and `jit_compile`; its quickest setting is "best".

    python tests/benchmarks/bench_fit.py [CASE …]

prints the table; without a case it is kept in fit.md beside this file. Not a test: no
figure here makes a build fail.
"""

import os

THREADS = 1
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)  # read when the libraries load: before the imports
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import platform  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from mmlearn import train  # noqa: E402

WARM, ROUNDS = 3, 11  # epochs: the first trace graphs and find the chunk
RESULTS = Path(__file__).with_name("fit.md")
TITLE = "# train.fit / Model.fit, CPU time"
SETTINGS = {  # of Model.fit
    "default": {},
    "16 steps a call": {"steps_per_execution": 16},
    "XLA": {"jit_compile": True},
    "16 steps a call, XLA": {"steps_per_execution": 16, "jit_compile": True},
    "64 steps a call": {"steps_per_execution": 64},
}


def mlp():
    layers = [keras.layers.Dense(128, activation="relu"), keras.layers.Dense(10)]
    return keras.Sequential([keras.Input((784,)), *layers])


def cnn():
    layers = []
    for filters in (32, 64):
        layers.append(keras.layers.Conv2D(filters, 3, activation="relu"))
        layers.append(keras.layers.MaxPooling2D())
    layers += [keras.layers.Flatten(), keras.layers.Dense(10)]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers])


def lstm():
    layers = [keras.layers.LSTM(32), keras.layers.Dense(10)]
    return keras.Sequential([keras.Input((50, 16)), *layers])


def unit():
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(10)])


CASES = {  # model, batch size, steps in an epoch
    "mlp-64": (mlp, 64, 160),
    "mlp-256": (mlp, 256, 80),
    "cnn-64": (cnn, 64, 6),
    "cnn-256": (cnn, 256, 2),
    "lstm-64": (lstm, 64, 16),
    "lstm-256": (lstm, 256, 8),
    "unit-64": (unit, 64, 320),
}


class Contestant(keras.callbacks.Callback):
    """One way to train, in a thread; `turn()` lets it run one epoch."""

    def __init__(self, fit):
        super().__init__()
        self.go, self.done = threading.Semaphore(0), threading.Semaphore(0)
        self.seconds = []
        self.thread = threading.Thread(target=fit, args=(self,), daemon=True)
        self.thread.start()

    def on_epoch_begin(self, epoch, logs=None):
        self.go.acquire()
        self.began = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.process_time() - self.began)
        self.done.release()

    def turn(self):
        self.go.release()
        self.done.acquire()


def contestants(make, batch_size, steps):
    """All ways to train one model on one data set: {(route, name): Contestant}."""
    rng = np.random.default_rng(0)
    samples = batch_size * steps
    shape = make().input_shape[1:]
    x = rng.standard_normal((samples, *shape), dtype=np.float32)
    y = rng.integers(0, 10, samples)

    def compiled(**settings):
        model = make()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("adam", loss, metrics=["accuracy"], **settings)
        return model

    def pipeline():
        data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(samples)
        return data.batch(batch_size).prefetch(2)

    def theirs(data, settings):
        piped = isinstance(data, tf.data.Dataset)
        told = {} if piped else {"batch_size": batch_size}
        told |= {"epochs": WARM + ROUNDS, "verbose": 0}
        given = (data,) if piped else data
        return lambda turns: compiled(**settings).fit(*given, callbacks=[turns], **told)

    def ours(data, jit):
        settings = {"batch_size": batch_size, "jit_compile": jit}
        return lambda turns: train.fit(
            compiled(), data, epochs=WARM + ROUNDS, callbacks=[turns], **settings
        )

    found = {}
    for route, data in (("arrays", (x, y)), ("tf.data", pipeline())):
        for name, settings in SETTINGS.items():
            found[route, name] = theirs(data, settings)
        found[route, "train.fit"] = ours(data, None)
        found[route, "train.fit, XLA"] = ours(data, True)
    return {key: Contestant(fit) for key, fit in found.items()}


def measure(name):
    """{(route, name): seconds of each round}."""
    make, batch_size, steps = CASES[name]
    found = contestants(make, batch_size, steps)
    for _ in range(WARM + ROUNDS):
        for one in found.values():
            one.turn()
    return {key: np.array(one.seconds[WARM:]) for key, one in found.items()}


def interval(ours, theirs):
    """Median of the rounds' ratios, and the range that leaves out a tenth a side."""
    ratios = np.sort(theirs / ours)
    low, high = ratios[1], ratios[-2]
    return f"{np.median(ratios):.2f} ({low:.2f}–{high:.2f})"


def rows(name, seconds):
    """Two lines of the table, one for each route."""
    _, batch_size, steps = CASES[name]
    for route in ("arrays", "tf.data"):
        one = {n: s for (r, n), s in seconds.items() if r == route}
        keras_best = min(SETTINGS, key=lambda n: np.median(one[n]))
        our_best = min(("train.fit", "train.fit, XLA"), key=lambda n: np.median(one[n]))
        micro = {n: 1e6 * np.median(s) / steps for n, s in one.items()}
        yield [
            name,
            route,
            f"{batch_size * 1e6 / micro['train.fit']:,.0f}",
            f"{micro['train.fit']:,.0f}",
            f"{micro['train.fit, XLA']:,.0f}",
            f"{micro['default']:,.0f}",
            f"{micro[keras_best]:,.0f} ({keras_best})",
            interval(one["train.fit"], one["default"]),
            interval(one[our_best], one[keras_best]),
        ]


HEAD = [
    *("case", "data", "samples/s", "µs a step", "with XLA", "Keras' default, µs"),
    *("Keras' best, µs", "default / train.fit", "best / best of train.fit"),
]


def machine(load):
    """What ran this."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return (
        f"{cpu}, {os.cpu_count()} cores, {platform.system()}; Python "
        f"{platform.python_version()}, TensorFlow {tf.__version__}, Keras "
        f"{keras.__version__}; 1 thread, float32, Adam, accuracy as a metric; medians "
        f"of {ROUNDS} interleaved epochs, and the range without the lowest and the "
        f"highest; load average at the start {load:.0f}. mlp: 784-128-10; cnn: "
        "Conv32-pool-Conv64-pool-Dense10 on 28×28×1; lstm: T 50, F 16, U 32; unit: "
        "1-10, where the step is all overhead. The batch size is in the name; ratios "
        "above 1: train.fit is faster."
    )


def main(names):
    """Measure, print, and keep what was measured whole."""
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    load = os.getloadavg()[0]
    lines = [TITLE, "", machine(load), "", " | ".join(["", *HEAD, ""]).strip()]
    lines.append("|" + "---|" * len(HEAD))
    for name in names or CASES:
        for row in rows(name, measure(name)):
            lines.append(" | ".join(["", *row, ""]).strip())
            print(lines[-1], flush=True)
    if not names:
        RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
