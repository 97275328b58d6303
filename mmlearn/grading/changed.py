"""What a statement changes in place: a table filled, a list appended to, in any form.

Read from its syntax tree alone; nothing is executed.
"""

import ast

_CHANGING = {
    *("append", "extend", "insert", "add", "update", "setdefault", "sort", "reverse"),
    *("remove", "discard", "pop", "popitem", "clear", "fill", "put", "itemset"),
    *("appendleft", "resize", "setflags", "move_to_end", "register"),
}
_FILLING = {"fill_diagonal", "copyto", "put", "place", "putmask", "shuffle", "at"}
_FILLING |= {"heappush", "heapify", "insort", "put_along_axis"}
_SETTING = {"setattr", "delattr"}
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
WHOLE = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign
WHOLE |= ast.AnnAssign | ast.Import | ast.ImportFrom


def _here(node):
    """All nodes that run with a statement: not what stands inside functions."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, _FUNCTIONS) and not isinstance(one, ast.Lambda):
            waiting += one.decorator_list
        elif not isinstance(one, ast.Lambda):
            waiting += ast.iter_child_nodes(one)


def _root(node):
    """The name that `table[i].rows` begins with; "" if it begins with none."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _stores(nodes):
    """Names changed in place by these nodes: `t[i] = …`, `t += …`, `t.append(…)`."""
    for one in nodes:
        place = isinstance(one, ast.Subscript | ast.Attribute)
        if place and isinstance(one.ctx, ast.Store | ast.Del):
            yield _root(one)
        elif isinstance(one, ast.AugAssign):
            yield _root(one.target)
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            if one.func.attr in _CHANGING:
                yield _root(one.func.value)
            if one.func.attr in _FILLING and one.args:
                yield _root(one.args[0])
        elif isinstance(one, ast.Call) and getattr(one.func, "id", "") in _SETTING:
            yield from map(_root, one.args[:1])
        elif isinstance(one, ast.keyword) and one.arg == "out":
            yield _root(one.value)


def changed(node, binds):
    """Names whose value a statement changes in place, or binds only perhaps."""
    found = set(_stores(_here(node))) - {""}
    # An `if`, a loop, a `try`: it may bind, or bind over and over.
    return frozenset(found if isinstance(node, WHOLE) else found | binds)


def called(node):
    """The `fill` of a statement `fill(table)` or `table = fill(table)`."""
    call = node.value if isinstance(node, ast.Assign | ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
        return call.func.id
    return ""


def filled(node, later):
    """Names outside of a function that its own body changes; "*" for its arguments."""
    if not isinstance(node, ast.FunctionDef):
        return frozenset()
    inside = [one for part in node.body for one in ast.walk(part)]
    named = {n for one in inside if isinstance(one, ast.Global) for n in one.names}
    own = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
    stored = set(_stores(inside)) - {""}
    given = {"*"} if stored & own else set()
    return frozenset((stored - own) & later | named | given)


def runs(node):
    """The functions that run with a statement: called in it, or decorating it."""
    found: set[str] = set()
    for one in _here(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            found.add(one.func.id)
        marks = getattr(one, "decorator_list", ())
        found.update(mark.id for mark in marks if isinstance(mark, ast.Name))
    return frozenset(found)


def perhaps(node):
    """What `table.build(3)` may change: called for nothing that it returns."""
    found = set()
    for one in _here(node):
        call = one.value if isinstance(one, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            found.add(_root(call.func))
    return frozenset(found - {""})
