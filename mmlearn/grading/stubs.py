"""Statements that bind an exercise's name and are no answer to it."""

import ast

_VALUES = (
    ast.Constant | ast.BinOp | ast.UnaryOp | ast.Compare | ast.JoinedStr | ast.List
)
_VALUES |= ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp


def stubs_of(statements, name, exercise):
    """Indices of the statements that bind a name to an untouched stub."""
    return {
        k
        for k, one in enumerate(statements)
        if name in one.binds and is_stub(one.node, exercise)
    }


def is_stub(node, exercise):
    """Whether a statement is the exercise's stub, as it was handed out."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return isinstance(node.value, ast.Constant) and node.value.value is ...
    if not isinstance(node, ast.FunctionDef):
        return False
    body = [one for one in node.body if not _says_nothing(one)]
    if not body:
        return True
    first = body[0].exc if isinstance(body[0], ast.Raise) else None
    first = first.func if isinstance(first, ast.Call) else first
    if isinstance(first, ast.Name) and first.id == "NotImplementedError":
        return True
    given = ast.parse(exercise.stub).body[-1]
    return [*map(ast.dump, node.body)] == [*map(ast.dump, getattr(given, "body", ()))]


def _says_nothing(node):
    """A docstring, `...` or `pass`."""
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, ast.Pass)


def no_functions(statements, name):
    """Indices of the statements that give a function's name to something else.

    `softmax = softmax(z)` in a cell below, or `for softmax in …`.
    """
    return {
        k
        for k, one in enumerate(statements)
        if name in one.binds and _no_function(one.node, name)
    }


def _no_function(node, name):
    if isinstance(node, ast.For):
        return any(getattr(one, "id", "") == name for one in ast.walk(node.target))
    if isinstance(node, ast.AugAssign):
        return True
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not any(isinstance(one, ast.Name) and one.id == name for one in targets):
        return False
    value = node.value
    itself = isinstance(value, ast.Call) and getattr(value.func, "id", "") == name
    return itself or isinstance(value, _VALUES)
