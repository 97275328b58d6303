"""Where the course's lessons and data are, and a copy of them that a student owns.

In a clone of the repository they are `lessons/` and `data/`; an installed package
carries them in `mmlearn/_course/`. The rest of the house asks here, and need not care.

>>> lessons_folder().name, data_folder().name
('lessons', 'data')
"""

import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_MANIFEST = ".mmlearn.json"
_IGNORED = ("__pycache__", ".")  # caches, checkpoints, and other people's hidden files


class CourseError(RuntimeError):
    """A part of the course is not where it should be, or could not be copied."""


def checkout():
    """The folder of the clone that this package runs from, or None when installed."""
    root = _PACKAGE.parent
    inside = (root / "pyproject.toml").is_file() and (root / "lessons").is_dir()
    return root if inside and not (_PACKAGE / "_course").is_dir() else None


def lessons_folder():
    """The folder of the lessons' notebooks: packaged, else the checkout's."""
    return _part("lessons")


def data_folder():
    """The folder of the data that ships with the course: packaged, else the clone's."""
    return _part("data")


def lessons(folder=None):
    """The lessons by number.

    Args:
        folder: where the notebooks are; by default `lessons_folder()`.

    Returns:
        dict, "03" to the path of "03_convolution.ipynb", in reading order.
    """
    found = sorted(Path(folder or lessons_folder()).glob("*.ipynb"))
    # neither the copies that JupyterLab names "-Copy1" nor our own ".new"
    return {p.name[:2]: p for p in found if re.fullmatch(r"\d\d_\w+", p.stem)}


def find_lesson(number, folder=None):
    """The path of one lesson.

    Args:
        number: "03", "3", 3 or the notebook's name.
        folder: where the notebooks are; by default `lessons_folder()`.

    Raises:
        CourseError: naming the lessons that there are.
    """
    known = lessons(folder)
    match = re.match(r"\d{1,2}(?!\d)", str(number))
    wanted = f"{int(match[0]):02d}" if match else str(number)
    if wanted not in known:
        names = ", ".join(known) or "none"
        raise CourseError(f"lesson {number}: there is no such lesson; found {names}")
    return known[wanted]


@dataclass
class CopyReport:
    """What `copy_course` did, file by file; names are relative to `folder`.

    `new` came for the first time, `refreshed` replaced a file that the student had not
    touched, `kept` is the student's own version, `beside` lists the new versions of
    files that the student had changed.
    """

    folder: Path
    new: list = field(default_factory=list)
    refreshed: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    beside: list = field(default_factory=list)

    def __str__(self):
        counts = f"{len(self.new)} new, {len(self.refreshed)} refreshed"
        lines = [f"{self.folder}: {counts}, {len(self.kept)} of yours kept as they are"]
        for name in self.beside:
            lines.append(f"  you changed a file that has a newer version: see {name}")
        return "\n".join(lines)


def copy_course(target):
    """Copy lessons and data into a folder that the student owns; overwrite no change.

    A file that is still as it was copied is refreshed. One that the student changed is
    kept, and when the course has a newer version this is written beside it, as
    `03_convolution.new.ipynb`. A file that the student deleted comes back: that is how
    one gets a fresh lesson. Hashes of what was copied are in `.mmlearn.json`.

    Args:
        target: a folder; created where it does not exist.

    Returns:
        a CopyReport, whose `str` says in one line what happened.

    Raises:
        CourseError: target is a file, or cannot be written (disk full, permissions).
    """
    target = Path(target).expanduser().absolute()
    report = CopyReport(target)
    copied = _read_manifest(target)
    try:
        target.mkdir(parents=True, exist_ok=True)
        try:
            for name, source in _shipped():
                copied[name] = _copy(source, name, copied.get(name), report)
        finally:
            text = json.dumps({"copied": copied}, indent=1, sort_keys=True)
            _write(target / _MANIFEST, text.encode())
    except OSError as error:
        what = error.strerror or str(error)
        raise CourseError(
            f"the course could not be copied to {target}: {what}; make room, or name "
            "another folder with --folder (nothing of yours was changed)"
        ) from error
    return report


def _copy(source, name, before, report):
    """Bring one file up to date; return the hash of the course's version."""
    place, content = report.folder / name, source.read_bytes()
    now = _hash(content)
    there = _hash(place.read_bytes()) if place.exists() else None
    if there == now:
        return now
    if there is None or there == before:
        _write(place, content)
        (report.new if there is None else report.refreshed).append(name)
        return now
    report.kept.append(name)
    if before != now:  # the student's version and the course's have both moved on
        beside = _free_name(place, content)
        _write(beside, content)
        report.beside.append(beside.relative_to(report.folder).as_posix())
    return now


def _free_name(place, content):
    for count in ("", *range(2, 1000)):
        beside = place.with_name(f"{place.stem}.new{count}{place.suffix}")
        if not beside.exists() or beside.read_bytes() == content:
            return beside
    raise CourseError(f"{place.parent}: clear away the old {place.stem}.new files")


def _part(name):
    root = checkout()
    folder = (root or _PACKAGE / "_course") / name
    if not folder.is_dir():
        raise CourseError(
            f"the course's {name} are not at {folder}; reinstall mmlearn, or run it "
            "from a clone of its repository"
        )
    return folder


def _shipped():
    for part in (lessons_folder(), data_folder()):
        for path in sorted(part.rglob("*")):
            inner = path.relative_to(part)
            if path.is_file() and not any(p.startswith(_IGNORED) for p in inner.parts):
                yield (part.name / inner).as_posix(), path


def _read_manifest(target):
    try:
        copied = json.loads((target / _MANIFEST).read_text("utf-8"))["copied"]
        return {str(name): str(value) for name, value in copied.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # without it every file that differs counts as the student's own


def _hash(content):
    return hashlib.sha256(content).hexdigest()


def _write(path, content):
    """Write all or nothing: to a temporary file, to the disk, then under its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".mmlearn-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
