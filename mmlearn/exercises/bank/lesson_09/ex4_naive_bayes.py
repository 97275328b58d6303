"""09.4: naive Bayes with add-one smoothing, as a bias and a weight for each word."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Naive Bayes as a bias and one weight a word. `counts` is `(N, V)`: how often each of V
words stands in each of N sentences; `y` is `(N,)`, 0 or 1. With $N_{kv}$, how often
word v stands in all sentences of class k, and $N_k = \\sum_v N_{kv}$,

$$w_v = \\ln \\frac{N_{1v} + 1}{N_1 + V} - \\ln \\frac{N_{0v} + 1}{N_0 + V}, \\qquad
b = \\ln \\frac{\\text{sentences of class 1}}{\\text{sentences of class 0}}$$

Return `b` and `w`, `(V,)`.
"""

STUB = '''\
def naive_bayes(counts, y):
    """(N, V) counts, (N,) of 0 and 1 -> b, a number, and w (V,)"""
    raise NotImplementedError
'''


def solution(counts, y):
    """Count the words of each class, add one to each, take logarithms, subtract."""
    V = counts.shape[1]
    logs = []
    for k in (0, 1):
        words = counts[y == k].sum(axis=0)  # N_kv, (V,)
        logs.append(np.log((words + 1) / (words.sum() + V)))
    return np.log((y == 1).sum() / (y == 0).sum()), logs[1] - logs[0]


def attempt(counts, y, *, wrong=frozenset()):
    """The counting with a student's mistakes in it."""
    V, logs = counts.shape[1], []
    if "sentences counted, not words" in wrong:
        counts = (counts > 0).astype(int)
    for k in (0, 1):
        words = counts[y == k].sum(axis=0)
        added = 0 if "nothing added" in wrong else 1
        below = {"one added above only": 0, "one added below, not V": 1}
        extra = next((n for name, n in below.items() if name in wrong), V * added)
        total = words.sum()
        if "divided by the sentences" in wrong:
            total = (y == k).sum()
        with np.errstate(divide="ignore"):
            logs.append(np.log((words + added) / (total + extra)))
    with np.errstate(invalid="ignore"):
        weights = logs[1] - logs[0]
    bias = np.log((y == 1).sum() / (y == 0).sum())
    if "prior left out" in wrong:
        bias = 0.0
    if "words in the prior" in wrong:
        bias = np.log(counts[y == 1].sum() / counts[y == 0].sum())
    sign = -1 if "class 0 against class 1" in wrong else 1
    return sign * bias, sign * weights


def _case(rng, counts):
    """Class 1 has more sentences than class 0; every row in a place of its own."""
    counts = np.asarray(counts)
    y = (np.arange(len(counts)) >= len(counts) // 3).astype(np.int64)
    order = rng.permutation(len(counts))
    return Case((counts[order], y[order]))


def draw(rng):
    """Words that occur twice in a sentence; in each class each word is met."""
    N, V = int(rng.integers(6, 9)), int(rng.integers(3, 5))
    counts = rng.integers(0, 4, (N, V))
    counts[0], counts[-1] = rng.permutation(V) + 1, 1 + (np.arange(V) % 2) * 2
    return _case(rng, counts)


def corners(rng):
    """Three sentences by hand; a word that one class has never met."""
    return [
        _case(rng, [[1, 2], [2, 1], [3, 1]]),
        _case(rng, [[2, 1, 0], [1, 3, 0], [0, 1, 3], [1, 1, 2], [2, 1, 1], [1, 0, 4]]),
    ]


ADDED = ("nothing added", "one added above only", "one added below, not V")

MISTAKES = (
    Mistake(
        ADDED[0],
        "without the added ones a word that one class has never met gives ln 0, and a "
        "single such word decides the whole sentence.",
        "What is the share of a word that was met 0 times in 12?",
        excludes=ADDED,
    ),
    Mistake(
        ADDED[1],
        "one is added to every word's count and not to their sum: the shares of all "
        "words no longer add up to 1.",
        "V words each got one more. How much did their sum get?",
        excludes=ADDED,
    ),
    Mistake(
        ADDED[2],
        "you added 1 to the sum. But every one of V words got one.",
        "Add up (N_kv + 1) over all v. What is it?",
        excludes=ADDED,
    ),
    Mistake(
        "divided by the sentences",
        "you divided by the number of sentences of the class, not of its words.",
        "What is counted in N_kv: sentences, or words in them?",
    ),
    Mistake(
        "sentences counted, not words",
        "a word that stands twice in a sentence was counted once. That is a method of "
        "its own, binary naive Bayes, not this one.",
        "Which entries of `counts` are above 1?",
    ),
    Mistake(
        "prior left out",
        "b is 0 in yours. It must say which class is the more frequent.",
        "What should be said about a sentence without any known word?",
        excludes=("words in the prior",),
    ),
    Mistake(
        "words in the prior",
        "your b compares how many words the classes have. A class with longer "
        "sentences is not a more frequent one.",
        "P(k) is the share of what: of words, or of sentences?",
    ),
    Mistake(
        "class 0 against class 1",
        "all signs are turned: yours is the evidence for class 0.",
        "Which sign should a word have that only class 1 uses?",
    ),
)


def with_matrices(counts, y):
    """Counts of both classes by one product."""
    one_hot = np.stack([y == 0, y == 1]).astype(float)  # (2, N)
    words = one_hot @ counts + 1.0
    log_p = np.log(words) - np.log(words.sum(axis=1, keepdims=True))
    sizes = np.bincount(y, minlength=2)
    return [np.log(sizes[1]) - np.log(sizes[0]), log_p[1] - log_p[0]]


def with_prior_means(counts, y):
    """The prior from shares; the words by loops."""
    weights = np.empty(counts.shape[1])
    for v in range(counts.shape[1]):
        up = (counts[y == 1, v].sum() + 1) / (counts[y == 1] + 1 / sum(y == 1)).sum()
        down = (counts[y == 0, v].sum() + 1) / (counts[y == 0] + 1 / sum(y == 0)).sum()
        weights[v] = np.log(up / down)
    return np.log(y.mean() / (1 - y.mean())), weights


EXERCISE = Exercise(
    id="09.4",
    title="naive Bayes",
    statement=STATEMENT,
    stub=STUB,
    function="naive_bayes",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_matrices, with_prior_means),
    question="Count by hand: how many words has each class, and how often is the first "
    "word among them?",
    hints=(
        "counts[y == 1].sum(axis=0) is N_1v for all words at once.",
        "The divisor is one number for each class: the sum of its counts, plus V.",
        "b counts sentences: ln of their ratio.",
    ),
    reread="Naive Bayes, on paper",
    parts=("b", "w"),
    minutes=8,
    points=3,
)
