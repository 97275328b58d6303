"""Hostile submissions: no mark unearned, nothing touched, the batch goes on."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import attacks
import psutil
import pytest

from mmlearn.exercises import find
from mmlearn.grading import sandbox, staging, talk
from mmlearn.grading.examine import ORDER, examine_source
from mmlearn.grading.questions import Questions

LIMITS = sandbox.Limits(cpu_seconds=1, wall_seconds=6, memory=320 * sandbox.MIB)
HONEST = f"{attacks.PRELUDE}\nsoftmax = right\n"
SEED = 2**40 + 1


@pytest.fixture(scope="module")
def questions(bubblewrap):
    return Questions(find("02.1"), SEED)


@pytest.fixture(scope="module")
def bystander():
    """A process of the grader's user, whom no submission may end."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.communicate()


@pytest.fixture(scope="module")
def results(questions, bystander, tmp_path_factory):
    """Every attack, two at a time, an honest answer after each."""
    others = tmp_path_factory.mktemp("grades")
    (others / "grades.csv").write_text("anna,3\n")
    (others / "grades.csv").chmod(0o666)
    before = state(others)

    def work(source):
        return examine_source(questions, source, limits=LIMITS)

    found = dict.fromkeys(attacks.ATTACKS)
    with ThreadPoolExecutor(2) as pool:
        running = {
            name: pool.submit(work, code) for name, code in attacks.ATTACKS.items()
        }
        for name, future in running.items():
            found[name] = future.result(timeout=60)
    found["state"] = before, state(others)
    return found


def state(folder):
    """What a submission could have changed."""
    files = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    batch = staging.folder()
    kept = sorted(p for p in batch.rglob("*") if "linked" not in p.parts)
    return files, [(p, p.lstat().st_mtime_ns) for p in kept]


def test_there_are_enough():
    assert len(attacks.ATTACKS) >= 75


def test_honest_code_passes_the_same_way(questions):
    """So that what fails below fails by the sandbox, and not by a slip of the test."""
    result = examine_source(questions, HONEST, limits=LIMITS)
    assert (result.finding.kind, result.flags, result.fingerprint) == ("passed", (), "")


@pytest.mark.parametrize("name", attacks.ATTACKS)
def test_no_mark_is_unearned(results, name):
    result = results[name]
    assert result.finding.kind not in ("passed", "stub"), result
    assert not result.finding.mistakes, result  # nor the share that one may keep
    assert result.finding.total == 9
    assert result.seconds < 20


FLAGS = {
    "marks: right the first nine times": ORDER,
    "walls: a right answer, said by itself": talk.TURN,
    "walls: a frame of its own making": talk.TURN,
    "walls: noise on every descriptor": talk.TURN,
    "walls: a word before it is ready": talk.TURN,
    "walls: a word after the last": talk.TURN,
    "walls: the pipe closed": talk.LEFT,
    "bombs: a flood into the pipe": talk.TURN,
    "bombs: leaving without a word": talk.LEFT,
    "bombs: leaving while it loads": talk.LEFT,
    "bombs: a loop that catches everything": talk.STOPPED,
    "bombs: one long call": talk.STOPPED,
    "bombs: asleep by signal": talk.STOPPED,
    "bombs: a segmentation fault": talk.CRASHED,
}


@pytest.mark.parametrize("name", FLAGS)
def test_what_an_instructor_should_look_at_is_flagged(results, name):
    assert FLAGS[name] in results[name].flags


ALIKE = (
    *("a generator without end", "an object that equals everything", "giant integers"),
    *("a list in itself", "not a number, everywhere"),
)


@pytest.mark.parametrize("name", ALIKE)
def test_junk_that_is_the_same_twice_is_not_suspected(results, name):
    assert results[f"marks: {name}"].flags == ()


def test_nothing_outside_is_touched(results, bystander):
    before, after = results["state"]
    assert before == after
    assert bystander.poll() is None


def test_nothing_survives(results):
    time.sleep(0.2)
    left = [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline"])
        if str(staging.folder()) in " ".join(process.info["cmdline"] or ())
    ]
    assert not left


def test_the_batch_goes_on(results, questions):
    result = examine_source(questions, HONEST, limits=LIMITS)
    assert (result.finding.kind, result.flags) == ("passed", ())
