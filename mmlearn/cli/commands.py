"""What one can type after `mmlearn`. Each command imports its room when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from mmlearn.cli import teaching

app = typer.Typer(
    help="Multimodal deep learning, from one convolution to a video model.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data = typer.Typer(help="The data sets: what there is, fetch, verify.")
app.add_typer(data, name="data", no_args_is_help=True)
app.command()(teaching.assign)
app.add_typer(teaching.exercise, name="exercise", no_args_is_help=True)

Port = Annotated[int | None, typer.Option(min=1, max=65535, help="port on 127.0.0.1")]


def _version(wanted: bool):
    if wanted:
        import mmlearn

        typer.echo(f"mmlearn {mmlearn.__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="show it and exit"
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="show where an error arose")
    ] = False,
):
    """Multimodal deep learning, from one convolution to a video model."""


@app.command()
def lab(
    lesson: Annotated[str, typer.Argument(help="the lesson to open")] = "00",
    folder: Annotated[
        Path | None,
        typer.Option(
            help="your copy of lessons and data; default ~/mmlearn, or a clone"
        ),
    ] = None,
    port: Port = None,
    browser: Annotated[bool, typer.Option(help="open a browser window")] = True,
    copy_only: Annotated[
        bool, typer.Option("--copy-only", help="copy the course and stop")
    ] = False,
    jupyter: Annotated[
        list[str] | None, typer.Argument(help="after --, words for JupyterLab")
    ] = None,
):
    """Open JupyterLab at a lesson (on 127.0.0.1, with a token)."""
    from mmlearn.cli.lab import run

    run(lesson, folder, port, browser, copy_only, jupyter or [])


@app.command()
def doctor(
    report: Annotated[
        bool, typer.Option("--report", help="print Markdown to paste into a question")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="do not start TensorFlow")
    ] = False,
    grading: Annotated[
        bool, typer.Option("--grading", help="how safely it can run submissions")
    ] = False,
):
    """Look whether this machine has what the course needs."""
    if grading:
        from mmlearn.cli import grading as sandbox

        raise typer.Exit(sandbox.run())
    from mmlearn.cli.doctor import run

    raise typer.Exit(run(report, quick))


@data.command("list")
def data_list():
    """List the data sets, and which are on this machine."""
    from mmlearn.cli.data import show_list

    show_list()


@data.command("fetch")
def data_fetch(names: Annotated[list[str], typer.Argument(help="names, or: all")]):
    """Download data sets, checked against their known hashes."""
    from mmlearn.cli.data import fetch

    fetch(names)


@data.command("verify")
def data_verify(
    names: Annotated[list[str] | None, typer.Argument(help="default: all")] = None,
):
    """Check the files of data sets against their known hashes."""
    from mmlearn.cli.data import verify

    verify(names or [])


@app.command()
def train(
    name: Annotated[
        str | None, typer.Argument(help="a recipe; none lists them")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(min=1, help="seeds 0 to SEEDS-1; default 1, or as the table says"),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="quick or full; default $MMLEARN_PROFILE")
    ] = None,
    log_dir: Annotated[Path | None, typer.Option(help="write TensorBoard logs")] = None,
    every: Annotated[bool, typer.Option("--all", help="every recipe")] = False,
    table: Annotated[
        Path | None, typer.Option(help="put the results into a Markdown table")
    ] = None,
    select: Annotated[
        bool,
        typer.Option("--select", help="compare schedules, on the validation set only"),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would run, and stop")
    ] = False,
):
    """Run a recipe: the experiment of a lesson, from data to a number."""
    from mmlearn.cli.train import run

    run(name, seeds, profile, log_dir, every, table, select, dry_run)


@app.command()
def tensorboard(
    log_dir: Annotated[Path, typer.Argument(help="the folder given to --log-dir")],
    port: Port = None,
):
    """Open TensorBoard on a log folder (on 127.0.0.1)."""
    from mmlearn.cli.tensorboard import run

    run(log_dir, port)


@app.command()
def review():
    """Show what to repeat: exercises and predictions that went wrong so far."""
    from mmlearn.exercises import review as what_to_repeat

    typer.echo(what_to_repeat().text)


@app.command()
def verdict(
    source: Annotated[str, typer.Argument(help="a film, or camera, or camera:1")],
    judge: Annotated[
        str, typer.Option(help="fights, storyboard, or auto: what can be had here")
    ] = "auto",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="train the judge anew")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="one JSON object a window")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="the summary alone")] = False,
):
    """Judge a raw film, window by window: what is seen and heard, and when."""
    from mmlearn.cli.verdict import run

    run(source, judge, fresh, as_json, quiet)


@app.command()
def grade(
    submissions: Annotated[
        Path, typer.Argument(help="STUDENT/ASSIGNMENT/*.ipynb, or STUDENT.ipynb")
    ],
    out: Annotated[
        Path, typer.Option(help="where marks go; the same folder goes on with a batch")
    ] = Path("grades"),
    assignment: Annotated[
        str | None, typer.Option(help="its notebook; or, with --exercises, its name")
    ] = None,
    lesson: Annotated[str | None, typer.Option(help="all of a lesson: 03")] = None,
    exercises: Annotated[str | None, typer.Option(help="by id: 03.2,03.4")] = None,
    own: Annotated[
        Path | None, typer.Option(help="a file with exercises of your own")
    ] = None,
    rubric: Annotated[
        Path | None, typer.Option(help="CSV: exercise,mistake,keeps (a share)")
    ] = None,
    written: Annotated[
        Path | None, typer.Option(help="CSV with points for written answers")
    ] = None,
    students: Annotated[
        Path | None, typer.Option(help="CSV: id,last_name,first_name,email")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="of the hidden cases; default a secret")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="at a time; default one a core")
    ] = None,
):
    """Grade what students handed in: marks, a page for each, a report of the class."""
    from mmlearn.cli.grade import run

    asked = {"lesson": lesson, "exercises": exercises, "own": own, "rubric": rubric}
    how = {"written": written, "students": students, "seed": seed, "workers": workers}
    run(submissions, out, assignment=assignment, **asked, **how)
