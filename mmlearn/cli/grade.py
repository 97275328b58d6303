"""`mmlearn grade SUBMISSIONS --out GRADES`: marks, feedback, a report of the class."""

import sys
from dataclasses import replace
from pathlib import Path

HOW = (
    "say what is graded: --assignment NOTEBOOK (as `mmlearn assign` wrote it), "
    "--lesson 03 or --exercises 03.2,03.4"
)


def run(folder, out, *, assignment, lesson, exercises, own, rubric, **how):
    """Grade every submission in a folder and write everything about it into another.

    Args:
        folder: what was collected.
        out: where marks go; a batch that was interrupted goes on there.
        assignment: the assignment's notebook, or its name beside `exercises`.
        lesson, exercises: what is graded, where there is no such notebook.
        own: a file with an instructor's own exercises.
        rubric: a CSV of what known mistakes keep; by default the one given before.
        how: `written`, `students`, `seed`, `workers`.

    Raises:
        ValueError, OSError: for what cannot be read, before anything is graded.
    """
    from mmlearn.grading import keeping, roster, submissions

    if how["written"] is not None and not Path(how["written"]).exists():
        raise FileNotFoundError(f"there is no table {how['written']}")
    rubric = keeping.kept_rubric(out) if rubric is None else Path(rubric)
    plan = _plan(assignment, lesson, exercises, own, rubric)
    name = plan.name if assignment else ""
    _check_tables(plan, Path(out) / "written.csv", how["written"])
    found = submissions.find_submissions(folder, name, beside=[out])
    names = roster.read_roster(how["students"]) if how["students"] else {}
    found = roster.with_absent(found, names)
    with keeping.one_at_a_time(out):
        keeping.keep_name(out, plan.name)
        keeping.keep_rubric(out, rubric)
        plan = replace(plan, seed=keeping.keep_seed(out, how["seed"]))
        with _bar(found, plan, how["workers"]) as bar:
            protection = _protection(bar)
            graded = _grade(found, out, plan, how["workers"], bar)
        graded = _with_written(graded, out, plan, how["written"])
        _write(graded, out, plan, protection, names)
    _say(graded, out, plan)


def _plan(assignment, lesson, exercises, own, rubric):
    from mmlearn.grading import marks, plan
    from mmlearn.grading.own import load

    ours = load(own) if own is not None else ()
    given = Path(assignment) if assignment else None
    if given is not None and (given.suffix == ".ipynb" or given.is_dir()):
        made = plan.plan_of_notebook(assignment)
    elif exercises:
        made = plan.plan_of_ids(exercises.split(","), str(assignment or ""))
    elif lesson is not None:
        made = plan.plan_of_lesson(lesson, str(assignment or ""))
    elif ours:
        made = plan.plan_of_ids([one.id for one in ours], str(assignment or ""))
    else:
        absent = f"there is no notebook or folder {assignment}: " if assignment else ""
        raise plan.PlanError(absent + HOW)
    kept = marks.read_rubric(rubric, made.exercises) if rubric else {}
    return replace(made, rubric=kept)


def _check_tables(plan, *tables):
    """Refuse a table of written answers before anything is run for it."""
    from mmlearn.grading.written import check_written

    for table in tables:
        if plan.written and table is not None and Path(table).exists():
            check_written(table, plan.written)


def _bar(found, plan, workers):
    """Say what will be done, and show a bar before the first of it is."""
    from tqdm import tqdm

    from mmlearn.grading.batch import cores

    count = [(len(found), "submission"), (len(plan.exercises), "exercise")]
    told = " of ".join(f"{n} {what}" + "s" * (n != 1) for n, what in count)
    print(f"{told}, {workers or cores()} at a time …", file=sys.stderr, flush=True)
    how = {"unit": " submissions", "disable": None, "leave": False}
    return tqdm(total=len(found), file=sys.stderr, **how)


def _protection(bar):
    from mmlearn.grading.sandbox import reached

    protection = reached()
    if protection.loud:
        told = f"{protection.loud} {protection.advice}".strip()
        bar.write(told, file=sys.stderr)
    return protection


def _grade(found, out, plan, workers, bar):
    from mmlearn.grading.batch import grade

    def counted(done):
        for one in done:
            bar.update()
            yield one

    try:
        return grade(found, out, plan, workers=workers, progress=counted)
    except KeyboardInterrupt:
        print("Stopped: the same command goes on from here.", file=sys.stderr)
        raise SystemExit(130) from None


def _with_written(graded, out, plan, path):
    """The points for written answers: those kept before, and those of a table."""
    from mmlearn.grading import written

    given: dict = {}
    for table in (Path(out) / "written.csv", path):
        if plan.written and table is not None and Path(table).exists():
            new, unknown = written.read_written(table, graded, plan.written)
            given |= new
            for line in unknown:
                print(f"{table}, {line}: left out", file=sys.stderr)
    return written.with_words(graded, given)


def _write(graded, out, plan, protection, names):
    from mmlearn.grading import feedback, report, written

    written.write_written(graded, out, plan)
    feedback.write_feedback(graded, out, plan)
    report.write_report(graded, out, plan, protection, names)


def _say(graded, out, plan):
    from mmlearn.grading import summary
    from mmlearn.grading.pages import show_points

    there = summary.handed_in(graded)
    mean = summary.points(there)[0]
    print(f"{plan.name}: {len(there)} of {len(graded)} handed in, ", end="")
    print(f"{show_points(mean)} of {show_points(plan.of)} points on average.")
    to_see = summary.flagged(graded)
    if to_see:
        print(f"{len(to_see)} things to look at: see the report.")
    waiting = sum(len(one.open) for one in graded)
    if waiting:
        print(f"{waiting} written answers wait for you: {Path(out) / 'written.html'}")
    print(f"{Path(out) / 'report.html'}, grades.csv, marks.csv, feedback/")
