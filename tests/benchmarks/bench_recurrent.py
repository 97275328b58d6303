"""How fast are the readable LSTM and GRU? CPU time beside Keras', in one process.

Both sides get the same float32 arrays and one thread each, and take turns, so that a
busy machine disturbs them alike. Keras' layer runs in a `tf.function`, backward is its
gradient; PyTorch has autograd, where it is installed. A ratio is reference / other of
one repetition; shown are the median, the ratio of either side's quickest repetition
(what a busy machine disturbs least), and the range.

    python tests/benchmarks/bench_recurrent.py

prints the table and keeps it in recurrent.md beside this file. Not a test: no figure
here makes a build fail.
"""

import os

THREADS = 1
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)  # read when the libraries load: before the imports
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import statistics  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import keras  # noqa: E402
import numpy as np  # noqa: E402
import racing  # noqa: E402
import tensorflow as tf  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

from mmlearn.reference import gru, lstm  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

REPETITIONS = 31
B, T, F, U = 64, 100, 128, 128
CASES = {"LSTM": lstm, "GRU": gru}


def weights_of(layer, rng):
    """The layer's own weights, with a bias that is not zero."""
    layer.build((B, T, F))
    layer.cell.bias.assign(0.1 * rng.standard_normal(layer.cell.bias.shape))
    return [np.array(v.numpy()) for v in layer.trainable_variables]


def ours(op, arrays, dy):
    """The reference: forward, and forward + backward."""

    def forward():
        return op(*arrays, return_sequences=True)[0]

    def both():
        y, pullback = op(*arrays, return_sequences=True)
        return y, *pullback(dy)

    return forward, both


def with_keras(layer, x, dy):
    """The layer in a graph: forward, and forward + backward."""
    x, dy = tf.constant(x), tf.constant(dy)
    forward = tf.function(lambda x: layer(x))

    @tf.function
    def both(x, dy):
        sources = [x, *(v.value for v in layer.trainable_variables)]
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        return y, *tape.gradient(y, sources, dy)

    return lambda: forward(x), lambda: both(x, dy)


def with_torch(name, x, dy):
    """PyTorch's layer with weights of its own: forward as in training, and both."""
    layer = getattr(torch.nn, name)(F, U, batch_first=True)
    x, dy = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dy)
    sources = [x, *layer.parameters()]

    def both():
        y, _ = layer(x)
        return y, *torch.autograd.grad(y, sources, dy)

    return lambda: layer(x)[0], both


def expect_equal(mine, theirs):
    """A benchmark of a wrong result is worth nothing: compare first."""
    for a, b in zip(mine, theirs, strict=True):
        b = np.asarray(b)
        np.testing.assert_allclose(a, b, atol=1e-4 * np.abs(b).max(), rtol=1e-3)


def cpu_time(call):
    """CPU ms of one call, of all threads of the process together."""
    start = time.process_time()
    call()
    return 1e3 * (time.process_time() - start)


def race(mine, theirs):
    """Median CPU ms of each side; ratios: median, of the quickest, least, largest."""
    mine(), theirs()
    pairs = [(cpu_time(mine), cpu_time(theirs)) for _ in range(REPETITIONS)]
    ratios = [a / b for a, b in pairs]
    milliseconds = [statistics.median(side) for side in zip(*pairs, strict=True)]
    quickest = min(a for a, _ in pairs) / min(b for _, b in pairs)
    return *milliseconds, statistics.median(ratios), quickest, min(ratios), max(ratios)


def machine():
    """CPU model, cores and versions; nothing that names the machine."""
    other = f", PyTorch {torch.__version__}" if torch else ""
    return (
        f"{racing.machine()}, TensorFlow {tf.__version__}, Keras {keras.__version__}"
        f"{other}; {THREADS} thread, float32; medians of {REPETITIONS} interleaved "
        f"repetitions; load average at the start {racing.load()}"
    )


def table():
    """Run every case; the rows of a Markdown table."""
    yield "| case | pass | reference, ms | other, ms | ratio | quickest | range |"
    yield "|---|---|---|---|---|---|---|"
    rng = np.random.default_rng(0)
    x = rng.standard_normal((B, T, F), dtype=np.float32)
    dy = rng.standard_normal((B, T, U), dtype=np.float32)
    for name, op in CASES.items():
        layer = getattr(keras.layers, name)(U, return_sequences=True)
        mine = ours(op, (x, *weights_of(layer, rng)), dy)
        others = {"Keras' graph": with_keras(layer, x, dy)}
        expect_equal(mine[1](), others["Keras' graph"][1]())
        if torch:
            others["PyTorch"] = with_torch(name, x, dy)
        for who, theirs in others.items():
            for i, what in enumerate(("forward", "forward + BPTT")):
                ms, their_ms, ratio, quickest, least, most = race(mine[i], theirs[i])
                ratios = f"{ratio:.2f} | {quickest:.2f} | {least:.2f}–{most:.2f}"
                case = f"{name} / {who} | {what}"
                yield f"| {case} | {ms:.0f} | {their_ms:.0f} | {ratios} |"


def main():
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    if torch:
        torch.set_num_threads(THREADS)
    size = f"batch {B}, {T} steps, {F} features, {U} units"
    head = f"# LSTM and GRU: reference / layer, CPU time\n\n{size}; {machine()}.\n"
    print(head)
    rows = []
    with threadpool_limits(THREADS):
        for row in table():
            print(row, flush=True)
            rows.append(row)
    results = Path(__file__).with_name("recurrent.md")
    results.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
