"""What was measured, kept: one record a recipe, in a JSON file beside the table.

The table is made of them, so that a recipe can be measured again without all others.
"""

import json
import os
import platform
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from mmlearn.recipes.recipe import RecipeError

KEPT = ("right", "groups")  # only where there are any


@dataclass(frozen=True)
class Record:
    """One row of the results table.

    Attributes:
        recipe, profile: what was run.
        validation, test: mean ± standard deviation and of what, as text.
        mean: test accuracy, over seeds and folds.
        low, high: 95 % interval of the mean over seeds, or folds; None for one run.
        sample_low, sample_high: 95 % interval that `test_size` samples leave (Wilson).
        test_size: samples tested, over all folds together.
        parameters: numbers learned.
        seconds: of training, a seed.
        machine: what it was measured on.
        right: which test samples each seed got right, where recipes are compared
            (`side_by_side.py`), hexadecimal. groups: whose each of them is.
    """

    recipe: str
    profile: str
    validation: str
    test: str
    mean: float
    low: float | None
    high: float | None
    sample_low: float
    sample_high: float
    test_size: int
    parameters: int
    seconds: float
    machine: str
    right: list[str] | None = None
    groups: str | None = None


def record(name, summary, profile, **kept):
    """The Record of a recipe's summary, measured here and now.

    Args:
        name: of the recipe.
        summary: `RecipeSummary`.
        profile: "quick" or "full", what it was run with.
        kept: right and groups.
    """
    spread = summary.spread
    single = len(spread.values) < 2
    low, high = (None, None) if single else spread.mean_interval
    sample_low, sample_high = summary.interval
    return Record(
        recipe=name,
        profile=profile,
        validation=summary.validation_text,
        test=summary.text,
        mean=summary.mean,
        low=low,
        high=high,
        sample_low=sample_low,
        sample_high=sample_high,
        test_size=summary.results[0].test_size,
        parameters=summary.results[0].parameters,
        seconds=summary.seconds,
        machine=machine(),
        **kept,
    )


def read_records(path):
    """The records of a file, by recipe; none if there is no such file.

    Raises:
        RecipeError: if the file holds something else.
    """
    try:
        text = Path(path).read_text("utf-8")
    except FileNotFoundError:
        return {}
    try:
        return {
            name: Record(recipe=name, **row) for name, row in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        names = ", ".join(f.name for f in fields(Record))
        raise RecipeError(
            f"{path}: {error}; expected for each recipe an object of {names}: repair "
            "it, or put it away and measure again"
        ) from None


def write_records(path, records):
    """Write records to a file, whole or not at all."""
    rows = {}
    for name, one in records.items():
        row = asdict(one)
        del row["recipe"]
        rows[name] = {
            key: value for key, value in row.items() if key not in KEPT or value
        }
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    write_whole(path, text + "\n")


def write_whole(path, text):
    """Replace a file by a text, whole or not at all.

    Raises:
        OSError: if the folder cannot be written; the old file stays as it was.
    """
    path = Path(path)
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


def machine():
    """The machine in one line: processor, cores, system, versions, backend."""
    import keras

    cores = os.cpu_count()
    backend = keras.backend.backend()
    versions = f"Python {platform.python_version()}, Keras {keras.__version__}"
    return (
        f"{_processor()}, {cores} cores, {platform.system()}; {versions} on {backend}"
    )


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return (named or [platform.processor() or platform.machine()])[0]
