"""The notebook that is handed out: what is asked, where to write, checks and points."""

import nbformat

from mmlearn import course
from mmlearn.exercises.registry import find
from mmlearn.grading import example, nbgrader
from mmlearn.grading.nbgrader import cell_name
from mmlearn.grading.stub import solution_source

WORDS = 2.0  # points of a question answered in words
MINUTES = 5  # that it takes

CHECK = """\
Write your code where it says `# YOUR CODE HERE`, and delete the line below it. Run the
cell, then the check under it: `check` asks your function on fresh random cases and says
what is wrong, a little more at each new try. Ask it as often as you like: tries are not
counted here. `hint("{id}")` in a new cell helps before."""

HOW = """\
Helper functions, further cells, prints and plots are welcome anywhere. Keep the names
of the functions: your work is found by them. What is graded is your function, on cases
that nobody has seen; it may import {imports} and Python's everyday modules."""

ABOVE = """\
Where a text says “above”, it means its lesson, under the heading to read again."""

IN_WORDS = """\
## In words

A few sentences each. A person reads them: say *why*, in the words of the lesson."""

BEFORE = """\
---
**Before you hand in:** *Kernel → Restart Kernel and Run All Cells*, see whether every
check or example says what you expect, and save. An exercise that is not finished costs
its own points only."""


def notebook(assignment):
    """nbgrader's source notebook of an Assignment (see `assign`)."""
    cells = [nbgrader.text_cell("about", _about(assignment))]
    cells.append(nbgrader.code_cell("imports", _imports(assignment)))
    for number, exercise in enumerate(assignment.exercises, start=1):
        private = exercise.id in assignment.private
        cells += _exercise_cells(number, exercise, private)
    if assignment.questions:
        cells.append(nbgrader.text_cell("in-words", IN_WORDS))
    for question in assignment.questions:
        cells += _question_cells(question)
    cells.append(nbgrader.text_cell("before-you-hand-in", BEFORE))
    about = {"title": assignment.title, "name": assignment.name}
    return nbgrader.new_notebook(cells, mmlearn={"assignment": about})


def _about(assignment):
    counts = [_count(assignment.exercises, "exercise")]
    if assignment.questions:
        counts.append(_count(assignment.questions, "question") + " to answer in words")
    minutes = sum(one.minutes for one in assignment.exercises)
    minutes += MINUTES * len(assignment.questions)
    counts += [number_of_points(assignment.points), f"about {minutes} minutes"]
    lessons = " · ".join(filter(None, map(lesson_title, assignment.lessons)))
    parts = [f"# {assignment.title}", f"**{lessons}**" if lessons else ""]
    allowed = sorted({name for one in assignment.exercises for name in one.imports})
    imports = ", ".join(f"`{name}`" for name in allowed)
    how = [HOW.format(imports=imports)]
    known = [e.id for e in assignment.exercises if e.id not in assignment.private]
    if known:
        how.insert(0, CHECK.format(id=known[0]))
    if any("above" in find(id).statement for id in known):
        how.append(ABOVE)
    return "\n\n".join(filter(None, [*parts, ", ".join(counts) + ".", *how]))


def _count(things, name):
    return f"{len(things)} {name}" + ("" if len(things) == 1 else "s")


def lesson_title(number):
    """ "Lesson 03: Convolution", from its first heading; "" if there is no lesson."""
    try:
        path = course.find_lesson(number)
    except course.CourseError:
        return ""
    first = nbformat.read(path, as_version=4).cells[0].source.split("\n")[0]
    return "Lesson " + first.lstrip("# ").replace(" · ", ": ", 1)


def number_of_points(points):
    """ "3 points"."""
    return f"{points:g} point" + ("" if points == 1 else "s")


def _imports(assignment):
    lines = ["import math", "", "import numpy as np", ""]
    if any("mmlearn" in exercise.imports for exercise in assignment.exercises):
        lines.append("from mmlearn import reference")
    if len(assignment.private) < len(assignment.exercises):
        lines.append("from mmlearn.exercises import check, examine, find, hint")
    if assignment.private:
        lines.append(example.IMPORTS)
    return "\n".join(lines)


def _exercise_cells(number, exercise, private):
    head = f"## {number} · {exercise.title[:1].upper()}{exercise.title[1:]}"
    facts = f"*Exercise {exercise.id} · {number_of_points(exercise.points)} · "
    facts += f"about {exercise.minutes} minutes*"
    title = "" if private else lesson_title(exercise.lesson)
    again = f"Read again: {title}, “{exercise.reread}”." if title else ""
    text = "\n\n".join(filter(None, [head, facts, exercise.statement.strip(), again]))
    points = exercise.points
    source = example.check_source if private else check_source
    test = example.points_source if private else points_source
    return [
        nbgrader.text_cell(cell_name(exercise.id, "text"), text),
        nbgrader.solution_cell(cell_name(exercise.id), solution_source(exercise)),
        nbgrader.code_cell(cell_name(exercise.id, "check"), source(exercise)),
        nbgrader.points_cell(cell_name(exercise.id, "test"), test(exercise), points),
    ]


def check_source(exercise):
    """The cell in which a student sees what is wrong."""
    return f'check("{exercise.id}", {exercise.function})'


def points_source(exercise):
    """The cell that nbgrader's own autograde runs, on cases of its own."""
    points, name = number_of_points(exercise.points), exercise.function
    return (
        f"# {points}, on fresh cases. Leave this cell as it is.\n"
        f'assert examine(find("{exercise.id}"), {name}, seed=None).kind == "passed"'
    )


def _question_cells(question):
    text = f"**{question.id}** ({number_of_points(WORDS)}) {question.question}"
    answer = nbgrader.with_solution("", question.answer)
    return [
        nbgrader.text_cell(cell_name(question.id, "text"), text),
        nbgrader.written_cell(cell_name(question.id), answer, WORDS),
    ]
