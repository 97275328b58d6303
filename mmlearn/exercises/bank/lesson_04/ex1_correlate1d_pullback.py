"""04.1: the pullback of the 1-D sum, its last line left to write."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The 1-D sum of lesson 03 with its pullback. `dbias` and `dkernel` are there; one line
is missing. For each place $i$ and each tap $p$, the forward pass used $x_{i+p}$ once.
Which message does $x_{i+p}$ get for it?

`x` is `(S,)`, `kernel` is `(P,)`, `bias` is a number, `dy` is `(S - P + 1,)`.
Replace the `raise` by your line.
"""

STUB = '''\
def correlate1d(x, kernel, bias):
    """(S,), (P,), () -> y (S - P + 1,), and its pullback"""
    y = np.correlate(x, kernel, "valid") + bias

    def pullback(dy):
        dx, dkernel = np.zeros(len(x)), np.zeros(len(kernel))
        dbias = dy.sum()
        for i in range(len(dy)):
            for p in range(len(kernel)):
                dkernel[p] += dy[i] * x[i + p]
                raise NotImplementedError  # your line, in place of this one
        return dx, dkernel, dbias

    return y, pullback
'''


def solution(x, kernel, bias):
    """x[i + p] was multiplied with kernel[p] on its way into y[i]."""
    y = np.correlate(x, kernel, "valid") + bias

    def pullback(dy):
        dx, dkernel = np.zeros(len(x)), np.zeros(len(kernel))
        dbias = dy.sum()
        for i in range(len(dy)):
            for p in range(len(kernel)):
                dkernel[p] += dy[i] * x[i + p]
                dx[i + p] += dy[i] * kernel[p]
        return dx, dkernel, dbias

    return y, pullback


def attempt(x, kernel, bias, *, wrong=frozenset()):
    """The missing line with a student's mistakes in it."""
    y, right = solution(x, kernel, bias)

    def pullback(dy):
        _, dkernel, dbias = right(dy)
        taps = kernel[::-1] if "kernel turned round" in wrong else kernel
        if "valid in place of full" in wrong:
            return np.convolve(dy, taps, "valid"), dkernel, dbias
        dx = np.zeros(len(x))
        for i in range(len(dy)):
            for p in range(len(kernel)):
                factor = x[i + p] if "x in place of the kernel" in wrong else taps[p]
                if "upstream forgotten" not in wrong:
                    factor = factor * dy[i]
                m = i - p if "index i − p" in wrong else i + p
                m = i if "index i" in wrong else m
                dx[m] = factor + (0 if "= in place of +=" in wrong else dx[m])
        return dx, dkernel, dbias

    return y, pullback


def draw(rng):
    """Short signals in halves; no kernel is its own mirror image; dy is never 0."""
    taps = int(rng.integers(3, 5))
    places = taps + int(rng.integers(1, 4))
    x, kernel, dy = (_nonzero(rng, n) for n in (places + taps - 1, taps, places))
    kernel[0] = -kernel[-1]
    return Case((x, kernel, float(rng.integers(1, 6)) + 0.25), upstream=dy)


def corners(rng):
    """The one to do by hand: two taps, three places."""
    arrays = np.array([1.5, -2, 3, 0.5]), np.array([2.0, -1.5])
    return [Case((*arrays, 0.5), upstream=np.array([1.5, 2.0, -0.5]))]


def _nonzero(rng, n):
    return (rng.integers(1, 5, n) - 0.5) * rng.choice([-1.0, 1.0], n)


MISTAKES = (
    Mistake(
        "kernel turned round",
        "each pixel gets its messages through the wrong tap: through the last one "
        "where the first one was used.",
        "Through which tap did x[0] flow into y[0]?",
    ),
    Mistake(
        "index i − p",
        "the message goes to x[i − p], but the sum read x[i + p]. For i < p Python "
        "counts the negative index from the end.",
        "Which sample did this product read? Nobody else may get its message.",
        excludes=("valid in place of full",),
    ),
    Mistake(
        "index i",
        "all messages of an output go to x[i], where its window starts.",
        "Which sample did tap p read? The message belongs to that one.",
        excludes=("valid in place of full", "index i − p", "kernel turned round"),
    ),
    Mistake(
        "= in place of +=",
        "the messages overwrite each other, so that only the last one is left.",
        "How many outputs did a sample in the middle flow into?",
        excludes=("valid in place of full",),
    ),
    Mistake(
        "x in place of the kernel",
        "you multiplied with x: that is the gradient of the tap, one line above.",
        "A product k·x changes with x at the rate …?",
        excludes=("valid in place of full", "kernel turned round"),
    ),
    Mistake(
        "upstream forgotten",
        "these are the derivatives of y. A pullback passes on what comes from above.",
        "Where in your line is dy?",
        excludes=("valid in place of full",),
    ),
    Mistake(
        "valid in place of full",
        "only the samples that all taps meet get a gradient, the borders none.",
        "dx has the length of x. Which outputs did x[0] flow into?",
    ),
)


def by_convolve(x, kernel, bias):
    """NumPy's convolution turns the kernel round, and `full` keeps the borders."""

    def pullback(dy):
        dkernel = np.correlate(x, dy, "valid")
        return np.convolve(dy, kernel, "full"), dkernel, np.sum(dy)

    return np.correlate(x, kernel, "valid") + bias, pullback


def by_slices(x, kernel, bias):
    """One loop over the taps."""
    y = np.correlate(x, kernel, "valid") + bias

    def pullback(dy):
        dx = np.zeros_like(x)
        for p, k in enumerate(kernel):
            dx[p : p + len(dy)] += k * dy
        return (
            dx,
            np.array([dy @ x[p:][: len(dy)] for p in range(len(kernel))]),
            sum(dy),
        )

    return y, pullback


EXERCISE = Exercise(
    id="04.1",
    title="the pullback of the 1-D sum",
    statement=STATEMENT,
    stub=STUB,
    function="correlate1d",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_convolve, by_slices),
    question="Which outputs did this sample flow into, and through which tap each?",
    hints=(
        "In y_i stands the product k_p · x_(i+p). What is its derivative by x?",
        "Each message is an output's dy times the tap between them. Add them up.",
    ),
    reread="One dimension, backwards",
    kind="pullback",
    parts=("y", "dx", "dkernel", "dbias"),
    minutes=6,
    points=2,
)
