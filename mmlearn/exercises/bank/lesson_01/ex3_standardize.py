"""01.3: standardize by the training set, and by nothing else."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Bring every feature to mean 0 and standard deviation 1, as the *training* rows see it:

$$z_{bf} = \\frac{x_{bf} - \\mu_f}{\\sigma_f}$$

`train` is `(B, F)`, `test` is `(B', F)`. Return both, standardized. A feature that
never varies in training has $\\sigma_f = 1$. ($\\sigma_f$ is what `std` gives.)
"""

STUB = '''\
def standardize(train, test):
    """(B, F), (B', F) -> the same shapes, by the mean and sd of train."""
    raise NotImplementedError
'''


def solution(train, test):
    """Mean and sd over the rows of train; both sets use them."""
    mean, sd = train.mean(axis=0), train.std(axis=0)
    sd = np.where(sd > 0, sd, 1.0)
    return (train - mean) / sd, (test - mean) / sd


def attempt(train, test, *, wrong=frozenset()):
    """The normalizer with a student's mistakes in it."""
    fitted = [train, train]
    if "fitted on all rows" in wrong:
        fitted = [np.concatenate([train, test])] * 2
    if "test fitted on itself" in wrong:
        fitted = [train, test]
    pairs = zip((train, test), fitted, strict=True)
    return tuple(_scaled(x, known, wrong) for x, known in pairs)


def _scaled(x, known, wrong):
    axis = None if "one mean for all features" in wrong else 0
    mean = known.mean(axis=axis)
    sd = known.std(axis=axis, ddof=int("divided by n - 1" in wrong))
    constant = np.broadcast_to(sd == 0, x.shape)
    sd = np.where(sd > 0, sd, 1e-8 if "a tiny number for sd 0" in wrong else 1.0)
    if "variance in place of sd" in wrong:
        sd = sd**2
    z = x / sd - mean if "divided before subtracting" in wrong else (x - mean) / sd
    return np.where(constant, 0.0, z) if "constant feature set to 0" in wrong else z


def draw(rng):
    """Features of different size and spread; a test set that lies elsewhere."""
    rows, features = int(rng.integers(3, 5)), int(rng.integers(2, 4))
    train = rng.integers(-4, 5, (rows, features)).astype(float)
    train += np.arange(features) * 5.0
    train[0] += 3.0
    test = rng.integers(4, 9, (2, features)).astype(float)
    return Case((train, test))


def corners(rng):
    """A feature that never varies in training, and does in the test set."""
    v = float(rng.integers(1, 4))
    train = np.array([[v, 2.0], [v, 4.0], [v, 9.0]])
    return [Case((train, np.array([[v + 1.0, 3.0], [v + 2.0, 7.0]])))]


def with_loop(train, test):
    """One feature after the other."""
    columns = []
    for old, new in zip(train.T, test.T, strict=True):
        mean = sum(old) / len(old)
        sd = (sum((v - mean) ** 2 for v in old) / len(old)) ** 0.5
        columns.append(((old - mean) / (sd or 1), (new - mean) / (sd or 1)))
    return tuple(np.stack(part, axis=1) for part in zip(*columns, strict=True))


def in_float32(train, test):
    """In single precision."""
    return solution(train.astype(np.float32), test.astype(np.float32))


MISTAKES = (
    Mistake(
        "fitted on all rows",
        "mean and sd were computed over train and test together: the test set has "
        "leaked.",
        "Change one test value. Do your training rows change?",
        excludes=("test fitted on itself", "constant feature set to 0"),
    ),
    Mistake(
        "test fitted on itself",
        "the test rows were standardized by their own mean and sd. The same value then "
        "means two things, and a test set of one row becomes all zeros.",
        "A row that stands in both sets: should it come out the same?",
        excludes=("constant feature set to 0",),
    ),
    Mistake(
        "one mean for all features",
        "you took one mean and one sd of the whole array; each feature has its own.",
        "Hz and metres in one array: along which axis is their mean?",
        excludes=("constant feature set to 0",),
    ),
    Mistake(
        "variance in place of sd",
        "you divided by the variance; its unit is the square of the feature's.",
        "Which of `std` and `var` has the unit of x?",
    ),
    Mistake(
        "divided before subtracting",
        "you divided x alone and then subtracted the mean: brackets are missing.",
        "What should a value equal to the mean become?",
    ),
    Mistake(
        "constant feature set to 0",
        "a feature that never varies in training became 0 in the test set too, "
        "whatever its value.",
        "With sd taken as 1, what is left to do for such a feature?",
    ),
    Mistake(
        "a tiny number for sd 0",
        "you put a tiny number where the sd is 0. A feature that never varied in "
        "training then explodes as soon as it moves in the test set.",
        "What does a distance of 1 become when it is divided by 0.00000001?",
        excludes=(
            "constant feature set to 0",
            "variance in place of sd",
            "one mean for all features",
            "fitted on all rows",
            "test fitted on itself",
            "divided before subtracting",
        ),
    ),
    Mistake(
        "divided by n - 1",
        "your sd divides by the number of rows less 1; here it is the mean of the "
        "squares, divided by the number of rows.",
        "What is `ddof` in your `std`? NumPy's is 0, and some other libraries have 1.",
    ),
)

EXERCISE = Exercise(
    id="01.3",
    title="standardize by the training set",
    statement=STATEMENT,
    stub=STUB,
    function="standardize",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_loop, in_float32),
    parts=("train", "test"),
    question="Which rows may the mean and the sd know?",
    hints=(
        "Two numbers for each feature, computed once, from `train`.",
        "The mean over the rows is `train.mean(axis=0)`, of shape (F,).",
        "Replace an sd of 0 by 1 before dividing: `np.where(sd > 0, sd, 1.0)`.",
    ),
    reread="Normalize, by the training set",
    minutes=8,
)
