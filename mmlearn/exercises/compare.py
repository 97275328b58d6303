"""Whether two plain answers are the same, and where they first differ.

The rule: same shape, and every number within `tolerance` of the expected one, as a
share of the largest expected number; expected integers exactly. What type the numbers
have (float32, a list, a tensor) does not matter, as long as the numbers are right.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mmlearn.exercises.answers import Junk, leaf_array


@dataclass(frozen=True)
class Difference:
    """One part of an answer that is not as expected.

    Args:
        kind: "junk", "structure", "several", "shape", "dtype", "nan" or "value".
        part: the part's name, "" where the answer has one part only.
        yours, expected: arrays, or whatever stands in their place.
        index: the first place where they differ, for "nan" and "value".
    """

    kind: str
    part: str
    yours: Any
    expected: Any
    index: tuple[int, ...] = ()


def differences(expected, yours, *, tolerance, parts=()):
    """Every part in which an answer is not as expected; [] when all are.

    Args:
        expected, yours: plain data (see `answers.plain`).
        tolerance: share of the largest expected number.
        parts: names of a tuple's parts.

    >>> differences(np.array([1.0, 2.0]), [1, 2], tolerance=1e-6)
    []
    >>> differences(np.zeros((2, 3)), np.zeros((3, 2)), tolerance=1e-6)[0].kind
    'shape'
    """
    if isinstance(expected, dict):
        return _dict(expected, yours, tolerance)
    if isinstance(expected, tuple):
        return _tuple(expected, yours, tolerance, parts)
    found = _leaf("", expected, yours, tolerance)
    return [found] if found else []


def same(expected, yours, *, tolerance):
    """Whether `differences` finds none; it ends at the first, and says nothing of it.

    >>> same((1, np.ones(2)), (1, [1, 1]), tolerance=1e-6)
    True
    """
    if isinstance(expected, dict):
        alike = isinstance(yours, dict) and set(yours) == set(expected)
        return alike and all(_alike(expected[k], yours[k], tolerance) for k in expected)
    if isinstance(expected, tuple):
        yours = _listed(yours)
        alike = isinstance(yours, tuple | list) and len(yours) == len(expected)
        return alike and all(
            _alike(*pair, tolerance) for pair in zip(expected, yours, strict=True)
        )
    return _alike(expected, yours, tolerance)


def _dict(expected, yours, tolerance):
    if not isinstance(yours, dict) or set(yours) != set(expected):
        return [Difference("structure", "", yours, expected)]
    pairs = [(str(k), expected[k], yours[k]) for k in expected]
    return [found for pair in pairs if (found := _leaf(*pair, tolerance))]


def _tuple(expected, yours, tolerance, parts):
    yours = _listed(yours)
    if not isinstance(yours, tuple | list) or len(yours) != len(expected):
        return [Difference("structure", "", yours, expected)]
    names = parts or [f"part {k}" for k in range(1, len(expected) + 1)]
    pairs = zip(names, expected, yours, strict=True)
    return [found for pair in pairs if (found := _leaf(*pair, tolerance))]


def _listed(yours):
    """A short answer such as (26, 26, 32) may be given as an array."""
    row = isinstance(yours, np.ndarray) and yours.ndim == 1
    return tuple(yours) if row else yours


def _alike(expected, yours, tolerance):
    """As `_leaf`, which looks for words too; most answers are compared here."""
    numbers = isinstance(expected, np.ndarray) and isinstance(yours, np.ndarray)
    if numbers and expected.dtype.kind in "biuf" and yours.dtype.kind in "biuf":
        if expected.shape != yours.shape:
            return False
        return expected is yours or bool(_close(expected, yours, tolerance).all())
    return _leaf("", expected, yours, tolerance) is None


def _leaf(part, expected, yours, tolerance):
    if expected is None:
        return None if yours is None else Difference("junk", part, yours, expected)
    right = leaf_array(expected)
    given = leaf_array(yours)
    if _several(yours, given, right):
        return Difference("several", part, yours, right)
    if given is None or isinstance(yours, Junk):
        return Difference("junk", part, yours, right)
    if (given.dtype.kind == "U") != (right.dtype.kind == "U"):
        return Difference("dtype", part, given, right)
    if given.shape != right.shape:
        return Difference("shape", part, given, right)
    close = _close(right, given, tolerance)
    if close.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~close)[0])
    return Difference(_kind(right, given), part, given, right, index)


def _several(yours, given, right):
    """Whether a tuple holds the one array expected, or another, and more besides."""
    if not isinstance(yours, tuple) or len(yours) < 2:
        return False
    if given is not None and given.shape == right.shape:
        return False
    if given is None and any(isinstance(item, np.ndarray) for item in yours):
        return True
    return any(_fits(item, right) for item in yours)


def _fits(item, right):
    array = leaf_array(item)
    return array is not None and array.shape == right.shape


def _close(right, given, tolerance):
    if right.dtype.kind == "U":
        return np.asarray(np.char.strip(given) == np.char.strip(right))
    exact = right.dtype.kind in "biu"
    rtol, atol = (1e-12, 1e-9) if exact else (tolerance, 0.0)
    # As np.isclose, which takes four times as long, for thousands of small answers.
    right = right.astype(np.result_type(right, 1.0), copy=False)
    finite = np.isfinite(right)
    plain = finite.all()
    with np.errstate(all="ignore"):
        size = np.abs(right)
        if not exact:
            among = size if plain else size[finite]
            atol = tolerance * float(among.max(initial=0.0))
        near = np.abs(given - right) <= atol + rtol * size
        if plain:
            return near
        same = (near & finite) | (given == right)
        return same | (np.isnan(given) & np.isnan(right))


def _kind(right, given):
    if right.dtype.kind == "U":
        return "value"
    return "nan" if (np.isnan(given) & ~np.isnan(right)).any() else "value"
