"""Notebooks made to stop whoever reads them cost their author only."""

import json
import os
import signal
import threading

import pytest

from mmlearn.exercises import find
from mmlearn.grading import notebook, reader, source, statements
from mmlearn.grading.magics import parse
from mmlearn.grading.notebook import Cell, Notebook
from mmlearn.grading.reading import SLOW, Reading
from mmlearn.grading.written import WrittenQuestion

RIGHT = "import numpy as np\ndef softmax(logits):\n    return np.exp(logits)\n"
SOFTMAX = find("02.1")


@pytest.fixture(scope="module")
def reading():
    made = Reading([SOFTMAX], [WrittenQuestion("02.w1", 2.0, stub="HERE")])
    yield made
    made.close()


def put(path, *sources):
    cells = [{"cell_type": "code", "source": text} for text in sources]
    words = {"nbgrader": {"grade_id": "02.w1"}}
    cells.append({"cell_type": "markdown", "source": "it is", "metadata": words})
    path.write_text(json.dumps({"cells": cells}), "utf-8")
    return path


def test_what_is_read_elsewhere_is_the_same(reading, tmp_path):
    below = "def softmax(logits):\n    return eps", "eps = 1", "eps = 2"
    for cells in ([RIGHT], ["eps = 0", *below], ["x = 1"], ["def softmax(z) 3"]):
        path = put(tmp_path / "name\n\udcff.ipynb", *cells)
        found = reading.read(path)
        there = notebook.read_notebook(path)
        assert reading.find(found, SOFTMAX) == source.find_answer(there, SOFTMAX)
        assert (found.note, found.words) == (there.note, {"02.w1": "it is"})


def test_one_that_takes_for_ever_costs_its_author_only(reading, tmp_path, monkeypatch):
    slow = put(tmp_path / "slow.ipynb", *["\n".join(["x = x + 1"] * 15_000)] * 9)
    reading.read(put(tmp_path / "fine.ipynb", RIGHT))
    monkeypatch.setattr(reader, "PATIENCE", 0.1)
    found = reading.read(slow)
    assert found.ended and found.note == SLOW
    assert reading.find(found, SOFTMAX).note == f"Your notebook cannot be read: {SLOW}."
    monkeypatch.undo()
    fine = reading.read(put(tmp_path / "fine.ipynb", RIGHT))
    assert reading.find(fine, SOFTMAX).found and not fine.ended


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_a_crash_of_the_parser_is_survived(reading, tmp_path):
    path = put(tmp_path / "fine.ipynb", RIGHT)
    reading.read(path)
    end_while_it_reads(reading, signal.SIGSEGV)
    assert reading.read(path).ended
    assert not reading.read(path).ended


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_who_is_ended_from_outside_gives_no_verdict(reading, tmp_path):
    """So that a batch that is stopped, or short of memory, takes nobody's marks."""
    path = put(tmp_path / "fine.ipynb", RIGHT)
    reading.read(path)
    assert os.getsid(reading._process().pid) != os.getsid(0)  # Ctrl-C does not reach it
    for number in (signal.SIGTERM, signal.SIGKILL):
        end_while_it_reads(reading, number)
        with pytest.raises(RuntimeError, match="was ended"):
            reading.read(path)
        assert reading.read(path).answers["02.1"].found


def end_while_it_reads(reading, number):
    stopped = reading._process()
    stopped.send_signal(signal.SIGSTOP)  # so that it is at work when it ends
    threading.Timer(0.1, stopped.send_signal, (number,)).start()
    threading.Timer(0.2, stopped.send_signal, (signal.SIGCONT,)).start()


def test_the_grader_s_own_mistake_is_no_student_s(tmp_path):
    broken = Reading([SOFTMAX])
    broken.asked["exercises"] = [{"id": "02.1"}]
    with pytest.raises(RuntimeError, match="could not be read: AttributeError"):
        broken.read(put(tmp_path / "fine.ipynb", RIGHT))
    broken.close()


def of(*sources, kind="code"):
    return Notebook(tuple(Cell(kind, text, k) for k, text in enumerate(sources)))


def test_reading_takes_no_longer_for_the_many_lines_that_nobody_writes(monkeypatch):
    """Each of these took minutes, by what one of its lines cost all the others."""
    with pytest.raises(SyntaxError):
        parse("(\n" + "\n" * 50_000 + "x)) =")  # blank lines, looked at for magics
    magics = "\n".join(["!ls"] * 300) + "\nx = " + "+".join("x" * 2_000)
    with pytest.raises(SyntaxError):
        parse(magics)
    checks = "\n".join(f'check("02.1", other_{k})' for k in range(500))
    monkeypatch.setattr(statements, "_STATEMENTS", 1_000)
    imports = "import " + ",".join(["a"] * 50_000)
    texts = of("softmax:\n" * 10_000, kind="markdown")
    for many in (of(checks), of(imports), texts):
        assert not source.find_answer(many, SOFTMAX).found
