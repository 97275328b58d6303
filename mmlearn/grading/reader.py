"""Reads submitted notebooks in a process of its own, which may be ended.

A notebook can be written so that Python's own parser takes hours over it, fills the
memory, or crashes. So this process reads, under limits, and the grader only asks: a
line of JSON for each file, a line for what was found in it. Nothing is executed.
"""

import json
import sys
import time
from dataclasses import asdict
from types import SimpleNamespace

SECONDS = 20  # of processor time for one notebook; an ordinary one takes a tenth
PATIENCE = 180  # seconds in all, where the machine is busy, or knows no such limit
MEMORY = 3 * 2**30
DEEP = "its code is too deep or too long to be read"


def main():
    """Answer until the grader has asked all, or is gone."""
    _limit("AS", MEMORY)
    _limit("CORE", 0)
    told, sys.stdout = sys.stdout, sys.stderr  # nobody else speaks to the grader
    from mmlearn.grading import notebook, source, written  # noqa: F401  takes a while

    told.write("ready\n")
    told.flush()
    for line in sys.stdin:
        _limit("CPU", int(time.process_time()) + SECONDS + 1)
        try:
            found = read(json.loads(line))
        except (MemoryError, RecursionError):
            found = {"note": DEEP, "answers": {}, "words": {}}
        except Exception as problem:  # the grader's own mistake: it says so
            found = {"error": f"{type(problem).__name__}: {problem}"}
        told.write(json.dumps(found) + "\n")
        told.flush()


def read(asked):
    """What a notebook answers.

    Args:
        asked: dict of `path`, `exercises` (facts of each) and `written` (as well).

    Returns:
        dict of `note`, `answers` by exercise, and `words` by question, plain data.
    """
    from mmlearn.grading.notebook import read_notebook
    from mmlearn.grading.source import find_answer
    from mmlearn.grading.written import answers_of

    notebook = read_notebook(asked["path"])
    exercises = [SimpleNamespace(**facts) for facts in asked["exercises"]]
    answers = {one.id: asdict(find_answer(notebook, one)) for one in exercises}
    questions = [SimpleNamespace(**facts) for facts in asked["written"]]
    words = answers_of(notebook, questions)
    return {"note": notebook.note, "answers": answers, "words": words}


def _limit(name, most):
    try:
        import resource

        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        resource.setrlimit(number, (most, hard))
    except (ImportError, AttributeError, ValueError, OSError):  # not on every system
        return


if __name__ == "__main__":
    main()
