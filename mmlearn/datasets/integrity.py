"""Is a data set on this machine whole, and is it what its authors published?"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mmlearn import course
from mmlearn.datasets import archive, registry, storage
from mmlearn.datasets.registry import DataError

LISTED = 5  # findings that an error message spells out
SUMS = "SHA256SUMS"  # beside the data that ship; `sha256sum -c` reads it too


@dataclass(frozen=True)
class Finding:
    """What was found out about one file.

    Args:
        dataset: the data set's name.
        file: the file's name.
        state: "ok", "missing", "truncated", "altered" or "unreadable".
        detail: what was found and what was expected.
    """

    dataset: str
    file: str
    state: str
    detail: str

    @property
    def ok(self):
        """Whether the file is as published."""
        return self.state == "ok"

    def __str__(self):
        return f"{self.file}: {self.state}, {self.detail}"


def verify(name):
    """Check every file of a data set against its published size and sha256.

    Args:
        name: a data set's name.

    Returns:
        list of `Finding`, one for each file, and one more for each missing or altered
        member of an archive; `all(f.ok for f in verify(name))` is the verdict. A set
        that comes with a library has nothing to check: the list is empty.

    Raises:
        DataError: for an unknown name.

    >>> verify("digits")
    []
    """
    entry = registry.entry(name)
    if entry.kind == "ships":
        return _shipped(entry)
    findings = []
    for file in entry.files:
        path = storage.locate(entry, file)
        if path is None:
            place = storage.data_home() / entry.place / file.name
            text = f"no {place}; expected {file.size:,} bytes"
            findings.append(Finding(name, file.name, "missing", text))
        else:
            findings += examine(entry, file, path)
    return findings


def expect_shipped(name):
    """Hold the files of a set that ships against the list that lies beside them.

    Args:
        name: a data set's name, the name of its folder too.

    Raises:
        DataError: naming the files that are missing or altered.
    """
    findings = _listed(name)
    if not all(f.ok for f in findings):
        raise DataError(f"{name}: {summary(findings)}; reinstall mmlearn")


def examine(entry, file, path):
    """Check one file that is there.

    Args:
        entry: the data set.
        file: its `File`.
        path: where the content lies, under whatever name.

    Returns:
        list of `Finding`, the first about the file itself.
    """
    try:
        if file.manifest:
            return _examine_archive(entry, file, path)
        return [_examine_file(entry, file, path)]
    except OSError as error:
        text = f"{path} cannot be read ({error.strerror or error})"
        return [Finding(entry.name, file.name, "unreadable", text)]


def sha256(path):
    """The sha256 of a file, as 64 hexadecimal digits."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def summary(findings):
    """The first few of what is wrong, in one line."""
    wrong = [str(f) for f in findings if not f.ok]
    more = f"; and {len(wrong) - LISTED} more" if len(wrong) > LISTED else ""
    return "; ".join(wrong[:LISTED]) + more


def _examine_file(entry, file, path):
    size = path.stat().st_size
    if size < file.size:
        text = f"{path} has {size:,} bytes; expected {file.size:,}"
        return Finding(entry.name, file.name, "truncated", text)
    found = sha256(path)
    if found == file.sha256:
        return Finding(
            entry.name, file.name, "ok", f"{size:,} bytes, sha256 as published"
        )
    text = (
        f"{path} has {size:,} bytes and sha256 {found};"
        f" expected {file.size:,} bytes and {file.sha256}"
    )
    return Finding(entry.name, file.name, "altered", text)


def _examine_archive(entry, file, path):
    expected = archive.manifest(file.manifest)
    try:
        members = archive.read_members(path, expected, file.largest)
    except DataError as error:
        return [Finding(entry.name, file.name, "unreadable", str(error))]
    missing, altered = archive.compare(members, expected)
    whole = len(expected) - len(missing) - len(altered)
    text = f"{path} holds {whole:,} of {len(expected):,} members as published"
    state = "truncated" if missing else "altered" if altered else "ok"
    findings = [Finding(entry.name, file.name, state, text)]
    for name in missing:
        text = f"not in the archive; expected sha256 {expected[name]}"
        findings.append(Finding(entry.name, name, "missing", text))
    for name, found in altered.items():
        text = f"sha256 {found}; expected {expected[name]}"
        findings.append(Finding(entry.name, name, "altered", text))
    return findings


def _shipped(entry):
    """What ships is checked for presence, and against the list beside it."""
    folder = course.data_folder() / entry.name
    files = [p for p in sorted(folder.glob("*")) if p.is_file()]
    if not files:
        text = f"no files in {folder}; reinstall mmlearn"
        return [Finding(entry.name, entry.name, "missing", text)]
    empty = [p for p in files if p.stat().st_size == 0]
    if empty:
        return [
            Finding(entry.name, p.name, "truncated", f"{p} is empty; reinstall mmlearn")
            for p in empty
        ]
    wrong = [f for f in _listed(entry.name) if not f.ok]
    fine = Finding(entry.name, entry.name, "ok", f"{len(files)} files in {folder}")
    return wrong or [fine]


def _listed(name):
    """A finding for each file that the list beside a shipped set names."""
    folder = course.data_folder() / name
    if not (folder / SUMS).is_file():
        return []
    expected = archive.listed((folder / SUMS).read_text("utf-8"))
    return [_hashed(name, folder / file, expected[file]) for file in expected]


def _hashed(name, path, expected):
    if not path.is_file():
        return Finding(name, path.name, "missing", f"no {path}")
    found = sha256(path)
    if found != expected:
        text = f"{path} has sha256 {found}; expected {expected}"
        return Finding(name, path.name, "altered", text)
    return Finding(name, path.name, "ok", "sha256 as shipped")
