"""Grade every submission of an assignment, on all cores, once.

One file of results a submission: a batch killed at any moment and run again asks only
what is missing, and ends with the same tables.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from mmlearn.grading.keeping import Results
from mmlearn.grading.marks import Mark, failed, mark, missing, worth
from mmlearn.grading.names import shown
from mmlearn.grading.submissions import Submission

_AS_IT_IS = ("passed", "stub", "timeout")  # verdicts that are not asked for again


@dataclass(frozen=True)
class Graded:
    """A submission and what it earned.

    Args:
        submission: the Submission.
        marks: one an exercise, in the assignment's order.
        answers: what was answered in words, by question.
        words: what an instructor gave for it, by question: (points, comment).
    """

    submission: Submission
    marks: tuple[Mark, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[float, str]] = field(default_factory=dict)

    @property
    def points(self):
        """All that was earned so far."""
        by_hand = sum(points for points, _ in self.words.values())
        return round(sum(mark.points for mark in self.marks) + by_hand, 2)

    @property
    def open(self):
        """Questions answered in words that nobody has marked yet."""
        return [id for id in self.answers if id not in self.words]


@dataclass(frozen=True)
class Tools:
    """What reads and examines an answer; tests put others in their place.

    Args:
        read: path -> a notebook, however broken.
        find: (notebook, exercise) -> its answer: source, found, note.
        questions: (exercise, seed) -> the questions asked of everybody.
        examine: (questions, source) -> Result.
        words: (notebook, questions) -> what was answered in words, by question's id.
        close: called at the batch's end.
    """

    read: Callable[[Path], Any]
    find: Callable
    questions: Callable
    examine: Callable
    words: Callable
    close: Callable = tuple


def tools(plan):
    """The ones that there are, for a Plan."""
    from mmlearn.grading.examine import examine_source
    from mmlearn.grading.questions import Questions
    from mmlearn.grading.reading import Reading

    reading = Reading(plan.exercises, plan.written)
    reads = reading.read, reading.find, Questions, examine_source, reading.words
    return Tools(*reads, close=reading.close)


def grade(submissions, out, plan, *, workers=None, progress=iter, using=None):
    """Grade submissions; results already there are kept.

    Args:
        submissions: list of Submission.
        out: the folder for everything; results go into `results/`.
        plan: a Plan.
        workers: submissions at a time; by default one a core.
        progress: takes an iterator with one item a finished submission, gives it back.
        using: Tools.

    Returns:
        list of Graded, in the order given.
    """
    using = using or tools(plan)
    results = Results(out, plan.key())
    asked = {one.id: using.questions(one, plan.seed) for one in plan.exercises}
    ask = partial(_once, results=results, plan=plan, asked=asked, using=using)
    try:
        for _ in progress(_in_parallel(ask, submissions, workers or cores())):
            pass
    finally:
        using.close()
    return [_graded(one, results.read(one, sure=False), plan) for one in submissions]


def cores():
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_parallel(work, items, workers):
    """Do the work on every item, a few at a time; one yield for each that is done."""
    queue = iter(items)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="grade")
    try:
        running = {pool.submit(work, item) for item in islice(queue, 2 * workers)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
            running |= {pool.submit(work, item) for item in islice(queue, len(done))}
    finally:
        pool.shutdown(cancel_futures=True)


def _once(one, *, results, plan, asked, using):
    """Grade one submission and keep the results, unless they are there."""
    if results.read(one) is not None:
        return
    notebooks = []
    for path in one.notebooks:
        try:
            notebooks.append(using.read(path))
        except Exception as problem:  # whatever a file holds, the batch goes on
            results.write(one, [failed(e, problem) for e in plan.exercises], {})
            return
        if getattr(notebooks[-1], "ended", False):
            break  # one such costs enough
    marks = [_mark(notebooks, e, asked[e.id], one.note, using) for e in plan.exercises]
    damaged = tuple(shown(notebook.note) for notebook in notebooks if notebook.note)
    marks[:1] = [replace(first, flags=(*first.flags, *damaged)) for first in marks[:1]]
    answers: dict[str, str] = {}
    for notebook in notebooks:
        answers |= using.words(notebook, plan.written)
    results.write(one, marks, answers)


def _mark(notebooks, exercise, questions, note, using):
    """The mark for one exercise; whatever happens, there is one."""
    if not notebooks:
        return missing(exercise, note or "Nothing was handed in.")
    try:
        answers = [using.find(notebook, exercise) for notebook in notebooks]
        found = [answer for answer in answers if answer.found]
        if not found:
            return missing(exercise, answers[0].note)
        for answer in found:
            result = using.examine(questions, answer.source)
            if result.finding.kind != "stub":  # else another notebook may have more
                break
        if result.finding.kind not in _AS_IT_IS:
            for other in getattr(answer, "others", ()):
                better = using.examine(questions, other.source)
                if better.finding.kind == "passed":
                    return mark(exercise, better, other)
        return mark(exercise, result, answer)
    except Exception as problem:
        return failed(exercise, problem)


def _graded(one, kept, plan):
    marks, answers = kept or ((), {})
    found = {mark.exercise: mark for mark in marks}
    lost = RuntimeError("its results cannot be read")
    scored = [
        worth(found.get(e.id) or failed(e, lost), plan.worth[e.id], plan.rubric)
        for e in plan.exercises
    ]
    return Graded(one, tuple(scored), answers)
