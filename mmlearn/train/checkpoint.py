"""Checkpoints: the whole state of a run in one file that says what it is.

A checkpoint is an `.npz` without pickle: every variable, the counters of the callbacks,
where the run stands, and a SHA-256 over all of it. It is written to a temporary file,
forced to the disk, and renamed, so that a folder holds whole checkpoints only:
`last.npz` and the one before it, `previous.npz`.
"""

import contextlib
import hashlib
import json
import os
import re
import zipfile
from pathlib import Path

import numpy as np

from mmlearn.train.watched import numbers

FORMAT = 1
_ANEW = "choose another checkpoint folder, or pass resume=False to start anew"


class CheckpointError(RuntimeError):
    """A checkpoint cannot be written, or must not be read into this run."""


class Checkpoint:
    """The checkpoints of one run, in one folder.

    Args:
        folder: made if it is not there.
        identity: dict of what must be the same for a run to go on (seed, …).
        writes: False in all processes but one of those that train together.

    Raises:
        CheckpointError: the folder cannot be written to.
    """

    def __init__(self, folder, identity, *, writes=True):
        folder = Path(folder).expanduser()
        self.folder = expect_writable(folder, "checkpoint") if writes else folder
        self.identity, self.writes = identity, writes
        self.last = self.folder / "last.npz"
        self.previous = self.folder / "previous.npz"

    def save(self, variables, record, extra=()):
        """Write a checkpoint; the one before stays as `previous.npz`.

        Args:
            variables: Keras variables.
            record: dict of JSON values: where the run stands.
            extra: list of arrays that `record` speaks of.

        Raises:
            CheckpointError: nothing was changed, and what was there is whole.
        """
        arrays = {f"variable_{i:05}": _array(v) for i, v in enumerate(variables)}
        if not self.writes:  # read with the others: some values are sums over all
            return
        arrays |= {f"extra_{i:05}": np.asarray(a) for i, a in enumerate(extra)}
        meta = {
            "format": FORMAT,
            "variables": _described(variables),
            "identity": self.identity,
            "record": record,
        }
        temporary = self.folder / f"writing-{os.getpid()}.tmp"
        try:
            write(temporary, meta, arrays)
            if self.last.exists():
                self.last.replace(self.previous)
            temporary.replace(self.last)
            _sync_folder(self.folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise CheckpointError(
                f"train.fit: the checkpoint cannot be written to {self.folder}: "
                f"{error.strerror or error}. {self._kept()}"
            ) from error

    def _kept(self):
        found = self.last if self.last.exists() else self.previous
        if not found.exists():
            return "There is no earlier one; mend the cause and train again."
        return (
            f"The one before it, {found.name}, is whole: mend the cause and make the "
            "same call again to go on from there."
        )

    def load(self, variables):
        """Read the last checkpoint, after a check that it is of this run and model.

        Returns:
            record, values of the variables, extra; None where there is no checkpoint.

        Raises:
            CheckpointError: it is damaged, or of another model or run.
        """
        path = self.last if self.last.exists() else self.previous
        if not path.exists():
            return None
        try:
            meta, arrays = read(path)
        except CheckpointError as error:
            if path == self.last and self.previous.exists():
                hint = (
                    f"rename {self.previous.name} to {path.name} to use the one before"
                )
                raise CheckpointError(f"{error}; {hint}") from None
            raise
        self._expect_same(path, meta, variables)
        values = [arrays[f"variable_{i:05}"] for i in range(len(variables))]
        extra = [arrays[k] for k in sorted(arrays) if k.startswith("extra_")]
        return meta["record"], values, extra

    def _expect_same(self, path, meta, variables):
        for name, value in meta["identity"].items():
            ours = self.identity.get(name)
            if ours != value:
                raise CheckpointError(
                    f"train.fit: {path} is of a run with {name} = {value!r}; this one "
                    f"has {ours!r}. Give it back its {name}, {_ANEW}"
                )
        theirs, ours = meta["variables"], _described(variables)
        if theirs == ours:
            return
        pairs = zip(theirs, ours, strict=False)
        first = next(((a, b) for a, b in pairs if a != b), None)
        if first is None:
            told = f"it holds {len(theirs)} variables, this model has {len(ours)}"
        else:
            told = (
                f"it holds {_named(first[0])} where this model has {_named(first[1])}"
            )
        raise CheckpointError(f"train.fit: {path} is of another model: {told}; {_ANEW}")


def assign(variables, values):
    """Give variables the values that a checkpoint held."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(_as_variable(value, variable))


def write(path, meta, arrays):
    """Write arrays and JSON with a hash over both, and force them to the disk."""
    text = json.dumps(meta, default=float).encode()
    members = {**arrays, "meta": np.frombuffer(text, np.uint8)}
    members["sha256"] = _digest(members)
    with Path(path).open("wb") as file:
        np.savez(file, allow_pickle=False, **members)
        file.flush()
        os.fsync(file.fileno())


def read(path):
    """Read what `write` wrote: meta, arrays.

    Raises:
        CheckpointError: truncated, altered, not ours, or of a newer format.
    """
    try:
        with Path(path).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            members = {name: file[name] for name in file.files}
        digest = members.pop("sha256")
        whole = np.array_equal(digest, _digest(members))
        meta = json.loads(members.pop("meta").tobytes()) if whole else {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(
            f"train.fit: {path} is truncated, altered or no checkpoint of train.fit; "
            f"{_ANEW}"
        ) from error
    if not whole:
        raise CheckpointError(
            f"train.fit: {path} was altered: its hash does not match; {_ANEW}"
        )
    if meta["format"] > FORMAT:
        raise CheckpointError(
            f"train.fit: {path} was written by a newer mmlearn (format "
            f"{meta['format']}, known here: {FORMAT}); update mmlearn to read it"
        )
    return meta, members


def expect_writable(folder, name):
    """The folder as a Path, made if needed; a file was written there and removed."""
    folder = Path(folder).expanduser()
    probe = folder / f"probe-{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"probe")
        probe.unlink()
    except OSError as error:
        raise CheckpointError(
            f"train.fit: {name}={str(folder)!r} cannot be written to "
            f"({error.strerror or error}); choose a folder that can"
        ) from error
    return folder


def _array(variable):
    """The variable as NumPy; what NumPy has no name for (bfloat16) as its bytes."""
    value = numbers(variable)
    return value.reshape(-1).view(np.uint8) if value.dtype.kind == "V" else value


def _as_variable(value, variable):
    """The inverse of `_array`."""
    dtype = numbers(variable).dtype
    return value.view(dtype).reshape(variable.shape) if dtype.kind == "V" else value


def _described(variables):
    """Path, shape and dtype; numbers that Keras counts up (dense_3) are left out."""
    return [
        [re.sub(r"_\d+(?=[_/]|$)", "", v.path), list(v.shape), str(v.dtype)]
        for v in variables
    ]


def _named(described):
    path, shape, dtype = described
    return f"{path} {tuple(shape)} {dtype}"


def _digest(members):
    found = hashlib.sha256()
    for name in sorted(members):
        array = np.ascontiguousarray(members[name])
        found.update(f"{name} {array.dtype.str} {members[name].shape}".encode())
        found.update(array.reshape(-1).view(np.uint8).data if array.size else b"")
    return np.frombuffer(found.digest(), np.uint8)


def _sync_folder(folder):
    """Make the rename itself durable, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
