"""From outcomes to a finding: right, or wrong in which way.

This half of a check knows the expected values and never runs the student's code.
"""

import warnings
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np

from mmlearn.exercises.answers import call, leaf_array, plain
from mmlearn.exercises.compare import Difference, differences, same
from mmlearn.exercises.exercise import Case, Exercise, Mistake
from mmlearn.exercises.guard import Outcome
from mmlearn.exercises.patterns import pattern


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Args:
        kind: "passed", "stub", "wrong", "mutated", or an outcome's status.
        right, total: cases right, cases asked.
        case, outcome, expected: the smallest case that fails, what was answered, and
            the right answer.
        differences: where that answer differs, one per part.
        mistakes: the known mistake, or two or three, that give the very same numbers.
        as_list: it passed, with lists where arrays are expected.
        pattern: where no known mistake does: "yours is the transpose", "" if nothing.
    """

    kind: str
    right: int = 0
    total: int = 0
    case: Case | None = None
    outcome: Outcome | None = None
    expected: Any = None
    differences: tuple[Difference, ...] = field(default=())
    mistakes: tuple[Mistake, ...] = ()
    pattern: str = ""
    as_list: bool = False


def ask(exercise, function, case):
    """A trusted function's outcome on one case, as plain data.

    Returns:
        Outcome: "returned" with the answer, or "raised" with the error's name.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            answer = call(
                exercise.kind, function, case.args, dict(case.kwargs), case.upstream
            )
        except Exception as problem:
            return Outcome("raised", error=type(problem).__name__)
    return Outcome("returned", plain(answer))


def judge(exercise, cases, outcomes, expected=None, ask=None):
    """What a function's outcomes on these cases say about it.

    Args:
        exercise: the Exercise.
        cases: the cases asked.
        outcomes: from `guard.collect`; fewer than cases if the time ran out.
        expected: from `expected_answers`, where many are judged on the same cases.
        ask: in place of `ask`, for the known mistakes: one that remembers, say.

    Returns:
        Finding.
    """
    total = len(cases)
    if outcomes and all(outcome.status == "stub" for outcome in outcomes):
        return Finding("stub", 0, total)
    outcomes = [_finished(outcome) for outcome in outcomes]
    expected = expected_answers(exercise, cases) if expected is None else expected
    found = [
        _problem(exercise, right, outcome)
        for right, outcome in zip(expected, outcomes, strict=False)
    ]
    failing = [k for k, (kind, _) in enumerate(found) if kind]
    if not failing:
        listed = any(
            isinstance(outcome.answer, list) and isinstance(right, np.ndarray)
            for right, outcome in zip(expected, outcomes, strict=True)
        )
        # The outcome of the first case: what it printed there is shown.
        return Finding("passed", total, total, outcome=outcomes[0], as_list=listed)
    k = min(failing, key=lambda k: _size(cases[k]))
    kind, different = found[k]
    mistakes = _named(exercise, cases, outcomes, found, ask)
    wrong = {j: found[j][1] for j in failing if found[j][0] == "wrong"}
    return Finding(
        kind=kind,
        right=total - len(failing) - (total - len(outcomes)),
        total=total,
        case=cases[k],
        outcome=outcomes[k],
        expected=expected[k],
        differences=tuple(different),
        mistakes=mistakes,
        pattern="" if mistakes or kind != "wrong" else pattern(different, wrong),
    )


def expected_answers(exercise: Exercise, cases):
    """The solution's answers, as plain data, one for each case."""
    outcomes = [ask(exercise, exercise.solution, case) for case in cases]
    for outcome in outcomes:
        if outcome.status != "returned":
            raise RuntimeError(
                f"the solution of {exercise.id} raised {outcome.error}: the exercise "
                "is broken, not your function"
            )
    return [outcome.answer for outcome in outcomes]


def _finished(outcome):
    """A stub's error in some cases only: a path of the function is not written yet."""
    if outcome.status != "stub":
        return outcome
    return replace(outcome, status="raised", error="NotImplementedError")


def _problem(exercise, right, outcome):
    if outcome.status != "returned":
        return outcome.status, []
    if outcome.mutated:
        return "mutated", []
    different = differences(
        right, outcome.answer, tolerance=exercise.tolerance, parts=exercise.parts
    )
    return ("wrong" if different else ""), different


def _size(case):
    arrays = [leaf_array(value) for value in (*case.args, *case.kwargs.values())]
    return sum(array.size for array in arrays if array is not None)


def _named(exercise, cases, outcomes, found, ask):
    """The first known mistake, or pair of them, that gives the student's answers.

    Three at once are named where no other three give them: nobody has proven them.
    """
    asked = range(len(outcomes))
    # Failing cases first, small ones first: most candidates fall at the first.
    telling = [k for k in asked if found[k][0] == "wrong"]
    if not telling and not any(kind == "" for kind, _ in found):
        return ()  # two functions that always raise are not yet the same function
    order = sorted(asked, key=lambda k: (k not in telling, _size(cases[k])))

    def gives(mistakes):
        wrong = exercise.wrong(mistake.name for mistake in mistakes)
        return all(_same(exercise, wrong, cases[k], outcomes[k], ask) for k in order)

    for mistakes in exercise.combinations():
        if not telling and len(mistakes) > 1:
            return ()  # right or raising, and no wrong number: too little for a pair
        if gives(mistakes):
            return mistakes
    if len(telling) < 2:
        return ()  # a number or two: some three of many would give them by chance
    found = list(islice(filter(gives, exercise.threes()), 2))
    return found[0] if len(found) == 1 else ()


def _same(exercise, wrong, case, outcome, asks):
    made = (asks or ask)(exercise, wrong, case)
    if outcome.status != "returned" or made.status != "returned":
        return (made.status, made.error) == (outcome.status, outcome.error)
    return same(made.answer, outcome.answer, tolerance=exercise.tolerance)
