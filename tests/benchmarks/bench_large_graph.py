"""How fast, and how large, is a training step on a large graph? Beside PyG's.

A graph as large as ogbn-arxiv (169,343 nodes, 1,166,243 directed edges, 128 features,
40 classes), made from a seed: degrees fall off as in citations, edges lie in order of
their targets. Two layers with 128 hidden units, for GAT 8 heads of 16; Adam; no
dropout. Each side is a process of its own with one thread, reads the same arrays and
first weights, and must give the same losses over the first steps; then they take turns,
one step each. Time is the CPU time of a step, median; memory the largest resident size
of the process, less that before there was a model (libraries and arrays loaded).

    python tests/benchmarks/bench_large_graph.py --pyg ENVIRONMENT/bin/python

with an environment that holds PyTorch Geometric (mmlearn needs none of it; $PYG_PYTHON
does as well), prints the table and keeps it in large_graph.md beside this file. Not a
test: no figure here makes a build fail.
"""

import argparse
import importlib.metadata
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import racing

HERE = Path(__file__).parent
N, E, F, K = 169_343, 1_166_243, 128, 40
WARM, STEPS = 3, 9
TARGET = 0.6
# Left alone, both sides give large arrays back to the system at every step and get them
# again page by page: where pages are dear (a virtual machine) that is most of the time.
KEPT = {"TF_CPU_ALLOCATOR_USE_BFC": "1"}
GLIBC_KEPT = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**40)}
OURS = {  # name: form, environment
    "TensorFlow, jit, memory kept": ("jit", {"KERAS_BACKEND": "tensorflow"} | KEPT),
    "TensorFlow, jit": ("jit", {"KERAS_BACKEND": "tensorflow"}),
    "TensorFlow": ("plain", {"KERAS_BACKEND": "tensorflow"}),
    "JAX, jit": ("jit", {"KERAS_BACKEND": "jax"}),
}
THEIRS = {  # name: form, environment, networks
    "PyG": ("edges", {}, "gcn gat"),
    "PyG, memory kept": ("edges", GLIBC_KEPT, "gcn gat"),
    "PyG, sparse matrix": ("sparse", {}, "gcn"),
}
SHAPES = {
    "gcn": [(F, 128), (128, K)],
    "gat": [(F, 8, 16), (8, 16), (8, 16), (128, 1, K), (1, K), (1, K)],
}


def arrays(rng):
    """The graph and the first weights, by name."""
    popular = (np.arange(N) + 20.0) ** -0.7  # a share of all edges
    popular = rng.permutation(popular / popular.sum())
    source, target = rng.integers(0, N, E), rng.choice(N, E, p=popular)
    edges = np.stack([source, np.sort(target)])
    found = {
        "x": rng.standard_normal((N, F), dtype=np.float32),
        "y": rng.integers(0, K, N),
        "mask": rng.random(N) < 0.5,
        "edges": edges.astype(np.int64),
    }
    for kind, shapes in SHAPES.items():
        for i, shape in enumerate(shapes):
            bound = np.sqrt(6 / (shape[0] + np.prod(shape[1:])))
            found[f"{kind}_{i}"] = rng.uniform(-bound, bound, shape).astype(np.float32)
    return found


class Side:
    """One process that takes a step when it is asked to."""

    def __init__(self, python, script, *arguments, **environment):
        one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        xla = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        self.process = subprocess.Popen(
            [python, str(HERE / script), *arguments, str(WARM)],
            env=os.environ | one | {"XLA_FLAGS": xla} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.losses = self._heard()["losses"]
        self.seconds = []

    def _heard(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise RuntimeError(f"a side ended: {self.process.args}")

    def step(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.seconds.append(self._heard()["seconds"])

    def end(self):
        """MB beyond what was there before the model, and MB in all."""
        self.process.stdin.close()
        last = self._heard()
        self.process.wait()
        return last["largest"] - last["before"], last["largest"]


def sides(path, kind, pyg, only):
    """{name: Side}; PyTorch Geometric's first."""
    found = {}
    for name, (form, environment, networks) in THEIRS.items():
        if kind in networks and (not only or name == "PyG" or name in only):
            script = "large_graph_pyg.py"
            found[name] = Side(pyg, script, path, kind, form, **environment)
    for name, (form, environment) in OURS.items():
        if only and name not in only:
            continue
        script = "large_graph_keras.py"
        found[name] = Side(sys.executable, script, path, kind, form, **environment)
        np.testing.assert_allclose(found[name].losses, found["PyG"].losses, rtol=1e-3)
    return found


def race(path, kind, pyg, only):
    """Rows of the table: medians, the range of the ratios of one turn, memory."""
    found = sides(path, kind, pyg, only)
    for _ in range(STEPS):
        for side in found.values():
            side.step()
    memory = {name: side.end() for name, side in found.items()}
    base, base_memory = found["PyG"].seconds, memory["PyG"]
    for name, side in found.items():
        ratios = [a / b for a, b in zip(side.seconds, base, strict=True)]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
        over, whole = memory[name]
        sizes = f"{over:,.0f} | {over / base_memory[0]:.2f} | {whole:,.0f}"
        seconds = statistics.median(side.seconds)
        yield f"| {kind.upper()} | {name} | {seconds:.2f} | {ratio} | {sizes} |"


def versions(pyg):
    """What ran."""
    code = "import torch, torch_geometric as g; print(torch.__version__, g.__version__)"
    told = subprocess.run([pyg, "-c", code], capture_output=True, text=True, check=True)
    torch, geometric = told.stdout.split()
    ours = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in ("tensorflow", "jax", "keras")
    )
    return f"{ours}; torch {torch}, PyTorch Geometric {geometric}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pyg", default=os.environ.get("PYG_PYTHON"))
    parser.add_argument(
        "--kind", choices=sorted(SHAPES), help="only one; keeps no table"
    )
    parser.add_argument("--only", nargs="*", choices=[*THEIRS, *OURS], default=())
    options = parser.parse_args()
    if not options.pyg:
        print("bench_large_graph: no --pyg, no $PYG_PYTHON: nothing to compare with")
        return
    head = (
        "# A training step on a large graph: mmlearn / PyTorch Geometric, CPU time\n\n"
        f"{N:,} nodes, {E:,} directed edges in order of their targets, {F} features, "
        f"layers of 128 and {K} units. {racing.machine()}, {versions(options.pyg)}; 1 "
        f"thread, float32; medians of {STEPS} steps taken in turns; load average at "
        f"the start {racing.load()}. Memory: the largest resident size less that "
        "before there was a model.\n\n"
        f"Target: jit at most {TARGET} in time and memory.\n"
    )
    print(head)
    rows = [
        "| network | side | s a step | ratio (range) | MB | ratio | MB in all |",
        "|---|---|---|---|---|---|---|",
    ]
    print(*rows, sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/graph.npz"
        np.savez(path, **arrays(np.random.default_rng(0)))
        for kind in [options.kind] if options.kind else SHAPES:
            for row in race(path, kind, options.pyg, options.only):
                print(row, flush=True)
                rows.append(row)
    if not options.kind and not options.only:
        results = HERE / "large_graph.md"
        results.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
