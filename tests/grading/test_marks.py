"""What an answer earns, and what its author is told: never an expected number."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn.exercises import examine, exercise_ids, find
from mmlearn.exercises.answers import leaf_array
from mmlearn.exercises.numbers import number
from mmlearn.exercises.verdict import failed_page
from mmlearn.grading import marks
from mmlearn.grading.demands import LOOPS, not_met
from mmlearn.grading.instructor import rubric_csv


def marked(exercise, function, seed=0):
    finding = examine(exercise, function, seed)
    result = SimpleNamespace(finding=finding, flags=(), fingerprint="f", seconds=0.1)
    return marks.mark(exercise, result)


def wrong(exercise, *names):
    return exercise.wrong(names)


def test_the_rubric_decides_what_a_known_mistake_keeps():
    exercise = find("03.2")
    name = exercise.mistakes[0].name
    made = marked(exercise, wrong(exercise, name))
    assert made.mistakes == (name,)
    assert marks.worth(made, 3, {}).points == 0
    assert marks.worth(made, 3, {("03.2", name): 0.5}).points == 1.5
    two = replace(made, mistakes=(name, "other"))
    both = {("03.2", name): 0.5, ("03.2", "other"): 0.5}
    assert marks.worth(two, 3, both).points == 0.75
    assert marks.worth(marked(exercise, exercise.solution), 3, {}).points == 3
    raised = replace(made, kind="raised")
    assert marks.worth(raised, 3, {("03.2", name): 1.0}).points == 0


def test_a_mark_survives_its_json():
    exercise = find("02.1")
    made = marks.worth(
        marked(exercise, wrong(exercise, exercise.mistakes[0].name)), 2, {}
    )
    again = marks.Mark.from_json(json.loads(json.dumps(made.as_json())))
    assert again == made
    for broken in ({}, None, [], {**made.as_json(), "more": 1}):
        with pytest.raises(ValueError, match="no mark"):
            marks.Mark.from_json(broken)


def expected_numbers(answer):
    """An answer's numbers as a page writes them, but those that stand anywhere."""
    if isinstance(answer, tuple | list | dict):
        inner = answer.values() if isinstance(answer, dict) else answer
        return set().union(*map(expected_numbers, inner))
    array = leaf_array(answer)
    flat = [] if array is None else [number(value) for value in array.flat]
    return {text for text in flat if len(text) > 3}


@pytest.mark.parametrize("id", exercise_ids()[::6])
def test_no_expected_number_is_told(id):
    """Whatever the mistake: no number of the answers stands in the sentences."""
    exercise = find(id)
    for mistake in exercise.mistakes[:3]:
        function = wrong(exercise, mistake.name)
        given = function() if exercise.kind == "answer" else function
        finding = examine(exercise, given, 0)
        expected = expected_numbers(finding.expected)
        ours = " ".join((mistake.says, mistake.hint, *exercise.hints))
        for shown in (finding, replace(finding, mistakes=())):
            told = " ".join(marks.sentences(exercise, shown))
            assert told and not [n for n in expected if n in told and n not in ours]
    assert marks.sentences(exercise, finding)[-1].startswith("Read again in lesson ")


def test_the_test_above_can_fail():
    exercise = find("02.1")
    finding = examine(exercise, wrong(exercise, "not normalised"), 0)
    told = failed_page(exercise, finding, 1).text()
    assert any(n in told for n in expected_numbers(finding.expected))


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda logits: None, "It returned None: is a `return` missing?"),
        (lambda logits: logits[:, :1], "shape"),
        (lambda logits: logits * np.nan, "not a number"),
        (lambda logits: 1 / 0, "ZeroDivisionError"),
        (
            lambda logits: logits.sort() or logits,
            "It ran, but changes its input `logits`",
        ),
        (lambda: 1, "cannot be called as the exercise calls it"),
        (lambda logits: "x", "is text; expected numbers"),
    ],
)
def test_every_verdict_says_something(function, says):
    made = marked(find("02.1"), function)
    assert says in " ".join(made.sentences)
    assert "xpected 0." not in " ".join(made.sentences)


