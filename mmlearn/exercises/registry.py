"""Where exercises and questions are found: by id, and not before they are asked for.

`bank/lesson_03/ex2_naive_conv2d.py` holds exercise 03.2 as `EXERCISE`;
`bank/lesson_03/questions.py` holds `QUESTIONS` (to recall) and `PROMPTS` (to explain).
"""

import importlib
import re
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

BANK = Path(__file__).parent / "bank"
_PACKAGE = f"{__package__}.bank"
_added: dict = {}


class UnknownExercise(LookupError):
    """No exercise, question or lesson has this id."""


@cache
def _files():
    """Exercise ids and their modules, from the names of the files alone."""
    found = {}
    for path in sorted(BANK.glob("lesson_*/ex*_*.py")):
        lesson = path.parent.name.removeprefix("lesson_")
        number = re.match(r"ex(\d+)_", path.name)
        if number:
            found[f"{lesson}.{number[1]}"] = (
                f"{_PACKAGE}.{path.parent.name}.{path.stem}"
            )
    return found


def _order(id):
    lesson, _, rest = id.partition(".")
    return lesson, re.sub(r"\d", "", rest), int(re.sub(r"\D", "", rest) or 0)


def exercise_ids():
    """All exercises there are, in reading order."""
    return sorted({*_files(), *_added}, key=_order)


def in_course(id):
    """Whether an exercise is one of the course's own: then it has a lesson to read."""
    return id in _files()


def normal_id(id):
    """'3.2' and ' 03.2' are the same exercise as '03.2'."""
    lesson, dot, rest = str(id).strip().partition(".")
    return f"{lesson.zfill(2)}{dot}{rest}"


@cache
def _installed():
    """Exercises that installed packages bring: entry points `mmlearn.exercises`."""
    points = entry_points(group="mmlearn.exercises")
    return {one.id: one for point in points for one in exercises_in(point.load())}


def exercises_in(value):
    """The exercises of a module, named `EXERCISES` or `EXERCISE`; or given themselves.

    >>> exercises_in(find("03.2"))[0].id
    '03.2'
    """
    found = getattr(value, "EXERCISES", None) or getattr(value, "EXERCISE", value)
    return tuple(found) if isinstance(found, list | tuple) else (found,)


def find(id):
    """The exercise with this id: the course's, one added, or an installed package's.

    Raises:
        UnknownExercise: with a list of those that exist.

    >>> find("03.2").title
    'naive conv2d'
    """
    key = normal_id(id)
    if key in _added:
        return _added[key]
    if key not in _files() and key in _installed():
        return _installed()[key]
    if key not in _files():
        raise UnknownExercise(
            f"there is no exercise {id!r}; there are: {', '.join(exercise_ids())}"
        )
    return importlib.import_module(_files()[key]).EXERCISE


def add(exercise):
    """Make an exercise from elsewhere (an instructor's own) known by its id."""
    if exercise.id in _files():
        raise ValueError(f"exercise {exercise.id} exists in the course: choose an id")
    _added[exercise.id] = exercise
    return exercise


@cache
def _questions_module(lesson):
    path = BANK / f"lesson_{lesson}" / "questions.py"
    if not path.exists():
        return None
    return importlib.import_module(f"{_PACKAGE}.lesson_{lesson}.questions")


def lessons_with_questions():
    """Numbers of the lessons that have questions, in reading order."""
    return sorted(
        path.parent.name.removeprefix("lesson_")
        for path in BANK.glob("lesson_*/questions.py")
    )


def questions(lesson):
    """The recall questions of a lesson; none where it has none."""
    module = _questions_module(normal_id(lesson))
    return tuple(getattr(module, "QUESTIONS", ()))


def prompts(lesson):
    """The "explain to yourself" prompts of a lesson; none where it has none."""
    module = _questions_module(normal_id(lesson))
    return tuple(getattr(module, "PROMPTS", ()))


def find_prompt(id):
    """The question or prompt with this id.

    Raises:
        UnknownExercise: with a list of those that exist.
    """
    key = normal_id(id)
    known = {
        item.id: item
        for lesson in lessons_with_questions()
        for item in (*questions(lesson), *prompts(lesson))
    }
    if key not in known:
        ids = ", ".join(sorted(known, key=_order)) or "none yet"
        raise UnknownExercise(f"there is no question {id!r}; there are: {ids}")
    return known[key]
