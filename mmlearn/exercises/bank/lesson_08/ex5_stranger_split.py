"""08.5: a test on a stranger, with nothing of the stranger in the training."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Leave one speaker out. `x` is `(N, F)`, a row of features for each recording; `speaker`
is `(N,)`, the names; `stranger` is one of them. The stranger's recordings are the test
set, all others the training set, each in the order of `x`.

Standardize both, feature by feature, with the mean and standard deviation of the
recordings that **may be known** while training. Return `x_train` and `x_test`. No
feature is constant.
"""

STUB = '''\
def stranger_split(x, speaker, stranger):
    """(N, F), (N,) names, a name -> x_train, x_test, both standardized"""
    raise NotImplementedError
'''


def solution(x, speaker, stranger):
    """Split first; then measure on the training part alone."""
    test = speaker == stranger
    x_train, x_test = x[~test], x[test]
    mean, spread = x_train.mean(axis=0), x_train.std(axis=0)
    return (x_train - mean) / spread, (x_test - mean) / spread


def attempt(x, speaker, stranger, *, wrong=frozenset()):
    """The split with a student's mistakes in it."""
    test = speaker == stranger
    train = ~test
    if "split by place" in wrong:
        test = np.arange(len(x)) >= len(x) - test.sum()
        train = ~test
    if "the stranger stays in training" in wrong:
        train = np.ones(len(x), bool)
    if "training and test exchanged" in wrong:
        train, test = test, train
    x_train, x_test = x[train], x[test]
    known = x if "measured on everything" in wrong else x_train
    known_test = x_test if "the test set by itself" in wrong else known
    axis = None if "one mean for all features" in wrong else 0

    def standardized(part, by):
        spread = (
            by.var(axis=axis)
            if "divided by the variance" in wrong
            else (by.std(axis=axis))
        )
        return (part - by.mean(axis=axis)) / spread

    return standardized(x_train, known), standardized(x_test, known_test)


def _case(rng, speaker, F):
    """Every speaker has a place and a spread of its own."""
    speaker = np.array(speaker)
    names = np.unique(speaker)
    x = rng.integers(-6, 7, (len(speaker), F)) / 2
    for n, name in enumerate(names):
        rows = np.flatnonzero(speaker == name)
        x[rows] += 3 * n * np.arange(1, F + 1)
        x[rows[0]] += 2.5  # nobody's feature is constant
        x[rows[-1]] -= 1.5
    return Case((x, speaker, str(rng.choice(names[:2]))))


def draw(rng):
    """Three speakers, unequally many recordings, in no order."""
    names = ["ann"] * 3 + ["bob"] * 4 + ["cleo"] * 2
    return _case(rng, rng.permutation(names), int(rng.integers(2, 4)))


def corners(rng):
    """Two speakers and one feature, for the hand; three in order."""
    return [
        _case(rng, ["ann", "bob", "bob", "ann", "bob"], 1),
        _case(rng, ["ann", "bob", "ann", "cleo", "bob", "cleo", "ann"], 2),
    ]


MISTAKES = (
    Mistake(
        "measured on everything",
        "your mean and standard deviation know the stranger. The test has leaked into "
        "the training.",
        "Which recordings exist at the moment when the model is trained?",
        excludes=("the stranger stays in training", "the test set by itself"),
    ),
    Mistake(
        "the test set by itself",
        "you standardized the stranger with the stranger's own mean over all "
        "its recordings. A single recording, heard tomorrow, has no such mean.",
        "Where must the mean come from that is subtracted from x_test?",
    ),
    Mistake(
        "the stranger stays in training",
        "the test set is right, but its recordings are in the training set as well.",
        "How many rows should x_train and x_test have together?",
        excludes=("split by place", "training and test exchanged"),
    ),
    Mistake(
        "training and test exchanged",
        "you train on the stranger and test on all others.",
        "Which part should be larger?",
    ),
    Mistake(
        "split by place",
        "you cut off the end of the file. Who is in it?",
        "What decides whether a row is tested: its place, or its speaker?",
    ),
    Mistake(
        "one mean for all features",
        "you took one mean and one spread of all numbers.",
        "What shape should the mean have?",
    ),
    Mistake(
        "divided by the variance",
        "you divided by the variance, the square of the spread.",
        "What is the unit of a variance, if x is in dB?",
    ),
)


def by_rows(x, speaker, stranger):
    """Rows collected one by one; the mean as a sum."""
    known = np.array([row for row, who in zip(x, speaker, strict=True)
                      if who != stranger])  # fmt: skip
    other = np.array([row for row, who in zip(x, speaker, strict=True)
                      if who == stranger])  # fmt: skip
    mean = np.einsum("nf->f", known) / len(known)
    spread = np.sqrt(((known - mean) ** 2).mean(axis=0))
    return [(known - mean) / spread, (other - mean) / spread]


def everything_then_chosen(x, speaker, stranger):
    """All rows standardized by the known ones, and then told apart."""
    known = np.flatnonzero(speaker != stranger)
    scaled = (x - x[known].mean(axis=0)) * (1 / x[known].std(axis=0))
    return scaled[known], np.delete(scaled, known, axis=0)


EXERCISE = Exercise(
    id="08.5",
    title="a test on a stranger",
    statement=STATEMENT,
    stub=STUB,
    function="stranger_split",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_rows, everything_then_chosen),
    question="What are the mean and the standard deviation of each column of your "
    "x_train, and need they be 0 and 1 for x_test?",
    hints=(
        "A mask first: speaker == stranger is (N,), True on the stranger's rows.",
        "Split before you measure anything.",
        "One mean and one standard deviation per feature, of x_train; used on both.",
    ),
    reread="The speaker trap",
    parts=("x_train", "x_test"),
    minutes=8,
    points=2,
)
