"""What every format shares: how a file is found, how it is replaced in one piece."""

import errno
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

_CAUSES = {
    errno.ENOSPC: "no space is left on the disk",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file would be larger than this account may write",
    errno.EACCES: "you may not write in that folder",
    errno.EPERM: "you may not write in that folder",
    errno.EROFS: "that folder is read-only",
    errno.ENOENT: "its folder does not exist",
    errno.ENOTDIR: "its folder does not exist",
}


class MediaError(ValueError):
    """A file cannot be read or written as what it is said to be."""


def existing(where, path):
    """Return path as a `Path` to a non-empty file, or say what is there instead.

    Args:
        where: the function that the reader called ("read_wav").
        path: what the reader gave as a path.

    Raises:
        MediaError: if it is missing, a folder, empty, not permitted or no path at all.
    """
    try:
        path = Path(path)
        if path.is_dir():
            raise MediaError(f"{where}: {path} is a folder; expected a file")
        if not path.exists():
            raise MediaError(f"{where}: {path} does not exist; check the path")
        if path.stat().st_size == 0:
            raise MediaError(f"{where}: {path} is empty (0 bytes); fetch it again")
        with path.open("rb"):
            return path
    except TypeError:
        kind = type(path).__name__
        raise MediaError(f"{where}: got a {kind}; expected a file's path") from None
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise MediaError(f"{where}: {path} cannot be read: {reason}") from error


@contextmanager
def replacing(where, path):
    """Give a new file open for binary writing; put it at path when all went well.

    The file is written beside its target, flushed to the disk and renamed, so that
    whoever opens path sees the old file or the new one, never half of one.

    Args:
        where: the function that the reader called ("write_wav").
        path: where the file is to stand.

    Raises:
        MediaError: if the folder cannot be written or the disk is full.
    """
    path = Path(path)
    if path.is_dir():
        raise MediaError(f"{where}: {path} is a folder; expected a file's name")
    part = None
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(_mode(path))
        Path(part).replace(path)
        part = None
    except OSError as error:
        cause = _CAUSES.get(error.errno or 0, error.strerror or str(error))
        raise MediaError(f"{where}: {path} was not written: {cause}") from error
    finally:
        if part is not None:
            with suppress(OSError):
                Path(part).unlink()


def _mode(path):
    """The permissions of the file that is replaced, else those of any new file."""
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def expect_suffix(where, path, suffixes):
    """Return path's suffix in lower case, or say which ones can be written."""
    try:
        suffix = Path(path).suffix.lower()
    except TypeError:
        kind = type(path).__name__
        raise MediaError(f"{where}: got a {kind}; expected a file's path") from None
    if suffix not in suffixes:
        known = ", ".join(suffixes)
        got = suffix or "no suffix"
        raise MediaError(f"{where}: {path} has {got}; expected one of {known}")
    return suffix


def expect_sound(where, samples):
    """Return samples as a float array (S, channels), or say what is wrong with them.

    Args:
        where: the function that the reader called.
        samples: (S,) or (S, channels) floats; 1.0 is full scale.

    Raises:
        MediaError: for another shape or dtype, no samples, NaN or infinity.
    """
    samples = np.asarray(samples)
    if samples.ndim not in (1, 2) or samples.size == 0:
        raise MediaError(
            f"{where}: samples are {samples.shape}; expected (S,) or (S, 2), S > 0"
        )
    if samples.dtype.kind != "f":
        raise MediaError(
            f"{where}: samples are {samples.dtype}; expected floats between -1 and 1"
        )
    if not np.isfinite(samples).all():
        raise MediaError(f"{where}: samples hold NaN or infinity; expected numbers")
    samples = samples.reshape(len(samples), -1)
    if samples.shape[1] > 8:
        raise MediaError(
            f"{where}: samples are {samples.shape}, {samples.shape[1]} channels; "
            "expected (S,) or (S, 2): time is the first axis"
        )
    return samples


def expect_rate(where, rate):
    """Return rate as an int in Hz, or say what is expected."""
    if (
        not isinstance(rate, int | float | np.integer | np.floating)
        or rate != rate // 1
    ):
        raise MediaError(
            f"{where}: rate is {rate!r}; expected whole samples per second"
        )
    if not 1 <= rate <= 1_000_000:
        raise MediaError(f"{where}: rate is {rate} Hz; expected 1 to 1,000,000 Hz")
    return int(rate)
