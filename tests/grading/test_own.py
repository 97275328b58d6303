"""An instructor's own exercises: loaded from a file, proven, refused with a reason."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from mmlearn.cli.commands import app
from mmlearn.exercises import Case, find, registry
from mmlearn.grading import own, prove
from mmlearn.grading.own import OwnError

FILE = Path(__file__).parent / "own" / "ex_clip.py"


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch):
    monkeypatch.setattr(registry, "_added", {})


def problems(exercise):
    return {claim.what: claim.wrong for claim in prove.prove(exercise) if not claim}


def test_a_file_is_loaded_and_known_by_its_id():
    (exercise,) = own.load(FILE)
    assert find("90.1") is exercise


def test_it_proves_what_it_should():
    done = CliRunner().invoke(app, ["exercise", "test", str(FILE)])
    assert done.exit_code == 0, done.output
    assert done.output.count("✓") == len(prove.CLAIMS)
    assert "All is proven" in done.output


def test_what_is_wrong_is_told_and_the_exit_code_is_1(tmp_path):
    source = FILE.read_text("utf-8")
    wrong = tmp_path / "wrong.py"
    wrong.write_text(source.replace("np.mean if", "np.median if"), "utf-8")
    done = CliRunner().invoke(app, ["exercise", "test", str(wrong)])
    assert done.exit_code == 1
    assert "✗" in done.output and "1 to mend" in done.output


BROKEN = {
    "the solution passes": {
        "solution": lambda x: np.random.default_rng().random(x.shape)
    },
    "`attempt` without mistakes is the solution": {"attempt": lambda x, *, wrong: x},
    "the stub counts as not attempted": {"stub": "def clip_at_median(x): return x"},
    "three known mistakes at least": {"mistakes": ()},
    "honest variants pass": {"variants": (lambda x: x,)},
    "cases are the same for a seed, and left alone": {
        "draw": lambda rng: Case((np.random.default_rng().random((5, 2)),))
    },
    "texts are there, and read well": {"question": "Which values do $x$ change."},
}


@pytest.mark.parametrize("what", BROKEN)
def test_each_claim_can_fail(what):
    (exercise,) = own.load(FILE)
    assert what in problems(replace(exercise, **BROKEN[what]))


def test_mistakes_that_look_alike_are_told():
    (exercise,) = own.load(FILE)
    wide = replace(
        exercise, draw=lambda rng: Case((np.arange(6.0).reshape(3, 2) ** 0,))
    )
    told = problems(wide)["every mistake and pair is caught, named, told apart"]
    assert "“medians of the rows” is passed" in told and "draw cases" in told


def test_an_exercise_that_breaks_off_is_told():
    (exercise,) = own.load(FILE)
    told = problems(replace(exercise, solution=lambda x: 1 / 0))
    said = told["every mistake and pair is caught, named, told apart"]
    assert re.match(r"the solution is broken: ZeroDivisionError, in line \d+: ", said)


def test_cases_that_are_none_or_have_no_answer_are_told():
    (exercise,) = own.load(FILE)
    (told,) = problems(replace(exercise, draw=lambda rng: (np.ones(3),))).values()
    assert told == "one is a tuple; expected Case((x, …))"
    (told,) = problems(replace(exercise, draw=lambda rng: 1 / 0)).values()
    assert told == "ZeroDivisionError: division by zero"
    hole = Case((np.array([[1.0, np.nan], [2.0, 3.0]]),))
    told = problems(replace(exercise, corners=lambda rng: [hole]))
    assert told["the solution passes"].startswith("it gives NaN, seed 0")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x = (", "line 1"),
        ("1 / 0", "line 1: ZeroDivisionError"),
        ("\nEXERCISE = Exercise()", "line 2: .*from mmlearn.exercises import Case"),
        ("x = 1", "holds no exercise"),
        ("EXERCISES = [3]", "holds a int"),
        ("from mmlearn.exercises import find\nEXERCISE = find('02.1')", "'90.1'"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path, source, words):
    path = tmp_path / "own.py"
    path.write_text(source, "utf-8")
    with pytest.raises(OwnError, match=words):
        own.load(path)


def test_files_that_are_no_files_of_python(tmp_path):
    with pytest.raises(OwnError, match="there is no file"):
        own.load(tmp_path / "none.py")
    (tmp_path / "own.txt").write_text("")
    with pytest.raises(OwnError, match="end in .py"):
        own.load(tmp_path / "own.txt")


def test_the_file_that_the_manual_shows_is_proven(tmp_path):
    manual = Path(registry.__file__).parent / "AUTHORING.md"
    (shown,) = re.findall(r"```python\n(\"\"\".*?)```", manual.read_text("utf-8"), re.S)
    path = tmp_path / "exam.py"
    path.write_text(shown, "utf-8")
    (exercise,) = own.load(path)
    assert (exercise.id, problems(exercise)) == ("90.1", {})


def test_an_installed_package_brings_exercises(monkeypatch):
    (exercise,) = own.load(FILE)
    registry._added.clear()

    class Point:
        def load(self):
            return [exercise]

    monkeypatch.setattr(registry, "entry_points", lambda group: [Point()])
    registry._installed.cache_clear()
    assert find("90.1") is exercise
    registry._installed.cache_clear()
