"""19.2: one loss of several tasks, of which some labels are missing."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Several heads, one loss. `losses`, `(B, M)`, holds each sample's loss of each of $M$
tasks; `known`, `(B, M)` bool, whether there is a label at all; `weights`, `(M,)`, what
a task counts:

$$L = \\sum_m w_m \\, \\frac{1}{n_m} \\sum_{b \\text{ known}} \\ell_{bm}, \\qquad
n_m = \\#\\{b : \\text{known}_{bm}\\}$$

A task without any label adds nothing. Where a label is missing `losses` may hold
anything, NaN too. Return $L$, and its slopes $\\partial L / \\partial \\ell_{bm}$,
`(B, M)`.
"""

STUB = '''\
def multi_task_loss(losses, known, weights):
    """(B, M), (B, M) bool, (M,) -> L, and its slopes (B, M)"""
    raise NotImplementedError
'''


def solution(losses, known, weights):
    """Each task is a mean over its own labels; then the weighted sum."""
    counts = np.maximum(known.sum(axis=0), 1)  # (M,)
    slopes = np.where(known, weights / counts, 0.0)  # (B, M)
    return np.sum(slopes * np.where(known, losses, 0.0)), slopes


def attempt(losses, known, weights, *, wrong=frozenset()):
    """The loss with a student's mistakes in it."""
    counts = known.sum(axis=0).astype(float)
    if "divided by the batch" in wrong:
        counts = np.full(counts.shape, float(len(losses)))
    if "one mean for all" in wrong:
        counts = np.full(counts.shape, float(known.sum()))
    counts = np.where(counts > 0, counts, 1.0)
    w = np.ones_like(weights) if "weights left out" in wrong else weights
    if "weights made to add up to 1" in wrong:
        w = weights / weights.sum()
    slopes = np.where(known, w / counts, 0.0)
    if "multiplied by the mask" in wrong:
        with np.errstate(invalid="ignore"):
            return np.sum(slopes * (losses * known)), slopes
    filled = losses if "missing labels counted" in wrong else np.where(known, losses, 0)
    if "missing labels counted" in wrong:
        slopes = np.broadcast_to(w / counts, losses.shape)
    total = np.sum(slopes * filled)
    if "slopes without weights" in wrong:
        slopes = np.where(known, 1 / counts, 0.0)
    return total, slopes


def _case(rng, known, weights, junk):
    known = np.array(known, bool)
    losses = rng.integers(1, 12, known.shape) / 2
    losses[~known] = junk if np.isnan(junk) else 9 + losses[~known]
    return Case((losses, known, np.array(weights, float)))


def draw(rng):
    """Three tasks with 4, 2 and 1 labels of five, in any order; no weight is 1."""
    known = np.zeros((5, 3), bool)
    for column, count in enumerate(rng.permutation([4, 2, 1])):
        known[rng.permutation(5)[:count], column] = True
    weights = rng.permutation([0.5, 2.0, 3.0])
    return _case(rng, known, weights, float(rng.choice([np.nan, 0.0])))


def corners(rng):
    """By hand; a task that nobody has labelled, with numbers and with NaN."""
    losses = np.array([[2.0, 4.0], [6.0, 8.0]])
    known = np.array([[True, True], [True, False]])
    return [
        Case((losses, known, np.array([0.5, 3.0]))),
        _case(rng, [[1, 0, 1], [1, 0, 0], [0, 0, 1]], [0.5, 2, 3], 0.0),
        _case(rng, [[1, 0], [1, 0], [0, 0]], [0.5, 2], np.nan),
    ]


MEANS = ("divided by the batch", "one mean for all")
WEIGHTS = ("weights left out", "weights made to add up to 1", "slopes without weights")
MASKS = ("multiplied by the mask", "missing labels counted")

MISTAKES = (
    Mistake(
        MEANS[0],
        "you divided by all samples. A task with few labels then hardly counts, "
        "however large its weight.",
        "One sample of a hundred has a label, and its loss is 6. What is the mean "
        "over the labelled?",
        excludes=(*MEANS, *MASKS),
    ),
    Mistake(
        MEANS[1],
        "you divided by the number of all labels of all tasks. Then the task with the "
        "most labels speaks loudest, not the one with the largest weight.",
        "How many means are in the equation?",
        excludes=(*MEANS, *MASKS),
    ),
    Mistake(
        WEIGHTS[0],
        "you left the weights out.",
        "Where does w stand in the equation?",
        excludes=WEIGHTS,
    ),
    Mistake(
        WEIGHTS[1],
        "you scaled the weights so that they add up to 1. The statement takes them as "
        "they are: scaled, they change the length of every step.",
        "Is there a sum of weights in the equation?",
        excludes=WEIGHTS,
    ),
    Mistake(
        WEIGHTS[2],
        "your slopes are those of the means. The loss is right.",
        "What stands before each mean when you take the derivative?",
        excludes=(*WEIGHTS, *MASKS),
    ),
    Mistake(
        MASKS[0],
        "you multiplied by the mask. 0 · NaN is NaN (lesson 16).",
        "Which function chooses, and computes neither?",
        excludes=MASKS,
    ),
    Mistake(
        MASKS[1],
        "what stands where no label is went into your loss.",
        "Which entries may be read at all?",
        excludes=(*MASKS, *MEANS),
    ),
)


def task_by_task(losses, known, weights):
    """A loop over tasks; the mean of an empty list is never taken."""
    total, slopes = 0.0, np.zeros(losses.shape)
    for m, weight in enumerate(weights):
        rows = np.flatnonzero(known[:, m])
        if len(rows):
            total += weight * losses[rows, m].mean()
            slopes[rows, m] = weight / len(rows)
    return total, slopes


EXERCISE = Exercise(
    id="19.2",
    title="a loss of several tasks",
    statement=STATEMENT,
    stub=STUB,
    function="multi_task_loss",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(task_by_task,),
    question="Take the first task alone: which samples have its label, and what is the "
    "mean of their losses?",
    hints=(
        "Count the labels of each task: `known.sum(axis=0)`, at least 1.",
        "L is linear in every loss: the slope is what stands before it.",
        "`np.where(known, weights / counts, 0.0)` are the slopes; what multiplies "
        "them?",
    ),
    reread="Six heads, one loss",
    parts=("L", "slopes"),
    minutes=8,
    points=3,
)
