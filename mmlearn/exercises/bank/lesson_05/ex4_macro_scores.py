"""05.4: precision, recall and macro F1 from a confusion matrix."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
`matrix[k, j]` counts the samples of true class $k$ that were predicted as $j$. Return
three things: precision `(K,)`, recall `(K,)` and the macro F1, a number.

- precision of $k$: of all that was *called* $k$, the share that is $k$;
- recall of $k$: of all that *is* $k$, the share that was called $k$;
- $F_k = 2 P_k R_k / (P_k + R_k)$; the macro F1 is the mean of $F_k$ over the classes.

Nothing divided by nothing counts as 0.
"""

STUB = '''\
def macro_scores(matrix):
    """(K, K) counts -> precision (K,), recall (K,), macro F1."""
    raise NotImplementedError
'''


def solution(matrix):
    """The diagonal over the sums of its columns, and of its rows."""
    hits = np.diag(matrix)
    called, real = matrix.sum(axis=0), matrix.sum(axis=1)  # columns, rows
    precision = hits / np.maximum(called, 1)
    recall = hits / np.maximum(real, 1)
    total = precision + recall
    f1 = 2 * precision * recall / np.where(total > 0, total, 1)
    return precision, recall, f1.mean()


def attempt(matrix, *, wrong=frozenset()):
    """The scores with a student's mistakes in them."""
    hits = np.diag(matrix)
    called, real = matrix.sum(axis=0), matrix.sum(axis=1)
    if "rows and columns swapped" in wrong:
        called, real = real, called
    nothing = 1 if "nothing counts as 1" in wrong else 0
    precision = np.where(called > 0, hits / np.maximum(called, 1), nothing)
    recall = np.where(real > 0, hits / np.maximum(real, 1), nothing)
    if "shares of all samples" in wrong:
        precision = recall = hits / matrix.sum()
    return precision, recall, _f1(matrix, precision, recall, wrong)


def _f1(matrix, precision, recall, wrong):
    if "micro" in wrong:
        return np.trace(matrix) / matrix.sum()
    if "F1 of the means" in wrong:
        p, r = precision.mean(), recall.mean()
        return 2 * p * r / (p + r)
    total = precision + recall
    f1 = 2 * precision * recall / np.where(total > 0, total, 1)
    if "arithmetic mean" in wrong:
        f1 = total / 2
    if "weighted" in wrong:
        return f1 @ matrix.sum(axis=1) / matrix.sum()
    return f1[total > 0].mean() if "empty classes left out" in wrong else f1.mean()


def draw(rng):
    """Unequal classes, every one met; far from symmetric."""
    K = int(rng.integers(3, 5))
    matrix = rng.integers(0, 6, (K, K)) + np.diag(rng.integers(3, 9, K))
    matrix[0] += np.arange(K) + 1
    return Case((matrix,))


def corners(rng):
    """Two classes to do by hand; one that is never called; one that is not there."""
    a, b, c = (int(n) for n in rng.permutation([1, 2, 3]))
    two = np.array([[4 + a, b], [b + c + 2, 6]])
    never = np.array([[5, 0, 1], [3, 0, 2 + a], [0, 0, 6 + b]])
    missing = np.array([[6, 2, b], [0, 0, 0], [1, 3, 5 + a]])
    return [Case((two,)), Case((never,)), Case((missing,))]


def by_loops(matrix):
    """Class by class, counts as whole numbers."""
    precision, recall, f1 = [], [], []
    for k in range(len(matrix)):
        hits, called, real = matrix[k, k], matrix[:, k].sum(), matrix[k].sum()
        precision.append(hits / called if called else 0.0)
        recall.append(hits / real if real else 0.0)
        f1.append(2 * hits / (called + real) if called + real else 0.0)
    return np.array(precision), np.array(recall), sum(f1) / len(f1)


_ONE_F1 = ("F1 of the means", "arithmetic mean", "weighted", "empty classes left out")
MISTAKES = (
    Mistake(
        "rows and columns swapped",
        "your precision is the recall, and your recall the precision.",
        "Does a row of the matrix hold all that is k, or all that was called k?",
        "What it gets wrong",
        excludes=("weighted",),
    ),
    Mistake(
        "micro",
        "your F1 counts all samples together, which is the accuracy. The macro F1 is "
        "a mean over the classes.",
        "A class of 5 samples and one of 500: how much does each weigh in your F1?",
        "What it gets wrong",
        excludes=_ONE_F1,
    ),
    Mistake(
        "F1 of the means",
        "you took the means of precision and of recall first, and F1 of those.",
        "Which comes first: F1 of each class, or the mean?",
        "What it gets wrong",
        excludes=_ONE_F1[1:],
    ),
    Mistake(
        "arithmetic mean",
        "your F is halfway between precision and recall; F1 lies nearer the smaller.",
        "Precision 1 and recall 0: what should F1 be?",
        "What it gets wrong",
        excludes=_ONE_F1[3:],
    ),
    Mistake(
        "weighted",
        "your F1 weights each class by its samples; macro takes all classes alike.",
        "A class of 5 samples and one of 500: how much does each weigh in your F1?",
        "What it gets wrong",
        excludes=_ONE_F1[3:],
    ),
    Mistake(
        "empty classes left out",
        "you left classes without a hit out of the mean; they count as 0.",
        "By what number do you divide the sum of F?",
        "What it gets wrong",
        excludes=("nothing counts as 1",),
    ),
    Mistake(
        "nothing counts as 1",
        "a class that is never called, or never there, scores 1 with you.",
        "What should a class earn that the model never finds?",
        "What it gets wrong",
    ),
    Mistake(
        "shares of all samples",
        "you divided by the number of all samples, not of one class.",
        "Of all that was called k: which sum of the matrix is that?",
        "What it gets wrong",
        excludes=(
            "rows and columns swapped",
            "nothing counts as 1",
            "F1 of the means",
            "arithmetic mean",
        ),
    ),
)

EXERCISE = Exercise(
    id="05.4",
    title="precision, recall, macro F1",
    statement=STATEMENT,
    stub=STUB,
    function="macro_scores",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops,),
    parts=("precision", "recall", "macro F1"),
    question="For class 0: how many were called 0, how many are 0, how many are both?",
    hints=(
        "The hits are the diagonal: `np.diag(matrix)`.",
        "Sum over axis 0 for one of the two, over axis 1 for the other.",
        "To divide safely, put 1 where the divisor is 0: the hits are 0 there anyway.",
    ),
    reread="What it gets wrong",
    minutes=10,
)
