"""The grader's side of `reader`: notebooks read elsewhere, whatever is in them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mmlearn.grading import reader
from mmlearn.grading.assembled import Answer

SLOW = f"reading it took more than {reader.SECONDS} seconds, or Python crashed over it"

# By whoever stopped the batch, or for want of memory: nobody's fault, so tried again.
_FROM_OUTSIDE = {-signal.SIGTERM, -signal.SIGINT, -9}


@dataclass(frozen=True)
class Found:
    """What was found in a notebook.

    Args:
        note: what was wrong with the file; "" if nothing.
        answers: exercise's id -> Answer.
        words: what was answered in words, by question's id.
        ended: whether the process that read it had to be ended, or crashed.
    """

    note: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    ended: bool = False


class Reading:
    """Processes that read, one for each thread that asks; ended by `close`.

    Args:
        exercises: the Exercises that are looked for.
        written: the WrittenQuestions.
    """

    def __init__(self, exercises, written=()):
        self.asked = {
            "exercises": [
                {
                    name: getattr(one, name)
                    for name in ("id", "function", "kind", "stub")
                }
                for one in exercises
            ],
            "written": [{"id": one.id, "stub": one.stub} for one in written],
        }
        self._mine = threading.local()
        self._all: list[subprocess.Popen] = []

    def read(self, path):
        """What is in a file, or a note that says why that cannot be known."""
        asked = json.dumps({**self.asked, "path": str(path)})
        process = self._process()
        late = threading.Event()
        timer = threading.Timer(reader.PATIENCE, _give_up, (process, late))
        timer.start()
        try:
            process.stdin.write(asked + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except (OSError, ValueError):
            line = ""
        finally:
            timer.cancel()
        if not line.endswith("\n"):
            self._end(process)
            if process.returncode in _FROM_OUTSIDE and not late.is_set():
                raise RuntimeError("the process that reads notebooks was ended")
            return replace(self._unread(SLOW), ended=True)
        found = json.loads(line)
        if "error" in found:
            raise RuntimeError(f"the notebook could not be read: {found['error']}")
        answers = {id: _answer(facts) for id, facts in found["answers"].items()}
        if not answers:
            return self._unread(found["note"])
        return Found(found["note"], answers, found["words"])

    @staticmethod
    def find(found, exercise):
        """An exercise's Answer in what was found."""
        return found.answers[exercise.id]

    @staticmethod
    def words(found, questions):
        """What was answered in words."""
        return found.words

    def close(self):
        """End all the processes."""
        for process in self._all:
            process.kill()
            self._end(process)

    def _process(self):
        """This thread's own, started anew where it has ended."""
        process = getattr(self._mine, "process", None)
        if process is None or process.poll() is not None:
            process = _started()
            self._mine.process = process
            self._all.append(process)
        return process

    def _unread(self, why):
        told = Answer(note=f"Your notebook cannot be read: {why}.")
        return Found(why, {one["id"]: told for one in self.asked["exercises"]})

    @staticmethod
    def _end(process):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)  # where it has ended by itself, as what is known then
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what it was still to be told
                pipe.close()


def _give_up(process, late):
    late.set()
    process.kill()


def _started():
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", reader.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the grader, which ends this one
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"},
    )
    assert process.stdout is not None  # it was told to make it
    if process.stdout.readline() != "ready\n":
        Reading._end(process)
        raise RuntimeError("no process to read notebooks could be started")
    return process


def _answer(facts):
    places = tuple(map(tuple, facts["places"]))
    others = tuple(map(_answer, facts["others"]))
    return Answer(**{**facts, "places": places, "others": others})
