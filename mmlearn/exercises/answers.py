"""From whatever a function returned to plain data that nothing can be hidden in.

A student's answer may be a list, a tensor of any framework, an array subclass, an
object whose `repr` raises. `plain` turns it into exact NumPy arrays, numbers, strings,
lists, tuples, dicts and `Junk`; only those are compared and shown.
"""

import inspect
from dataclasses import dataclass

import numpy as np

_ITEMS = 1_000_000  # of lists and arrays together; more is no answer to an exercise
_NUMBERS = (bool, int, float, complex)


@dataclass(frozen=True)
class Junk:
    """What cannot be an answer, in words: "a generator", "a Foo object"."""

    what: str


class WrongForm(Exception):
    """A pullback exercise's function did not return `(y, pullback)`."""


class _TooMuch(Exception):
    """Lists with more in them than any exercise asks for."""


def call(kind, function, args, kwargs, upstream):
    """Ask a function its question; for a pullback, ask the pullback too.

    Returns:
        its answer, for a pullback the tuple (y, gradient, gradient, …).
    """
    answer = function(*args, **kwargs)
    if kind != "pullback":
        return answer
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise WrongForm(f"it returned {describe(answer)}")
    y, pullback = answer
    if not callable(pullback):
        raise WrongForm(f"the second thing it returned is {describe(pullback)}")
    gradients = pullback(upstream)
    if not isinstance(gradients, tuple | list):
        gradients = (gradients,)  # one argument: `return dx` is as good as `(dx,)`
    return (y, *gradients)


def plain(value):
    """Any object as plain data; never raises an ordinary exception.

    >>> plain([1, (2.5, None)])
    [1, (2.5, None)]
    >>> plain(print)
    Junk(what='a function')
    """
    try:
        return _plain(value, 0, [_ITEMS])
    except _TooMuch:
        return Junk("more numbers than can be compared, or lists too deep")
    except Exception:  # a property, an __array__ or a __len__ of theirs raised
        return Junk("an object that cannot be read")


def _plain(value, depth, room):
    room[0] -= 1
    if room[0] < 0 or depth > 16:
        raise _TooMuch
    if value is None or type(value) in (*_NUMBERS, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        return _plain_array(value)
    if isinstance(value, tuple):
        return tuple([_plain(item, depth + 1, room) for item in tuple(value)])
    if isinstance(value, list):
        return [_plain(item, depth + 1, room) for item in list(value)]
    if isinstance(value, dict):
        return {str(key): _plain(item, depth + 1, room) for key, item in value.items()}
    if not isinstance(value, type) and hasattr(value, "__array__"):
        return _plain_array(np.asarray(value))
    return Junk(describe(value))


def _plain_array(value):
    array = np.asarray(value)  # no copy yet: this may be larger than the memory
    if array.size > _ITEMS:
        return Junk(f"an array of shape {array.shape}")
    if array.dtype.kind in "biufcU":
        return array.copy()
    try:
        return array.astype(np.float64)  # object arrays of numbers, bfloat16
    except (TypeError, ValueError):
        return Junk(f"an array of dtype {array.dtype}")


def describe(value):
    """What kind of thing this is, in words, without asking the thing itself."""
    if value is None:
        return "None"
    if inspect.isgenerator(value):
        return "a generator"
    if inspect.iscoroutine(value):
        return "a coroutine"
    if inspect.isclass(value):
        return "a class"
    if inspect.isroutine(value):
        return "a function"
    if isinstance(value, np.ndarray):
        return f"an array of shape {np.ndarray.__getattribute__(value, 'shape')}"
    name = type(value).__name__
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name[:40]}"


def leaf_array(value):
    """A plain answer as one array of numbers or strings, or None if it is not one."""
    if value is None or isinstance(value, Junk | dict):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):  # a ragged list
        return None
    if array.dtype.kind == "O":
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError, OverflowError):
            return None
    return array if array.dtype.kind in "biufcU" else None
