"""The verdict of a check, and the ladder that keeps it from giving the answer away.

First rung: the smallest case that fails, and a question. Second: the mistake by name,
and a hint. Third: what to read again, and the solution may be opened.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmlearn.exercises.diagnose import Finding
from mmlearn.exercises.numbers import case_in_short, place, show_case, show_value
from mmlearn.exercises.page import Page, Say, Show, Shown, Side
from mmlearn.exercises.words import (
    difference_text,
    parts_text,
    problem_text,
    raised_text,
)

OPENS_AFTER = 3  # tries before `solution` opens
_FORMS = ("junk", "structure", "several", "dtype")  # no numbers to compare yet


@dataclass(repr=False)
class Verdict(Shown):
    """What `check` says about a function.

    Args:
        passed: every case was right.
        attempted: False for an untouched stub.
        function: the student's function if it passed, else the solution, so that a
            lesson goes on; for an answer worked by hand, the number.
        page: what is shown; `.text` is it as plain text.
        finding: the facts behind it.
    """

    passed: bool
    attempted: bool
    function: Any
    page: Page
    finding: Finding

    def __bool__(self):
        return self.passed


def passed_page(exercise, finding):
    """The page of a function that is right."""
    cases = "" if exercise.kind == "answer" else f" {finding.total} fresh cases agree."
    blocks: list = [Say(f"Right.{cases}")]
    if finding.as_list:
        blocks.append(
            Say(
                "It returns lists, which count; the cells below need arrays, and go on "
                "with the solution: `return np.array(y)` keeps yours."
            )
        )
    if finding.outcome is not None and finding.outcome.printed:
        blocks.append(Show("It printed", finding.outcome.printed))
    return Page("passed", _title(exercise), tuple(blocks))


def stub_page(exercise):
    """The page of an untouched stub."""
    how = f"Write `{exercise.function}`, then run its cell again."
    return Page("open", f"{_title(exercise)}: not attempted yet", (Say(how),))


def failed_page(exercise, finding, rung, repeat=""):
    """The page of a wrong function, as far up the ladder as `rung` says.

    Args:
        exercise: the Exercise.
        finding: what is wrong.
        rung: 1, 2, 3: how many different tries there were, this one included.
        repeat: how to ask the same cases again, if that is not obvious.
    """
    blocks: list = []
    cause = _cause(exercise, finding)
    if cause:
        blocks += cause + _after_cause(exercise, finding, rung)
    elif finding.kind in ("wrong", "raised"):
        case = _failing_case(exercise, finding)
        ladder = _ladder(exercise, finding, rung)
        # A question stands under the numbers it asks about, a diagnosis above them.
        blocks += case + ladder if rung < 2 else ladder + case
    else:
        blocks.append(Say(problem_text(exercise, finding)))
    if finding.outcome is not None and finding.outcome.printed:
        blocks.append(Show("It printed", finding.outcome.printed))
    if rung >= OPENS_AFTER:
        blocks.append(Say(f'The solution is open: `solution("{exercise.id}")`.'))
    if repeat:
        blocks.append(Say(repeat))
    right = f"{finding.right} of {finding.total} cases right"
    tail = "not yet" if finding.total == 1 or not finding.right else f"not yet, {right}"
    return Page("failed", f"{_title(exercise)}: {tail}", tuple(blocks))


def returned_page(exercise, finding):
    """The page of a returned mark: what is wrong, where to look, no expected number.

    The same cases mark the others: neither they nor their answers are shown.
    """
    if finding.kind == "stub":
        return stub_page(exercise)
    if finding.kind == "passed":
        return passed_page(exercise, replace(finding, outcome=None))
    blocks: list = []
    if finding.kind == "raised":
        blocks += _cause(exercise, finding)
    elif finding.kind == "wrong":
        blocks += [Say(text) for text in _without_numbers(exercise, finding) if text]
    else:
        blocks.append(Say(problem_text(exercise, finding)))
    if finding.mistakes or finding.kind == "wrong":
        blocks += _ladder(exercise, finding, OPENS_AFTER)
    right = f"{finding.right} of {finding.total} cases right"
    tail = "not yet" if finding.total == 1 or not finding.right else right
    return Page("failed", f"{_title(exercise)}: {tail}", tuple(blocks))


def _without_numbers(exercise, finding):
    """Where a wrong answer differs, in sentences that hold no number of ours."""
    first = finding.differences[0]
    if first.kind in (*_FORMS, "shape"):
        return [_capital(difference_text(first)), parts_text(exercise, finding)]
    spot = place(first.index, first.part)
    said = "It is not a number (NaN)" if first.kind == "nan" else "It differs first"
    return [f"{said} at `{spot}`." if spot else "", parts_text(exercise, finding)]


def _title(exercise):
    return f"{exercise.id} {exercise.title}"


def _cause(exercise, finding):
    """What an exception, None, NaN or a wrong type comes from; [] for wrong numbers."""
    if finding.kind == "raised":
        told = [Say(raised_text(exercise.function, finding.outcome))]
        line = finding.outcome.source
        return told + ([Show("The line", line)] if line else [])
    if finding.kind != "wrong" or exercise.kind == "answer":
        return []
    first = finding.differences[0]
    if first.kind in _FORMS or first.kind == "nan":
        return [Say(_capital(difference_text(first)))]
    return []


def _after_cause(exercise, finding, rung):
    """Under a cause: the mistake if it is known, the case, general help last."""
    ladder = _ladder(exercise, finding, rung)
    known = ladder if finding.mistakes and rung >= 2 else []
    if _nan_in_places(finding):  # the numbers around a NaN say where it comes from
        return known + _failing_case(exercise, finding) + ([] if known else ladder)
    inputs = case_in_short(finding.case, exercise.solution)
    case = [Say(f"The smallest case in which this happens: {inputs}.")]
    if finding.kind == "wrong" or rung < 2:  # nothing of the exercise is wrong yet
        ladder = []
    return known + case + ([] if known else ladder)


def _nan_in_places(finding):
    if finding.kind != "wrong" or finding.differences[0].kind != "nan":
        return False
    return not np.isnan(finding.differences[0].yours).all()


def _failing_case(exercise, finding):
    if exercise.kind == "answer":
        return _answer_blocks(finding)
    blocks: list = [Say("The smallest case that fails:")]
    inputs = show_case(finding.case, exercise.solution, exercise.planes)
    blocks.append(Side(tuple(Show(f"`{name}`", text) for name, text in inputs)))
    first = finding.differences[0]
    of_part = f" `{first.part}`" if first.part else ""
    plane = exercise.planes.get(first.part or "answer")
    both = (("Yours", first.yours), ("Expected", first.expected))
    blocks.append(
        Side(
            tuple(
                Show(f"{whose}{of_part}", show_value(value, first.index, plane))
                for whose, value in both
            )
        )
    )
    which = parts_text(exercise, finding)
    blocks += [Say(which)] if which else []
    if first.kind != "nan":  # said already, at the top
        blocks.append(Say(_capital(difference_text(first))))
    return blocks


def _answer_blocks(finding):
    """For an answer worked by hand: what was given, never what was expected."""
    first = finding.differences[0]
    if first.kind in (*_FORMS, "shape"):
        return [Say(_capital(difference_text(first)))]
    given = show_value(finding.outcome.answer)
    where = f" It is not right at {list(first.index)}." if first.index else ""
    where = f" `{first.part}` is not right." if first.part else where
    return [Show("You answered", given), Say(f"That is not it.{where}")]


def _ladder(exercise, finding, rung):
    if rung < 2:
        return [Say(f"A question: {exercise.question}")]
    blocks: list = []
    if finding.mistakes:
        for mistake in finding.mistakes:
            blocks.append(Say(f"{_capital(mistake.name)}: {mistake.says}"))
            blocks.append(Say(f"A hint: {mistake.hint}"))
    else:
        if finding.pattern:
            blocks.append(Say(finding.pattern))
        hint = exercise.hints[min(rung - 2, len(exercise.hints) - 1)]
        blocks.append(Say(f"A hint: {hint}"))
    if rung >= 3:
        places = [m.reread for m in finding.mistakes if m.reread] or [exercise.reread]
        blocks.append(Say("Read again: " + "; ".join(f"“{p}”" for p in places) + "."))
    return blocks


def _capital(text):
    """A sentence's first letter as a capital, unless it is code."""
    return text[:1].upper() + text[1:]
