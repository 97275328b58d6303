"""Every lesson: committed as it must be, executed, compared, within its contract."""

import json
import os
import re
import subprocess
import sys
import time

import notebooks
import pytest

LESSONS = notebooks.paths()
LONGEST = 90  # seconds of processor time
by_name = pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)


def test_there_are_the_lessons_that_the_syllabus_says_there_are():
    syllabus = (notebooks.ROOT / "lessons" / "README.md").read_text("utf-8")
    there = re.findall(
        r"^\| (\d\d) \| \[[^]]+\]\(([^)]+)\) .*\| yes \|$", syllabus, re.M
    )
    assert [p.stem[:2] for p in LESSONS] == [number for number, _ in there]
    assert [p.name for p in LESSONS] == [name for _, name in there]
    assert len(there) >= 7


def test_the_map_in_lesson_00_fills_the_lessons_that_there_are():
    cells = notebooks.code_cells(notebooks.read(LESSONS[0]))
    (map_,) = [cell for cell in cells if "course_map(" in cell.source]
    drawn = re.findall(r"The first (\d+) lessons are there", str(map_.outputs))
    assert drawn and {int(count) for count in drawn} == {len(LESSONS)}


@by_name
def test_committed_as_it_must_be(path):
    notebook = notebooks.read(path)
    found = notebooks.faults(notebook) + notebooks.contract_faults(notebook)
    assert not found, "\n".join(found)


@by_name
def test_measured_cells_are_claimed(path):
    """What is not compared must be asserted: `claim`, or an assert, in that cell.

    (The page on the reader's own guesses claims nothing, and some a training judges.)
    """
    silent = [
        cell.id
        for cell in notebooks.code_cells(notebooks.read(path))
        if notebooks.is_measured(cell)
        and "claim(" not in cell.source
        and "assert" not in cell.source
        and not cell.source.startswith("calibration(")
    ]
    assert not silent, f"measured cells that assert nothing: {silent}"


@by_name
def test_executes_as_stored_within_its_contract(path, tmp_path, forked_python, kernel):
    contract = notebooks.read(path).metadata.mmlearn
    python, imports = forked_python
    command = [*python, "-m", "pytest", "-q", "-p", "nbval.plugin"]
    command += ["-p", "nbval_tolerance", "-p", "no:cacheprovider"]
    command += ["--nbval", "--nbval-kernel-name=forked", str(path)]
    command += ["-o", "addopts=", "--rootdir", str(notebooks.ROOT), "--color=no"]
    env = notebooks.environment(tmp_path / "journal.jsonl") | kernel
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # others take seconds to import
    env["NURSERY_BOOK"] = str(tmp_path / "book.jsonl")
    with (tmp_path / "printed.txt").open("w+") as printed:
        child = subprocess.Popen(
            command, cwd=path.parent, env=env, stdout=printed, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        report = printed.read()
    assert child.returncode == 0, report[-6000:]
    seconds = [imports, usage.ru_utime + usage.ru_stime]
    megabytes = [usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)]
    for used in read_book(tmp_path / "book.jsonl") if imports else ():
        seconds.append(used["seconds"])
        megabytes.append(used["megabytes"])
    seconds, megabytes = sum(seconds), max(megabytes)
    print(f"{path.stem}: {seconds:.0f} CPU seconds, {megabytes:.0f} MB")
    assert seconds <= contract["seconds"] <= LONGEST, f"{seconds:.0f} s of CPU"
    assert megabytes <= contract["megabytes"] <= 2000, f"{megabytes:.0f} MB"


def read_book(book):
    """What nbval's process and the kernel used: a killed kernel's line comes late."""
    for _ in range(200):
        lines = book.read_text().splitlines()
        if len(lines) == 2:
            return [json.loads(line) for line in lines]
        time.sleep(0.05)
    raise AssertionError(f"expected two lines in {book}: {lines}")


@by_name
def test_the_stubs_are_the_exercises(path):
    """A lesson's exercises stand in it as they stand in the bank, all and in order."""
    from mmlearn.exercises import exercise_ids, find

    source = "\n".join(c.source for c in notebooks.code_cells(notebooks.read(path)))
    number = path.stem[:2]
    known = [i for i in exercise_ids() if i.startswith(f"{number}.")]
    asked = re.findall(r'check\("(\d\d\.\d+)"', source)
    assert asked == known, "exercises in the lesson, and in the bank"
    missing = [i for i in known if find(i).stub.strip() not in source]
    assert not missing, f"another stub in the lesson than in the bank: {missing}"
