"""What an assignment asks: its exercises, its written questions, and their points."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import mmlearn
from mmlearn.exercises.registry import UnknownExercise, exercise_ids, find, normal_id
from mmlearn.grading.marks import digest

FORMAT = 3  # of results; one more whenever what is in them changes its meaning


class PlanError(ValueError):
    """Nothing that could be graded."""


@dataclass(frozen=True)
class Plan:
    """What is graded.

    Args:
        name: the assignment's name.
        exercises: the Exercises, in the order of the assignment.
        worth: exercise's id -> the points it is worth here.
        written: the questions answered in words (see `written.WrittenQuestion`).
        seed: where the hidden cases come from.
        rubric: (exercise, mistake) -> the share of the points that it keeps.
        duedate: as nbgrader writes it.
        title: the assignment's, for people; "" where it has none.
    """

    name: str
    exercises: tuple
    worth: Mapping[str, float]
    written: tuple = ()
    seed: int = 0
    rubric: Mapping[tuple[str, str], float] = field(default_factory=dict)
    duedate: str = ""
    title: str = ""

    @property
    def heading(self):
        """What pages are headed with."""
        if self.title in ("", self.name):
            return self.name
        return f"{self.title} ({self.name})"

    @property
    def of(self):
        """All the points there are."""
        return sum(self.worth.values()) + sum(q.points for q in self.written)

    def key(self):
        """A fingerprint of all that results depend on, but the submission."""
        asked = [(one.id, digest(one)) for one in self.exercises]
        words = [(one.id, one.stub) for one in self.written]
        facts = [FORMAT, mmlearn.__version__, self.seed, asked, words]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def plan_of_ids(ids, name=""):
    """A plan for exercises by their ids, each worth its own points."""
    exercises = tuple(find(id) for id in dict.fromkeys(map(normal_id, ids)))
    if not exercises:
        raise PlanError("no exercise was named")
    worth = {one.id: float(one.points) for one in exercises}
    return Plan(name or " ".join(worth), exercises, worth)


def plan_of_lesson(lesson, name=""):
    """A plan for all exercises of a lesson."""
    number = normal_id(lesson)
    ids = [id for id in exercise_ids() if id.startswith(f"{number}.")]
    if not ids:
        raise PlanError(f"lesson {lesson!r} has no exercises")
    return plan_of_ids(ids, name or f"lesson {number}")


def plan_of_notebook(path):
    """A plan for an assignment's notebook: nbgrader's source, release, or its folder.

    The points are those that now stand in it.
    """
    from mmlearn.grading.assign import asked

    found = asked(path)
    try:
        exercises = tuple(find(id) for id in found.worth)
    except UnknownExercise as problem:
        told = str(problem).partition(";")[0]
        raise PlanError(
            f"{told}: it is of your own? Then add --own FILE, as when it was assigned"
        ) from None
    return Plan(found.name, exercises, found.worth, found.written, title=found.title)
