"""Names that a statement reads before it gives them a value itself.

A loop's own counter is not needed from elsewhere: `for i in …: table[i] = i`.
"""

import ast

_FIRST = ("decorator_list", "bases", "iter", "items", "value", "test", "generators")
_LAST = ("targets", "target", "optional_vars", "body", "handlers", "orelse", "elt")
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def reads_first(node):
    """The names that are read before they are bound, in the order in which it runs."""
    read: set[str] = set()
    bound: set[str] = set()
    for name, stored in _events(node):
        if stored:
            bound.add(name)
        elif name not in bound:
            read.add(name)
    return read


def _events(node):
    if isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
        return
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, False
    if isinstance(node, _FUNCTIONS):
        inner = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        for part in [*getattr(node, "decorator_list", ()), *inner]:
            yield from _events(part)
    else:
        for part in _in_order(node):
            yield from _events(part)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, True
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, True
    if isinstance(node, ast.alias):
        yield (node.asname or node.name.partition(".")[0]), True


def _in_order(node):
    fields = dict(ast.iter_fields(node))
    names = [name for name in _FIRST if name in fields]
    names += [name for name in fields if name not in _FIRST and name not in _LAST]
    names += [name for name in _LAST if name in fields]
    for name in names:
        value = fields[name]
        parts = value if isinstance(value, list) else [value]
        yield from (part for part in parts if isinstance(part, ast.AST))
