"""An assignment: its notebook, its stubs, its rubric, and where everything goes."""

import csv
import json
import math
from pathlib import Path

import nbformat
import numpy as np
import pytest
from typer.testing import CliRunner

from mmlearn.cli.commands import app
from mmlearn.exercises import examine, exercise_ids, find, registry
from mmlearn.grading import own
from mmlearn.grading.assign import (
    AssignError,
    Assignment,
    asked,
    choose,
    others,
    write_assignment,
)
from mmlearn.grading.marks import read_rubric
from mmlearn.grading.nbgrader import cell_name
from mmlearn.grading.stub import literal, solution_source

OWN = Path(__file__).parent / "own" / "ex_clip.py"


def make(folder, lesson="03", *, name="ps1", **how):
    exercises, questions = choose(lesson, **how)
    assignment = Assignment(name, "Problem set 1", exercises, questions)
    return write_assignment(assignment, folder / "source" / name)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return make(tmp_path_factory.mktemp("course"))


def cells(path):
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


def test_students_see_the_notebook_alone(files):
    source, students, *_ = files
    assert [path.name for path in source.parent.iterdir()] == ["ps1.ipynb"]
    assert "instructor" in students.parts
    text = students.read_text("utf-8")
    assert "SOLUTION" not in text and "np.outer(pixel" not in text
    assert "np.outer(pixel" in source.read_text("utf-8")


def test_cells_are_marked_for_nbgrader(files):
    found = cells(files[0])
    marks = {id: cell.metadata["nbgrader"] for id, cell in found.items()}
    assert all(mark["schema_version"] == 3 for mark in marks.values())
    assert all(mark["grade_id"] == id for id, mark in marks.items())
    answer, test = (marks[cell_name("03.2", what)] for what in ("", "test"))
    assert (answer["grade"], answer["solution"], answer["locked"]) == (
        False,
        True,
        False,
    )
    assert (test["grade"], test["solution"], test["locked"]) == (True, False, True)
    assert test["points"] == find("03.2").points
    words = marks[cell_name("03.e1")]
    assert (words["grade"], words["solution"], words["points"]) == (True, True, 2)
    assert found[cell_name("03.e1")].cell_type == "markdown"


