"""The results table: what every recipe reached, on which machine, in Markdown."""

import os
import platform
import tempfile
from pathlib import Path

from mmlearn.recipes.catalogue import get

HEADER = (
    "recipe",
    "data",
    "parameters",
    "validation accuracy",
    "test accuracy",
    "95 % interval of the test set",
    "seconds a seed",
)


def table(summaries, note=""):
    """One row for each recipe's summary, aligned to be read as text too.

    Args:
        summaries: dict, recipe name -> RecipeSummary.
        note: a line put below, for the machine it ran on.

    Returns:
        str, Markdown.
    """
    rows = [HEADER, *(_row(name, summary) for name, summary in summaries.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join([*lines, "", note] if note else lines) + "\n"


def _row(name, summary):
    low, high = summary.interval
    return (
        name,
        get(name).dataset,
        f"{summary.results[0].parameters:,}",
        summary.validation.text,
        summary.text,
        f"{low:.3f} to {high:.3f} ({summary.results[0].test_size:,})",
        f"{summary.seconds:.1f}",
    )


def machine():
    """The machine in one line: processor, cores, system, versions, backend."""
    import keras

    cores = os.cpu_count()
    backend = keras.backend.backend()
    versions = f"Python {platform.python_version()}, Keras {keras.__version__}"
    return (
        f"Measured on {_processor()}, {cores} cores, {platform.system()}; "
        f"{versions} on {backend}."
    )


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return (named or [platform.processor() or platform.machine()])[0]


def write_table(path, summaries):
    """Write the table to a file, whole or not at all.

    Args:
        path: file to write; an older one is replaced.
        summaries: dict, recipe name -> RecipeSummary.

    Raises:
        OSError: if the folder cannot be written; the old file stays as it was.
    """
    path = Path(path)
    text = "# Results\n\n" + table(summaries, machine())
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
