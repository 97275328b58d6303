"""A small class that needs no sandbox: its answers are examined in this process."""

import hashlib
import json
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from mmlearn import exercises
from mmlearn.grading import batch, notebook, plan, sandbox, submissions, written

sys.path.insert(0, str(Path(__file__).parent))  # for the submissions beside the tests

RIGHT = """
import numpy as np

def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
KNOWN = RIGHT.replace("logits.max(axis=-1, keepdims=True)", "0")
UNNAMED = RIGHT.replace("return e", "return 3 * e")
STUB = "def softmax(logits):\n    raise NotImplementedError\n"
RAISES = "def softmax(logits):\n    raise ValueError('<b>`x`</b>' * 300)\n"
ONE = threading.Lock()  # a check in a notebook has the process to itself
QUESTION = written.WrittenQuestion("written-02-w1", 2.0, "When is it a bug?", "HERE")


def notebook_text(source, answer="HERE"):
    """A notebook with a function and an answer in words."""
    cells = [("code", source, "exercise-02-1"), ("markdown", answer, QUESTION.id)]
    made = [
        {"cell_type": kind, "source": text, "metadata": {"nbgrader": {"grade_id": id}}}
        for kind, text, id in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4})


def find(read, exercise):
    source = "\n".join(cell.source for cell in read.cells if cell.kind == "code")
    found = f"def {exercise.function}" in source
    return SimpleNamespace(source=source, found=found, note="", places=())


def examine(questions, source):
    """In this process: right for tests whose answers are written above."""
    scope: dict = {}
    exec(source, scope)
    with ONE:
        finding = exercises.examine(*questions[:1], scope["softmax"], questions[1])
    answer = repr(finding.outcome and finding.outcome.answer).encode()
    plain = finding.kind in ("passed", "stub")
    print_ = "" if plain else hashlib.sha256(answer).hexdigest()[:8]
    flags = ("spoke out of turn",) if "evil" in source else ()
    return SimpleNamespace(finding=finding, flags=flags, fingerprint=print_, seconds=1)


class Class:
    """A folder of submissions, and where their marks go."""

    RIGHT, STUB, text = RIGHT, STUB, staticmethod(notebook_text)

    def __init__(self, folder):
        self.folder, self.out = folder / "submitted", folder / "grades"
        self.plan = replace(
            plan.plan_of_ids(["02.1"], "ps1"), written=(QUESTION,), seed=3
        )
        self.examined = []
        self.tools = batch.Tools(
            notebook.read_notebook,
            find,
            lambda exercise, seed: (exercise, seed),
            self.examine,
            written.answers_of,
        )

    def examine(self, questions, source):
        self.examined.append(source)
        return examine(questions, source)

    def hand_in(self, student, source, answer="HERE", name="ps1"):
        """Put a student's notebook where nbgrader would."""
        path = Path(self.folder, student, name, "ps1.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook_text(source, answer), "utf-8")
        return path

    def find(self):
        return submissions.find_submissions(self.folder, "ps1", beside=[self.out])

    def grade(self, **how):
        return batch.grade(self.find(), self.out, self.plan, using=self.tools, **how)


@pytest.fixture(scope="session")
def bubblewrap():
    """For tests of the whole protection: skipped where this machine lacks it."""
    if sandbox.reached().level != "bubblewrap":
        pytest.skip("needs bubblewrap: sudo apt install bubblewrap")


@pytest.fixture
def a_class(tmp_path):
    """Six students, one of whom handed in nothing."""
    made = Class(tmp_path)
    made.hand_in("anna", RIGHT, "When weights are moved from one library to another.")
    made.hand_in("bert", KNOWN)
    made.hand_in("cleo", UNNAMED, "=1+1")
    made.hand_in("dora", UNNAMED + "# evil", "- never\n- or always")
    made.hand_in("emil", STUB)
    (made.folder / "fred").mkdir()
    return made
