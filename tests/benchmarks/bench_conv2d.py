"""How fast is the readable conv2d? CPU time beside TensorFlow's, in one process.

Both sides get the same float32 arrays and one thread each, and take turns, so that a
busy machine disturbs them alike. TensorFlow runs in a `tf.function`, backward is its
gradient. A ratio is reference / TensorFlow of one repetition; shown are the median, the
ratio of either side's quickest repetition (what a busy machine disturbs least), and the
range.

    python tests/benchmarks/bench_conv2d.py

prints the table and keeps it in conv2d.md beside this file, with those that other
processors gave. Not a test: no figure here makes a build fail.
"""

import os

THREADS = 1
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)  # read when the libraries load: before the imports
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import racing  # noqa: E402
import tensorflow as tf  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

from mmlearn.reference import conv2d  # noqa: E402

REPETITIONS = 31
SECONDS = 0.05  # CPU time of one repetition, at least: many calls of a short case
CASES = {  # x, kernel, strides, padding
    "32×28×28×3 → 3×3×32": ((32, 28, 28, 3), (3, 3, 3, 32), 1, "valid"),
    "32×32×32×64 → 3×3×128": ((32, 32, 32, 64), (3, 3, 64, 128), 1, "valid"),
    "1×224×224×3 → 7×7×64, stride 2, same": (
        (1, 224, 224, 3),
        (7, 7, 3, 64),
        2,
        "same",
    ),
}


def sides(x_shape, kernel_shape, strides, padding, rng):
    """The two contestants of one case: {"forward": (ours, theirs), "both": …}."""
    x = rng.standard_normal(x_shape, dtype=np.float32)
    kernel = rng.standard_normal(kernel_shape, dtype=np.float32)
    dy = rng.standard_normal(
        conv2d(x, kernel, strides=strides, padding=padding)[0].shape, dtype=np.float32
    )
    tensors = [tf.constant(array) for array in (x, kernel, dy)]

    @tf.function
    def tf_forward(x, kernel):
        return tf.nn.conv2d(x, kernel, strides, padding.upper())

    @tf.function
    def tf_both(x, kernel, dy):
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            y = tf.nn.conv2d(x, kernel, strides, padding.upper())
        return y, *tape.gradient(y, [x, kernel], dy)

    def forward():
        return conv2d(x, kernel, strides=strides, padding=padding)[0]

    def both():
        y, pullback = conv2d(x, kernel, strides=strides, padding=padding)
        return y, *pullback(dy)[:2]

    return {
        "forward": (forward, lambda: tf_forward(*tensors[:2])),
        "forward + backward": (both, lambda: tf_both(*tensors)),
    }


def machine():
    """CPU model, cores and versions; nothing that names the machine."""
    return (
        f"{racing.machine()}, TensorFlow {tf.__version__}; {THREADS} thread, float32, "
        f"no bias; medians of {REPETITIONS} interleaved repetitions; load average at "
        f"the start {racing.load()}"
    )


def table():
    """Run every case; the rows of a Markdown table."""
    yield "| case | pass | reference, ms | TensorFlow, ms | ratio | quickest | range |"
    yield "|---|---|---|---|---|---|---|"
    rng = np.random.default_rng(0)
    for name, case in CASES.items():
        for what, (ours, theirs) in sides(*case, rng).items():
            results = ours(), theirs()
            single = what == "forward"
            racing.expect_equal(*([r] if single else r for r in results))
            ms, tf_ms, ratio, quickest, least, most = racing.race(
                ours, theirs, SECONDS, REPETITIONS
            )
            times = f"{ms:.2f} | {tf_ms:.2f}"
            ratios = f"{ratio:.2f} | {quickest:.2f} | {least:.2f}–{most:.2f}"
            yield f"| {name} | {what} | {times} | {ratios} |"


def main():
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    head = f"{machine()}.\n"
    print(head)
    rows = []
    with threadpool_limits(THREADS):
        for row in table():
            print(row, flush=True)
            rows.append(row)
    path = Path(__file__).with_name("conv2d.md")
    title = "conv2d: reference / tf.nn.conv2d, CPU time"
    racing.keep(path, title, "\n".join([head, *rows, ""]))


if __name__ == "__main__":
    main()
