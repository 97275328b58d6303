"""The page that a student gets back: verdicts and hints, never an expected number."""

from pathlib import Path

from mmlearn.grading.keeping import write_whole
from mmlearn.grading.pages import render


def feedback_page(one, plan):
    """A student's page as HTML.

    Args:
        one: a Graded.
        plan: the Plan.
    """
    words = [(q, one.answers.get(q.id, ""), one.words.get(q.id)) for q in plan.written]
    exercises = list(zip(plan.exercises, one.marks, strict=True))
    return render("feedback.html", one=one, plan=plan, exercises=exercises, words=words)


def write_feedback(graded, out, plan):
    """Write `feedback/STUDENT.html` for everybody."""
    folder = Path(out) / "feedback"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in graded:
        write_whole(folder / f"{one.submission.key}.html", feedback_page(one, plan))
