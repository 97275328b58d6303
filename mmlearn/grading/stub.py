"""An exercise's solution as source: nbgrader's region, within the student's stub.

What stands outside of the region is what a student sees.
"""

import ast
import inspect
import math
import sys
import textwrap

import numpy as np

from mmlearn.grading.nbgrader import with_solution

GIVEN = '# Given: delete the line above, and fill in what says "your line".'


def solution_source(exercise):
    """Source of the cell in which the student writes.

    Args:
        exercise: the Exercise.

    Returns:
        the stub with the solution in it, between BEGIN SOLUTION and END SOLUTION.
    """
    if exercise.kind == "answer":
        answer = f"{exercise.function} = {literal(exercise.solution())}"
        return with_solution(exercise.stub.strip(), answer)
    lines = exercise.stub.strip().split("\n")
    node = ast.parse(exercise.stub.strip()).body[-1]
    if not isinstance(node, ast.FunctionDef):
        raise ValueError(f"exercise {exercise.id}: its stub ends in no function")
    first = node.body[0]
    told = ast.get_docstring(node, clean=False) is not None
    head = first.end_lineno or 0 if told else first.lineno - 1
    rest = textwrap.dedent("\n".join(lines[head:])).strip()
    given = "" if rest.startswith("raise NotImplementedError") else f"{GIVEN}\n{rest}"
    inside = with_solution("", solution_body(exercise.solution), given)
    return "\n".join([*lines[:head], textwrap.indent(inside, " " * first.col_offset)])


def solution_body(solution):
    """The lines of a solution, and what they need of its module, but NumPy."""
    source = textwrap.dedent(inspect.getsource(solution))
    node = ast.parse(source).body[0]
    body = list(node.body)  # type: ignore[attr-defined]
    if ast.get_docstring(node) is not None:  # type: ignore[arg-type]
        body = body[1:]
    start = min([body[0].lineno, *(d.lineno for d in _decorators(body[0]))])
    written = textwrap.dedent("\n".join(source.split("\n")[start - 1 :]))
    needed = _needed(
        solution, {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    )
    return "\n\n".join([*needed, written.strip()])


def _decorators(node):
    return getattr(node, "decorator_list", [])


def _needed(solution, names):
    """Imports and helper functions of the solution's module that it uses."""
    module = sys.modules[solution.__module__]
    texts = []
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) in names - {"np"}:
                    node.names = [alias]
                    texts.append(ast.unparse(node))
        elif isinstance(node, ast.FunctionDef) and node.name in names - {
            solution.__name__
        }:
            helper = inspect.getsource(getattr(module, node.name))
            texts.append(textwrap.dedent(helper).strip())
    return texts


def literal(value):
    """A plain value as Python source.

    >>> literal((1, np.array([0.5, 2.0])))
    '(1, np.array([0.5, 2.0]))'
    """
    if isinstance(value, np.ndarray):
        kind = "" if value.dtype.kind in "bifU" else f", dtype={str(value.dtype)!r}"
        if not value.size:
            return f"np.zeros({value.shape}, dtype={str(value.dtype)!r})"
        return f"np.array({literal(value.tolist())}{kind})"
    if isinstance(value, np.generic):
        return literal(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        pairs = (f"{key!r}: {literal(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    return repr(value)
