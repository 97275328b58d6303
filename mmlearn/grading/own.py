"""An instructor's own exercises: from a Python file, or from an installed package.

A file holds what a file of the course holds (see `exercises/AUTHORING.md`): `EXERCISE`,
or several as `EXERCISES`, and if wanted `PROMPTS`, questions to answer in words. It is
the instructor's own code, and is run.
"""

import importlib.util
import sys
from importlib.metadata import entry_points
from pathlib import Path

from mmlearn.exercises import registry
from mmlearn.exercises.exercise import Exercise

GROUP = "mmlearn.exercises"


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
        where = f", line {problem.lineno}" if isinstance(problem, SyntaxError) else ""
        raise OwnError(
            f"{path}{where}: {type(problem).__name__}: {problem}"
        ) from problem
    return _add(_exercises(module, str(path)), str(path))


def load_installed():
    """The exercises that installed packages bring, by their entry points."""
    found: list[Exercise] = []
    for point in entry_points(group=GROUP):
        where = f"the entry point {point.name!r}"
        try:
            value = point.load()
        except Exception as problem:
            told = f"{type(problem).__name__}: {problem}"
            raise OwnError(f"{where} cannot be loaded: {told}") from problem
        found += _add(_exercises(value, where), where)
    return tuple(found)


def _exercises(value, where):
    """From a module, an Exercise, or several, the Exercises."""
    if isinstance(value, Exercise):
        return (value,)
    several = getattr(value, "EXERCISES", value)
    if hasattr(value, "EXERCISE"):
        several = [value.EXERCISE]
    if not isinstance(several, list | tuple) or not several:
        raise OwnError(f"{where} holds no exercise: name it EXERCISE = Exercise(…)")
    for one in several:
        if not isinstance(one, Exercise):
            kind = type(one).__name__
            raise OwnError(f"{where}: EXERCISES holds a {kind}; expected Exercise(…)")
    return tuple(several)


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
