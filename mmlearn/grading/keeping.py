"""What a batch keeps on disk: the seed, and a file of results for every submission.

A file is there whole or not at all, so that a batch may be killed at any moment.
"""

import hashlib
import json
import os
import secrets
from contextlib import contextmanager
from pathlib import Path

import psutil

from mmlearn.grading.marks import Mark
from mmlearn.grading.tables import table_text

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def write_whole(path, text, mode=0o644):
    """Write a file so that it is there whole or not at all, whenever one is killed."""
    path = Path(path)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as f:
        f.write(text.encode("utf-8", "backslashreplace"))
        f.flush()
        os.fsync(f.fileno())
    new.replace(path)


class OtherBatch(ValueError):
    """A folder that holds the marks of another assignment."""


@contextmanager
def one_at_a_time(out):
    """A folder for one batch, as a context: a second one at once would spoil both."""
    with (private_folder(out) / ".lock").open("a") as lock:
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OtherBatch(
                f"another `mmlearn grade` is at work in {out}: wait for its end"
            ) from None
        yield


def keep_name(out, name):
    """Whose marks a folder holds, from the first batch on; another's are refused."""
    path = private_folder(out) / "assignment.txt"
    if not path.exists():
        Path(out).chmod(0o700)  # though it was there before, open to others
        write_whole(path, f"{name}\n")
    there = path.read_text("utf-8").strip()
    if there != name.strip():
        raise OtherBatch(
            f"{out} holds the marks of {there!r}: name another --out for {name!r}"
        )


def kept_rubric(out):
    """The rubric that a batch was given before; None if there was none."""
    path = Path(out) / "rubric.csv"
    return path if path.is_file() else None


def keep_rubric(out, path):
    """Keep a rubric for the next run, so that it need not be named again."""
    if path is not None:
        write_whole(private_folder(out) / "rubric.csv", table_text(path), mode=0o600)


def keep_seed(out, seed=None):
    """The seed of a batch: the given one, else the one it had, else a secret one.

    It is written before anything is graded, for the owner's eyes only.
    """
    path = private_folder(out) / "seed.txt"
    if seed is None and path.exists():
        text = path.read_text("ascii", "replace").strip()
        if not text.isdigit():
            raise ValueError(f"{path} holds no seed: delete it for a new one")
        return int(text)
    seed = secrets.randbits(62) if seed is None else int(seed)
    write_whole(path, f"{seed}\n", mode=0o600)
    return seed


def private_folder(path):
    """A folder, made for its owner alone where it was not there; cleared of leftovers.

    What a batch that was killed had half written goes.
    """
    path = Path(path)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in path.glob(".*.*.new"):
        number = left.name.split(".")[-2]
        if not number.isdigit() or not psutil.pid_exists(int(number)):
            left.unlink(missing_ok=True)
    return path


class Results:
    """The files of results of one batch, `results/STUDENT.json`.

    Args:
        out: the batch's folder.
        key: a fingerprint of all that results depend on, but the submission.
    """

    def __init__(self, out, key):
        self.folder = private_folder(Path(out) / "results")
        self.key = key

    def read(self, one, *, sure=True):
        """Marks and answers of this submission, or None where there are none.

        Args:
            one: a Submission.
            sure: leave out those where the grader failed.
        """
        try:
            facts = json.loads((self.folder / f"{one.key}.json").read_text("utf-8"))
            if facts["key"] != self._key(one):
                return None
            marks = [Mark.from_json(data) for data in facts["marks"]]
            answers = {str(id): str(text) for id, text in facts["answers"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        if sure and not all(mark.sure for mark in marks):
            return None
        return marks, answers

    def write(self, one, marks, answers):
        """Keep marks and answers of a submission."""
        facts = {
            "key": self._key(one),
            "student": one.student,
            "marks": [mark.as_json() for mark in marks],
            "answers": answers,
        }
        text = json.dumps(facts, ensure_ascii=True, indent=1, sort_keys=True)
        write_whole(self.folder / f"{one.key}.json", text + "\n", mode=0o600)

    def _key(self, one):
        try:
            content = one.digest()
        except OSError as problem:
            content = type(problem).__name__
        text = f"{self.key} {one.key} {one.student!a} {one.note!a} {content}"
        return hashlib.sha256(text.encode()).hexdigest()
