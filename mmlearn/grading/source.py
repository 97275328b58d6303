"""A student's answer to one exercise: found in the notebook, with all that it needs.

By the function's name, by a `check("03.2", …)` call, by the cell that the assignment
gave to it, wherever that stands now. Only text is read here; nothing is executed.
"""

import ast
import re
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from mmlearn.exercises.registry import exercise_ids, find, normal_id
from mmlearn.grading.assembled import Answer, assembled, others, places
from mmlearn.grading.nbgrader import cell_name
from mmlearn.grading.notebook import Cell, Notebook
from mmlearn.grading.slicing import Slice, TooMuch
from mmlearn.grading.stand_ins import provided
from mmlearn.grading.statements import Statement, Unread, statements_of
from mmlearn.grading.stubs import is_stub, no_functions, stubs_of

_CHECKED = 20  # different things that are given to the checks of one exercise


@lru_cache(maxsize=8)
def _program(notebook: Notebook) -> tuple[list[Statement], list[Unread]]:
    """A notebook's statements, read once for all the exercises of an assignment."""
    return statements_of(cell for cell in notebook.cells if cell.kind == "code")


def find_answer(notebook, exercise):
    """An exercise's answer in a notebook, and the statements that it needs.

    Args:
        notebook: from `read_notebook`.
        exercise: the Exercise.

    Returns:
        Answer; where none was found, with a note that says why.
    """
    try:
        return _find(notebook, exercise)
    except (RecursionError, MemoryError, TooMuch):
        return Answer(note="The notebook's code is too deep or too long to be read.")


def _find(notebook, exercise):
    statements, unread = _program(notebook)
    broken = _broken_note(unread, exercise)
    for way in (_by_name, _by_check, _by_cell, _by_text):
        found = way(notebook, statements, exercise)
        if found is not None:
            slice, target, note = found
            answer = assembled(slice, exercise.function, target, [note, broken])
            more = others(slice, exercise.function, answer) if not target else ()
            return replace(answer, others=more)
    stubs = stubs_of(statements, exercise.function, exercise)
    if stubs and not broken:
        text = statements[max(stubs)].text
        return Answer(text + "\n", True, "", places(statements[max(stubs)]))
    return Answer(note=broken or _absent(notebook, statements, exercise))


def _by_name(notebook, statements, exercise):
    """The function under its own name; an untouched stub does not count."""
    name = exercise.function
    stubs = stubs_of(statements, name, exercise)
    hidden = no_functions(statements, name) if exercise.kind != "answer" else set()
    slice = Slice(statements, stubs | hidden)
    if not slice.binds(name):
        return None
    last = slice.last_binding(name)
    note = ""
    if last >= 0 and max(stubs, default=-1) > last:
        note = f"A copy of the untouched stub of `{name}` stands below it."
    if last >= 0 and max(hidden, default=-1) > last:
        cell = statements[max(hidden)].cell
        note = f"Cell {cell} gives the name `{name}` to something else afterwards."
    return slice.need({name}), "", note


def _by_check(notebook, statements, exercise):
    """What the student gave to `check` for this exercise, under whatever name."""
    tried = {exercise.function}
    for one in reversed(statements):
        for call in ast.walk(one.node):
            given = _checked(call, exercise)
            text = ast.unparse(given) if given is not None else exercise.function
            if text in tried or len(tried) > _CHECKED:
                continue
            tried.add(text)
            names = _names(text)
            stubs = set().union(*(stubs_of(statements, n, exercise) for n in names))
            slice = Slice(statements, stubs)
            if all(slice.binds(name) or provided({name})[0] for name in names):
                short = text if len(text) <= 60 else text[:60] + " …"
                note = f"Graded is `{short}`, which the `check` of this exercise names."
                return slice.need(names), text, note
    return None


