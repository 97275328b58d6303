"""One answer to one exercise, examined: from source text to a finding.

The submission's code runs in a child (`sandbox`). Its cases are drawn after it has
loaded; it is asked one at a time, everything twice in two orders; what it says is
compared here, where it cannot reach. What it says out of turn is worth nothing.
"""

import hashlib
import time
from dataclasses import dataclass

import numpy as np

from mmlearn.exercises.answers import Junk, leaf_array
from mmlearn.exercises.compare import differences
from mmlearn.exercises.diagnose import Finding
from mmlearn.grading.sandbox import Limits, start
from mmlearn.grading.talk import Talk

ORDER = "answers depend on the order of the calls"


@dataclass(frozen=True)
class Result:
    """What came of one answer.

    Args:
        finding: as `exercises.diagnose` gives it.
        flags: what an instructor should look at.
        fingerprint: the same for the same wrong answers; "" when passed, or not tried.
        seconds: what it took.
    """

    finding: Finding
    flags: tuple[str, ...] = ()
    fingerprint: str = ""
    seconds: float = 0.0


def examine_source(questions, source, *, limits=None):
    """Run a submission's source in a sandbox and judge its answers.

    Args:
        questions: the Questions of its exercise.
        source: the function, and what it needs, as Python source.
        limits: a Limits; by default what suits the exercise.

    Returns:
        Result, whatever the source does.
    """
    began = time.perf_counter()
    limits = limits or Limits.of(questions.exercise)
    with start(questions.exercise.imports, limits) as child:
        talk = Talk(child, questions, limits)
        talk.hold(source)
    finding = questions.judge(talk.first)
    flags = list(talk.flags)
    if talk.again and _differ(questions.exercise, talk.first, talk.again):
        flags.append(ORDER)
        if finding.kind == "passed":
            finding = questions.judge(talk.again)
    mark = fingerprint(finding, talk.first)
    seconds = time.perf_counter() - began
    return Result(finding, tuple(flags), mark, seconds)


def _differ(exercise, first, again):
    """Whether a case was answered in two ways."""
    return any(
        (one.status, one.mutated) != (other.status, other.mutated)
        or not _alike(one.answer, other.answer, exercise.tolerance)
        for one, other in zip(first, again, strict=True)
    )


def _alike(one, other, tolerance):
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return _alike(tuple(one.items()), tuple(other.items()), tolerance)
    if isinstance(one, tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_alike(*p, tolerance) for p in pairs)
    arrays = leaf_array(one), leaf_array(other)
    if any(array is None for array in arrays):
        return _hash(one) == _hash(other)
    return not differences(*arrays, tolerance=tolerance)


def fingerprint(finding, outcomes):
    """A hash of answers as far as they are the same: "" when passed or not tried."""
    if finding.kind in ("passed", "stub"):
        return ""
    told = hashlib.sha256(finding.kind.encode())
    for outcome in outcomes:
        told.update(f"\n{outcome.status} {outcome.error} ".encode())
        _digest(outcome.answer, told)
    return told.hexdigest()[:16]


def _hash(value):
    told = hashlib.sha256()
    _digest(value, told)
    return told.digest()


def _digest(value, told):
    if isinstance(value, dict):
        value = tuple(value.items())
    array = None if isinstance(value, tuple) else leaf_array(value)
    if array is None:
        told.update(str(type(value).__name__).encode())
        if isinstance(value, list | tuple):
            for item in value:
                _digest(item, told)
        elif isinstance(value, str | Junk):
            told.update(str(value).encode())
        return
    told.update(str(array.shape).encode())
    if array.dtype.kind == "U":
        told.update(repr(array.tolist()).encode())
        return
    told.update(_rounded(array).encode())


def _rounded(array):
    """Numbers to four digits; what is nothing beside the largest is 0."""
    flat = array.ravel()[:10_000]
    parts = (flat.real, flat.imag) if flat.dtype.kind == "c" else (flat,)
    numbers = np.concatenate(parts).astype(np.float64)
    finite = np.abs(numbers[np.isfinite(numbers)])
    small = np.abs(numbers) <= 1e-9 * finite.max(initial=0.0)
    return " ".join(f"{x:.4g}" for x in np.where(small, 0.0, numbers))
