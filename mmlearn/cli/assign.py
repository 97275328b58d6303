"""`mmlearn assign` and `mmlearn exercise test`: what an instructor hands out."""

from pathlib import Path


def run(lesson, title, out, exercises, own, written, instructors):
    """Write an assignment, and say where everything is.

    Args:
        lesson: its number, or None.
        title: the assignment's title.
        out: the folder for nbgrader's source notebook; its name is the assignment's.
        exercises: ids, separated by commas; None for all of the lesson.
        own: a file with an instructor's own exercises, or None.
        written: how many questions to answer in words, "all", or their ids.
        instructors: the folder for solutions and rubric, or None.
    """
    from mmlearn.grading import assign
    from mmlearn.grading.own import load

    mine = load(own) if own else ()
    ids = [id for id in (exercises or "").split(",") if id.strip()]
    chosen, questions = assign.choose(lesson, ids, mine, written)
    private = frozenset(one.id for one in mine)
    name = Path(out).absolute().name
    assignment = assign.Assignment(name, title or name, chosen, questions, private)
    files = assign.write_assignment(assignment, out, instructors)
    told = f"{len(chosen)} to code, {len(questions)} to answer in words"
    print(f"{assignment.title}: {told}, {assignment.points:g} points.")
    for path, what in zip(files, _WHAT, strict=True):
        print(f"  {path}   {what}")
    for exercise in chosen:
        print(f"  {exercise.id:6}{exercise.title}: {exercise.points:g}")
    others = assign.others(out, name)
    if others:
        print(f"{out} holds {', '.join(others)} too, which nbgrader would hand out as")
        print("part of this assignment: remove them if they are only its example.")


_WHAT = (
    "nbgrader's source, to be alone in its folder",
    "the students' notebook, where nbgrader is not used",
    "solutions, and what known mistakes compute",
    "what a known mistake keeps: change it, then `mmlearn grade --rubric`",
    "the same to read, with what to look for in words",
)


def test(file):
    """Prove the exercises of a file; return 1 where something is not as it should be.

    Args:
        file: Python with `EXERCISE` or `EXERCISES`.
    """
    from rich.console import Console
    from rich.table import Table

    from mmlearn.grading.own import load
    from mmlearn.grading.prove import prove

    console, wrong = Console(), 0
    for exercise in load(file):
        title = f"{exercise.id} {exercise.title}"
        table = Table(title=_plain(title), title_justify="left", expand=True)
        table.add_column("", width=1)
        table.add_column("It should be so", ratio=1)
        table.add_column("What is wrong", ratio=1, overflow="fold")
        for claim in prove(exercise):
            wrong += not claim
            table.add_row(
                "✓" if claim else "✗", _plain(claim.what), _plain(claim.wrong)
            )
        console.print(table)
    verdict = f"{wrong} to mend; AUTHORING.md says how." if wrong else "All is proven."
    console.print(verdict, highlight=False)
    return int(wrong > 0)


def _plain(text):
    from rich.text import Text

    return Text(text)
