"""17.4: one round of co-training: two views label what each is surest of."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
One round of co-training. Two views of the same N samples say their probabilities,
`first` and `second`, `(N, K)` each. `labels` is `(N,)`: a class number, or −1 where
nobody has labelled. First view one, then view two does this: for each class k, in
order, take the *unlabelled* samples whose largest probability is that of k, and of
these label the `per_class` with the largest as k (fewer if there are fewer). What
view one has labelled, view two leaves alone. No two probabilities of a view are equal.
Return the new labels, `(N,)`; leave the old ones as they are.
"""

STUB = '''\
def co_training_round(first, second, labels, per_class):
    """(N, K), (N, K), (N,) with -1: unlabelled -> new labels (N,)"""
    raise NotImplementedError
'''


def solution(first, second, labels, per_class):
    """View by view and class by class: candidates, the surest of them, their label."""
    labels = labels.copy()
    for p in (first, second):
        guess, sure = p.argmax(axis=1), p.max(axis=1)
        for k in range(p.shape[1]):
            rows = np.flatnonzero((labels == -1) & (guess == k))
            surest = rows[np.argsort(-sure[rows])[:per_class]]
            labels[surest] = k
    return labels


def attempt(first, second, labels, per_class, *, wrong=frozenset()):
    """A round with a student's mistakes in it."""
    before, labels = labels, labels.copy()
    views = (first,) if "one view only" in wrong else (first, second)
    if "the views averaged" in wrong:
        views = ((first + second) / 2,)
    for p in views:
        guess, sure = p.argmax(axis=1), p.max(axis=1)
        free = (before if "both views at once" in wrong else labels) == -1
        if "given labels overwritten" in wrong:
            free = np.ones(len(labels), bool)
        if "the surest of all classes together" in wrong:
            rows = np.flatnonzero(free)
            rows = rows[np.argsort(-sure[rows])[: per_class * p.shape[1]]]
            labels[rows] = guess[rows]
            continue
        for k in range(p.shape[1]):
            rows = np.flatnonzero(free & (guess == k))
            if "not its own first choice" in wrong:
                rows = np.flatnonzero(free & (labels == -1))
            order = np.argsort(-p[rows, k])
            if "the least sure" in wrong:
                order = order[::-1]
            if "all of them" not in wrong:
                order = order[:per_class]
            labels[rows[order]] = k
    return labels


def _view(rng, N, K):
    """Probabilities in steps of a hundredth; no largest one twice."""
    p = np.zeros((N, K))
    tops = rng.permutation(np.arange(52, 52 + 3 * N, 3))[:N] / 100
    for row, top in zip(p, tops, strict=True):
        row[:] = (1 - top) / (K - 1)
        row[rng.integers(K)] = top
    if K == 3:  # the rest in two unequal parts
        for row, top in zip(p, tops, strict=True):
            low = np.flatnonzero(row < 0.5)
            share = rng.integers(1, 9) / 10 + rng.integers(1, 9) / 1000
            row[low] = (1 - top) * share, (1 - top) * (1 - share)
    return p


def _case(rng, N, K, per_class):
    labels = np.full(N, -1)
    labels[rng.permutation(N)[:K]] = rng.permutation(K)
    return Case((_view(rng, N, K), _view(rng, N, K), labels, per_class))


def draw(rng):
    return _case(rng, int(rng.integers(9, 13)), 3, int(rng.integers(1, 3)))


def corners(rng):
    """By hand: two classes, four samples, one of them labelled."""
    first = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]])
    second = np.array([[0.2, 0.8], [0.1, 0.9], [0.45, 0.55], [0.75, 0.25]])
    return [
        Case((first, second, np.array([-1, -1, -1, 1]), 1)),
        Case((first, second, np.array([0, -1, -1, -1]), 1)),
        _case(rng, 10, 3, 2),
        _case(rng, 8, 2, 2),
    ]


WHO = ("one view only", "the views averaged", "both views at once")
PICK = (
    "the surest of all classes together",
    "not its own first choice",
    "the least sure",
    "all of them",
)

MISTAKES = (
    Mistake(
        WHO[0],
        "only view one has labelled anything. Then it learns from itself alone: that "
        "is self-training.",
        "What does view two add in your round?",
        excludes=WHO,
    ),
    Mistake(
        WHO[1],
        "you averaged what the views say. Where one is sure and the other has no idea, "
        "the mean is unsure, and just these samples teach the most.",
        "Which samples can one view teach the other?",
        excludes=WHO,
    ),
    Mistake(
        WHO[2],
        "view two labelled anew what view one had just labelled: you looked only once "
        "at what is free.",
        "Which samples are still unlabelled when view two begins?",
        excludes=(*WHO, "given labels overwritten", "not its own first choice"),
    ),
    Mistake(
        "given labels overwritten",
        "you changed labels that were there already.",
        "Which samples does -1 mark?",
        excludes=PICK,
    ),
    Mistake(
        PICK[0],
        "you took the surest samples whatever their class. An easy class then takes "
        "all the places.",
        "How many samples of each class does a view label?",
        excludes=PICK,
    ),
    Mistake(
        PICK[1],
        "for class k you took samples that the view itself takes for another class.",
        "Whose largest probability is that of k?",
        excludes=PICK,
    ),
    Mistake(
        PICK[2],
        "you labelled what the view is least sure of: a sort begins with the smallest.",
        "What does `np.argsort` put in front?",
        excludes=PICK,
    ),
    Mistake(
        PICK[3],
        "you labelled all that was taken for k, however unsure.",
        "Where in your code is `per_class` used?",
        excludes=(*PICK, "one view only"),
    ),
)


def by_sorting(first, second, labels, per_class):
    """All samples by sureness, and a counter for each class."""
    labels = list(labels)
    for p in (first, second):
        left = [per_class] * p.shape[1]
        for n in np.argsort(-p.max(axis=1)).tolist():
            k = int(p[n].argmax())
            if labels[n] == -1 and left[k]:
                labels[n] = k
                left[k] -= 1
    return np.array(labels)


def by_masked_columns(first, second, labels, per_class):
    """A column of each class, with -1 where a sample is no candidate; then the top."""
    new = np.array(labels)
    for p in (first, second):
        own = p == p.max(axis=1, keepdims=True)
        score = np.where(own & (new == -1)[:, None], p, -1.0)  # (N, K)
        order = (-score).argsort(axis=0)[:per_class]
        for k, rows in enumerate(order.T):
            new[[n for n in rows if score[n, k] > 0]] = k
    return new


EXERCISE = Exercise(
    id="17.4",
    title="one round of co-training",
    statement=STATEMENT,
    stub=STUB,
    function="co_training_round",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_sorting, by_masked_columns),
    question="Take class 0 and view one: which samples are its candidates, and which "
    "of them is it surest of?",
    hints=(
        "Copy the labels first; `labels == -1` are those that are free.",
        "Candidates for k: free, and `p.argmax(axis=1) == k`.",
        "Sort the candidates by `-p.max(axis=1)` and label the first `per_class`. Look "
        "anew at what is free for view two.",
    ),
    reread="Two views teach each other",
    minutes=9,
    points=3,
)
