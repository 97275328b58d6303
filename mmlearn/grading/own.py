"""An instructor's own exercises, from a Python file.

A file holds what a file of the course holds (see `exercises/AUTHORING.md`): `EXERCISE`,
or several as `EXERCISES`. It is the instructor's own code, and is run. Exercises that
an installed package brings (entry points in the group `mmlearn.exercises`) need no
file: `exercises.find` knows them by their ids.
"""

import importlib.util
import sys
import traceback
from pathlib import Path

from mmlearn.exercises import registry
from mmlearn.exercises.exercise import Exercise

IMPORTED = ("Case", "Exercise", "Mistake")
IMPORT = f"from mmlearn.exercises import {', '.join(IMPORTED)}"


class OwnError(ValueError):
    """A file of exercises that cannot be used; the text says what to do."""


def load(path):
    """The exercises of a file, known by their ids from now on.

    Args:
        path: a file of Python with `EXERCISE` or `EXERCISES`.

    Returns:
        tuple of Exercise, in the file's order.

    Raises:
        OwnError: where the file is not there, fails, or holds no exercise.
    """
    path = Path(path)
    if not path.is_file():
        raise OwnError(f"there is no file {path}: write one as AUTHORING.md shows")
    name = f"mmlearn_own_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise OwnError(f"{path} is no file of Python: its name should end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where a solution's source is looked up
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        raise OwnError(_told(path, problem)) from problem
    return _add(_exercises(module, str(path)), str(path))


def _told(path, problem):
    """What stopped the file, in which line, and what to do where that is known."""
    said, line = problem, line_in(path, problem)
    if isinstance(problem, SyntaxError):
        said, line = problem.msg, problem.lineno
    if isinstance(problem, NameError) and problem.name in IMPORTED:
        said = f"{problem}: the file should begin with `{IMPORT}`"
    where = f", line {line}" if line else ""
    return f"{path}{where}: {type(problem).__name__}: {said}"


def line_in(path, problem):
    """The last line of a file through which an error went; 0 if none."""
    steps = traceback.extract_tb(problem.__traceback__)
    there = [s.lineno for s in steps if Path(s.filename).resolve() == path.resolve()]
    return there[-1] if there else 0


def _exercises(module, where):
    found = registry.exercises_in(module)
    if found == (module,) or not found:
        raise OwnError(f"{where} holds no exercise: name it EXERCISE = Exercise(…)")
    for one in found:
        if not isinstance(one, Exercise):
            kind = type(one).__name__
            raise OwnError(f"{where} holds a {kind}; expected an Exercise(…)")
    return found


def _add(exercises, where):
    for one in exercises:
        try:
            registry.add(one)
        except ValueError as problem:
            told = f"{problem} that the course does not have, such as '90.1'"
            raise OwnError(f"{where}: {told}") from None
    ids = [one.id for one in exercises]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise OwnError(f"{where}: two exercises have the id {twice[0]}")
    return exercises
