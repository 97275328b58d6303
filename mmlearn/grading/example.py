"""One example for a private exercise, which a student's `check` does not know.

The case is the shortest of a fixed seed. `mmlearn grade` asks others.
"""

import numpy as np

from mmlearn.exercises.diagnose import ask
from mmlearn.grading.stub import literal

IMPORTS = (
    "from mmlearn.exercises.answers import call, plain\n"
    "from mmlearn.exercises.compare import differences"
)
_SEED = 0
_LARGEST = 4_000  # characters; a longer example helps nobody


def check_source(exercise):
    """A cell that shows the student's answer beside the right one."""
    example = _example(exercise)
    if not example:
        return exercise.function
    given, expected = example
    return (
        f"# One example; it is graded on others.\n"
        f"given = {given}\n"
        f"expected = {expected}\n"
        f"yours = plain(call({exercise.kind!r}, {exercise.function}, *given))\n"
        'print("yours:", yours, "expected:", expected, sep="\\n")'
    )


def points_source(exercise):
    """A test of that example, for nbgrader's own autograde."""
    head = f"# Points: {exercise.points:g}. Leave this cell as it is."
    if not _example(exercise):
        return f"{head}\nassert {exercise.function} is not ..."
    return (
        f"{head}\n"
        f"yours = plain(call({exercise.kind!r}, {exercise.function}, *given))\n"
        f"assert not differences(expected, yours, tolerance={exercise.tolerance:g})"
    )


def _example(exercise):
    """Arguments, keywords and upstream, and the right answer, as source; or None."""
    if exercise.kind == "answer":
        return None
    cases = exercise.cases(np.random.default_rng(_SEED))
    asked = [literal((one.args, dict(one.kwargs), one.upstream)) for one in cases]
    shortest = min(range(len(cases)), key=lambda k: len(asked[k]))
    answer = ask(exercise, exercise.solution, cases[shortest]).answer
    pair = asked[shortest], literal(answer)
    return pair if sum(map(len, pair)) <= _LARGEST else None
