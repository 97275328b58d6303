"""What stops an author's own exercise: said with its line, so that it can be mended."""

import inspect
from pathlib import Path

import numpy as np

from mmlearn.exercises.answers import call, leaf_array
from mmlearn.exercises.exercise import Case
from mmlearn.grading.own import line_in


def not_drawn(exercise):
    """Why no cases can be drawn; "" if they can."""
    try:
        drawn = exercise.cases(np.random.default_rng(0))
    except Exception as problem:
        return broke_off(exercise, problem)
    for case in drawn:
        if not isinstance(case, Case):
            return f"one is a {type(case).__name__}; expected Case((x, …))"
    return ""


def broke_off(exercise, problem):
    """An error of the author's own code, with its line."""
    told, why = "", problem
    if isinstance(problem, RuntimeError):  # which does not say what stopped it
        why = _error_of_solution(exercise) or problem
        told = "" if why is problem else "the solution is broken: "
    file = inspect.getsourcefile(exercise.solution)
    line = line_in(Path(file), why) if file else 0
    where = f", in line {line}" if line else ""
    return f"{told}{type(why).__name__}{where}: {why}"


def _error_of_solution(exercise):
    try:
        for seed in (0, 1):
            for case in exercise.cases(np.random.default_rng(seed)):
                given = case.args, dict(case.kwargs), case.upstream
                call(exercise.kind, exercise.solution, *given)
    except Exception as problem:
        return problem
    return None


def undefined(answer):
    """Whether there is a NaN in an answer, or in a part of it."""
    parts = answer.values() if isinstance(answer, dict) else answer
    if isinstance(answer, dict | list | tuple):
        return any(map(undefined, parts))
    array = leaf_array(answer)
    return array is not None and array.dtype.kind in "fc" and np.isnan(array).any()
