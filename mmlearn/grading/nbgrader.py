"""nbgrader's way of marking cells (metadata schema 3), and how it makes a stub.

nbgrader itself is not needed to write an assignment, nor to grade one. nbformat is
imported where it is used: it takes seconds, and grading has no use for it.
"""

import re
import textwrap

SCHEMA = 3
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"


def cell_name(id, what=""):
    """The `grade_id` of an exercise's or question's cell.

    Args:
        id: "03.2" of an exercise, "03.e1" of a question.
        what: "" for where the answer goes, else "text", "check" or "test".

    >>> cell_name("03.2"), cell_name("03.2", "test"), cell_name("03.e1")
    ('exercise-03-2', 'exercise-03-2-test', 'written-03-e1')
    """
    lesson, _, number = id.partition(".")
    kind = "exercise" if number.isdigit() else "written"
    return "-".join(filter(None, (kind, lesson, number, what)))


def text_cell(name, source):
    """Text that belongs to the assignment: locked, not graded."""
    return _cell("markdown", name, source, locked=True)


def code_cell(name, source, locked=True):
    """Code that belongs to the assignment, not graded."""
    return _cell("code", name, source, locked=locked)


def solution_cell(name, source):
    """Where the student writes code."""
    return _cell("code", name, source, solution=True)


def points_cell(name, source, points):
    """A test that nbgrader runs, and its points."""
    return _cell("code", name, source, grade=True, locked=True, points=points)


def written_cell(name, source, points):
    """Where the student answers in words; a person gives the points."""
    return _cell("markdown", name, source, grade=True, solution=True, points=points)


def _cell(kind, name, source, points=None, **flags):
    import nbformat

    marks: dict = {"schema_version": SCHEMA, "grade_id": name, "task": False}
    marks |= {flag: flags.get(flag, False) for flag in ("grade", "solution", "locked")}
    if points is not None:
        marks["points"] = points
    marks["cell_type"] = kind
    metadata: dict = {"nbgrader": dict(sorted(marks.items()))}
    make = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
    }[kind]
    return make(source.strip("\n"), id=name[:64], metadata=metadata)


def new_notebook(cells, **metadata):
    """A notebook of these cells, the same bytes each time it is written."""
    import nbformat

    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}} | metadata
    notebook = nbformat.v4.new_notebook(cells=list(cells), metadata=about)
    nbformat.validate(notebook)
    return notebook


def with_solution(before, solution, after=""):
    """Source of a solution cell: what the student also sees, and what is taken out."""
    region = f"{BEGIN}\n{solution.strip()}\n{END}"
    return "\n".join(filter(None, (before, region, after)))


def solution_of(source):
    """What stands between the marks of a solution cell; "" without them."""
    found = re.search(rf"(?ms)^{BEGIN}$(.*?)^{END}$", source)
    return found[1].strip() if found else ""


def cleared(notebook):
    """The students' notebook: what `nbgrader generate_assignment` makes of a source."""
    import nbformat

    cells = []
    for cell in notebook.cells:
        cell = nbformat.from_dict(cell)
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            cell.source = _cleared(cell.source, cell.cell_type)
        if marks:
            cell.metadata["deletable"] = False
        if marks.get("locked"):
            cell.metadata["editable"] = False
        cells.append(cell)
    return new_notebook(cells, **notebook.metadata)


def _cleared(source, kind):
    stub = CODE_STUB if kind == "code" else TEXT_STUB
    region = rf"(?ms)^([ \t]*){BEGIN}$.*?^[ \t]*{END}$"

    def put(match):
        return textwrap.indent(stub, match[1])

    return re.sub(region, put, source)
