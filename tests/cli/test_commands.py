"""The `mmlearn` command, as a person types it."""

import os
import re
import subprocess
import sys

import pytest

from mmlearn import cli, course
from mmlearn.cli import commands, lab


def mmlearn(*words, **environment):
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "mmlearn.cli", *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def run(*words):
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    return stop.value.code


def test_help_costs_less_than_half_a_second():
    code = (
        "import atexit, sys, time\n"
        "atexit.register(lambda: print(time.process_time(), file=sys.stderr))\n"
        "from mmlearn.cli import main; main(['--help'])"
    )
    done = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        for _ in range(3)
    ]
    # CPU seconds, start of Python included: what else runs here must not matter.
    assert min(float(run.stderr) for run in done) < 0.5
    for command in commands.app.registered_commands:
        assert f"  {command.callback.__name__} " in done[0].stdout


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from mmlearn.cli.commands import app\n"
        "heavy = {'numpy', 'keras', 'tensorflow', 'jupyterlab', 'matplotlib'}\n"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_the_version(capsys):
    assert run("--version") == 0
    assert re.fullmatch(r"mmlearn \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    "words",
    [["fly"], ["train", "--seeds", "0"], ["lab", "--port", "99999"], ["data", "x"]],
)
def test_a_word_that_is_not_known_is_status_2(words, capsys):
    assert run(*words) == 2
    told = capsys.readouterr().err
    assert "Error" in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lab", "99"], "lesson 99: there is no such lesson"),
        (["tensorboard", "no/such/folder"], "no/such/folder is no folder"),
        (["data", "fetch", "mnits"], "no data set 'mnits'"),
        (["data", "verify", "mnits"], "no data set 'mnits'"),
    ],
)
def test_an_error_is_one_line_on_stderr_and_status_1(words, says):
    done = mmlearn(*words)
    assert done.returncode == 1
    assert done.stderr.startswith("mmlearn: ") and says in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("place", [0, 2])
def test_debug_shows_where_an_error_arose(place, capsys):
    words = ["lab", "99"]
    words.insert(place, "--debug")
    with pytest.raises(course.CourseError):
        cli.main(words)


def test_an_unforeseen_error_is_one_line_too(monkeypatch, capsys):
    def broken(*arguments):
        raise ValueError("two\nlines")

    monkeypatch.setattr(lab, "run", broken)
    assert run("lab") == 1
    told = capsys.readouterr().err
    assert told.startswith("mmlearn: ValueError: two lines (add --debug")
