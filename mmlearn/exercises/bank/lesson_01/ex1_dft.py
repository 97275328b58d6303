"""01.1: the discrete Fourier transform as a matrix product."""

import cmath

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Write the discrete Fourier transform of `x` `(N,)`:

$$X_k = \\sum_{n=0}^{N-1} x_n \\, e^{-2\\pi i k n / N}, \\qquad k = 0, \\dots, N-1$$

Return all N complex numbers. `np.fft` is not for use here: make the table of the
factors (rows k, columns n) and multiply it by x.
"""

STUB = '''\
def dft(x):
    """x (N,) -> X (N,) complex, one number for each frequency k."""
    raise NotImplementedError
'''


def solution(x):
    """The table of factors (N, N), times the samples (N,)."""
    n = np.arange(len(x))
    k = n[:, None]  # (N, 1), so that k * n is (N, N)
    return np.exp(-2j * np.pi * k * n / len(x)) @ x


def attempt(x, *, wrong=frozenset()):
    """The transform with a student's mistakes in it."""
    count = len(x)
    n = np.arange(count) + ("samples counted from 1" in wrong)
    k = np.arange(count) + ("frequencies counted from 1" in wrong)
    turn = np.pi if "half a turn" in wrong else 2 * np.pi
    sign = 1j if "plus in the exponent" in wrong else -1j
    table = np.exp(sign * turn * k[:, None] * n / count)
    if "real part only" in wrong:
        table = table.real
    found = table @ x
    if "divided by N" in wrong:
        found = found / count
    return abs(found) if "lengths only" in wrong else found


def draw(rng):
    """A handful of small whole numbers, without symmetry."""
    x = rng.integers(-3, 4, int(rng.integers(3, 6))).astype(float)
    x[1] += x[-1] == x[1]
    return Case((x,))


def corners(rng):
    """The lesson's eight samples moved by one, a single sample, and a late pulse."""
    pulse = np.zeros(4)
    pulse[1] = float(rng.integers(1, 4))
    return [
        Case((np.array([-1.0, 3.0, 1.0, 0.0, 2.0]),)),
        Case((pulse,)),
        Case((np.array([2.0]),)),
    ]


def with_loops(x):
    """Two loops, and Python's own complex numbers."""
    count = len(x)
    return [
        sum(x[n] * cmath.exp(-2j * cmath.pi * k * n / count) for n in range(count))
        for k in range(count)
    ]


def with_cosines(x):
    """Cosine and sine apart: e^(-ia) = cos a - i sin a."""
    angle = 2 * np.pi * np.outer(np.arange(len(x)), np.arange(len(x))) / len(x)
    return (np.cos(angle) * x).sum(axis=1) - 1j * (np.sin(angle) * x).sum(axis=1)


_LOST = ("real part only", "lengths only")

MISTAKES = (
    Mistake(
        "plus in the exponent",
        "your factors turn the other way, so that every X comes out with the sign of "
        "its imaginary part changed.",
        "Compare the sign of your exponent with the formula's.",
        excludes=(*_LOST, "frequencies counted from 1"),
    ),
    Mistake(
        "half a turn",
        "your factors make half a turn where they should make a whole one.",
        "For k = 1, n goes once through all samples. How many turns is that?",
        excludes=("frequencies counted from 1",),
    ),
    Mistake(
        "samples counted from 1",
        "your first sample is number 1; in the formula it is number 0.",
        "What is the factor of the first sample, for any k?",
        excludes=_LOST,
    ),
    Mistake(
        "frequencies counted from 1",
        "your first X is that of k = 1; the formula begins with k = 0, the plain sum.",
        "What should X be for k = 0, where every factor is 1?",
    ),
    Mistake(
        "divided by N",
        "you divided by N. That belongs to the way back; this sum has no factor.",
        "What is X for k = 0 when all samples are 1?",
    ),
    Mistake(
        "real part only",
        "you kept the cosines and dropped the sines; a sine then has no spectrum.",
        "Which type does your array have?",
        excludes=("lengths only",),
    ),
    Mistake(
        "lengths only",
        "you returned |X|. The direction of X, its phase, is lost.",
        "Return the complex numbers; take `abs` only to draw them.",
    ),
)

EXERCISE = Exercise(
    id="01.1",
    title="DFT by hand",
    statement=STATEMENT,
    stub=STUB,
    function="dft",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_loops, with_cosines),
    question="For k = 0 every factor is 1. What must X be there, and what is yours?",
    hints=(
        "Complex numbers in NumPy: `1j` is i, and `np.exp` takes complex numbers.",
        "The table has N rows (k) and N columns (n); each entry needs k times n.",
        "`np.arange(N)[:, None] * np.arange(N)` is the table of all k times n.",
    ),
    reread="Eight samples by hand",
    minutes=10,
    points=2,
)
