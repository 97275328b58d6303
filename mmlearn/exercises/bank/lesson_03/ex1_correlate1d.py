"""03.1: the 1-D sum that slides, as two loops."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Slide the kernel over the signal and return every sum that fits:

$$y_i = b + \\sum_{p=0}^{P-1} k_p \\, x_{i+p}, \\qquad i = 0, \\dots, S-P$$

`x` is `(S,)`, `kernel` is `(P,)` with $P \\le S$, `bias` is a number. Return
`(S - P + 1,)`.
"""

STUB = '''\
def correlate1d(x, kernel, bias):
    """Slide `kernel` over `x`: (S,), (P,), () -> (S - P + 1,)."""
    raise NotImplementedError
'''


def solution(x, kernel, bias):
    """Two loops: over the places i and over the taps p."""
    y = np.full(len(x) - len(kernel) + 1, float(bias))
    for i in range(len(y)):
        for p in range(len(kernel)):
            y[i] += kernel[p] * x[i + p]
    return y


def attempt(x, kernel, bias, *, wrong=frozenset()):
    """The two loops with a student's mistakes in them."""
    taps = kernel[::-1] if "kernel flipped" in wrong else kernel
    y = np.zeros(len(x) - len(kernel) + 1 - ("last window missing" in wrong))
    for i in range(len(y)):
        for p in range(len(kernel)):
            sample = x[i - p] if "looks back" in wrong else x[i + p]
            if "= in place of +=" in wrong:
                y[i] = taps[p] * sample
            else:
                y[i] += taps[p] * sample
            if "bias added per tap" in wrong:
                y[i] += bias
    y = y if {"no bias", "bias added per tap"} & wrong else y + bias
    return y.astype(int) if "fractions cut off" in wrong else y


def draw(rng):
    """Short signals in halves; a kernel that differs from its mirror image."""
    taps = int(rng.integers(2, 5))
    x = rng.integers(-8, 9, int(rng.integers(taps + 3, taps + 7))) / 2
    kernel = rng.integers(-3, 4, taps).astype(float)
    kernel[0], kernel[-1] = rng.choice([1.0, 2.0]), rng.choice([-3.0, 3.0])
    return Case((x, kernel, float(rng.integers(1, 6)) + 0.25))


def with_slices(x, kernel, bias):
    """One loop, over the taps."""
    places = len(x) - len(kernel) + 1
    return sum(k * x[p : p + places] for p, k in enumerate(kernel)) + bias


def with_numpy(x, kernel, bias):
    """NumPy's own name for it."""
    return np.correlate(x, kernel, "valid") + bias


MISTAKES = (
    Mistake(
        "kernel flipped",
        "you turned the kernel round: this is convolution in the sense of signal "
        "processing. The layer computes cross-correlation.",
        "Which tap meets the first sample of the window, the first or the last?",
        "Which way does the kernel face?",
    ),
    Mistake(
        "looks back",
        "you read x[i - p]. For i < p this is a negative index, and Python counts it "
        "from the end without a word.",
        "Write down the indices of x that the first output uses.",
        "Which way does the kernel face?",
    ),
    Mistake(
        "last window missing",
        "your loop over the places ends one window early.",
        "How many windows of 3 fit on 3 samples? What does your range give?",
        "One dimension, by hand",
    ),
    Mistake(
        "= in place of +=",
        "each tap overwrites the sum, so that only the last product is left.",
        "What does y[i] hold after the first tap, and what after the second?",
        "One dimension, by hand",
        excludes=("bias added per tap",),
    ),
    Mistake(
        "bias added per tap",
        "the bias is added once for each tap; it belongs to the sum, once.",
        "How often does the line with the bias run for one output?",
        "One dimension, by hand",
        excludes=("no bias",),
    ),
    Mistake(
        "no bias",
        "the products are right; the bias is missing.",
        "Is every argument of your function used?",
        "One dimension, by hand",
    ),
    Mistake(
        "fractions cut off",
        "your sums are stored as whole numbers.",
        "What becomes of 2.5 in an array made with `dtype=int`?",
    ),
)

EXERCISE = Exercise(
    id="03.1",
    title="the 1-D sum",
    statement=STATEMENT,
    stub=STUB,
    function="correlate1d",
    solution=solution,
    draw=draw,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_slices, with_numpy),
    question=(
        "Which samples does the first output use, and which does the last one use?"
    ),
    hints=(
        "How many places are there? Make an array of that length first.",
        "Start every sum at the bias, then add one product for each tap.",
        "Two loops: i over the places, p over the taps. The sample is number i + p.",
    ),
    reread="One dimension, by hand",
    minutes=5,
)
