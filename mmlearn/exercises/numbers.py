"""Arrays as a student can read them: whole where small, a window where large."""

import inspect

import numpy as np

from mmlearn.exercises.answers import Junk, leaf_array

WHOLE = 80  # numbers shown in full
_REACH = 5  # rows and columns shown of a larger array


def show_value(value, around=(), plane=None):
    """Plain data as text.

    Args:
        value: what `answers.plain` gives.
        around: an index that a window on a large array must hold.
        plane: two axes to read an array of more axes by, (1, 2) for B H W C.
    """
    if isinstance(value, Junk):
        return value.what
    if isinstance(value, str | None | bool):
        return repr(value)[:400]
    if isinstance(value, dict):
        return "\n".join(f"{key}: {show_value(v)}" for key, v in value.items())[:4000]
    array = leaf_array(value)
    if isinstance(value, tuple | list) and (array is None or array.ndim != 1):
        return "\n".join(show_value(item) for item in value[:8])[:4000]
    if array is None:
        return "something that is not numbers"
    return show_array(array, around, plane)


def show_array(array, around=(), plane=None):
    """An array's shape and its numbers, as two-dimensional pieces.

    >>> print(show_array(np.array([[1.0, -20.5], [0.0, 3.0]])))
    shape (2, 2)
    [[    1 -20.5]
     [    0     3]]
    """
    if array.ndim == 0:
        return number(array[()])
    head = f"shape {array.shape}"
    if not array.size:
        return f"{head}: no numbers at all"
    index = tuple(around) if len(around) == array.ndim else (0,) * array.ndim
    fits = plane and max(plane) < array.ndim
    plane = tuple(plane) if fits else tuple(range(array.ndim))[-2:]
    rest = [array.shape[a] for a in range(array.ndim) if a not in plane]
    small = array.size <= WHOLE
    pieces = list(np.ndindex(*rest)) if small else [_without(index, plane)]
    shown = [_piece(array, plane, fixed, index, small) for fixed in pieces]
    return "\n".join([head, *shown])


def _without(index, plane):
    return tuple(i for axis, i in enumerate(index) if axis not in plane)


def _piece(array, plane, fixed, index, small):
    """One plane of an array, with the slice that it is written above it."""
    rest = iter(fixed)
    cut: list = []
    for axis, size in enumerate(array.shape):
        if axis not in plane:
            cut.append(next(rest))
            continue
        start = 0 if small else max(0, min(index[axis] - 2, size - _REACH))
        stop = size if small else min(size, start + _REACH)
        cut.append(slice(start, stop))
    body = _numbers(array[tuple(cut)])
    whole = small and not fixed
    return body if whole else f"[{', '.join(map(_slice, cut, array.shape))}] =\n{body}"


def _slice(cut, size):
    if not isinstance(cut, slice):
        return str(cut)
    return ":" if (cut.start, cut.stop) == (0, size) else f"{cut.start}:{cut.stop}"


def _numbers(array):
    width = max(len(number(value)) for value in array.flat)
    return np.array2string(
        array,
        max_line_width=80,
        threshold=1000,
        formatter={"all": lambda value: number(value).rjust(width)},
    )


def number(value):
    """One number, four digits."""
    if isinstance(value, np.str_ | str):
        return repr(str(value))
    if np.iscomplexobj(value) or isinstance(value, bool | np.bool_):
        return f"{value:.4g}" if np.iscomplexobj(value) else str(value)
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)


def place(index, part=""):
    """Where in an answer: "dkernel[0, 1]", "at [2]", "" for a single number."""
    spot = "[" + ", ".join(map(str, index)) + "]" if index else ""
    return f"{part}{spot}"


def argument_names(function):
    """Names of a function's arguments, in order; () where it has no signature."""
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()


def show_case(case, function, planes):
    """A case's arguments by name, as (name, text) pairs."""
    return [
        (name, show_value(value, (), planes.get(name)))
        for name, value in _named(case, function)
    ]


def case_in_short(case, function):
    """A case in one line: numbers as they are, of arrays their shapes.

    >>> from mmlearn.exercises.exercise import Case
    >>> case_in_short(Case((np.zeros((2, 3)), 0.5), {"padding": "same"}), len)
    "`obj` of shape (2, 3), `argument 2` = 0.5, `padding` = 'same'"
    """
    return ", ".join(
        f"`{name}` {_in_short(value)}" for name, value in _named(case, function)
    )


def _in_short(value):
    if isinstance(value, list | tuple):
        return f"with {len(value)} entries"
    if isinstance(value, dict):
        return f"with the keys {sorted(value)}"
    shape = getattr(value, "shape", ())
    return f"of shape {shape}" if shape else f"= {show_value(value)}"


def _named(case, function):
    """A case's arguments as (name, value) pairs."""
    names = argument_names(function)
    pairs = [
        (names[k] if k < len(names) else f"argument {k + 1}", value)
        for k, value in enumerate(case.args)
    ]
    pairs += list(case.kwargs.items())
    if case.upstream is not None:
        pairs.append(("upstream gradient", case.upstream))
    return pairs
