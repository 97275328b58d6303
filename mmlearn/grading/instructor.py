"""What only an instructor sees: solutions, known mistakes and what they compute."""

import csv
import io

import nbformat
import numpy as np

from mmlearn.exercises.diagnose import ask, judge
from mmlearn.exercises.numbers import show_case, show_value
from mmlearn.grading import nbgrader
from mmlearn.grading.handout import WORDS, number_of_points
from mmlearn.grading.stub import literal, solution_body
from mmlearn.grading.tables import cell

_SEED = 0
_ABOUT = """\
# {title}: solutions

For instructors. Each exercise with its solution, and each known mistake with the
smallest case in which it shows: what a student who makes it gets, and what is right."""


def rubric_csv(assignment):
    """A table to fill in: what share of its points an answer with a mistake keeps."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["exercise", "mistake", "keeps"])
    for exercise in assignment.exercises:
        for mistake in exercise.mistakes:
            writer.writerow([exercise.id, cell(mistake.name), 0])
    return text.getvalue()


def rubric_page(assignment):
    """The rubric as a page, in Markdown."""
    parts = [
        f"# {assignment.title}: rubric",
        "An answer that is right on all cases earns all points. One that makes a known "
        "mistake, and no other, keeps the share that `rubric.csv` says (0 unless you "
        "write another number, 0 to 1); of two or three at once the shares multiply. "
        "Anything else earns nothing, and is grouped in the class report.",
        "These are the course's own exercises: who has tried one three times in the "
        "lesson may open its solution. For examinations write your own (`--own FILE`).",
    ]
    if len(assignment.private) == len(assignment.exercises):
        parts.pop()
    for exercise in assignment.exercises:
        points = number_of_points(exercise.points)
        parts.append(f"## {exercise.id} {exercise.title} ({points})")
        parts.append("| known mistake | what it is |\n|:--|:--|")
        rows = [f"| {_cell(m.name)} | {_cell(m.says)} |" for m in exercise.mistakes]
        parts[-1] = "\n".join([parts[-1], *rows])
    for question in assignment.questions:
        parts.append(f"## {question.id} in words ({number_of_points(WORDS)})")
        parts += [question.question, f"Look for: {question.answer}"]
    return "\n\n".join(parts) + "\n"


def _cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def solutions(assignment):
    """A notebook with all solutions and what each known mistake computes."""
    cells = [_text("about", _ABOUT.format(title=assignment.title))]
    cells.append(_code("imports", "import numpy as np"))
    for exercise in assignment.exercises:
        cells += _exercise(exercise)
    for question in assignment.questions:
        text = f"## {question.id}\n\n{question.question}\n\n**Look for:** "
        name = nbgrader.cell_name(question.id)
        cells.append(_text(name, text + question.answer))
    return nbgrader.new_notebook(cells)


def _exercise(exercise):
    name = nbgrader.cell_name(exercise.id)
    head = f"## {exercise.id} {exercise.title}\n\n{exercise.statement.strip()}"
    yield _text(f"{name}-text", head)
    yield _code(name, _solved(exercise))
    cases = exercise.cases(np.random.default_rng(_SEED))
    before = None
    for number, mistake in enumerate(exercise.mistakes, start=1):
        wrong = exercise.wrong([mistake.name])
        finding = judge(exercise, cases, [ask(exercise, wrong, case) for case in cases])
        parts = [
            f"### {mistake.name}",
            mistake.says[:1].upper() + mistake.says[1:],
            f"*Hint:* {mistake.hint}",
            _computes(exercise, finding, finding.case is before),
        ]
        yield _text(f"{name}-mistake-{number}", "\n\n".join(filter(None, parts)))
        before = finding.case


def _solved(exercise):
    if exercise.kind == "answer":
        return f"{exercise.function} = {literal(exercise.solution())}"
    head = exercise.stub.strip().split('"""')[0].rstrip()
    body = solution_body(exercise.solution).replace("\n", "\n    ")
    return f"{head}\n    {body}"


def _computes(exercise, finding, again):
    """The smallest case in which a mistake shows, what it gives, and what is right."""
    if finding.case is None:
        return ""
    asked = show_case(finding.case, exercise.solution, exercise.planes)
    lines = ["In the same case:"] if again else [f"{n}: {text}" for n, text in asked]
    if finding.kind != "wrong":
        lines.append(f"wrong: stops with {finding.outcome.error}")
    for one in finding.differences[:2]:
        plane = exercise.planes.get(one.part or "answer")
        part = f" {one.part}" if one.part else ""
        for whose, value in (("wrong", one.yours), ("right", one.expected)):
            lines.append(f"{whose}{part}: {show_value(value, one.index, plane)}")
    return "```text\n" + "\n".join(lines) + "\n```"


def _text(name, source):
    return nbformat.v4.new_markdown_cell(source, id=name)


def _code(name, source):
    return nbformat.v4.new_code_cell(source, id=name)
