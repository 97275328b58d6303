"""What an instructor can type after `mmlearn`, besides `grade`."""

from pathlib import Path
from typing import Annotated

import typer

exercise = typer.Typer(help="Exercises of your own.")


@exercise.callback()
def of_your_own():
    """Exercises of your own."""


def assign(
    lesson: Annotated[str | None, typer.Argument(help="the lesson: 03")] = None,
    title: Annotated[str, typer.Option(help="the assignment's title")] = "",
    out: Annotated[Path, typer.Option(help="its folder: nbgrader's source/ps1")] = Path(
        "assignment"
    ),
    exercises: Annotated[
        str | None, typer.Option(help="by id: 03.2,03.4; default the lesson's")
    ] = None,
    own: Annotated[
        Path | None, typer.Option(help="a file with exercises of your own")
    ] = None,
    written: Annotated[
        str, typer.Option(help="questions in words: how many, all, or ids")
    ] = "2",
    instructors: Annotated[
        Path | None, typer.Option(help="for solutions and rubric; default beside --out")
    ] = None,
):
    """Make an assignment of a lesson's exercises: notebook, rubric, solutions."""
    from mmlearn.cli.assign import run

    run(lesson, title, out, exercises, own, written, instructors)


@exercise.command("test")
def exercise_test(
    file: Annotated[Path, typer.Argument(help="a file with exercises of your own")],
):
    """Prove an exercise: its solution, its stub, its mistakes, and junk."""
    from mmlearn.cli.assign import test

    raise typer.Exit(test(file))
