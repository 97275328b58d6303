"""Forty honest submissions, all full; known mistakes, as students write them, named."""

from dataclasses import replace
from functools import cache

import pytest
from honest_again import AGAIN, HONEST
from mistaken import MISTAKEN

from mmlearn.exercises import examine, find
from mmlearn.grading import batch
from mmlearn.grading.examine import examine_source
from mmlearn.grading.notebook import Cell, Notebook, read_notebook
from mmlearn.grading.questions import Questions
from mmlearn.grading.source import find_answer
from mmlearn.grading.written import answers_of

USING = batch.Tools(read_notebook, find_answer, Questions, examine_source, answers_of)


def notebook(cells):
    kinds = ["markdown" if cell.startswith("# md") else "code" for cell in cells]
    numbered = enumerate(zip(kinds, cells, strict=True), start=1)
    return Notebook(tuple(Cell(kind, cell, k) for k, (kind, cell) in numbered))


@cache
def questions(id):
    return Questions(find(id), seed=5)


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_submission_earns_everything(name):
    id, cells = HONEST[name]
    answer = find_answer(notebook(cells), find(id))
    result = examine_source(questions(id), answer.source)
    told = answer.note, answer.source, result.flags, result.finding
    assert (result.finding.kind, result.flags) == ("passed", ()), told


@pytest.mark.parametrize("name", AGAIN)
def test_names_used_again_below_cost_nothing(name):
    id, cells = AGAIN[name]
    exercise = find(id)
    mark = batch._mark([notebook(cells)], exercise, questions(id), "", USING)
    assert (mark.kind, mark.flags) == ("passed", ()), mark
    answer = find_answer(notebook(cells), exercise)
    assert examine_source(questions(id), answer.source).finding.kind != "passed"


def test_what_is_wrong_both_ways_keeps_its_first_finding():
    cells = ["bias = 1", "def correlate1d(x, kernel, b):\n    return bias", "bias = 2"]
    asked = []

    def examine(questions, source):
        asked.append(source)
        return examine_source(questions, source)

    using = replace(USING, examine=examine)
    mark = batch._mark([notebook(cells)], find("03.1"), questions("03.1"), "", using)
    assert mark.kind == "wrong" and mark.note == ""
    assert len(asked) == 2 and "bias = 2" in asked[0] and "bias = 2" not in asked[1]


def test_there_are_forty_of_many_exercises():
    assert len(HONEST) >= 40
    assert len({id for id, _ in HONEST.values()}) >= 12


def names(finding):
    return [mistake.name for mistake in finding.mistakes]


@pytest.mark.parametrize("name", MISTAKEN)
def test_a_known_mistake_is_named(name):
    id, cell, known = MISTAKEN[name]
    answer = find_answer(notebook(["import numpy as np", cell]), find(id))
    space: dict = {}
    exec(answer.source, space)
    finding = examine(find(id), space[find(id).function], 5)
    assert finding.kind in ("wrong", "raised")
    assert names(finding) == known


def test_a_known_mistake_is_named_by_the_grader_too():
    id, cell, known = MISTAKEN["03.2 kernel flipped"]
    result = examine_source(questions(id), f"import numpy as np\n{cell}")
    assert (result.finding.kind, names(result.finding)) == ("wrong", known)


def test_the_known_mistakes_of_two_exercises_are_all_there():
    for id in ("03.2", "02.1"):
        said = {n for one, _, known in MISTAKEN.values() if one == id for n in known}
        assert said == {mistake.name for mistake in find(id).mistakes}
