"""What every committed lesson must satisfy, and the environment that it runs in.

Shared by the executing tool (`execute.py`) and by the tests, so that what is written
is what is checked.
"""

import os
import pathlib
import re

import nbformat

ROOT = pathlib.Path(__file__).resolve().parents[2]
LESSONS = ROOT / "lessons"
HERE = pathlib.Path(__file__).resolve().parent
WIDGET = "application/vnd.jupyter.widget-view+json"

# What TensorFlow writes to stderr when it is imported on a machine without a GPU, and
# nothing else: any other line on stderr is a fault of the lesson.
ALLOWED_STDERR = re.compile(
    r"^(WARNING: All log messages before absl::InitializeLog\(\) .*"
    r"|[IWE]0000 .*(cudart_stub|cuda_platform|cpu_feature_guard|port)\.cc:\d+\].*"
    r"|To enable the following instructions: .*"
    r"|\s*)$"
)
CONTRACT = {
    "lesson": str,
    "title": str,
    "question": str,
    "objectives": list,
    "prerequisites": list,
    "minutes_reading": int,
    "minutes_exercises": int,
    "data": list,
    "seconds": int,
    "megabytes": int,
}


def paths():
    """All lessons, in reading order."""
    return sorted(LESSONS.glob("[0-9][0-9]_*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    cells = [c for c in notebook.cells if c.cell_type == "code"]
    return [c for c in cells if c.source.strip()]


def is_measured(cell):
    """A training result: executed, asserted by `claim`, never compared."""
    return "nbval-ignore-output" in cell.metadata.get("tags", [])


def environment(journal):
    """The kernel's environment: two threads, no GPU, quick profile, its own journal.

    The number of threads is fixed because a network's bits depend on it.
    """
    threads = dict.fromkeys(
        ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"], "2"
    )
    return {
        **os.environ,
        **threads,
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "MMLEARN_PROFILE": "quick",
        "MMLEARN_JOURNAL": str(journal),
        "MMLEARN_STATIC": "1",  # questions as folded text: a widget needs its kernel
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": str(HERE),  # for sitecustomize.py, and the plugin of the tests
    }


def faults(notebook):
    """What keeps a notebook from being committed: sentences, or nothing."""
    found = []
    for number, cell in enumerate(notebook.cells):
        where = f"cell {number} ({cell.get('id')})"
        lines = cell.source.split("\n")
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if cell.execution_count is None:
            found.append(f"{where}: not executed")
        if len(lines) > 30:
            found.append(f"{where}: {len(lines)} lines; at most 30")
        if re.search(r"^\s*[%!]", cell.source, re.M):
            found.append(f"{where}: a magic; nbval would hide the rest of the cell")
        for output in cell.outputs:
            found += [f"{where}: {f}" for f in _output_faults(output)]
    text = nbformat.writes(notebook)
    home = str(pathlib.Path.home())
    for place in (str(ROOT), str(ROOT.parent) + "/", home + "/", "/tmp/"):
        if place in text:
            found.append(f"a path of the machine: {place}")
    return found


def _output_faults(output):
    if output.output_type == "error":
        yield f"stores an error: {output.ename}: {output.evalue}"
    if output.get("name") == "stderr":
        yield f"stores stderr: {output.text[:80]!r}"
    data = output.get("data", {})
    if WIDGET in data:
        yield "stores a widget's view, dead without its kernel"
    if "image/svg+xml" in data:
        yield "stores an SVG; figures are PNG"
    if len(data.get("image/png", "")) > 700_000:
        yield "stores a picture of more than 500 kB"


def contract_faults(notebook):
    """What is missing from the contract in the notebook's metadata."""
    contract = notebook.metadata.get("mmlearn", {})
    wrong = [
        f"contract: {key} must be a {kind.__name__}"
        for key, kind in CONTRACT.items()
        if not isinstance(contract.get(key), kind) or contract.get(key) in ("", [])
    ]
    # Lesson 00 has nothing before it.
    if contract.get("lesson") == "00":
        wrong = [w for w in wrong if "prerequisites" not in w]
    return wrong
