"""Submissions on disk: whose they are, and which notebooks are in them.

`submitted/STUDENT/ASSIGNMENT/*.ipynb` as nbgrader collects them, `STUDENT/*.ipynb`, or
`STUDENT.ipynb` in one flat folder. Links are never followed, and nothing is executed.
"""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from mmlearn.grading.names import safe_key, shown
from mmlearn.grading.tables import cell

LARGEST = 64_000_000  # bytes of a notebook; more is no answer to an assignment
MOST = 5  # notebooks of one student; each may take its time


class SubmissionError(ValueError):
    """A folder in which no submissions can be found, or more than one kind."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Args:
        student: the student's id as it may be shown.
        key: the same as a file name, no other student's.
        notebooks: files, in order; none where nothing was handed in.
        timestamp: when, as nbgrader wrote it.
        note: what was left out, and why.
    """

    student: str
    key: str
    notebooks: tuple[Path, ...] = ()
    timestamp: str = ""
    note: str = ""

    def digest(self):
        """A fingerprint of all that was handed in."""
        whole = hashlib.sha256()
        for path in self.notebooks:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            whole.update(f"{os.fsencode(path.name)!r} {content}\n".encode())
        return whole.hexdigest()


def find_submissions(folder, assignment="", *, beside=()):
    """Every submission in a folder, in the order of the students' ids.

    Args:
        folder: what was collected.
        assignment: the assignment's name: which of a student's folders is meant.
        beside: folders in it that are no submissions (where the marks go).

    Returns:
        list of Submission; a student without this assignment has no notebooks.

    Raises:
        SubmissionError: if there is nothing, or several assignments and no name.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise SubmissionError(f"{folder} is no folder with submissions in it")
    apart = {Path(path).resolve() for path in beside}
    if folder.resolve() in apart:
        raise SubmissionError(f"{folder} holds the submissions: name another --out")
    inside = [entry for entry in _entries(folder) if entry.resolve() not in apart]
    flat = [path for path in inside if _is_notebook(path)]
    students = [path for path in inside if path.is_dir()]
    name = _chosen(students, assignment)
    found = [_submission(path.stem, [path]) for path in flat]
    found += [_of_student(path, name) for path in students]
    if not any(one.notebooks or one.note for one in found):
        raise SubmissionError(
            f"{folder} holds no notebook: expected STUDENT/ASSIGNMENT/*.ipynb, "
            "STUDENT/*.ipynb or STUDENT.ipynb"
        )
    return in_order(_distinct(found))


def in_order(submissions):
    """Submissions by their students' ids."""
    return sorted(submissions, key=lambda one: (one.student.casefold(), one.key))


def _entries(folder):
    """What is in a folder: no links, nothing hidden, in order."""
    found: list[Path] = []
    if not os.access(folder, os.R_OK | os.X_OK):
        return found
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and not entry.is_symlink():
                found.append(Path(entry.path))
    return sorted(found)


def _is_notebook(path):
    return path.suffix.lower() == ".ipynb" and path.is_file()


def _chosen(students, assignment):
    """Which of the students' folders are meant: the assignment's name, "" for none."""
    kinds = Counter(
        inner.name
        for student in students
        for inner in _entries(student)
        if inner.is_dir() and any(map(_is_notebook, _entries(inner)))
    )
    direct = sum(any(map(_is_notebook, _entries(one))) for one in students)
    if not kinds or assignment in kinds or direct > max(kinds.values()):
        return assignment  # STUDENT/*.ipynb, whatever else a few have beside it
    if assignment:
        raise SubmissionError(
            f"nobody handed in {assignment!r}; there are: "
            + ", ".join(shown(kind, 60) for kind in sorted(kinds))
        )
    if len(kinds) > 1:
        raise SubmissionError(
            "there are several assignments: "
            + ", ".join(shown(kind, 60) for kind in sorted(kinds)[:20])
            + "; say which with --assignment"
        )
    return next(iter(kinds))


def _of_student(path, assignment):
    if not os.access(path, os.R_OK | os.X_OK):
        return replace(_submission(path.name, []), note="the folder cannot be read")
    chosen = path / assignment if assignment else path
    if assignment and (chosen.is_symlink() or not chosen.is_dir()):
        chosen = path  # STUDENT/*.ipynb, perhaps
    inside = _entries(chosen)
    links = sorted(one.name for one in chosen.glob("*") if one.is_symlink())
    notebooks = [inner for inner in inside if _is_notebook(inner)]
    if assignment:  # a file of the assignment's name is looked at first
        notebooks.sort(key=lambda one: (one.stem != assignment, one.name))
    made = _submission(path.name, notebooks, _timestamp(chosen, inside))
    if links and not made.notebooks:
        note = f"a link, which is not followed: {shown(links[0], 60)}"
        return replace(made, note=note)
    return made


def _submission(student, notebooks, timestamp=""):
    small = [path for path in notebooks if path.stat().st_size <= LARGEST]
    notes = []
    if len(small) < len(notebooks):
        notes.append(f"a notebook of more than {LARGEST // 1_000_000} MB was not read")
    if len(small) > MOST:
        told = ", ".join(shown(path.name, 40) for path in small[:MOST])
        notes.append(f"{len(small)} notebooks, of which these were read: {told}")
    name = unicodedata.normalize("NFC", student)  # as macOS does not write them
    found = shown(name, 120), safe_key(student), tuple(small[:MOST])
    return Submission(*found, timestamp, "; ".join(notes))


def _timestamp(folder, inside):
    """The time that nbgrader wrote down when it collected; "" if there is none."""
    path = folder / "timestamp.txt"
    if path not in inside or not path.is_file():
        return ""
    with path.open("rb") as file:
        text = file.read(100).decode("ascii", "replace").strip()
    return text if re.fullmatch(r"[0-9][0-9A-Za-z :.,+/-]{7,60}", text) else ""


def _distinct(found):
    """No two students with the same id in a table: the key tells them apart."""
    keys = Counter(one.key for one in found)
    twice = [one for one in found if keys[one.key] > 1]
    if twice:
        raise SubmissionError(
            f"{twice[0].student!r} handed in twice, as a folder and as a notebook or "
            "as two files: leave the one that counts"
        )
    while True:  # since a name may have been chosen to look like another with its key
        seen = Counter(cell(one.student) for one in found)
        same = [k for k, one in enumerate(found) if seen[cell(one.student)] > 1]
        if not same:
            return found
        for k in same:
            name = f"{found[k].student} ({found[k].key})"
            found[k] = replace(found[k], student=name)
