"""An assignment: a lesson's exercises as a notebook, its rubric, the instructor's copy.

The notebook is nbgrader's source: `nbgrader generate_assignment` takes the solutions
out. It stands alone in its folder, because nbgrader hands out all that is in there;
what students must not see is written into another one.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from mmlearn.exercises.registry import (
    exercise_ids,
    find,
    find_prompt,
    normal_id,
    prompts,
)
from mmlearn.grading import instructor, nbgrader
from mmlearn.grading.handout import WORDS, notebook
from mmlearn.grading.keeping import write_whole
from mmlearn.grading.written import WrittenQuestion

_HEAD = re.compile(r"\s*\*\*([^*\n]+)\*\*\s*(?:\([\d.]+ points?\))?")  # of a question
_BOLD = re.compile(r"(?<!\w)\*\*(?=\S)([^*\n]+)(?<=\S)\*\*(?!\w)")
_EXERCISE = re.compile(r"exercise-(\d\d)-(\d+)-test")


class AssignError(ValueError):
    """An assignment that cannot be made."""


@dataclass(frozen=True)
class Assignment:
    """What is handed out.

    Args:
        name: of its folder and notebook, "ps1".
        title: "Problem set 1".
        exercises: the Exercises, in order.
        questions: the Questions answered in words.
        private: ids of exercises that a student's `check` does not know.
    """

    name: str
    title: str
    exercises: tuple
    questions: tuple = ()
    private: frozenset[str] = field(default_factory=frozenset)

    @property
    def points(self):
        """All the points there are."""
        return sum(e.points for e in self.exercises) + WORDS * len(self.questions)

    @property
    def lessons(self):
        """Numbers of its lessons, in order."""
        return sorted({one.lesson for one in (*self.exercises, *self.questions)})


@dataclass(frozen=True)
class Asked:
    """What an assignment's notebook asks, as it stands now.

    Args:
        name: the assignment's.
        title: the notebook's first heading.
        worth: exercise's id -> points.
        written: the WrittenQuestions.
    """

    name: str
    title: str
    worth: dict[str, float]
    written: tuple[WrittenQuestion, ...] = ()


def choose(lesson=None, ids=(), own=(), written="2"):
    """The exercises and the questions of an assignment.

    Args:
        lesson: its number; all its exercises, unless `ids` names some.
        ids: of exercises.
        own: an instructor's own Exercises, put after them.
        written: how many of the lesson's "explain" prompts, "all", or their ids.

    Raises:
        AssignError: where nothing is chosen.
        UnknownExercise: naming those that there are.
    """
    number = normal_id(lesson) if lesson is not None else ""
    wanted = [normal_id(id) for id in ids]
    if not wanted and number:
        wanted = [id for id in exercise_ids() if id.startswith(f"{number}.")]
        if not wanted:
            raise AssignError(f"lesson {lesson} has no exercises")
    chosen = [find(id) for id in dict.fromkeys(wanted)]
    chosen += [one for one in own if one not in chosen]
    if not chosen:
        raise AssignError("name a lesson, or --exercises 03.2,03.4, or --own FILE")
    asked = prompts(number) if number else ()
    if re.fullmatch(r"\d+", written):
        return tuple(chosen), tuple(asked[: int(written)])
    if written != "all":
        asked = tuple(find_prompt(id) for id in written.split(","))
    return tuple(chosen), tuple(asked)


def write_assignment(assignment, out, instructors=None):
    """Write the notebook, and beside it what is for instructors only.

    Args:
        assignment: the Assignment.
        out: the folder of the notebook: nbgrader's `source/ps1`.
        instructors: the other folder; by default `instructor/ps1` beside `source`,
            else `ps1-instructor` beside `out`.

    Returns:
        list of the files written.

    Raises:
        AssignError: where the notebook is there already with other content.
    """
    out = Path(out)
    aside = Path(instructors) if instructors else _aside(out, assignment.name)
    if aside.resolve().is_relative_to(out.resolve()):
        raise AssignError(f"{aside} lies in {out}, all of which students are given")
    source = notebook(assignment)
    texts = {
        out / f"{assignment.name}.ipynb": _text(source),
        aside / "students" / f"{assignment.name}.ipynb": _text(
            nbgrader.cleared(source)
        ),
        aside / "solutions.ipynb": _text(instructor.solutions(assignment)),
        aside / "rubric.csv": instructor.rubric_csv(assignment),
        aside / "rubric.md": instructor.rubric_page(assignment),
    }
    for path, text in texts.items():
        if path.exists() and path.read_text("utf-8") != text:
            raise AssignError(
                f"{path} is there and differs: name another --out, or delete it first"
            )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    return list(texts)


def _aside(out, name):
    out = out.absolute()
    if out.parent.name == "source":
        return out.parent.parent / "instructor" / name
    return out.with_name(f"{out.name}-instructor")


def _text(made):
    return nbformat.writes(made, version=4) + "\n"


def asked(path):
    """What an assignment's notebook asks, with the points as they now stand in it.

    Args:
        path: the notebook, nbgrader's source or release; or the folder it is alone in.

    Raises:
        AssignError: where there is no such notebook, or nothing is asked in it.
    """
    path = Path(path)
    if path.is_dir():
        path = _in_folder(path)
    made = nbformat.read(path, as_version=4)
    worth, written, text = {}, [], ""
    for cell in made.cells:
        marks = cell.metadata.get("nbgrader", {})
        match = _EXERCISE.fullmatch(marks.get("grade_id", ""))
        if match and marks.get("grade"):
            worth[f"{match[1]}.{match[2]}"] = float(marks["points"])
        elif marks.get("grade") and marks.get("solution"):
            written.append(_question(marks, text, cell.source))
        text = cell.source
    if not worth and not written:
        raise AssignError(f"{path} asks nothing: was it made by `mmlearn assign`?")
    about = made.metadata.get("mmlearn", {}).get("assignment", {})
    title = about.get("title", path.stem)
    return Asked(path.stem, title, worth, tuple(written))


def _in_folder(folder):
    """The notebook in a folder; of several, the one that bears the folder's name."""
    inside = sorted(folder.glob("*.ipynb"))
    named = [one for one in inside if one.stem == folder.absolute().name]
    if len(inside) != 1 and not named:
        raise AssignError(
            f"{folder} holds {len(inside)} notebooks; expected one: name the notebook"
        )
    return (named or inside)[0]


def others(out, name):
    """Names of further notebooks in an assignment's folder: nbgrader's example, say."""
    return sorted(p.name for p in Path(out).glob("*.ipynb") if p.stem != name)


def _question(marks, text, answer):
    """A question from the cell that asks it and the cell that answers it."""
    head = _HEAD.match(text)
    title = head[1].strip() if head else ""
    plain = _BOLD.sub(r"\1", text[head.end() :] if head else text).strip()
    solution = nbgrader.solution_of(answer)
    stub, points = nbgrader.TEXT_STUB, float(marks["points"])
    return WrittenQuestion(marks["grade_id"], points, plain, stub, title, solution)
