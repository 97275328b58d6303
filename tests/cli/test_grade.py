"""`mmlearn grade`, from an assignment's notebook to a page of feedback."""

import csv
import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest

from mmlearn import cli
from mmlearn.grading import nbgrader
from mmlearn.grading.assign import Assignment, choose, write_assignment

RIGHT = """
def weighted_mean(x, weights):
    return (x * weights[..., None]).sum(1) / weights.sum(1)[:, None]
"""
WRONG = RIGHT.replace(" / weights.sum(1)[:, None]", "")
SLOW = RIGHT.replace("    return", "    import time\n    time.sleep(0.01)\n    return")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Five students with the first exercise of lesson 00."""
    folder = tmp_path_factory.mktemp("course")
    chosen, asked = choose("00", ["00.1"], written="1")
    write_assignment(Assignment("ps1", "One", chosen, asked), folder / "source/ps1")
    source = nbformat.read(folder / "source/ps1/ps1.ipynb", 4)
    answers = {"anna": RIGHT, "bert": WRONG, "cleo": None, "dora": SLOW, "emil": SLOW}
    for student, code in answers.items():
        made = nbgrader.cleared(source)
        for cell in made.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name == "exercise-00-1" and code:
                cell.source = code
            if name.startswith("written-") and cell.source == nbgrader.TEXT_STUB:
                cell.source = f"{student} thinks so."
        path = folder / "submitted" / student / "ps1" / "ps1.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(made, path)
    return folder


def words(course, out):
    folders = ["--assignment", course / "source/ps1", "--out", course / out]
    return ["grade", str(course / "submitted"), *map(str, folders), "--seed", "7"]


def tables(course, out):
    return [(course / out / f"{name}.csv").read_text() for name in ("grades", "marks")]


def grades(out):
    lines = (out / "grades.csv").read_text("utf-8").splitlines()
    return {row["student_id"]: row for row in csv.DictReader(lines)}


def run(course, out, *more):
    with pytest.raises(SystemExit) as stop:
        cli.main([*words(course, out), *map(str, more)])
    assert stop.value.code == 0


@pytest.fixture(scope="module")
def straight(course):
    """The tables of a run that nobody disturbs."""
    run(course, "whole")
    return tables(course, "whole")


def test_from_a_notebook_to_marks_and_back_again(course, straight, capsys):
    out = course / "whole"
    rows = grades(out)
    assert [rows[name]["score"] for name in ("anna", "bert", "cleo", "dora")] == [
        *("1.0", "0.0", "0.0", "1.0")
    ]
    assert rows["anna"]["max_score"] == "3.0" and rows["anna"]["assignment"] == "ps1"
    marked = (
        (out / "written.csv").read_text().replace("thinks so.,,", "thinks so.,2,Yes")
    )
    (course / "marked.csv").write_text(marked)
    run(course, "whole", "--written", course / "marked.csv")
    assert "5 of 5 handed in" in capsys.readouterr().out
    rows = grades(out)
    assert rows["anna"]["score"] == "3.0" and rows["cleo"]["score"] == "2.0"
    assert "<p>Yes</p>" in (out / "feedback" / "cleo.html").read_text()
    run(course, "whole")  # without the table: it is remembered
    assert "not marked" not in (out / "marks.csv").read_text()


def test_what_will_be_done_is_said_before_it_is(course, capsys, monkeypatch):
    def never(bar):
        assert (bar.total, bar.n) == (5, 0)
        raise ValueError("no child yet")

    monkeypatch.setattr("mmlearn.cli.grade._protection", never)
    with pytest.raises(SystemExit):
        cli.main([*words(course, "bar"), "--workers", "3"])
    told = capsys.readouterr().err
    assert told.startswith("5 submissions of 1 exercise, 3 at a time …\n")
    bad = course / "bad.csv"
    bad.write_text("student,question,points,comment\nanna,written-00-e1,50%,\n")
    with pytest.raises(SystemExit):
        cli.main([*words(course, "never"), "--written", str(bad)])
    told = capsys.readouterr().err
    assert "line 2: points are '50%'" in told and "submissions" not in told


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_and_run_again_it_ends_the_same(course, straight):
    command = [sys.executable, "-m", "mmlearn.cli", *words(course, "killed")]
    command += ["--workers", "1"]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    kept = course / "killed" / "results"
    while not list(kept.glob("*.json")):  # until the first is done
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    before = {path.name: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    assert not (course / "killed" / "grades.csv").exists()
    run(course, "killed")
    assert tables(course, "killed") == straight
    after = {path.name: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    assert before.items() <= after.items() and len(after) == 5 > len(before)


def test_a_rubric_is_remembered(course, straight):
    from mmlearn.exercises import find

    name = find("00.1").mistakes[0].name
    table = course / "rubric.csv"
    table.write_text(f'exercise,mistake,keeps\n00.1,"{name}",0.25\n')
    run(course, "whole", "--rubric", table)
    table.unlink()
    run(course, "whole")
    assert "0.25" in (course / "whole" / "rubric.csv").read_text()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ([], "say what is graded: --assignment NOTEBOOK"),
        (["--assignment", "ps9"], "there is no notebook or folder ps9: say what"),
        (["--lesson", "77"], "lesson '77' has no exercises"),
        (["--exercises", "99.9"], "there is no exercise '99.9'"),
        (["--lesson", "00", "--written", "none.csv"], "there is no table none.csv"),
        (["--lesson", "00", "--rubric", "none.csv"], "none.csv"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(course, capsys, more, says):
    with pytest.raises(SystemExit) as stop:
        out = course / "never"
        cli.main(["grade", str(course / "submitted"), "--out", str(out), *more])
    told = capsys.readouterr().err
    assert stop.value.code == 1 and says in told and told.count("\n") == 1
    assert not (course / "never").exists()