def _by_cell(notebook, statements, exercise):
    """The last function in the cell that the assignment gave to this exercise."""
    marked = cell_name(exercise.id)
    numbers = {cell.number for cell in notebook.cells if cell.grade_id == marked}
    inside = [
        one
        for one in statements
        if one.cell in numbers
        and isinstance(one.node, ast.FunctionDef)
        and not is_stub(one.node, exercise)
    ]
    helpers = {name for one in inside for name in one.later - one.binds}
    mains = [one.node.name for one in inside if one.node.name not in helpers]
    if not mains or exercise.kind == "answer":
        return None
    note = f"Graded is `{mains[-1]}`, the function in the cell of this exercise."
    return Slice(statements).need({mains[-1]}), mains[-1], note


def _by_text(notebook, statements, exercise):
    """The function in a cell that was turned into text by a slip of the finger."""
    name = exercise.function
    written = rf"(?m)^(?:def|class) {name}\b|^{name} *(?::[^=\n]*)?="
    cells = [
        replace(cell, kind="code")
        if cell.kind != "code" and re.search(written, cell.source)
        else cell
        for cell in notebook.cells
    ]
    if cells == list(notebook.cells):
        return None
    found = _by_name(notebook, _program(Notebook(tuple(cells)))[0], exercise)
    note = f"`{name}` stands in a text cell, which Python does not run."
    return found and (found[0], "", note)


def _names(text):
    """The names that an expression needs from outside of it."""
    (one,), _ = statements_of([Cell("code", f"_ = {text}", 0)])
    return one.now | one.later


def _checked(call, exercise):
    """What `check("03.2", …)` was given, if this is such a call of this exercise."""
    if not isinstance(call, ast.Call):
        return None
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    named = {word.arg: word.value for word in call.keywords}
    words = [*call.args, *(named[n] for n in ("id", "function") if n in named)]
    if len(words) < 2:
        return None
    id, given = words[:2]
    known = isinstance(id, ast.Constant) and normal_id(id.value) == exercise.id
    stub = isinstance(given, ast.Constant) and given.value is ...
    return given if name in ("check", "examine") and known and not stub else None


def _broken_note(unread, exercise):
    """The first cell with this function in it that Python cannot read; "" if none."""
    name = re.escape(exercise.function)
    for one in unread:
        if re.search(rf"\b(?:def|class)\s+{name}\b|^{name}\s*=", one.text, re.M):
            problem, lines = one.problem, one.text.split("\n")
            line = problem.lineno or 0
            shown = lines[line - 1].strip()[:80] if 0 < line <= len(lines) else ""
            where = f" in its line {line} (`{shown}`)" if shown else ""
            return (
                f"Cell {one.cell}, which defines `{exercise.function}`, has a syntax "
                f"error{where}: {problem.msg}. Python runs nothing of such a cell."
            )
    return ""


def _absent(notebook, statements, exercise):
    note = (
        f"The notebook holds no `{exercise.function}`, no "
        f'`check("{exercise.id}", …)` of another function, and no cell of this '
        "exercise with a function in it: it was deleted, or never there."
    )
    alike = _alike(statements, exercise)
    note += f" `{alike}` may be it, under another name." if alike else ""
    return note + (f" Of the notebook: {notebook.note}." if notebook.note else "")


def _alike(statements, exercise):
    """The last function whose name is like the exercise's; "" if there is none."""
    lesson = exercise.id.partition(".")[0]
    taken = {find(id).function for id in exercise_ids() if id.startswith(f"{lesson}.")}
    wanted, found = _letters(exercise.function), ""
    for one in statements:
        if not isinstance(one.node, ast.FunctionDef) or one.node.name in taken:
            continue
        name = _letters(one.node.name)
        inside = min(len(name), len(wanted)) >= 4 and (name in wanted or wanted in name)
        if inside or SequenceMatcher(None, name, wanted).ratio() >= 0.75:
            found = one.node.name
    return found


def _letters(name):
    return re.sub(r"[^a-z]", "", name.lower())[:80]
