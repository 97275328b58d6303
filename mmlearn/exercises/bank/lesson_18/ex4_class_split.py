"""18.4: a validation set that has some of every class."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Rows of a file, often sorted by class, shall be split: of each class k, with $n_k$ rows,
`round(fraction * n_k)` rows validate, namely those with the largest `u`; the others
train. `y` is (N,), class numbers in any order; `u` is (N,), numbers drawn at random,
all different. Return two arrays of row numbers, each ascending: train, validation.
"""

STUB = '''\
def class_split(y, u, fraction):
    """(N,) classes, (N,) random, share -> row numbers: train, validation"""
    raise NotImplementedError
'''


def solution(y, u, fraction):
    """Class by class: its rows in the order of u, the last of them kept back."""
    held = np.zeros(len(y), bool)
    for k in np.unique(y):
        rows = np.flatnonzero(y == k)
        rows = rows[np.argsort(u[rows])]
        held[rows[len(rows) - round(fraction * len(rows)) :]] = True
    return np.flatnonzero(~held), np.flatnonzero(held)


def attempt(y, u, fraction, *, wrong=frozenset()):
    """The split with a student's mistakes in it."""
    N, held = len(y), np.zeros(len(y), bool)
    if "the smallest are kept back" in wrong:
        u = -u
    if "the file's order inside a class" in wrong:
        u = np.arange(N)
    if "the tail of the file" in wrong:
        held[N - round(fraction * N) :] = True
    elif "shuffled, but not by class" in wrong:
        held[np.argsort(u)[N - round(fraction * N) :]] = True
    else:
        classes = np.unique(y)
        for k in classes:
            rows = np.flatnonzero(y == k)
            order = np.argsort(u[rows])
            inside = "places inside the class" in wrong
            rows = order if inside else rows[order]
            count = round(fraction * len(rows))
            if "the same number of each class" in wrong:
                count = min(len(rows), round(fraction * N / len(classes)))
            held[rows[len(rows) - count :]] = True
    train = np.arange(N) if "validation trains too" in wrong else np.flatnonzero(~held)
    return train, np.flatnonzero(held)


def _case(rng, counts, fraction, ordered=True):
    y = np.repeat(np.arange(len(counts)), counts)
    if not ordered:
        y = rng.permutation(y)
    return Case((y, rng.permutation(len(y)) / len(y), fraction))


def draw(rng):
    """Three classes of different sizes; no half to round."""
    counts = rng.permutation([3, 6, 12]) + rng.permutation([0, 1, 3])
    fraction = float(rng.choice([0.3, 0.35, 0.4]))
    if np.any(np.abs(fraction * counts % 1 - 0.5) < 1e-6):
        fraction = 0.37
    return _case(rng, counts, fraction, bool(rng.integers(2)))


def corners(rng):
    """Sorted by class; and by hand."""
    return [
        Case((np.array([0, 0, 0, 1, 1, 1]), np.array([5, 3, 1, 2, 6, 4]) / 10, 1 / 3)),
        _case(rng, [4, 8, 12], 0.25),
        _case(rng, [9, 3, 5], 0.34, ordered=False),
    ]


MISTAKES = (
    Mistake(
        "the tail of the file",
        "you keep back the last rows, whatever their class. In a file sorted by class "
        "that is one class that training never sees.",
        "Print `y` of your two parts.",
        excludes=(
            "shuffled, but not by class",
            "the file's order inside a class",
            "the smallest are kept back",
            "the same number of each class",
        ),
    ),
    Mistake(
        "shuffled, but not by class",
        "you keep back the rows with the largest u of all. On average that is right; "
        "a rare class may miss out.",
        "Count the classes in your validation set. Are they as the statement wants?",
        excludes=("the same number of each class",),
    ),
    Mistake(
        "the file's order inside a class",
        "you keep back the last rows of each class, whatever u says. In a file sorted "
        "by person or by day too that is one person, or one day.",
        "Which argument does your function not use?",
        excludes=("the smallest are kept back", "shuffled, but not by class"),
    ),
    Mistake(
        "the smallest are kept back",
        "you keep back the rows with the smallest u. Just as good, but not what others "
        "get from the same numbers.",
        "Which end of the sorted rows is to validate?",
    ),
    Mistake(
        "the same number of each class",
        "you keep back equally many of every class: of a rare one too much.",
        "Of which number is `fraction` to be taken?",
    ),
    Mistake(
        "places inside the class",
        "you keep back rows 0, 1, 2 … as counted inside a class, not as counted in the "
        "file: argsort of a part gives places in that part.",
        "Class 1 begins at row 400. Which row numbers of it may validate?",
        excludes=("the tail of the file", "shuffled, but not by class"),
    ),
    Mistake(
        "validation trains too",
        "your training rows hold the validation rows as well.",
        "How many rows have your two parts together?",
    ),
)


def by_lists(y, u, fraction):
    """Plain Python."""
    validation = []
    for k in sorted({int(value) for value in y}):
        rows = sorted((i for i in range(len(y)) if y[i] == k), key=lambda i: -u[i])
        validation += rows[: round(fraction * len(rows))]
    train = sorted(set(range(len(y))) - set(validation))
    return train, sorted(validation)


def by_rank(y, u, fraction):
    """Each row's rank among those of its class."""
    same = y[:, None] == y
    above = (same & (u > u[:, None])).sum(axis=1)
    held = above < np.round(fraction * same.sum(axis=1))
    return np.flatnonzero(~held), np.flatnonzero(held)


EXERCISE = Exercise(
    id="18.4",
    title="some of every class",
    statement=STATEMENT,
    stub=STUB,
    function="class_split",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_lists, by_rank),
    parts=("train", "validation"),
    question="Which classes are in your validation set, and how many of each?",
    hints=(
        "Go class by class: `np.flatnonzero(y == k)` are its rows.",
        "Sort those by u; the last `round(fraction * len(rows))` validate.",
    ),
    reread="Break it on purpose: sorted by class",
    minutes=8,
    points=2,
)
