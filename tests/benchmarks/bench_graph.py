"""How fast is the sparse GCN? CPU time beside TensorFlow's with dense features.

One layer on Cora, forward and the gradients of its weights: ours is
`reference.graph_sparse.gcn_conv` on bags of words as a SciPy CSR matrix; TensorFlow's
is a `tf.function` of a dense X W, gathered and summed over the edges. Both get the same
float32 numbers, edge_index as it stands, and one thread, and take turns, so that a busy
machine disturbs them alike. Ours checks its arguments and builds A anew at each call;
TensorFlow gets the self loops and the normalization ready made. A ratio is ours /
TensorFlow of one repetition; shown are the median, the ratio of either side's quickest
repetition, and the range.

    python tests/benchmarks/bench_graph.py

prints the table and keeps it in graph.md beside this file. With $MMLEARN_DATA it takes
the real Cora of planetoid/cora/cora.npz, else random numbers of the same sizes. Not a
test: no figure here makes a build fail.
"""

import os

THREADS = 1
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)  # read when the libraries load: before the imports
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import racing  # noqa: E402
import scipy  # noqa: E402
import tensorflow as tf  # noqa: E402
from scipy import sparse  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

from mmlearn.reference import gcn_conv, graph_sparse  # noqa: E402

REPETITIONS = 31
SECONDS = 0.05  # CPU time of one repetition, at least: many calls of a short case
N, F, U, WORDS, TIES = 2708, 1433, 16, 49216, 5278
TARGET = 0.2


def cora(rng):
    """x (N, F) in CSR form, edge_index (2, E) in both directions, and where from."""
    path = Path(os.environ.get("MMLEARN_DATA", "")) / "planetoid/cora/cora.npz"
    if path.is_file():
        with np.load(path) as held:
            parts = held["x_data"], held["x_indices"], held["x_indptr"]
            x = sparse.csr_array(parts, shape=tuple(held["x_shape"]))
            ties, origin = held["edges"].T.astype(np.int64), "Cora"
    else:
        places = rng.choice(N * F, WORDS, replace=False)
        values = np.ones(WORDS, np.float32)
        x = sparse.csr_array((values, np.divmod(places, F)), shape=(N, F))
        ties, origin = rng.integers(0, N, (2, TIES)), "random, as large as Cora"
    x = sparse.csr_array(x / np.maximum(x.sum(axis=1), 1)[:, None], dtype=np.float32)
    return x, np.concatenate([ties, ties[::-1]], axis=1), origin


def normalized_edges(edge_index):
    """Source, target and weight of D̃^-½ Ã D̃^-½, for TensorFlow, before the clock."""
    every = np.arange(N)
    source, target = np.concatenate([edge_index, [every, every]], axis=1)
    r = 1 / np.sqrt(np.bincount(target, minlength=N))
    return source, target, (r[source] * r[target]).astype(np.float32)


def theirs(x, kernel, bias, dy, edge_index, jit):
    """TensorFlow's side: a function without arguments, numbers in tensors already."""
    source, target, weight = (tf.constant(a) for a in normalized_edges(edge_index))
    tensors = [tf.constant(a) for a in (x, kernel, bias, dy)]

    @tf.function(jit_compile=jit)
    def both(x, kernel, bias, dy):
        with tf.GradientTape() as tape:
            tape.watch([kernel, bias])
            z = tf.gather(x @ kernel, source) * weight[:, None]
            y = tf.math.unsorted_segment_sum(z, target, N) + bias
        return y, *tape.gradient(y, [kernel, bias], dy)

    return lambda: both(*tensors)


def sides(rng):
    """The contestants: (what ours is given, ours, what theirs is, theirs)."""
    x, edge_index, _ = cora(rng)
    kernel = rng.standard_normal((F, U), dtype=np.float32)
    bias, dy = (
        rng.standard_normal(U, np.float32),
        rng.standard_normal((N, U), np.float32),
    )
    dense = x.toarray()

    def ours(op, features):
        def both():
            y, pullback = op(features, kernel, bias, edge_index=edge_index)
            _, dkernel, dbias, _ = pullback(dy)
            return y, dkernel, dbias

        return both

    plain, jitted = (theirs(dense, kernel, bias, dy, edge_index, j) for j in (0, 1))
    twin = ours(graph_sparse.gcn_conv, x)
    yield "graph_sparse, x sparse", twin, "x dense", plain
    yield "graph_sparse, x sparse", twin, "x dense, jit", jitted
    yield "graph_sparse, x dense", ours(graph_sparse.gcn_conv, dense), "x dense", plain
    yield "gcn_conv, x dense", ours(gcn_conv, dense), "x dense", plain


def machine():
    """CPU model, cores and versions; nothing that names the machine."""
    return (
        f"{racing.machine()}, SciPy {scipy.__version__}, TensorFlow {tf.__version__}; "
        f"{THREADS} thread, float32; medians of {REPETITIONS} interleaved repetitions; "
        f"load average at the start {racing.load()}"
    )


def table(rng):
    """Run every case; the rows of a Markdown table."""
    yield "| ours | TensorFlow | ours, ms | TensorFlow, ms | ratio | quickest | range |"
    yield "|---|---|---|---|---|---|---|"
    for what, ours, other, theirs in sides(rng):
        racing.expect_equal(ours(), theirs())
        ms, tf_ms, ratio, quickest, least, most = racing.race(
            ours, theirs, SECONDS, REPETITIONS
        )
        times = f"{ms:.2f} | {tf_ms:.2f}"
        ratios = f"{ratio:.2f} | {quickest:.2f} | {least:.2f}–{most:.2f}"
        yield f"| {what} | {other} | {times} | {ratios} |"


def main():
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    rng = np.random.default_rng(0)
    origin = cora(rng)[2]
    head = (
        "# GCN, one layer, forward + gradient of kernel and bias: NumPy / TensorFlow, "
        f"CPU time\n\n{origin}: N {N}, F {F}, U {U}, {2 * TIES:,} directed edges. "
        f"{machine()}.\n\nTarget: the first row at most {TARGET}.\n"
    )
    print(head)
    rows = []
    with threadpool_limits(THREADS):
        for row in table(rng):
            print(row, flush=True)
            rows.append(row)
    results = Path(__file__).with_name("graph.md")
    results.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
