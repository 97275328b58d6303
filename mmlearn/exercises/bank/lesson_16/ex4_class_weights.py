"""16.4: how much each class should weigh."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Weights for the classes so that all of them weigh the same in a loss:

$$w_k = \\frac{N}{K'\\, n_k}$$

$n_k$ is how many of the N `labels` are k, and $K'$ how many classes are there at all.
A class without a sample has the weight 0. (So the mean weight of a *sample* is 1, and
the learning rate need not change.) `classes` is K. Return `(K,)`.
"""

STUB = '''\
def class_weights(labels, classes):
    """(N,) class numbers, K -> (K,) weights"""
    raise NotImplementedError
'''


def solution(labels, classes):
    """Count, and divide where there is something to divide by."""
    counts = np.bincount(labels, minlength=classes)
    there = counts > 0
    return np.where(there, len(labels) / (there.sum() * np.maximum(counts, 1)), 0.0)


def attempt(labels, classes, *, wrong=frozenset()):
    """The weights with a student's mistakes in them."""
    counts = np.bincount(labels, minlength=classes).astype(float)
    there = counts > 0
    share = counts / counts.sum()
    if "one added to each count" in wrong:
        share = (counts + 1) / (counts + 1).sum()
    K = classes if "absent classes counted" in wrong else there.sum()
    weights = np.where(there, 1 / np.where(there, share, 1), 0.0)
    if "frequent ones weigh more" in wrong:
        weights = share
    if "the square root" in wrong:
        weights = np.sqrt(weights)
    if "add up to 1" in wrong:
        return weights / weights.sum()
    if "the largest class as unit" in wrong:
        return weights / weights[counts.argmax()]
    return weights if "not divided by K" in wrong else weights / K


def draw(rng):
    """Four classes with counts that all differ, one of them 0."""
    counts = np.array([0, 1, 2, 5]) + np.array([0, 0, rng.integers(2), rng.integers(4)])
    counts = counts[rng.permutation(4)]
    labels = np.repeat(np.arange(4), counts)
    return Case((labels[rng.permutation(len(labels))], 4))


def corners(rng):
    """By hand: nine and one."""
    return [
        Case((np.array([0, 0, 0, 1]), 2)),
        Case((np.array([0] * 9 + [1]), 2)),
        Case((np.array([2, 2, 2, 0, 0, 0, 0, 0, 3]), 5)),
    ]


SCALES = ("add up to 1", "the largest class as unit", "not divided by K")

MISTAKES = (
    Mistake(
        "frequent ones weigh more",
        "your weights grow with a class's frequency.",
        "Nine of class 0 and one of class 1: which one needs the larger weight?",
        excludes=("the square root", "add up to 1"),
    ),
    Mistake(
        "absent classes counted",
        "you divided by all K classes. Then the mean weight of a sample is not 1.",
        "Add up the weights of all N samples. What comes out?",
        excludes=SCALES,
    ),
    Mistake(
        SCALES[2],
        "your weights are N over the class's count: K times too large, and so is every "
        "step.",
        "With equally frequent classes every weight should be 1. Is it?",
        excludes=SCALES,
    ),
    Mistake(
        SCALES[0],
        "your weights add up to 1. Then the loss, and every step, shrinks with K.",
        "With equally frequent classes every weight should be 1. Is it?",
        excludes=SCALES,
    ),
    Mistake(
        SCALES[1],
        "the largest class weighs 1, the others more: the loss grows with the "
        "imbalance, and so does every step.",
        "Add up the weights of all N samples. What comes out?",
        excludes=SCALES,
    ),
    Mistake(
        "the square root",
        "you took a root: a compromise that some use. Here all classes shall weigh the "
        "same.",
        "Weight times count: is it the same for each class?",
    ),
    Mistake(
        "one added to each count",
        "you added 1 to each count to avoid dividing by 0. That changes all weights.",
        "What is the weight of a class that nobody has, by the statement?",
        excludes=("absent classes counted",),
    ),
)


def by_loop(labels, classes):
    """Plain Python."""
    labels = [int(k) for k in labels]
    there = len(set(labels))
    counts = [labels.count(k) for k in range(classes)]
    return [len(labels) / (there * n) if n else 0.0 for n in counts]


def by_one_hot(labels, classes):
    """Shares as means of one-hot rows; 1 / share, over the classes that are there."""
    share = np.eye(classes)[labels].mean(axis=0)
    weights = np.zeros(classes)
    np.divide(1.0, share, out=weights, where=share > 0)
    return weights / np.count_nonzero(share)


EXERCISE = Exercise(
    id="16.4",
    title="class weights",
    statement=STATEMENT,
    stub=STUB,
    function="class_weights",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loop, by_one_hot),
    question="Multiply each weight by its class's count: what should come out for each "
    "class that is there, and what in all?",
    hints=(
        "`np.bincount(labels, minlength=classes)` counts; who is absent gets 0.",
        "Divide only where the count is above 0.",
    ),
    reread="Weights, samples, thresholds",
    minutes=5,
    points=2,
)
