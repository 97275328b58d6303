"""The student's journal: what was tried, guessed and recalled, on this machine only.

One JSON object a line, in the user's data folder or where `$MMLEARN_JOURNAL` says.
Lines are only ever added; `forget` adds a line too. Nothing leaves the machine.
"""

import datetime
import errno
import json
import os
from functools import cache
from pathlib import Path


def journal_path():
    """Where the journal is: `$MMLEARN_JOURNAL`, else the user's data folder."""
    chosen = os.environ.get("MMLEARN_JOURNAL")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("mmlearn", appauthor=False)) / (
        "journal.jsonl"
    )


def journal():
    """The journal of this moment's path; the same object while the path stays."""
    return _journal(journal_path())


@cache
def _journal(path):
    return Journal(path)


class Journal:
    """A JSON-lines file that survives broken lines and folders it cannot write.

    Args:
        path: the file; made with its folder on the first entry.
    """

    def __init__(self, path):
        self.path = Path(path)
        self._memory: list[dict] = []  # entries that could not be written
        self._notes: list[str] = []
        self._said: set[str] = set()

    def add(self, what, id, **facts):
        """Add an entry; in memory only, with one note, if it cannot be written."""
        time = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        entry = {"time": time, "what": what, "id": id, **facts}
        line = json.dumps(entry, ensure_ascii=False, default=str) + "\n"
        try:
            self._write(line)
        except OSError as problem:
            self._memory.append(json.loads(line))
            self._note(
                f"Your journal {self.path} cannot be written ({problem.strerror}): "
                "what you do now is kept until this notebook stops."
            )

    def _write(self, line):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data = line.encode()
        if self._ends_in_the_middle():  # a write was cut off: leave that line alone
            data = b"\n" + data
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One call, so that two notebooks do not mix lines.
            if os.write(handle, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(handle)

    def _ends_in_the_middle(self):
        if not self.path.exists() or not self.path.stat().st_size:
            return False
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    def entries(self, id=None, what=None):
        """Entries in order, without those forgotten; of one id or kind if given."""
        kept: list[dict] = []
        for entry in [*self._read(), *self._memory]:
            if entry["what"] == "forget":
                kept = [old for old in kept if old["id"] != entry["id"]]
            else:
                kept.append(entry)
        return [
            entry
            for entry in kept
            if (id is None or entry["id"] == id)
            and (what is None or entry["what"] == what)
        ]

    def _read(self):
        try:
            text = self.path.read_bytes().decode(errors="replace")
        except FileNotFoundError:
            return []
        except OSError as problem:
            self._note(f"Your journal {self.path} cannot be read ({problem.strerror}).")
            return []
        parsed = [_parse(line) for line in text.split("\n") if line.strip()]
        broken = parsed.count(None)
        if broken:
            self._note(f"{broken} unreadable lines of {self.path} were skipped.")
        return [entry for entry in parsed if entry is not None]

    def _note(self, text):
        if text not in self._said:
            self._said.add(text)
            self._notes.append(text)

    def take_notes(self):
        """What the student should be told about the journal, each thing once."""
        notes, self._notes = self._notes, []
        return notes


def _parse(line):
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    named = all(isinstance(entry.get(key), str) for key in ("what", "id"))
    return entry if named else None


def forget(id):
    """Start an exercise, prediction or question anew, as if never tried."""
    from mmlearn.exercises.registry import normal_id

    journal().add("forget", normal_id(id))
