"""Statements that bind an exercise's name and are no answer to it."""

import ast

_VALUES = (
    ast.Constant | ast.BinOp | ast.UnaryOp | ast.Compare | ast.JoinedStr | ast.List
)
_IMPORTS = ast.Import | ast.ImportFrom
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

    `softmax = softmax(z)` in a cell below, `for softmax in …`, or an import of
    somebody else's `softmax`, to compare with.
    """
    bound = [k for k, one in enumerate(statements) if name in one.binds]
    brought = {k for k in bound if isinstance(statements[k].node, _IMPORTS)}
    hidden = {k for k in bound if _no_function(statements[k].node, name)}
    return hidden | (brought if set(bound) - brought - hidden else set())


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
    # `softmax = softmax()` makes one of a class of this name, or of a maker of them.
    call = value if isinstance(value, ast.Call) else None
    itself = call is not None and getattr(call.func, "id", "") == name
    given = call is not None and bool(call.args or call.keywords)
    return (itself and given) or isinstance(value, _VALUES)
