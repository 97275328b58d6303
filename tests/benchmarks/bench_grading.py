"""How long does a class take? 200 submissions of four exercises, on 2 cores.

The class is made of the honest, the wrong and the hostile answers of tests/grading,
drawn by a seed: of twenty answers fourteen are honest, five wrong, one hostile (about a
third of these run until their time is up). `mmlearn grade` is timed from its start to
the last page, its memory read from the system along the way. Then the same batch runs
again elsewhere, killed (SIGKILL) at random moments and started again until it is done:
the tables must be the same, byte for byte.

    python tests/benchmarks/bench_grading.py [STUDENTS] [--once]

prints the figures and keeps them in grading.md beside this file. Linux.
Not a test: no figure here makes a build fail.
"""

import csv
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "grading"))
import attacks
import honest_more
import mistaken

EXERCISES = ("02.1", "03.1", "03.2", "03.3")
SEED = 20261123
HEAD = "# Grading a class"
CORES = 2
UNNAMED = {
    "02.1": "def softmax(logits):\n    return 3 * logits\n",
    "03.1": "def correlate1d(x, kernel, bias):\n    return x.cumsum() + bias\n",
    "03.2": "def naive_conv2d(x, kernel, bias, strides=1):\n    return x * 2\n",
    "03.3": "def output_size(n, *how):\n    return n - 2\n",
}
HOSTILE = (  # for the exercises that tests/grading has no attacks for
    "    while True:\n        pass\n",
    "    import os\n    os._exit(0)\n",
    "    import numpy\n    numpy.ones(10**10)\n",
    "    open('/etc/passwd')\n",
)


def answers():
    """For each exercise, its honest, wrong and hostile answers, as lists of cells."""
    found = {id: ([], [], []) for id in EXERCISES}
    for id, cells in honest_more.HONEST.values():
        if id in found:
            found[id][0].append(cells)
    for id, source, _ in mistaken.MISTAKEN.values():
        if id in found:
            found[id][1].append([source])
    for id in EXERCISES:
        found[id][1].append([UNNAMED[id]])
        head, _ = UNNAMED[id].split("    return")
        found[id][2].extend([head + body] for body in HOSTILE)
    found["02.1"][2].extend([source] for source in attacks.ATTACKS.values())
    return found


def hand_in(folder, students, rng):
    """Write the class, STUDENT/ps1/ps1.ipynb; who gave an honest answer to what."""
    known, honest = answers(), set()
    kinds = [0] * 14 + [1] * 5 + [2]
    for number in range(students):
        cells, student = ["import numpy as np"], f"student{number:03}"
        for id in EXERCISES:
            kind = rng.choice(kinds)
            cells += rng.choice(known[id][kind])
            if kind == 0:
                honest.add((student, id))
        made = [cell(text) for text in cells]
        path = folder / student / "ps1" / "ps1.ipynb"
        path.parent.mkdir(parents=True)
        text = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(text), "utf-8")
    return honest


def right(out):
    """Who earned all the points of what."""
    with (out / "marks.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {
            (r["student_id"], r["exercise"]) for r in rows if r["verdict"] == "passed"
        }


def cell(text):
    """A cell of a notebook; "# md" begins one of text."""
    kind = "markdown" if text.startswith("# md") else "code"
    return {"cell_type": kind, "source": text, "metadata": {}}


def command(folder, out):
    words = ["grade", str(folder), "--out", str(out), "--seed", str(SEED)]
    words += ["--exercises", ",".join(EXERCISES), "--workers", str(CORES)]
    return [sys.executable, "-m", "mmlearn.cli", *words]


def megabytes(pid):
    """Resident memory of a process."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def seconds(pid):
    """CPU seconds of a process by itself, without its children."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


def timed(folder, out):
    """One whole run: seconds of wall and of its own CPU, and memory along the way."""
    began, memory, cpu = time.perf_counter(), [], 0.0
    child = subprocess.Popen(command(folder, out))
    while child.poll() is None:
        memory.append(megabytes(child.pid))
        cpu = seconds(child.pid) or cpu
        time.sleep(0.2)
    assert child.returncode == 0
    return time.perf_counter() - began, cpu, memory


def killed(folder, out, rng, students):
    """Run to the end, killed some moments after some more are done; how often."""
    count, results = 0, out / "results"
    while True:
        child = subprocess.Popen(command(folder, out), stderr=subprocess.DEVNULL)
        goal = len(list(results.glob("*.json"))) + rng.randint(0, students // 5)
        while child.poll() is None and len(list(results.glob("*.json"))) < goal:
            time.sleep(0.1)
        try:
            child.wait(rng.uniform(0, 4))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            count += 1
            continue
        assert child.returncode == 0
        return count


def measured(folder, out, students, rng):
    """What one whole run took, and whether its marks are right, in lines."""
    load = os.getloadavg()[0]
    honest = hand_in(folder, students, rng)
    wall, cpu, memory = timed(folder, out)
    tenths = [max(memory[len(memory) * k // 10 :][:20]) for k in (1, 5, 9)]
    along = " / ".join(f"{megabyte:.0f}" for megabyte in tenths)
    earned, others = right(out), students * len(EXERCISES) - len(honest)
    return [
        f"{students} students, {len(EXERCISES)} exercises each, {CORES} cores, "
        f"{platform.system()}, Python {platform.python_version()}. Load average at the "
        f"beginning {load:.0f}.",
        "",
        f"- {wall:.0f} s from start to the last page; of these the grader itself "
        f"computed for {cpu:.0f} s, its sandboxes the rest.",
        f"- Memory of the grader, MB after 10, 50, 90 %: {along}; "
        f"at most {max(memory):.0f}.",
        f"- Of {len(honest)} honest answers {len(honest - earned)} are refused; of "
        f"{others} others {len(earned - honest)} earn anything.",
    ]


def main():
    words = [word for word in sys.argv[1:] if word != "--once"]
    students = int(words[0]) if words else 200
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name, "submitted"), Path(name, "grades")
        lines = measured(folder, out, students, rng)
        if "--once" not in sys.argv:
            again = Path(name, "again")
            count = killed(folder, again, rng, students)
            same = all(
                (out / table).read_bytes() == (again / table).read_bytes()
                for table in ("grades.csv", "marks.csv")
            )
            told = "the same bytes" if same else "DIFFERENT TABLES"
            lines.append(f"- Killed {count} times and started again: {told}.")
        kept = Path(tempfile.gettempdir(), "bench-grading")
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(out, kept)
    section = "\n".join([HEAD, "", *lines, ""])
    print(section, f"\nIts pages: {kept}")
    Path(__file__).with_name("grading.md").write_text(section, encoding="utf-8")


if __name__ == "__main__":
    main()
