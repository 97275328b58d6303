"""The part of a notebook that one function needs: its helpers, imports and tables.

Plots, widgets, trainings and checks elsewhere in the notebook are left out.
"""

import ast
from bisect import bisect_left, bisect_right
from collections import defaultdict

_STEPS = 100_000  # statements looked at; more is no notebook that a person wrote
_CALLED = 50  # functions below one that is called; more is no help in a notebook
_CHECKING = "mmlearn.exercises"  # what comes out of a check is not the student's own


class TooMuch(Exception):
    """A notebook whose statements depend on each other without end."""


class Slice:
    """Collects the statements that names need, from the statements of a notebook.

    Args:
        statements: list of Statement, in the notebook's order.
        skip: indices of statements that count as not there.
        wide: also take in the calls of a needed name's methods, `table.build(3)`.
    """

    def __init__(self, statements, skip=(), wide=False):
        self.statements = statements
        self.wide = wide
        self.skip = set(skip) | _tainted(statements)
        self.unknown: set[str] = set()
        self._needed: set[int] = set()
        self._before: dict[int, set[int]] = {}  # a statement -> those moved before it
        self._asked: set[tuple[str, int]] = set()
        self._steps = 0
        self._bound: dict[str, list[int]] = defaultdict(list)  # surely
        self._touched: dict[str, list[int]] = defaultdict(list)  # perhaps, or in place
        self._fills: dict[str, frozenset[str]] = {}  # of functions, by name
        self._index()

    def _index(self):
        for k, one in enumerate(self.statements):
            if k not in self.skip:
                for name in one.binds - one.changes:
                    self._bound[name].append(k)
        for k, one in enumerate(self.statements):
            if k not in self.skip:
                for name in one.changes | self._filled(one):
                    self._touched[name].append(k)

    def _filled(self, one):
        """What the functions that run with a statement change around them."""
        filled = one.perhaps if self.wide else frozenset()
        for name in one.runs:
            filled |= self._filled_by(name) - {name}
        given = one.now if "*" in self._own_fills(one.calls) else frozenset()
        return (filled | given) - {"*", one.calls}

    def _own_fills(self, name):
        k = self.last_binding(name) if name else -1
        return self.statements[k].fills if k >= 0 else frozenset()

    def _filled_by(self, name):
        """Names that a function changes, by itself or by those that it calls."""
        if name not in self._fills:
            found: frozenset[str] = frozenset()
            seen, waiting = {name}, [name]
            while waiting and len(seen) < _CALLED:
                one = waiting.pop()
                found |= self._own_fills(one)
                k = self.last_binding(one)
                new = self.statements[k].later - seen if k >= 0 else frozenset()
                seen |= new
                waiting += sorted(new)
            self._fills[name] = found - {"*"}
        return self._fills[name]

    def need(self, names, before=None):
        """Take in what these names need, as they stand at the notebook's end.

        Args:
            names: of the function, say.
            before: index of a statement: as they stand before it instead.
        """
        end = len(self.statements) if before is None else before
        self._waiting = [(name, end, -1) for name in sorted(names)]
        while self._waiting:
            self._name(*self._waiting.pop())
        return self

    def ordered(self):
        """The statements needed, in an order in which they run."""
        done: dict[int, None] = {}
        stack = sorted(self._needed, reverse=True)
        entered: set[int] = set()
        while stack:
            k = stack[-1]
            ahead = {j for j in self._before.get(k, ()) if j not in done} - entered
            entered.add(k)
            if ahead:
                stack += sorted(ahead, reverse=True)
            else:
                done[stack.pop()] = None
        return [self.statements[k] for k in done]

    def last_binding(self, name, before=None):
        """Index of the last statement that surely binds a name; -1 if none does."""
        where = self._bound.get(name, [])
        k = len(where) if before is None else bisect_left(where, before)
        return where[k - 1] if k else -1

    def binds(self, name):
        """Whether any statement binds a name, surely or perhaps."""
        perhaps = (self.statements[k] for k in self._touched.get(name, ()))
        return name in self._bound or any(name in one.binds for one in perhaps)

    def _name(self, name, position, user):
        """Take in what binds a name, and changes it, up to a position."""
        if (name, position) in self._asked:
            return
        self._asked.add((name, position))
        k = self.last_binding(name, position)
        changing = self._changing(name, k, position)
        itself = user >= 0 and name in self.statements[user].binds
        if k < 0 and not changing and not itself and position < len(self.statements):
            # Cells that were run in another order: take the one below, and move it up.
            k = self.last_binding(name)
            position = k + 1
            if k >= 0 and k != user:
                self._before.setdefault(user, set()).add(k)
        if k < 0 and not changing and not itself:
            self.unknown.add(name)
        for index in ([k] if k >= 0 else []) + changing:
            self._take(index, position)

    def _take(self, k, position):
        self._needed.add(k)
        one = self.statements[k]
        self._waiting += [(name, k, k) for name in sorted(one.now)]
        self._waiting += [(name, position, k) for name in sorted(one.later)]

    def _changing(self, name, after, position):
        """Indices of the statements between that change what the name stands for."""
        bound = self.statements[after].node if after >= 0 else None
        if isinstance(bound, ast.Import | ast.ImportFrom):
            return []  # nothing done with a module is needed
        where = self._touched.get(name, [])
        found = where[bisect_right(where, after) : bisect_left(where, position)]
        self._steps += len(found) + 1
        if self._steps > _STEPS:
            raise TooMuch
        return found


def _tainted(statements):
    """Indices of what works with a check's verdict: `conv = verdict.function`."""
    theirs: set[str] = {"check", "examine"}
    found = set()
    for k, one in enumerate(statements):
        node = one.node
        if isinstance(node, ast.Import | ast.ImportFrom):
            theirs = theirs | one.binds if _of_checking(node) else theirs - one.binds
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            theirs -= one.binds  # a function of their own with such a name
        elif one.now & theirs or _CHECKING in one.text:
            found.add(k)
            theirs |= one.binds
        else:
            theirs -= one.binds - one.changes
    return found


def _of_checking(node):
    name = node.names[0].name
    if isinstance(node, ast.ImportFrom):
        name = f"{node.module}.{name}"
    return name.startswith(_CHECKING)
