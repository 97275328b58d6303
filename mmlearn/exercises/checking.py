"""`check`: a student's function against the solution on fresh random cases."""

import hashlib
import secrets

import numpy as np

from mmlearn.exercises.answers import plain
from mmlearn.exercises.diagnose import Finding, judge
from mmlearn.exercises.guard import Outcome, collect, not_a_function
from mmlearn.exercises.journal import journal
from mmlearn.exercises.numbers import argument_names
from mmlearn.exercises.page import Page, Say
from mmlearn.exercises.registry import find
from mmlearn.exercises.verdict import Verdict, failed_page, passed_page, stub_page


def check(id, function, seed=None, *, rung=None):
    """Compare a function with the solution of an exercise, and say what is wrong.

    Args:
        id: the exercise, "03.2".
        function: the student's function; for an answer worked by hand, the answer.
        seed: fixes the random cases, as a committed lesson does; else fresh ones.
        rung: show the verdict of this many tries (1, 2, 3) whatever the journal says,
            and write nothing into it: for a lesson that shows a mistake on purpose.

    Returns:
        Verdict: `.passed`, `.attempted`, `.function`, `.text`. It shows itself.

    Raises:
        UnknownExercise: with the exercises that exist.

    >>> import numpy as np
    >>> def softmax(logits):
    ...     e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    ...     return e / e.sum(axis=-1, keepdims=True)
    >>> check("02.1", softmax, seed=0, rung=1)
    ✓ 02.1 softmax
      Right. 9 fresh cases agree.
    """
    exercise = find(id)
    fresh = seed is None
    seed = secrets.randbits(31) if fresh else seed
    finding, refused = _examine(exercise, function, seed)
    book = journal()
    if finding.kind == "stub":
        page, passed = stub_page(exercise), False
    elif finding.kind == "passed":
        page, passed = passed_page(exercise, finding), True
    else:
        passed = False
    if rung is None and finding.kind != "stub":
        rung = _record(book, exercise, finding, function, seed)
    if refused:
        page = Page("failed", f"{exercise.id} {exercise.title}", (Say(refused),))
    elif finding.kind not in ("stub", "passed"):
        repeat = ""
        if fresh and exercise.draw is not None:
            repeat = f'The same cases again: `check("{exercise.id}", …, seed={seed})`.'
        page = failed_page(exercise, finding, rung, repeat)
    notes = tuple(Say(note) for note in book.take_notes())
    page = Page(page.mark, page.title, page.blocks + notes)
    solution = exercise.solution() if exercise.kind == "answer" else exercise.solution
    useful = function if passed and not finding.as_list else solution
    return Verdict(passed, finding.kind != "stub", useful, page, finding).show()


def examine(exercise, function, seed):
    """Cases from a seed, the function's outcomes, and the finding; shows nothing."""
    return _examine(exercise, function, seed)[0]


def _examine(exercise, function, seed):
    if exercise.kind == "answer":
        return _examine_answer(exercise, function), ""
    refused = not_a_function(function)
    if refused:
        return Finding("not a function"), refused
    cases = exercise.cases(np.random.default_rng(seed))
    outcomes = collect(
        function,
        cases,
        kind=exercise.kind,
        seconds=exercise.seconds,
        names=argument_names(exercise.solution),
    )
    return judge(exercise, cases, outcomes), ""


def _examine_answer(exercise, answer):
    if answer is Ellipsis:  # the stub of an answer is `name = ...`
        return Finding("stub", 0, 1)
    return judge(exercise, exercise.cases(None), [Outcome("returned", plain(answer))])


def _record(book, exercise, finding, function, seed):
    """Write a try into the journal; how many different ones there were, this included.

    The same function with the same result again is the same try: running a notebook
    from the top does not climb the ladder.
    """
    facts = {
        "passed": finding.kind == "passed",
        "kind": finding.kind,
        "mistakes": [mistake.name for mistake in finding.mistakes],
        "code": _fingerprint(exercise, function),
    }
    tried = book.entries(exercise.id, "check")
    last = tried[-1] if tried else {}
    if any(last.get(key) != value for key, value in facts.items()):
        book.add("check", exercise.id, seed=seed, **facts)
        tried.append(facts)
    return max(1, tries(tried))


def tries(checks):
    """How many of these journal entries are wrong tries."""
    return sum(1 for entry in checks if not entry.get("passed"))


def _fingerprint(exercise, function):
    if exercise.kind == "answer":
        text = repr(plain(function))
    else:
        text = _code_text(getattr(function, "__code__", None))
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def _code_text(code):
    if not hasattr(code, "co_code"):
        return "no code"
    inner = [
        _code_text(const) if hasattr(const, "co_code") else repr(const)
        for const in code.co_consts
    ]
    return f"{code.co_code.hex()} {code.co_names} {inner}"
