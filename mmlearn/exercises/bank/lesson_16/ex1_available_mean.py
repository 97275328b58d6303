"""16.1: the mean of those modalities that are there."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The mean of what is there:

$$y_b = \\frac{1}{n_b} \\sum_{m \\text{ available in } b} x_{mb}$$

`inputs` is a dict, a modality's name → `(B, U)`; `available` a dict with the same
names → `(B,)` bool. $n_b$ counts the modalities that are available in sample $b$. What
stands in a row that is not available must not matter, whatever it is (NaN, too). A
sample in which nothing is available gets zeros. Return `(B, U)`.
"""

STUB = '''\
def available_mean(inputs, available):
    """dict name -> (B, U), dict name -> (B,) bool -> the mean, (B, U)"""
    raise NotImplementedError
'''


def solution(inputs, available):
    """`np.where` chooses before anything is added up: 0 · NaN would be NaN."""
    names = sorted(inputs)
    x = np.stack([inputs[name] for name in names])  # (M, B, U)
    there = np.stack([available[name] for name in names])[..., None]  # (M, B, 1)
    count = np.maximum(there.sum(axis=0), 1)  # (B, 1)
    return np.where(there, x, 0.0).sum(axis=0) / count


def attempt(inputs, available, *, wrong=frozenset()):
    """The mean with a student's mistakes in it."""
    names = sorted(inputs)
    x = np.stack([inputs[name] for name in names])
    there = np.stack([available[name] for name in names])[..., None]
    nothing = ~there.any(axis=0)  # (B, 1)
    if "the missing ones averaged" in wrong:
        there = ~there
    count = there.sum(axis=0).astype(float)
    if "divided by all" in wrong:
        count = np.full(count.shape, float(len(names)))
    if "one count for the batch" in wrong:
        count = np.full(count.shape, count.mean())
    if "one added to the count" in wrong:
        count = count + 1
    count = np.where(count > 0, count, 1)
    if "multiplied by the mask" in wrong:
        with np.errstate(invalid="ignore"):
            return (x * there).sum(axis=0) / count
    kept = x if "the missing ones added up" in wrong else np.where(there, x, 0.0)
    y = kept.sum(axis=0) / count
    if "nothing there: the mean of all" in wrong:
        y = np.where(nothing, x.mean(axis=0), y)
    return y


NAMES = ("text", "audio", "image")  # sorted, they stand in another order


def _case(rng, there, U, junk):
    """there: rows of modalities; what is missing is NaN, or a large number."""
    there = np.array(there, bool)
    M, B = there.shape
    x = rng.integers(1, 9, (M, B, U)) / 2 * rng.choice([-1.0, 1.0], (M, B, U))
    x[~there] = junk if np.isnan(junk) else 20 + x[~there]
    names = NAMES[:M]
    inputs = {name: x[m] for m, name in enumerate(names)}
    return Case((inputs, {name: there[m] for m, name in enumerate(names)}))


def draw(rng):
    """Three modalities, four samples: each of 1, 2 and 3 there, at random places."""
    counts, columns = rng.permutation([1, 2, 2, 3]), []
    for n in counts:
        column = np.zeros(3, bool)
        column[rng.permutation(3)[:n]] = True
        columns.append(column)
    return _case(rng, np.array(columns).T, 2, float(rng.choice([np.nan, 0.0])))


def corners(rng):
    """By hand; then nothing there, once with numbers and once with NaN in its place."""
    small = {"image": np.array([[2.0], [4.0]]), "audio": np.array([[6.0], [9.0]])}
    mask = {"image": np.array([True, True]), "audio": np.array([True, False])}
    return [
        Case((small, mask)),
        _case(rng, [[1, 0], [1, 0]], 1, 0.0),
        _case(rng, [[1, 0, 1], [0, 0, 1], [1, 0, 1]], 2, 0.0),
        _case(rng, [[1, 0, 0], [1, 0, 1]], 2, np.nan),
    ]


COUNTS = ("divided by all", "one count for the batch", "one added to the count")
KEPT = (
    "the missing ones averaged",
    "the missing ones added up",
    "multiplied by the mask",
)

MISTAKES = (
    Mistake(
        COUNTS[0],
        "you divided by the number of all modalities. The fewer are there, the nearer "
        "your mean comes to 0.",
        "One of three modalities is there, and says 6. What is the mean of what is "
        "there?",
        excludes=COUNTS,
    ),
    Mistake(
        COUNTS[1],
        "you divided by the average count of the batch. Then a sample's mean depends "
        "on what its neighbours have lost.",
        "Over which axis is the mask added up?",
        excludes=COUNTS,
    ),
    Mistake(
        COUNTS[2],
        "you added 1 to the count, and so divide by too much where something is there.",
        "Only a count of zero must be replaced. What replaces nothing else?",
        excludes=COUNTS,
    ),
    Mistake(
        KEPT[0],
        "you averaged what is not there.",
        "What does True mean in `available`?",
        excludes=(*KEPT, "nothing there: the mean of all"),
    ),
    Mistake(
        KEPT[1],
        "what stands in the place of a missing modality is in your sum.",
        "Which entries of the stack go into the sum?",
        excludes=(*KEPT, "nothing there: the mean of all"),
    ),
    Mistake(
        KEPT[2],
        "you multiplied with the mask. 0 · NaN is NaN: what is missing still matters.",
        "Which function of NumPy chooses between two values and computes neither?",
        excludes=(*KEPT, *COUNTS, "nothing there: the mean of all"),
    ),
    Mistake(
        "nothing there: the mean of all",
        "where nothing is available you averaged what stands there anyway.",
        "What did the statement promise for a sample with nothing?",
    ),
)


def by_samples(inputs, available):
    """One sample at a time; a mean of an empty list is never taken."""
    B, U = next(iter(inputs.values())).shape
    y = np.zeros((B, U))
    for b in range(B):
        seen = [inputs[name][b] for name in inputs if available[name][b]]
        if seen:
            y[b] = np.mean(seen, axis=0)
    return y


def by_masked_arrays(inputs, available):
    """NumPy's masked arrays know what to leave out."""
    rows = [
        np.ma.array(inputs[n], mask=~np.repeat(available[n][:, None], x.shape[1], 1))
        for n, x in inputs.items()
    ]
    return np.ma.stack(rows).mean(axis=0).filled(0.0)


EXERCISE = Exercise(
    id="16.1",
    title="the mean of what is there",
    statement=STATEMENT,
    stub=STUB,
    function="available_mean",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_samples, by_masked_arrays),
    question="Take the first sample that differs: which modalities does it have, and "
    "what is the mean of these alone?",
    hints=(
        "Stack the modalities to `(M, B, U)` and the masks to `(M, B, 1)`.",
        "`np.where(there, x, 0.0)` puts 0 where nothing is; then add up over M.",
        "Count over M as well. Where the count is 0 divide by 1.",
    ),
    reread="Say that it is missing",
    minutes=7,
    points=2,
)
