"""The two ways to start a child: in bubblewrap, or as a plain process with limits."""

import os
import shutil
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from mmlearn.grading import room, seccomp, staging
from mmlearn.grading.pipes import Child

NOBODY = 65534
_LOCK = threading.Lock()  # whatever is gathered for a batch is gathered once
FRAMEWORKS = {"tensorflow", "keras", "torch", "jax"}  # large, with threads, and /proc
_PYTHON = ("-S", "-s", "-P", "-B")  # no site-packages, no folder of the caller's
_SCRIPT = "mmlearn/grading/child.py"
_ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    **{"PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
}
_INSIDE = {"HOME": "/scratch", "TMPDIR": "/scratch", "LD_LIBRARY_PATH": "/python/lib"}


@contextmanager
def in_bubblewrap(imports, output, scratch, *, sized=False, closed=False):
    """A child that sees almost nothing.

    Args:
        imports: what it may import.
        output: bytes of arrays in one frame.
        scratch: bytes of its folder, if `sized` (bubblewrap 0.7).
        closed: whether to forbid it namespaces of its own (bubblewrap 0.8).
    """
    program = shutil.which("bwrap")
    if program is None or sys.platform != "linux":
        raise OSError("there is no bubblewrap")
    with _LOCK:
        furniture = _furniture(imports)
    words = [program, *_walls(scratch if sized else None), *furniture]
    if FRAMEWORKS & set(imports):
        words += ["--proc", "/proc"]  # which shows the child's own processes
    words += ["--remount-ro", "/"]
    if closed:
        words.append("--disable-userns")
    rules = seccomp.rules()
    with ExitStack() as stack:
        passed = []
        if rules:
            passed = [stack.enter_context(_as_file(rules))]
            words += ["--seccomp", str(passed[0])]
        words += ["--", "/python/bin/python3", *_PYTHON, f"/ours/{_SCRIPT}"]
        child = Child(
            [*words, "/ours", "/packages"],
            output,
            env={},
            cwd="/",
            pass_fds=passed,
            start_new_session=True,
            **_as_nobody(),
        )
        stack.enter_context(child)
        yield child


@contextmanager
def _as_file(data):
    """A descriptor from which these bytes can be read."""
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    try:
        yield read
    finally:
        os.close(read)


def _as_nobody():
    """Root becomes nobody before anything else: limits do not hold for root."""
    if os.name != "posix" or os.geteuid():
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _walls(scratch):
    """Namespaces, no rights, no environment, one folder in memory."""
    words = "--unshare-all --unshare-user --die-with-parent --new-session --clearenv"
    words += " --cap-drop ALL --uid 1000 --gid 1000 --hostname grading --dir /packages"
    if scratch is not None:
        words += f" --size {scratch}"
    words += " --tmpfs /scratch --chdir /scratch"
    walls = words.split()
    for name, value in (_ENVIRONMENT | _INSIDE).items():
        walls += ["--setenv", name, value]
    for name in ("null", "zero", "urandom"):
        walls += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    return walls


@cache
def _furniture(imports):
    """Everything that is shown to the child, read-only."""
    program, library, inside = room.python()
    own, system = room.libraries()
    shown = {folder: str(folder) for folder in system}
    shown |= {file: f"/python/lib/{name}" for name, file in own.items()}
    shown |= {program: "/python/bin/python3", library: f"/python/{inside}"}
    packages = room.packages(imports)
    shown |= {path: f"/packages/{name}" for name, path in packages.items()}
    shown[room.ours("mmlearn" in imports)] = "/ours"
    words = [w for path, place in shown.items() for w in ("--ro-bind", path, place)]
    for place in room.hidden(system, library, f"/python/{inside}"):
        words += ["--ro-bind", room.empty(), place]
    return [*map(str, words), *room.loader()]


@contextmanager
def in_limits(imports, output, scratch):
    """A child with limits and nothing else around it."""
    with _LOCK:
        program, _, _ = room.python()
        ours, packages = room.ours("mmlearn" in imports), room.together(imports)
    home = Path(tempfile.mkdtemp(dir=staging.folder()))
    try:
        if _as_nobody():
            os.chown(home, NOBODY, NOBODY)
        places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), str(home))
        system = {k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}
        child = Child(
            [program, *_PYTHON, ours / _SCRIPT, ours, packages],
            output,
            env=_ENVIRONMENT | places | system,
            cwd=home,
            start_new_session=True,
            **_as_nobody(),
        )
        with child:
            yield child
    finally:
        shutil.rmtree(home, ignore_errors=True)


def already():
    """Processes and threads that count before the child starts one more."""
    import psutil

    if os.name != "posix":
        return 0
    mine, total = os.geteuid() or NOBODY, 0
    for process in psutil.process_iter(["uids", "num_threads"]):
        uids = process.info["uids"]
        if uids and uids.real == mine:
            total += process.info["num_threads"] or 1
    return total + 2
