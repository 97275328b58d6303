"""A notebook as a list of top-level statements: what each one binds, uses and changes.

Read from the text alone, with Python's own symbol tables; nothing is executed.
"""

import ast
import symtable
from dataclasses import dataclass
from itertools import islice

from mmlearn.grading import changed
from mmlearn.grading.exposed import reads_first
from mmlearn.grading.magics import parse

_FUTURE = "from __future__ import annotations\n"  # a hint's names are not needed then
_STATEMENTS = 20_000  # of a notebook


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell.

    Args:
        node: its syntax tree.
        text: as the student wrote it.
        cell: the cell's number in the notebook; line: its first line in that cell.
        binds: names that it gives a value.
        now: names that it needs when it runs.
        later: names that functions made in it need when they are called.
        changes: names whose value it changes in place, or binds only perhaps.
        calls: the function that it does nothing else but call; "" if it is no call.
        fills: for a function: names of the notebook that a call of it changes, and
            "*" if it changes what it is given.
        runs: all functions that run with it, its decorators among them.
        perhaps: names whose methods it calls for nothing that they return.
    """

    node: ast.stmt
    text: str
    cell: int
    line: int
    binds: frozenset[str]
    now: frozenset[str]
    later: frozenset[str]
    changes: frozenset[str]
    calls: str
    fills: frozenset[str]
    runs: frozenset[str]
    perhaps: frozenset[str]


@dataclass(frozen=True)
class Unread:
    """A cell that Python cannot read: its number, its text, and the SyntaxError."""

    cell: int
    text: str
    problem: SyntaxError


def statements_of(cells):
    """The statements of these cells in order, and the cells that cannot be read.

    Returns:
        list of Statement, list of Unread.
    """
    found: list[Statement] = []
    unread: list[Unread] = []
    for cell in cells:
        try:
            text, tree = parse(cell.source)
            room = _STATEMENTS - len(found)
            read = list(islice(_of_cell(text, tree, cell.number), room + 1))
            if len(read) > room:
                raise SyntaxError("more statements than can be read")
            found += read
        except SyntaxError as problem:
            unread.append(Unread(cell.number, cell.source, problem))
        except (RecursionError, MemoryError):
            deep = SyntaxError("nested too deeply to be read")
            unread.append(Unread(cell.number, cell.source, deep))
    return found, unread


def _of_cell(text, tree, number):
    lines = [line.encode() for line in text.split("\n")]
    for node in tree.body:
        if isinstance(node, ast.Delete) and all(map(_is_name, node.targets)):
            continue  # `del softmax`, once it was checked
        for one, written in _split(node, lines):
            yield _statement(one, written, number)


def _split(node, lines):
    """An import of several names as several imports; anything else as it stands."""
    if isinstance(node, ast.Import | ast.ImportFrom) and len(node.names) > 1:
        for alias in node.names:
            one = type(node)(**{**vars(node), "names": [alias]})
            yield one, ast.unparse(one)
    else:
        yield node, _written(node, lines)


def _first_line(node):
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])


def _written(node, lines):
    """The statement's own lines; only its columns, where it shares a line."""
    first, last = _first_line(node) - 1, node.end_lineno
    begin = node.col_offset if first == node.lineno - 1 else 0
    part = lines[first:last]
    part[-1] = part[-1][: node.end_col_offset]
    part[0] = part[0][begin:]
    return b"\n".join(part).decode()


def _statement(node, text, number):
    line = _first_line(node)
    binds: set[str] = set()
    now: set[str] = set()
    later: set[str] = set()
    try:
        table = symtable.symtable(_FUTURE + text, "<cell>", "exec")
        compile(_FUTURE + text, "<cell>", "exec", dont_inherit=True)
        binds, now, later = _names(table)
        if binds & now and not isinstance(node, changed.WHOLE):
            now -= binds - reads_first(node)
    except SyntaxError as problem:
        # `await` outside of a function is fine in a notebook, and nothing to grade.
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            problem.lineno = (problem.lineno or 2) + line - 2
            raise
    return Statement(
        node=node,
        text=text,
        cell=number,
        line=line,
        binds=frozenset(binds),
        now=frozenset(now),
        later=frozenset(later),
        changes=changed.changed(node, binds),
        calls=changed.called(node),
        fills=changed.filled(node, later),
        runs=changed.runs(node),
        perhaps=changed.perhaps(node),
    )


def _names(table):
    """What the module's scope of a symbol table binds, needs now, and needs later."""
    binds: set[str] = set()
    now: set[str] = set()
    later: set[str] = set()
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            binds.add(symbol.get_name())
        if symbol.is_referenced():
            now.add(symbol.get_name())
    binds.discard("annotations")
    inner = [(child, False) for child in table.get_children()]
    while inner:
        child, called = inner.pop()
        kind, name = child.get_type(), child.get_name()
        called = called or (kind == "function" and not name.endswith(("comp", "expr")))
        for symbol in child.get_symbols():
            counts = symbol.is_declared_global() and symbol.is_assigned()  # `n += 1`
            if symbol.is_global() and (symbol.is_referenced() or counts):
                (later if called else now).add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned() and not called:
                binds.add(symbol.get_name())
        inner += [(grandchild, called) for grandchild in child.get_children()]
    return binds, now, later


def _is_name(node):
    return isinstance(node, ast.Name)
