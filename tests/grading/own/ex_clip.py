"""An instructor's own exercise, private: values clipped at a quantile."""

import numpy as np

from mmlearn.exercises import Case, Exercise, Mistake

STATEMENT = """\
Clip every column of `x` `(B, F)` at its median from above: values larger than the
median of their column become that median. Return a new array `(B, F)`.
"""

STUB = '''\
def clip_at_median(x):
    """(B, F) -> (B, F)"""
    raise NotImplementedError
'''


def solution(x):
    """The median runs along the batch."""
    return np.minimum(x, np.median(x, axis=0))


def attempt(x, *, wrong=frozenset()):
    """The same with mistakes in it."""
    axis = 1 if "medians of the rows" in wrong else 0
    middle = np.mean if "mean in place of the median" in wrong else np.median
    bound = middle(x, axis=axis, keepdims=True)
    return (
        np.maximum(x, bound) if "clipped from below" in wrong else np.minimum(x, bound)
    )


def draw(rng):
    """More rows than columns, all values different."""
    B, F = int(rng.integers(4, 7)), int(rng.integers(2, 4))
    return Case((rng.permutation(np.arange(B * F) ** 2).reshape(B, F) / 2,))


def with_loops(x):
    """Column by column, in lists."""
    rows = [row.tolist() for row in x]
    for j in range(len(rows[0])):
        middle = np.median([row[j] for row in rows])
        for row in rows:
            row[j] = min(row[j], float(middle))
    return rows


EXERCISE = Exercise(
    id="90.1",
    title="clipped at the median",
    statement=STATEMENT,
    stub=STUB,
    function="clip_at_median",
    solution=solution,
    draw=draw,
    attempt=attempt,
    mistakes=(
        Mistake(
            "medians of the rows",
            "you took the median of each row; a column is what belongs together.",
            "How many medians should there be for (B, F)?",
        ),
        Mistake(
            "mean in place of the median",
            "this is the mean, which the largest values pull up.",
            "Which of the two does one very large value leave where it was?",
        ),
        Mistake(
            "clipped from below",
            "small values were raised; large ones should be lowered.",
            "Is the largest value of your answer a median?",
        ),
    ),
    variants=(with_loops,),
    question="Which values of the first column should change?",
    hints=("Sort one column by hand first.", "np.median has an axis."),
    reread="your notes on medians",
    points=2,
)
