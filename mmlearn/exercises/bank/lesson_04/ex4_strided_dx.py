"""04.4: the gradient of x with a stride and a border, by zeros between."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A 1-D layer with stride $s$ on $S$ samples, with `before` zeros put in front of them:
$y_i = \\sum_p k_p \\, x_{is+p-\\text{before}}$. Compute `dx` in three steps: put zeros
between the numbers of `dy`; slide the turned kernel over it (`np.convolve` with
`"full"`); cut or fill so that exactly the $S$ samples are left. Samples behind the last
window get 0.

`dy` is `(To,)`, `kernel` is `(P,)`; `strides`, `before` and `size` $= S$ are integers.
Return `dx`, `(size,)`.
"""

STUB = '''\
def strided_dx(dy, kernel, strides, before, size):
    """(To,), (P,) -> dx (size,): zeros between, slide, cut the border off"""
    raise NotImplementedError
'''


def solution(dy, kernel, strides, before, size):
    """Spread dy, convolve, and keep what belongs to the samples."""
    spread = np.zeros((len(dy) - 1) * strides + 1)
    spread[::strides] = dy
    padded = np.convolve(spread, kernel, "full")
    dx = np.zeros(max(before + size, len(padded)))
    dx[: len(padded)] = padded
    return dx[before : before + size]


def attempt(dy, kernel, strides, before, size, *, wrong=frozenset()):
    """The three steps with a student's mistakes in them."""
    s = strides + 1 if "s zeros between" in wrong else strides
    s = 1 if "no zeros between" in wrong else s
    spread = np.zeros((len(dy) - 1) * s + 1)
    spread[::s] = dy
    if "numbers repeated" in wrong:
        spread = np.repeat(dy, s)[: len(spread)]
    if "kernel turned twice" in wrong:
        kernel = kernel[::-1]
    padded = np.convolve(spread, kernel, "full")
    dx = np.zeros(max(before + size, len(padded)))
    dx[: len(padded)] = padded
    if "no zeros at the end" in wrong:
        dx = padded
    start = 0 if "border left in front" in wrong else before
    return dx[start : start + size]


def draw(rng):
    """Strides 2 and 3; a border in front; mostly a rest behind the last window."""
    strides, taps = int(rng.integers(2, 4)), int(rng.integers(3, 5))
    before, rest = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    return _case(rng, 3 + int(rng.integers(2)), taps, strides, before, rest)


def corners(rng):
    """One to do by hand, without a border; one with a border at both ends."""
    return [_case(rng, 2, 2, 2, 0, 1), _case(rng, 4, 3, 2, 1, -1)]


def _case(rng, places, taps, strides, before, rest):
    dy, kernel = (
        (rng.integers(1, 5, n) - 0.5) * rng.choice([-1.0, 1.0], n)
        for n in (places, taps)
    )
    kernel[0] = 2 * kernel[-1]
    size = (places - 1) * strides + taps - before + rest
    return Case((dy, kernel, strides, before, size))


MISTAKES = (
    Mistake(
        "kernel turned twice",
        "`np.convolve` turns the kernel already; you turned it back again.",
        "Let dy be a single 1: what should dx look like?",
        reread="One dimension, backwards",
    ),
    Mistake(
        "no zeros between",
        "the messages stand side by side, as if the windows had moved by one.",
        "At which pixels do the first two windows start?",
    ),
    Mistake(
        "s zeros between",
        "you put s zeros between two numbers. Then they stand s + 1 apart.",
        "Windows start s pixels apart. How many pixels lie between two starts?",
        excludes=("no zeros between",),
    ),
    Mistake(
        "numbers repeated",
        "you repeated each number of dy in place of putting zeros behind it.",
        "Which output stands for a window that starts between two others?",
        excludes=("no zeros between",),
    ),
    Mistake(
        "border left in front",
        "you kept the gradient of the zeros in front and lost that of the last "
        "samples.",
        "Whose gradient is the first number? Is that a sample?",
    ),
    Mistake(
        "no zeros at the end",
        "samples behind the last window are missing; no output depends on them, so "
        "their gradient is 0.",
        "How long is dx when `size` is larger than what the windows cover?",
        excludes=("border left in front", "s zeros between", "numbers repeated"),
    ),
)


def by_stamps(dy, kernel, strides, before, size):
    """Each output stamps the kernel where its window was."""
    dx = np.zeros(before + size + len(kernel) + len(dy) * strides)
    for i, message in enumerate(dy):
        dx[i * strides : i * strides + len(kernel)] += message * kernel
    return dx[before : before + size]


def by_index(dy, kernel, strides, before, size):
    """Sample by sample: dx_m = Σ_i dy_i k_(m + before − i s)."""
    dx = [0.0] * size
    for m in range(size):
        for i in range(len(dy)):
            if 0 <= (p := m + before - i * strides) < len(kernel):
                dx[m] += dy[i] * kernel[p]
    return np.array(dx)


EXERCISE = Exercise(
    id="04.4",
    title="stride and border, backwards",
    statement=STATEMENT,
    stub=STUB,
    function="strided_dx",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_stamps, by_index),
    question="Where did the window of the second output start, in samples of x?",
    hints=(
        "An array of (To − 1)·s + 1 zeros; every s-th place gets a number of dy.",
        "The first `before` numbers of the result belong to the zeros in front.",
        "Make an array of zeros that is long enough, and put the result in its start.",
    ),
    reread="Stride: zeros between",
    minutes=8,
    points=2,
)
