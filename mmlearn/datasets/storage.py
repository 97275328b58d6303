"""Where downloaded data lies, and how a file gets there whole or not at all."""

import errno
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from mmlearn.datasets.registry import DataError

MARGIN = 50_000_000  # bytes to leave free on a disk
DAY = 86_400  # s


def data_home():
    """The folder of downloaded data sets: `$MMLEARN_DATA`, else the user's cache.

    Returns:
        an absolute Path, which need not exist yet.

    Raises:
        DataError: if `$MMLEARN_DATA` is a file.

    >>> data_home().is_absolute()
    True
    """
    chosen = os.environ.get("MMLEARN_DATA", "").strip()
    if not chosen:
        return Path(platformdirs.user_cache_dir("mmlearn", appauthor=False)) / "data"
    folder = Path(chosen).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise DataError(f"MMLEARN_DATA is {folder}, a file; expected a folder")
    return folder


def locate(entry, file):
    """The path of a data set's file under any of its names, or None."""
    folder = data_home() / entry.place
    for name in (file.name, *file.also):
        with suppress(OSError):
            if (folder / name).is_file():
                return folder / name
    return None


@contextmanager
def new_file(path, size, check=lambda part: None):
    """Open a file that appears under its name only when written, checked and synced.

    Whatever ends the block early (an error, a full disk, Ctrl-C, a killed process)
    leaves `path` as it was: the bytes go to a hidden `.part` file of this process's
    own, which nobody reads and which is removed.

    Args:
        path: where the file shall appear.
        size: bytes it will take, about: the disk must have them free.
        check: called with the written part before it is renamed; raises to refuse.

    Yields:
        the binary file to write to.

    Raises:
        DataError: for a folder that cannot be written or a full disk.
    """
    path = Path(path)
    mark = f"{os.getpid()}-{secrets.token_hex(4)}"
    part = path.with_name(f".{path.name}.{mark}.part")
    try:
        with _disk_errors(path.parent, size):
            path.parent.mkdir(parents=True, exist_ok=True)
            _sweep(path)
            _expect_room(path.parent, size)
            stream = part.open("xb")
        try:
            yield stream
        finally:  # closing writes what was buffered: a full disk may show only here
            with _disk_errors(path.parent, size), stream:
                stream.flush()
                os.fsync(stream.fileno())
        check(part)
        with _disk_errors(path.parent, size):
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def disk_error(folder, size, error):
    """What an OSError of a folder means, in the user's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DataError(
            f"the disk is full: {_mb(size)} are needed in {folder}; free some space,"
            " or set MMLEARN_DATA to a folder on another disk"
        )
    why = error.strerror or error
    return DataError(
        f"{folder} cannot be written ({why}); set MMLEARN_DATA to a folder you can"
        " write, or put the files there yourself"
    )


@contextmanager
def _disk_errors(folder, size):
    try:
        yield
    except OSError as error:
        raise disk_error(folder, size, error) from None


def _expect_room(folder, size):
    free = shutil.disk_usage(folder).free
    if free < size + MARGIN:
        raise DataError(
            f"{_mb(free)} are free in {folder}; {_mb(size + MARGIN)} are needed: free"
            " some space, or set MMLEARN_DATA to a folder on another disk"
        )


def _sweep(path):
    """Remove what killed downloads of this file left behind, once a day old."""
    for stale in path.parent.glob(f".{path.name}.*.part"):
        with suppress(OSError):
            if time.time() - stale.stat().st_mtime > DAY:
                stale.unlink()


def _mb(size):
    return f"{size / 1e6:.1f} MB"
