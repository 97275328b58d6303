"""What each finding says to the student, in the student's terms."""

import inspect

import numpy as np

from mmlearn.exercises.answers import Junk
from mmlearn.exercises.compare import Difference
from mmlearn.exercises.numbers import number, place, show_value

_MEANS = {
    "IndexError": "an index is outside its array, or there are more indices than axes: "
    "does a loop run one step too far, or do two indices stand in each other's place?",
    "ValueError": "a function was given something it cannot use; in NumPy mostly two "
    "shapes that do not fit: print both shapes on the line above.",
    "TypeError": "an operation was given the wrong kind of thing (a None, a list, a "
    "float as an index), or a function the wrong number of arguments.",
    "NameError": "a name is used that is not defined: a typing error, or a cell that "
    "was not run?",
    "UnboundLocalError": "a variable is read before anything was put into it.",
    "AttributeError": "the thing before the dot does not have what stands after it.",
    "KeyError": "a dict has no such key.",
    "ZeroDivisionError": "something was divided by zero.",
    "RecursionError": "the function calls itself without end.",
    "MemoryError": "an array is far larger than memory: check its shape.",
    "ModuleNotFoundError": "an import found no such package.",
    "NotImplementedError": "one path still ends in the stub's `raise`.",
    "AssertionError": "one of your own `assert` lines does not hold.",
}


def problem_text(exercise, finding):
    """One sentence or two about a finding that is not about numbers."""
    outcome = finding.outcome
    name = exercise.function
    if finding.kind == "timeout":
        return (
            f"`{name}` did not return within {exercise.seconds:g} seconds and was "
            "stopped: is there a loop whose end is never reached?"
        )
    if finding.kind == "exit":
        return f"`{name}` called `sys.exit()`: use `return` to leave a function."
    if finding.kind == "input":
        return (
            f"`{name}` asked for `input()`: all it needs comes through its arguments."
        )
    if finding.kind == "mutated":
        return (
            f"`{name}` changed its input `{outcome.mutated}`. Whoever called it still "
            "needs that array: make a new one (`x = x - m` instead of `x -= m`)."
        )
    if finding.kind == "signature":
        return (
            f"`{name}` cannot be called as the exercise calls it: {outcome.message}; "
            f"expected {inspect.signature(exercise.solution)}."
        )
    if finding.kind == "form":
        return (
            f"`{name}` should return two things, `y` and the function `pullback`, and "
            f"{outcome.message}."
        )
    return ""


def raised_text(name, outcome):
    """What an exception says, where, and what it mostly means."""
    where = f" in line {outcome.line}" if outcome.line else ""
    meaning = _MEANS.get(outcome.error, "")
    if outcome.error == "NotImplementedError" and not outcome.message:
        where += ", for some of the cases"
    told = f"{outcome.error}: {outcome.message}" if outcome.message else outcome.error
    return f"`{name}` stopped{where} with {told}" + (
        f". That means: {meaning}" if meaning else ""
    )


def difference_text(difference: Difference):
    """One part's difference in one sentence."""
    subject = f"`{difference.part}`" if difference.part else "your answer"
    if difference.kind == "structure":
        return _structure(difference)
    if difference.kind == "several":
        return _several(difference)
    if difference.kind == "junk":
        return _junk(subject, difference)
    if difference.kind == "dtype":
        kinds = [
            "text" if d.dtype.kind == "U" else "numbers" for d in _both(difference)
        ]
        return f"{subject} is {kinds[0]}; expected {kinds[1]}."
    if difference.kind == "shape":
        return (
            f"The shape of {subject}: yours {difference.yours.shape}, expected "
            f"{difference.expected.shape}."
        )
    yours, right = difference.yours, difference.expected
    index = difference.index
    spot = place(index, difference.part) or "the one number"
    if difference.kind == "nan":
        return (
            f"{subject} is not a number (NaN) at {spot}; expected {_at(right, index)}. "
            "NaN comes from 0 / 0, inf − inf, inf / inf, or the root of a negative, "
            "or from a nan in the input: 0 · nan is nan."
        )
    return (
        f"The first place that differs is {spot}: yours {_at(yours, index)}, "
        f"expected {_at(right, index)}.{_whole(yours[index], right)}"
    )


def _both(difference):
    return difference.yours, difference.expected


def _whole(value, right):
    """That a fraction stands where only a whole number can be right."""
    fraction = right.dtype.kind in "iu" and np.isfinite(value) and value != round(value)
    return " It must be a whole number: do you divide with `/`?" if fraction else ""


def _several(difference):
    count, right = len(difference.yours), _kind(difference.expected)
    if difference.part:
        return f"`{difference.part}` is {count} things; return only one, {right}."
    return f"you returned {count} things; return only `y`, {right}."


def _at(array, index):
    return number(array[index])


def _junk(subject, difference):
    yours = difference.yours
    if yours is None:
        return f"{subject} is None: does the function end in `return`?"
    if isinstance(yours, Junk):
        extra = (
            " (`yield` in its body: use `return`)" if "generator" in yours.what else ""
        )
        return (
            f"{subject} is {yours.what}{extra}; expected {_kind(difference.expected)}."
        )
    if isinstance(yours, list | tuple):
        return (
            f"{subject} is a list whose rows do not make an array (of unequal length, "
            f"or not numbers); expected {_kind(difference.expected)}."
        )
    given = "a dict" if isinstance(yours, dict) else show_value(yours)
    return f"{subject} is {given}; expected {_kind(difference.expected)}."


def _structure(difference):
    expected, yours = difference.expected, difference.yours
    if isinstance(expected, dict):
        got = f"the keys {sorted(yours)}" if isinstance(yours, dict) else _kind(yours)
        return (
            f"Your answer is {got}; expected a dict with the keys {sorted(expected)}."
        )
    return f"Your answer is {_kind(yours)}; expected {_kind(expected)}."


def _kind(value):
    if value is None:
        return "None (does the function end in `return`?)"
    if isinstance(value, Junk):
        return value.what
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return f"a {kind} of {len(value)}"
    if isinstance(value, dict):
        return "a dict"
    shape = getattr(value, "shape", ())
    return f"an array of shape {shape}" if shape else "a single number"


def parts_text(exercise, finding):
    """For an answer of several parts: which are right; "" for an answer of one."""
    names = exercise.parts
    wrong = [d.part for d in finding.differences]
    if not names or not wrong or not all(part in names for part in wrong):
        return ""
    right = [f"`{name}`" for name in names if name not in wrong]
    tail = "; wrong: " + ", ".join(f"`{name}`" for name in wrong) + "."
    return (
        "Right: " + ", ".join(right) if right else "None of the parts is right"
    ) + tail
