"""The tables and the class report that an instructor gets."""

from pathlib import Path

from mmlearn.grading import summary
from mmlearn.grading.keeping import write_whole
from mmlearn.grading.names import shown
from mmlearn.grading.pages import render
from mmlearn.grading.tables import cell, csv_line

# As nbgrader's exporter writes them.
GRADES = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"),
    *("email", "raw_score", "late_submission_penalty", "score", "max_score"),
)
MARKS = (
    *("student_id", "exercise", "points", "max_points", "verdict", "mistakes"),
    *("group", "flags", "note"),
)
SINGLES = 20  # unnamed wrong answers shown that were given only once


def grades_csv(graded, plan, roster=None):
    """The table that nbgrader exports: one line a student.

    Args:
        graded: list of Graded.
        plan: the Plan.
        roster: student's id -> (last name, first name, email).
    """
    rows = []
    for one in graded:
        names: tuple = (roster or {}).get(one.submission.student, ("", "", ""))
        facts = (plan.name, plan.duedate, one.submission.timestamp)
        score = (float(one.points), 0.0, float(one.points), float(plan.of))
        rows.append((*facts, one.submission.student, *names, *score))
    return table(GRADES, rows)


def marks_csv(graded, plan):
    """One line for every exercise of every student, and for every written question."""
    rows: list[tuple] = []
    for one in graded:
        student = one.submission.student
        for mark in one.marks:
            facts = (mark.exercise, mark.points, mark.of, mark.kind)
            seen = ("; ".join(mark.mistakes), mark.fingerprint)
            flags = "; ".join(mark.flags)
            rows.append((student, *facts, *seen, flags, mark.note))
        for question in plan.written:
            points, comment = one.words.get(question.id, ("", ""))
            kind = "marked" if question.id in one.words else "not marked"
            kind = kind if question.id in one.answers else "stub"
            asked = (question.id, points, float(question.points), kind)
            rows.append((student, *asked, "", "", "", comment))
    return table(MARKS, rows)


def table(head, rows):
    """Rows as CSV that no spreadsheet takes for formulas."""
    fields = [[_field(value) for value in row] for row in rows]
    return "".join(map(csv_line, (head, *fields)))


def _field(value):
    return value if isinstance(value, float) else cell(shown(value, 2000))


def class_report(graded, plan, protection):
    """The class report as HTML.

    Args:
        graded: list of Graded.
        plan: the Plan.
        protection: the Protection under which the answers were examined.
    """
    there = summary.handed_in(graded)
    mean, median, spread = summary.points(there)
    groups = summary.unnamed(there, plan)
    shared = [group for group in groups if len(group.members) > 1]
    alone = [group for group in groups if len(group.members) == 1]
    return render(
        "report.html",
        plan=plan,
        protection=protection,
        graded=graded,
        there=there,
        mean=mean,
        median=median,
        spread=spread,
        errors=sum(mark.kind == "error" for one in graded for mark in one.marks),
        open=sum(len(one.open) for one in graded),
        bars=summary.distribution(there, plan.of),
        states=summary.STATES,
        names=list(summary.STATES),
        rows=summary.per_exercise(there, plan),
        mistakes=summary.known_mistakes(there, plan),
        shared=shared,
        alone=alone[:SINGLES],
        others=summary.without_numbers(there),
        more=len(alone[SINGLES:]),
        flags=summary.flagged(graded),
    )


def write_report(graded, out, plan, protection, roster=None):
    """Write grades.csv, marks.csv and report.html."""
    out = Path(out)
    write_whole(out / "grades.csv", grades_csv(graded, plan, roster))
    write_whole(out / "marks.csv", marks_csv(graded, plan))
    write_whole(out / "report.html", class_report(graded, plan, protection))
