"""16.3: accuracy as if all classes were equally frequent."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The balanced accuracy: of every class that some *label* has, the share of its samples
that was named rightly (its recall); then the mean of these shares. `labels` and
`predictions` are `(N,)` class numbers. Return one number.
"""

STUB = '''\
def balanced_accuracy(labels, predictions):
    """(N,), (N,) class numbers -> the mean of the classes' recalls"""
    raise NotImplementedError
'''


def solution(labels, predictions):
    """Class by class, over the classes that are there."""
    right = labels == predictions
    return np.mean([right[labels == k].mean() for k in np.unique(labels)])


def attempt(labels, predictions, *, wrong=frozenset()):
    """The balanced accuracy with a student's mistakes in it."""
    if "labels and predictions exchanged" in wrong:
        labels, predictions = predictions, labels
    if "plain accuracy" in wrong:
        return np.mean(labels == predictions)
    there = np.unique(labels)
    if "absent classes counted" in wrong:
        there = np.arange(max(labels.max(), predictions.max()) + 1)
    shares = []
    for k in there:
        hits = np.sum((labels == k) & (predictions == k))
        real, called = np.sum(labels == k), np.sum(predictions == k)
        of = (real + called) / 2 if "F1 of each class" in wrong else real
        shares.append(hits / of if of else 0.0)
    if "the worst class" in wrong:
        return min(shares)
    return np.mean(shares)


def draw(rng):
    """Four classes, one of them never a label but sometimes predicted."""
    labels = np.repeat([0, 1, 3], [6, 3, 2])
    predictions = labels.copy()
    flip = rng.permutation(11)[:5]
    predictions[flip] = rng.integers(0, 4, 5)
    predictions[0], predictions[6], predictions[9] = 2, 1, 3  # all are met
    predictions[7] = 0
    order = rng.permutation(11)
    return Case((labels[order], predictions[order]))


def corners(rng):
    """By hand; who always says the same; a class number above all labels."""
    return [
        Case((np.array([0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 1]))),
        Case((np.array([0, 0, 0, 1]), np.zeros(4, int))),
        Case((np.array([1, 1, 1, 0]), np.array([1, 2, 4, 0]))),
    ]


KINDS = ("plain accuracy", "F1 of each class", "the worst class")

MISTAKES = (
    Mistake(
        KINDS[0],
        "this is the share of all samples that is right: frequent classes decide it.",
        "Nine of ten samples are of class 0. Who always says 0: what should come out?",
        excludes=(*KINDS, "absent classes counted", "labels and predictions exchanged"),
    ),
    Mistake(
        "labels and predictions exchanged",
        "of all that was called k you counted what is k: that is the precision.",
        "Of which samples is a recall a share: of those that are k, or called k?",
        excludes=("F1 of each class",),
    ),
    Mistake(
        "absent classes counted",
        "a class that no label has counts as 0. Of nothing no share can be right.",
        "Over how many classes does your mean run, and how many are there?",
    ),
    Mistake(
        KINDS[1],
        "your shares also punish what was called k and is not: that is F1.",
        "What stands below the line in a recall?",
        excludes=KINDS,
    ),
    Mistake(
        KINDS[2],
        "you returned the smallest recall.",
        "What becomes of the other classes in your figure?",
        excludes=(*KINDS, "absent classes counted", "labels and predictions exchanged"),
    ),
)


def by_matrix(labels, predictions):
    """The diagonal of a confusion matrix over its rows' sums."""
    K = int(max(labels.max(), predictions.max())) + 1
    matrix = np.zeros((K, K))
    np.add.at(matrix, (labels, predictions), 1)
    rows = matrix.sum(axis=1)
    return (np.diag(matrix)[rows > 0] / rows[rows > 0]).mean()


def by_weights(labels, predictions):
    """The accuracy of weighted samples: each class weighs the same."""
    _, place, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.average(labels == predictions, weights=1 / counts[place])


EXERCISE = Exercise(
    id="16.3",
    title="balanced accuracy",
    statement=STATEMENT,
    stub=STUB,
    function="balanced_accuracy",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrix, by_weights),
    question="Class by class: how many samples have this label, and how many of these "
    "were named rightly?",
    hints=(
        "`np.unique(labels)` are the classes that are there.",
        "`labels == k` chooses the samples of one class; of these the mean of what is "
        "right.",
    ),
    reread="Which number tells the truth?",
    minutes=5,
    points=2,
)
