"""06.1: the size of fresh weights."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
`z` holds independent normal numbers of mean 0 and variance 1, in the shape of a kernel:
`(F, U)` of a dense layer, or `(kh, kw, C, U)` of a convolution. Scale them to the
variance $2 / n$, where $n$ is how many products one output sums. Return an array of
the same shape.
"""

STUB = '''\
def he_kernel(z):
    """Standard normal numbers in a kernel's shape -> weights of variance 2 / n."""
    raise NotImplementedError
'''


def solution(z):
    """Everything but the last axis is summed by one output."""
    n = z.size / z.shape[-1]
    return z * np.sqrt(2 / n)


def attempt(z, *, wrong=frozenset()):
    """The scaling with a student's mistakes in it."""
    taps = 1 if "taps not counted" in wrong else int(np.prod(z.shape[:-2]))
    n = taps * z.shape[-2]
    if "outputs counted" in wrong:
        n = taps * z.shape[-1]
    if "inputs and outputs counted" in wrong:
        n = taps * (z.shape[-2] + z.shape[-1])
    if "all weights counted" in wrong:
        n = z.size
    variance = (1 if "the ReLU forgotten" in wrong else 2) / n
    return z * (variance if "variance as a factor" in wrong else np.sqrt(variance))


def draw(rng):
    """Few weights, of a dense layer or a convolution; no two axes alike."""
    shape = tuple(int(n) for n in rng.permutation([2, 3, 5, 7])[:4])
    return Case((_halves(rng, shape if rng.random() < 0.5 else shape[:2]),))


def corners(rng):
    """One of each, for a mistake that only the other kind would show."""
    return [Case((_halves(rng, (3, 5)),)), Case((_halves(rng, (2, 3, 5, 4)),))]


def _halves(rng, shape):
    return rng.integers(1, 5, shape) / 2 * rng.choice([-1.0, 1.0], shape)


COUNTS = (
    "outputs counted",
    "inputs and outputs counted",
    "all weights counted",
)

MISTAKES = (
    Mistake(
        COUNTS[0],
        "you divided by how many outputs one input goes to. Forward, the other number "
        "matters.",
        "Take one output. Over which axes of the kernel does its sum run?",
        excludes=COUNTS,
    ),
    Mistake(
        COUNTS[1],
        "you took both fans: that is Glorot's compromise between forward and backward.",
        "How many products does one output sum? Only they decide its variance.",
        excludes=COUNTS,
    ),
    Mistake(
        COUNTS[2],
        "you divided by the number of all weights; each output has its own.",
        "How many of these weights does one output use?",
        excludes=(*COUNTS, "taps not counted"),
    ),
    Mistake(
        "taps not counted",
        "for a convolution you counted channels only. Its sum runs over the window "
        "too.",
        "How many numbers does one output of a 3 × 3 kernel on C channels add up?",
    ),
    Mistake(
        "variance as a factor",
        "you multiplied by the variance itself.",
        "What does a factor c do to a variance?",
    ),
    Mistake(
        "the ReLU forgotten",
        "your variance is 1/n, right for a linear layer. A ReLU loses half of E[y²].",
        "Which number stands above n in the statement, and what is it for?",
    ),
)


def by_fans(z):
    """Taps times channels, counted one by one."""
    fan_in = z.shape[-2]
    for taps in z.shape[:-2]:
        fan_in *= taps
    return (2.0 / fan_in) ** 0.5 * z


def in_rows(z):
    """Rows of a matrix: as many as one output sums."""
    rows = z.reshape(-1, z.shape[-1])
    return (rows / np.sqrt(len(rows) / 2)).reshape(z.shape)


EXERCISE = Exercise(
    id="06.1",
    title="the size of fresh weights",
    statement=STATEMENT,
    stub=STUB,
    function="he_kernel",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_fans, in_rows),
    question="How many products does one output sum, for a kernel of this shape?",
    hints=(
        "One output has one column of a dense kernel: F weights. And of a "
        "convolution's?",
        "If z has variance 1, then c · z has variance c². Which c gives 2 / n?",
    ),
    reread="The size of a signal",
    minutes=6,
    points=2,
)