def test_the_same_twice_and_never_over_something_else(tmp_path):
    files = make(tmp_path / "a", ids=["03.6"])
    again = make(tmp_path / "b", ids=["03.6"])
    for one, other in zip(files, again, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert make(tmp_path / "a", ids=["03.6"]) == files
    with pytest.raises(AssignError, match="differs"):
        make(tmp_path / "a", ids=["03.6"], written="0")


@pytest.mark.parametrize("id", exercise_ids())
def test_every_exercise_has_a_source_that_solves_it(id):
    exercise = find(id)
    space: dict = {}
    text = solution_source(exercise)
    exec(f"import math\nimport numpy as np\n{text}", space)
    assert examine(exercise, space[exercise.function], 0).kind == "passed"
    outside = text.partition("### BEGIN")[0] + text.partition("### END SOLUTION")[2]
    assert [line for line in exercise.stub.split("\n") if line.strip()][0] in outside


def test_what_students_are_given_is_not_attempted(files):
    space: dict = {}
    for id, cell in cells(files[1]).items():
        if cell.cell_type == "code" and not id.endswith(("check", "test")):
            exec(cell.source, space)
    for exercise in choose("03")[0]:
        assert examine(exercise, space[exercise.function], 0).kind == "stub"


def test_what_help_a_stub_gives_stays():
    text = solution_source(find("02.3"))
    given = text.partition("### END SOLUTION")[2]
    assert "# your line" in given and "Given" in given


def test_the_rubric_names_every_mistake(files):
    rows = list(csv.DictReader(files[3].read_text("utf-8").splitlines()))
    mistakes = [m.name for e in choose("03")[0] for m in e.mistakes]
    assert len(rows) == len(mistakes)
    rubric = read_rubric(files[3], choose("03")[0])
    assert rubric[("03.1", "= in place of +=")] == 0
    page = files[4].read_text("utf-8")
    assert "kernel flipped" in page and "Look for:" in page


def test_the_instructors_copy_says_what_a_mistake_computes(files):
    text = "\n".join(cell.source for cell in cells(files[2]).values())
    assert "### kernel flipped" in text and "wrong:" in text and "right:" in text


def test_what_is_asked_is_read_from_the_notebook_as_it_stands(files, tmp_path):
    found = asked(files[0].parent)
    assert (found.name, found.title) == ("ps1", "Problem set 1")
    assert found.worth == {e.id: e.points for e in choose("03")[0]}
    assert [one.id for one in found.written] == ["written-03-e1", "written-03-e2"]
    asks = found.written[0]
    assert asks.text.startswith("A network that learns its kernels")
    assert asks.heading == "03.e1" and asks.look_for.startswith("The kernel is learned")
    assert asked(files[1]).written[0].look_for == ""  # not in the students' copy
    changed = json.loads(files[0].read_text("utf-8"))
    for cell in changed["cells"]:
        if cell["id"] == "exercise-03-2-test":
            cell["metadata"]["nbgrader"]["points"] = 7
    path = tmp_path / "ps1.ipynb"
    path.write_text(json.dumps(changed), "utf-8")
    assert asked(path).worth["03.2"] == 7
    with pytest.raises(AssignError, match="expected one"):
        asked(tmp_path.parent)
    example = tmp_path / "ps1"  # nbgrader's quickstart puts two notebooks in there
    example.mkdir()
    path.rename(example / "ps1.ipynb")
    (example / "problem1.ipynb").write_text("{}")
    assert asked(example).worth["03.2"] == 7
    assert others(example, "ps1") == ["problem1.ipynb"]


def test_choosing():
    assert [e.id for e in choose("3", ["3.2", "03.4"])[0]] == ["03.2", "03.4"]
    assert [q.id for q in choose("03", written="03.e3")[1]] == ["03.e3"]
    assert len(choose("03", written="all")[1]) > 4
    assert choose(None, ["02.1"])[1] == ()
    with pytest.raises(AssignError, match="no exercises"):
        choose("77")
    with pytest.raises(AssignError, match="name a lesson"):
        choose()


def test_a_private_exercise_is_asked_with_an_example(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "_added", {})
    mine = own.load(OWN)
    assignment = Assignment("exam", "Exam", *choose(own=mine), frozenset({"90.1"}))
    files = write_assignment(assignment, tmp_path / "exam")
    assert files[2].parent.name == "exam-instructor"
    space: dict = {}
    for cell in cells(files[0]).values():
        if cell.cell_type == "code":
            exec(cell.source, space)
    text = files[1].read_text("utf-8")
    assert "clip_at_median" in text and "np.median(x" not in text
    assert 'check(\\"90.1\\"' not in text
    space["clip_at_median"] = lambda x: x
    with pytest.raises(AssertionError):
        exec(cells(files[0])["exercise-90-1-test"].source, space)


def test_nothing_for_instructors_lies_in_what_students_are_given(tmp_path):
    assignment = Assignment("a", "A", *choose("02"))
    with pytest.raises(AssignError, match="lies in"):
        write_assignment(assignment, tmp_path / "a", tmp_path / "a" / "secret")


def test_the_command(tmp_path):
    out = tmp_path / "source" / "ps2"
    words = ["assign", "02", "--title", "Second", "--out", str(out), "--written", "0"]
    done = CliRunner().invoke(app, [*words, "--exercises", "02.1,02.3"])
    assert done.exit_code == 0, done.output
    assert "Second: 2 to code" in done.output
    assert asked(out).title == "Second"


@pytest.mark.parametrize("value", [(1, 2.5), {"a": [1, None]}, (True,), "x", math.inf])
def test_a_literal_is_read_back(value):
    assert eval(literal(value)) == value


@pytest.mark.parametrize("value", [[1.5, math.nan], [[1, 2]], [True], ["a"], [1j], []])
def test_an_array_as_a_literal_is_read_back(value):
    array = np.array(value)
    read = eval(literal(array))
    assert (read.shape, read.dtype) == (array.shape, array.dtype)
    np.testing.assert_array_equal(read, array)
