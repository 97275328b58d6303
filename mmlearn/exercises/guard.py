"""Run a student's function on cases, whatever it does, and report plain data.

This is the half of a check that touches the student's code; `diagnose` is the half
that knows the expected values. They share nothing but cases and outcomes.
"""

import copy
import inspect
import linecache
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mmlearn.exercises.answers import WrongForm, call, describe, plain
from mmlearn.exercises.screen import AsksForInput, Screen, quiet
from mmlearn.exercises.watchdog import TimeUp, Watchdog

_HERE = str(Path(__file__).parent)


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    Args:
        status: "returned", "stub", "raised", "timeout", "exit", "input",
            "signature" or "form".
        answer: plain data, where it returned.
        mutated: name of an argument that the call changed.
        error, message: type and text of what was raised.
        line, source: where in the student's code.
        printed: the beginning of what it printed.
    """

    status: str
    answer: Any = None
    mutated: str = ""
    error: str = ""
    message: str = ""
    line: int = 0
    source: str = ""
    printed: str = ""


def collect(function, cases, *, kind="function", seconds=10.0, names=()):
    """Call a function on every case, under one time limit for all.

    Args:
        function: the student's function.
        cases: list of Case; each call gets its own copy.
        kind: the exercise's kind.
        seconds: time limit for all the cases together.
        names: the positional arguments' names, to say which one was changed.

    Returns:
        list of Outcome, one per case; it ends with the case that ran out of time.
    """
    outcomes: list[Outcome] = []
    with quiet() as screen:
        watchdog = Watchdog(seconds)
        try:
            try:
                watchdog.start()
                for case in cases:
                    screen.clear()
                    outcomes.append(outcome_of(function, case, kind, names, screen))
            finally:
                watchdog.stop()
        except TimeUp:  # looked at once nothing more can arrive in the midst of it
            watchdog.stop()
            outcomes.append(Outcome("timeout", printed=screen.text()))
    return outcomes


def outcome_of(function, case, kind="function", names=(), screen=None):
    """One call, without a time limit; inside `quiet`, whose Screen it is given."""
    screen = screen or Screen()
    refused = signature_refuses(function, case)
    if refused:
        return Outcome("signature", message=refused)
    given = copy.deepcopy((case.args, dict(case.kwargs), case.upstream))
    try:
        answer = plain(call(kind, function, *given))
    except (KeyboardInterrupt, TimeUp):
        raise
    except SystemExit:
        return Outcome("exit", printed=screen.text())
    except AsksForInput:
        return Outcome("input", printed=screen.text())
    except WrongForm as problem:
        return Outcome("form", message=str(problem), printed=screen.text())
    except BaseException as problem:
        # input() in a notebook without a keyboard raises a subclass: compare exactly.
        if type(problem) is NotImplementedError:
            return Outcome("stub")
        return _raised(problem, function, screen)
    mutated = _changed(given, case, names)
    return Outcome("returned", answer, mutated=mutated, printed=screen.text())


def signature_refuses(function, case):
    """How the function cannot be called with this case's arguments; "" if it can."""
    try:
        signature = inspect.signature(function)
    except Exception:  # compiled functions have none; a call will tell
        return ""
    try:
        signature.bind(*case.args, **case.kwargs)
    except TypeError as problem:
        return f"yours takes {str(signature)[:200]}: {problem}"
    return ""


def _raised(problem, function, screen):
    frames = traceback.extract_tb(problem.__traceback__)
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    theirs = [f for f in frames if f.filename == own or "ipykernel" in f.filename]
    outside = [f for f in frames if not f.filename.startswith(_HERE)]
    line, source = 0, ""
    for frame in (theirs or outside[:1])[-1:]:  # the innermost of theirs, if any
        line = frame.lineno or 0
        source = linecache.getline(frame.filename, line).strip()
    try:
        message = str(problem)
    except Exception:  # their own exception class, with a __str__ that raises
        message = "(its message cannot be shown)"
    kind = type(problem).__name__
    return Outcome(
        "raised",
        error=str(kind)[:80],
        message=str(message)[:400],
        line=line,
        source=source[:200],
        printed=screen.text(),
    )


def _changed(given, case, names):
    """Name of the first argument that is no longer what it was; "" if all are."""
    args, kwargs, upstream = given
    for k, (now, before) in enumerate(zip(args, case.args, strict=True)):
        if not _same(now, before):
            return names[k] if k < len(names) else f"argument {k + 1}"
    for name, before in case.kwargs.items():
        if not _same(kwargs.get(name), before):
            return name
    return "" if _same(upstream, case.upstream) else "the upstream gradient"


def _same(now, before):
    if type(now) is not type(before):
        return False
    if isinstance(before, np.ndarray):
        same_form = now.shape == before.shape and now.dtype == before.dtype
        numbers = before.dtype.kind in "fc"
        return same_form and np.array_equal(now, before, equal_nan=numbers)
    if isinstance(before, list | tuple):
        return len(now) == len(before) and all(map(_same, now, before))
    if isinstance(before, dict):
        # By position, without asking a key of theirs whether it equals ours.
        keys = all(map(_same, now, before)) and len(now) == len(before)
        return keys and all(map(_same, now.values(), before.values()))
    return now is before or now == before


def not_a_function(value):
    """Why this cannot be checked as a function; "" if it can."""
    if value is None:
        return "You gave None: did the cell that defines the function run?"
    if callable(value):
        return ""
    return (
        f"You gave {describe(value)}, not a function: give the function itself, "
        "without calling it (no parentheses after its name)."
    )
