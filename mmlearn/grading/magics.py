"""A cell's text as plain Python: without magics, shell lines and questions to IPython.

Only text is changed and parsed here; nothing is executed.
"""

import ast
import re

_KEEPS = {"time", "timeit", "capture", "prun"}  # %%magics whose cell is run as Python
_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_LINES = 400  # with magics among them; IPython takes long over more
_WORK = 500_000  # magics times letters: three seconds


def parse(text):
    """The text that Python would see, and its tree.

    Raises:
        SyntaxError: as Python words it; also for what is nested too deeply to be read.
    """
    try:
        return text, _tree(text)
    except SyntaxError as problem:
        plain = _without_magics(text)
        if plain == text:
            raise
        try:
            return plain, _tree(plain)
        except SyntaxError:
            raise problem from None


def _tree(text):
    try:
        return compile(text, "<cell>", "exec", _FLAGS, dont_inherit=True)
    except (RecursionError, MemoryError):
        raise SyntaxError("nested too deeply to be read") from None
    except ValueError as problem:  # a null byte, before Python 3.12
        raise SyntaxError(str(problem)) from None


def _without_magics(text):
    lines = text.split("\n")
    for k, line in enumerate(lines):
        name = re.match(r"\s*%%(\w+)", line)
        if line.strip() and not name:
            break
        if name and name[1] not in _KEEPS:
            return ""
        lines[k] = ""  # and the lines keep their numbers
    text = "\n".join(lines)
    try:
        compile(text, "<cell>", "exec", _FLAGS, dont_inherit=True)
        return text
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    found = re.findall(r"(?m)^[ \t]*[%!?/;,]|[?][ \t]*$|=[ \t]*[%!]", text)
    work = len(found) * len(text)  # IPython reads all of it again for each
    return _translated(text) if 0 < work <= _WORK and len(lines) <= _LINES else text


def _translated(text):
    """IPython's own reading of the text, its calls of IPython taken out again."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        text = TransformerManager().transform_cell(text)
        tree = compile(text, "<cell>", "exec", _FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, RuntimeError, RecursionError, MemoryError):
        return text
    lines = text.split("\n")
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Expr) and _asks_ipython(n)]
    for node in calls:
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        indent = re.match(r"\s*", lines[first])[0]  # type: ignore[index]
        lines[first : last + 1] = [indent + _timed(node.value)] + [""] * (last - first)
    return "\n".join(lines)


def _asks_ipython(node):
    call = node.value
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Call)
        and isinstance(call.func.value.func, ast.Name)
        and call.func.value.func.id == "get_ipython"
    )


def _timed(call):
    """`%time y = f(x)` runs the statement; any other magic does nothing to a name."""
    words = [str(arg.value) for arg in call.args if isinstance(arg, ast.Constant)]
    if call.func.attr == "run_line_magic" and words[:1] == ["time"] and len(words) == 2:
        try:
            compile(words[1], "<cell>", "exec", _FLAGS, dont_inherit=True)
            return words[1]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return "pass"