def test_only_wrong_numbers_are_looked_at_for_a_name():
    exercise, answer = find("02.1"), SimpleNamespace(source="code", note="", places=())

    def excerpt(function):
        finding = examine(exercise, function, 0)
        result = SimpleNamespace(finding=finding, flags=(), fingerprint="f", seconds=0)
        return marks.mark(exercise, result, answer).excerpt

    assert excerpt(lambda logits: logits + 7) == excerpt(lambda logits: logits[:1])
    for function in (lambda logits: None, lambda logits: 1 / 0, lambda logits: "x"):
        assert not excerpt(function)
    assert not excerpt(lambda logits: logits.sort() or logits)
    assert len(marked(exercise, lambda logits: None).sentences) == 1  # no hint


def test_a_line_is_counted_as_the_student_counts_it():
    exercise = find("02.1")
    source = "import numpy as np\n\ndef softmax(logits):\n    return 1 / 0\n"
    scope = {}
    exec(compile(source, "student", "exec"), scope)
    finding = examine(exercise, scope["softmax"], 0)
    assert finding.outcome.line == 4
    answer = SimpleNamespace(
        source=source, note="", places=((0, 0), (7, 1), (7, 2), (7, 3))
    )
    result = SimpleNamespace(finding=finding, flags=(), fingerprint="f", seconds=0)
    told = marks.mark(exercise, result, answer).sentences
    assert "stopped in line 3 " in told[0]
    assert "That line is in cell 7 of your notebook, counted from its top." in told


def test_a_rubric_is_read_as_any_spreadsheet_saves_it(tmp_path):
    exercise = find("02.1")
    name = exercise.mistakes[0].name
    for text in (
        f"exercise,mistake,keeps\n02.1,{name},0.5\n",
        f"\ufeffexercise;mistake;says;keeps\r\n02.1;{name};x;0,5\r\n",
        f"exercise\tmistake\tkeeps\n2.1\t{name}\t.5\n",  # as a number
    ):
        path = tmp_path / "rubric.csv"
        path.write_text(text, "utf-8")
        assert marks.read_rubric(path, [exercise]) == {("02.1", name): 0.5}


def test_the_rubric_that_assign_writes_is_read(tmp_path):
    exercises = [find(f"03.{k}") for k in range(1, 7)]
    path = tmp_path / "rubric.csv"
    path.write_text(rubric_csv(SimpleNamespace(exercises=exercises)), "utf-8")
    rubric = marks.read_rubric(path, exercises)
    assert set(rubric) == {(e.id, m.name) for e in exercises for m in e.mistakes}
    assert ("03.1", "= in place of +=") in rubric and not any(rubric.values())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("02.1,no such mistake,0.5", "line 2: 02.1 has no mistake 'no such mistake'"),
        ("02.1,no maximum subtracted,half", "keeps is 'half'; expected 0 to 1"),
        ("02.1,no maximum subtracted,1.5", "expected 0 to 1"),
        ("02.1,no maximum subtracted,nan", "expected 0 to 1"),
    ],
)
def test_a_rubric_with_an_error_says_where(tmp_path, line, says):
    path = tmp_path / "rubric.csv"
    path.write_text(f"exercise,mistake,keeps\n{line}\n", "utf-8")
    with pytest.raises(marks.RubricError, match=re.escape(says)):
        marks.read_rubric(path, [find("02.1")])


def test_a_wrong_answer_without_a_name_is_told_whether_ever_right():
    exercise = find("02.1")
    finding = examine(exercise, lambda logits: 2 * exercise.solution(logits), 0)
    assert marks.sentences(exercise, finding)[0] == "It is wrong in every case."
    small = examine(exercise, wrong(exercise, "no maximum subtracted"), 0)
    told = marks.sentences(exercise, replace(small, kind="wrong", mistakes=()))
    assert told[0] == "It is right in some cases and wrong in others."


@pytest.mark.parametrize(
    ("id", "source", "flags"),
    [
        ("03.4", "def conv2d(x):\n    for i in x:\n        pass", (LOOPS,)),
        ("03.4", "def conv2d(x):\n    return [a for a in x]", (LOOPS,)),
        ("03.4", 'def conv2d(x):\n    """for a in x:"""\n    # for a in x:', ()),
        ("03.2", "def conv2d(x):\n    while x:\n        pass", ()),
    ],
)
def test_a_loop_is_shown_where_the_statement_forbids_it(id, source, flags):
    assert not_met(find(id), source) == flags
