"""The sandbox from outside: what it reaches, and what is left when it is gone."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from small import own

from mmlearn.cli import grading as doctor
from mmlearn.grading import probe, sandbox, staging, talk, ways
from mmlearn.grading.examine import examine_source
from mmlearn.grading.pipes import Child
from mmlearn.grading.questions import Questions


def test_the_doctor_says_which_level_this_machine_reaches(capsys):
    protection = sandbox.reached()
    assert doctor.run() == int(bool(protection.missing))
    assert protection.level in capsys.readouterr().out
    open_to_all = sandbox.Protection("limits", ("It can use the network.",), "install")
    told = doctor.plain(doctor.findings(open_to_all))
    assert "BAD  NOT PROTECTED  It can use the network." in told and "→ install" in told


def test_without_bubblewrap_limits_hold_and_say_what_they_do_not(monkeypatch):
    told = sandbox.Protection("limits", ("It can use the network.",))
    monkeypatch.setattr(sandbox, "_reached", lambda: (told, ways.in_limits))
    assert sandbox.reached().loud.startswith("NOT FULLY PROTECTED (limits): It can")
    if os.name != "posix":
        return
    missing = probe.holes(ways.in_limits, sandbox.job(sandbox.Limits(), **probe.JOB))
    assert any("read files" in sentence for sentence in missing)
    if sys.platform == "linux":
        assert not any("processes, which" in sentence for sentence in missing)
        assert not any("memory is not limited" in sentence for sentence in missing)
    limits = sandbox.Limits(cpu_seconds=1, wall_seconds=6)
    result = examine_source(Questions(own(), 3), "while True: pass", limits=limits)
    assert result.flags == (talk.STOPPED,)


def test_a_sandbox_that_does_not_come_up_is_nobody_s_fault(monkeypatch):
    def broken(imports, output, scratch):
        return Child([sys.executable, "-c", "raise SystemExit('no room')"], output)

    monkeypatch.setattr(sandbox, "_reached", lambda: (None, broken))
    with pytest.raises(talk.NotStarted, match="no room"):
        examine_source(Questions(own(), 3), "f = lambda n: n")


SLEEPER = r"""
import sys
sys.path.insert(0, sys.argv[1])
from small import own
from mmlearn.grading.examine import examine_source
from mmlearn.grading.questions import Questions
print("asleep", flush=True)
examine_source(Questions(own(), 3), "import time\ntime.sleep(1000)")
"""


def test_a_grader_that_is_killed_leaves_nobody_behind(bubblewrap):
    """And what it left in the temporary folder is swept by the next."""
    here = str(Path(__file__).parent)
    words = [sys.executable, "-c", SLEEPER, here]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as grader:
        assert grader.stdout.readline() == b"asleep\n"
        me = psutil.Process(grader.pid)
        wait_for(lambda: any("child.py" in str(c) for c in words_of(me)))
        children = me.children(recursive=True)
        folders = list(staging.folder().parent.glob("mmlearn-grading-*"))
        grader.kill()
    wait_for(lambda: not any(map(alive, children)))
    assert len(folders) >= 2
    for folder in folders:
        staging._remove_abandoned(folder, age=0)
    left = [folder for folder in folders if folder.exists()]
    assert staging.folder() in left and len(left) < len(folders)


def alive(process):
    """Whether it runs; one that has ended and waits to be asked for it does not."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def words_of(process):
    """What its descendants were started with."""
    found = []
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found.append(child.cmdline())
    return found


def wait_for(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
