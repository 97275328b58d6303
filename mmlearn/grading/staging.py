"""A temporary folder for a batch, and in it what an unprivileged user must read.

Where the batch runs as root and the sandbox as somebody else, who may not enter root's
folders, hard links to the files (copies, where they cannot be linked) stand in here.
"""

import atexit
import os
import shutil
import stat
import tempfile
import time
from functools import cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NAME = "mmlearn-grading-"
_NEVER = {"site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter"}
_NEVER |= {"turtledemo", "ensurepip", "lib2to3"}


@cache
def folder():
    """The batch's temporary folder, readable by everybody, gone when Python ends."""
    above = _place()
    for left in above.glob(f"{_NAME}*"):
        _remove_abandoned(left)
    path = Path(tempfile.mkdtemp(prefix=_NAME, dir=above))
    path.chmod(0o755)
    lock = (path / "lock").open("w")
    if fcntl:
        fcntl.flock(lock, fcntl.LOCK_EX)
    atexit.register(_remove, path, os.getpid(), lock)
    return path


def _place():
    """Where temporary files go; as root, somewhere that others may enter."""
    usual = Path(tempfile.gettempdir())
    if os.name != "posix" or os.geteuid():
        return usual
    places = (usual, Path("/tmp"), Path("/var/tmp"))
    return next((p for p in places if p.is_dir() and _everybody_reads(p)), usual)


def _remove(path, owner, lock):
    if os.getpid() == owner:  # not in a process that was forked off
        lock.close()
        shutil.rmtree(path, ignore_errors=True)


def _remove_abandoned(path, age=3600.0):
    """Remove the folder of a batch that was killed: old, and nobody holds its lock."""
    try:
        facts = path.stat()
        old = time.time() - facts.st_mtime >= age
        if fcntl and old and facts.st_uid == os.geteuid():
            with (path / "lock").open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return


def readable(path):
    """The path itself, or a stand-in that an unprivileged user can read."""
    if os.name != "posix" or os.geteuid() or _everybody_reads(path):
        return path
    target = folder() / "linked" / path.relative_to(path.anchor)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, copy_function=_link, ignore=_left_out)
        else:
            _link(path, target)
        open_to_all(folder() / "linked")
    return target


def _everybody_reads(path):
    """Whether others may enter every folder above, and the path itself."""
    path = path.resolve()
    above = all(p.stat().st_mode & stat.S_IXOTH for p in path.parents)
    return above and bool(path.stat().st_mode & stat.S_IROTH)


def _link(source, target):
    source = os.path.realpath(source)
    try:
        if not Path(source).stat().st_mode & stat.S_IROTH:
            raise PermissionError
        os.link(source, target)
    except OSError:  # on another disk, or not for everybody
        shutil.copy2(source, target)
        Path(target).chmod(0o755)
    return target


def _left_out(path, names):
    parts = {"numpy", "scipy", "site-packages"} & set(Path(path).parts)
    never = _NEVER - {"test", "tests"} if parts else _NEVER
    return [n for n in names if n in never or n.startswith("config-")]


def open_to_all(path):
    """Let everybody read what is in this folder."""
    for here, _, names in os.walk(path):
        Path(here).chmod(0o755)
        for name in names:
            file = Path(here, name)
            if not file.stat().st_mode & stat.S_IROTH:
                file.chmod(0o644)
