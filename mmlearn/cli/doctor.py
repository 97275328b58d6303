"""`mmlearn doctor`: whether this machine has what the course needs.

Nothing that it prints names the user: the home folder is written ~.
"""

import getpass
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mmlearn import __version__, course
from mmlearn.cli import ports

PACKAGES = (
    "tensorflow keras numpy scipy scikit-learn matplotlib opencv-python av "
    "jupyterlab ipywidgets anywidget tensorboard"
)
_ASK_TENSORFLOW = """
import keras, tensorflow
gpus = tensorflow.config.list_physical_devices("GPU")
ones = keras.ops.ones((8, 8))
total = float(keras.ops.sum(keras.ops.matmul(ones, ones)))
print("answer", len(gpus), total == 512.0, keras.backend.backend())
"""


@dataclass
class Finding:
    """One line of the doctor's report; `advice` is empty where all is well."""

    what: str
    found: str
    advice: str = ""
    bad: bool = False


def run(report=False, quick=False):
    """Examine the machine and print what was found.

    Args:
        report: print Markdown, to paste into a question, instead of plain lines.
        quick: leave out the check that starts TensorFlow (some seconds).

    Returns:
        exit status: 1 if something is bad, else 0.
    """
    found = examine(quick)
    print(private(markdown(found) if report else plain(found)))
    return int(any(f.bad for f in found))


def examine(quick=False):
    """Everything that the course depends on, as a list of Finding."""
    found = [_python(), *_packages(), _machine(), _memory(), _gpu(), _disk()]
    if not quick:
        found.append(_tensorflow())
    return [*found, _course(), *_data(), _port()]


def plain(found, fine="this machine can run the course"):
    """The findings as aligned lines, advice below what it is about, then `fine`."""
    width = max(len(f.what) for f in found)
    lines = []
    for f in found:
        mark = "BAD " if f.bad else "look" if f.advice else "ok  "
        lines.append(f"{mark} {f.what:<{width}}  {f.found}")
        if f.advice:
            lines.append(f"     {'':<{width}}  → {f.advice}")
    bad = sum(f.bad for f in found)
    end = f"{bad} to mend, see above" if bad else fine
    return "\n".join([*lines, f"mmlearn {__version__}: {end}."])


def markdown(found):
    """The findings as a Markdown table."""
    rows = [f"**mmlearn {__version__} doctor**", "", "| what | found |", "|---|---|"]
    for f in found:
        advice = f" (**{f.advice}**)" if f.advice else ""
        rows.append(f"| {f.what} | {f.found}{advice} |".replace("\n", " "))
    return "\n".join(rows)


def private(text):
    """The text without the home folder and without the user's name."""
    homes = {str(Path.home()), str(Path.home().resolve())}
    for home in sorted(homes - {"/", ""}, key=len, reverse=True):
        text = re.sub(re.escape(home) + r"(?![\w.-])", "~", text)
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        return text
    return re.sub(rf"(?<![\w.-]){re.escape(user)}(?![\w.-])", "USER", text)


def _python():
    version = platform.python_version()
    kind = "conda" if (Path(sys.prefix) / "conda-meta").is_dir() else "system"
    kind = "venv" if sys.prefix != sys.base_prefix else kind
    advice = ""
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        advice = "the course needs Python 3.11, 3.12 or 3.13"
    where = f"{version} ({kind}, {sys.executable})"
    return Finding("Python", where, advice, bool(advice))


def _packages():
    versions, missing = [], []
    for name in PACKAGES.split():
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    yield Finding("packages", ", ".join(versions) or "none")
    if missing:
        advice = "run: make lab (or: python -m pip install mmlearn)"
        yield Finding("missing packages", ", ".join(missing), advice, bad=True)


def _machine():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return Finding("machine", f"{system}, {cores or os.cpu_count()} CPU cores")


def _memory():
    import psutil

    memory = psutil.virtual_memory()
    free, total = memory.available / 2**30, memory.total / 2**30
    advice = "a lesson takes up to 2 GiB; close something" if free < 2.5 else ""
    return Finding("memory", f"{free:.1f} GiB free of {total:.1f}", advice)


def _gpu():
    tool = shutil.which("nvidia-smi")
    if not tool:
        kind = "Apple" if platform.machine() == "arm64" else "none"
        return Finding("GPU", f"{kind}; the lessons are made for a CPU")
    ask = [
        tool,
        "--query-gpu=name,memory.total,driver_version",
        "--format=csv,noheader",
    ]
    try:
        said = subprocess.run(ask, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("GPU", f"nvidia-smi does not answer: {error}")
    return Finding("GPU", "; ".join(said.stdout.split("\n")).strip("; ") or "none")


def _disk():
    free = shutil.disk_usage(Path.home()).free / 2**30
    advice = "less than 2 GiB: data sets may not fit" if free < 2 else ""
    return Finding("disk", f"{free:.0f} GiB free in the home folder", advice)


def _tensorflow():
    words = [sys.executable, "-c", _ASK_TENSORFLOW]
    env = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        said = subprocess.run(
            words, capture_output=True, text=True, timeout=180, env=env
        )
    except subprocess.TimeoutExpired:
        return Finding("TensorFlow", "does not start in 3 minutes", "ask us", bad=True)
    answer = re.search(r"^answer (\d+) (True|False) (\w+)$", said.stdout, re.M)
    if not answer or answer[2] == "False":
        last = (said.stderr.strip() or "a wrong sum").split("\n")[-1]
        advice = "run: make clean lab, or ask with `mmlearn doctor --report`"
        return Finding("TensorFlow", f"does not work: {last}", advice, bad=True)
    return Finding("TensorFlow", f"works, {answer[1]} GPU, Keras backend {answer[3]}")


def _course():
    try:
        where, numbers = course.lessons_folder(), ", ".join(course.lessons())
    except course.CourseError as error:
        return Finding("lessons", "none", str(error), bad=True)
    advice = "" if numbers else "reinstall mmlearn: its lessons are missing"
    return Finding("lessons", f"{numbers or 'none'} in {where}", advice, not numbers)


def _data():
    from mmlearn.cli.data import states

    try:
        found = [f"{entry.name} ({state})" for entry, state in states()]
    except (ImportError, AttributeError, OSError, RuntimeError) as error:
        yield Finding("data", "none", str(error), bad=True)
        return
    from mmlearn.datasets import data_home

    yield Finding("data", ", ".join(found))
    yield Finding("data folder", str(data_home()))


def _port():
    free = ports.is_free(8888)
    return Finding(
        "port 8888", "free" if free else "in use; `mmlearn lab` takes the next"
    )
