"""The whole way with real nbgrader: quickstart, assign, generate, solve, grade."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="needs pip install 'mmlearn[grading]'")
pytestmark = pytest.mark.slow

DRIVER = Path(__file__).parent / "with_nbgrader.py"


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """A course of nbgrader's with an assignment of ours, handed in and graded."""
    folder = tmp_path_factory.mktemp("nbgrader")
    here = Path(sys.executable).parent  # nbgrader calls alembic by its name
    environment = os.environ | {
        "PATH": f"{here}{os.pathsep}{os.environ['PATH']}",
        "MMLEARN_JOURNAL": str(folder / "journal.jsonl"),
    }
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
    )
    text = done.stdout + done.stderr
    assert done.returncode == 0, text[-5000:]
    return folder / "course", text


def test_nbgrader_takes_the_source_and_makes_our_stubs(said):
    course, text = said
    assert "Success! Your notebook passes all the tests." in text
    ours = course / "instructor" / "ps1" / "students" / "ps1.ipynb"
    theirs = course / "release" / "ps1" / "ps1.ipynb"
    assert [path.name for path in theirs.parent.iterdir()] == ["ps1.ipynb"]
    one, other = (json.loads(path.read_text("utf-8")) for path in (ours, theirs))
    for mine, made in zip(one["cells"], other["cells"], strict=True):
        assert made["metadata"]["nbgrader"].pop("checksum", "")
        assert mine == made


def test_nbgraders_own_autograde_works(said):
    scores = json.loads((said[0] / "scores.json").read_text("utf-8"))
    assert scores == {"anna": 4.0}


def test_we_grade_what_nbgrader_collected(said):
    grades = said[0] / "grades"
    text = (grades / "grades.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    scores = {row["student_id"]: float(row["score"]) for row in rows}
    assert scores == {"anna": 4.0, "bert": 2.0, "cleo": 0.0}
    assert "sums to one" in (grades / "written.csv").read_text("utf-8")
    assert "wrong axis" in (grades / "report.html").read_text("utf-8")
