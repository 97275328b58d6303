"""18.2: how many maps stand between the two halves of a (2+1)-D convolution."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A 3-D kernel of t × d × d taps, C channels and U units, in one piece or in two: first
1 × d × d taps from C channels to M maps, then t × 1 × 1 taps from M maps to U units.
Choose M so that both have about as many weights, the two never more (biases not
counted):

$$M = \\Bigl\\lfloor \\frac{t\\, d^2\\, C\\, U}{d^2\\, C + t\\, U} \\Bigr\\rfloor$$

Return three whole numbers: M, the weights in one piece, the weights in two.
"""

STUB = '''\
def in_two(t, d, C, U):
    """taps in time, taps on a side, channels, units -> M, weights, weights in two"""
    raise NotImplementedError
'''


def solution(t, d, C, U):
    """The whole kernel's weights, divided by what one map in the middle costs."""
    whole = t * d * d * C * U
    each = d * d * C + t * U
    M = whole // each
    return M, whole, M * each


def attempt(t, d, C, U, *, wrong=frozenset()):
    """The three numbers with a student's mistakes in them."""
    square = d if "side not squared" in wrong else d * d
    whole = t * square * C * U
    space, time = (U, C) if "channels and units exchanged" in wrong else (C, U)
    each = square * space + t * time
    if "time left out of the second half" in wrong:
        each = square * space + time
    M = -(-whole // each) if "rounded up" in wrong else whole // each
    if "rounded to the nearest" in wrong:
        M = (2 * whole + each) // (2 * each)
    if "as many maps as units" in wrong:
        M = U
    two = each if "one map's weights" in wrong else M * each
    return M, whole, two


def draw(rng):
    """All four numbers different."""
    t, d, C, U = rng.permutation(np.arange(2, 9))[:4].tolist()
    return Case((int(t), int(d), int(C), int(U)))


def corners(rng):
    """The two of the lesson, and the paper's."""
    return [Case((3, 3, 1, 8)), Case((3, 3, 8, 16)), Case((3, 3, 64, 128))]


MISTAKES = (
    Mistake(
        "side not squared",
        "you counted d taps in space instead of d².",
        "How many numbers has a picture of 3 by 3?",
    ),
    Mistake(
        "channels and units exchanged",
        "in the denominator C and U stand at each other's place: the first half begins "
        "at the channels, the second ends at the units.",
        "Which sizes has the kernel in space, from what to what?",
    ),
    Mistake(
        "time left out of the second half",
        "you counted one tap in time; the second half has t.",
        "Which sizes has the kernel in time?",
    ),
    Mistake(
        "rounded up",
        "you rounded up: then two pieces may have more weights than one.",
        "Compare your second and third number.",
        excludes=("as many maps as units", "rounded to the nearest"),
    ),
    Mistake(
        "rounded to the nearest",
        "you rounded to the nearest whole number: then two pieces have more weights "
        "than one, half of the time.",
        "M must not go above the fraction. Which bracket stands in the equation?",
        excludes=("as many maps as units",),
    ),
    Mistake(
        "as many maps as units",
        "you took M = U: a fine network, but not one with as many weights; a "
        "comparison would not be fair.",
        "Compare your second and third number.",
    ),
    Mistake(
        "one map's weights",
        "your third number is what a single map in the middle costs.",
        "How many maps are there in the middle?",
    ),
)


def in_floats(t, d, C, U):
    """By NumPy, as the paper writes it."""
    M = int(np.floor(t * d**2 * C * U / (d**2 * C + t * U) + 1e-9))
    return M, t * d**2 * C * U, d**2 * C * M + t * M * U


def by_search(t, d, C, U):
    """The largest M that costs no more."""
    whole, M = t * d**2 * C * U, 0
    while (M + 1) * (d**2 * C + t * U) <= whole:
        M += 1
    return M, whole, M * (d**2 * C + t * U)


EXERCISE = Exercise(
    id="18.2",
    title="a kernel in two",
    statement=STATEMENT,
    stub=STUB,
    function="in_two",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(in_floats, by_search),
    parts=("M", "weights", "weights in two"),
    question="Write down the shapes of the three kernels. How many numbers has each?",
    hints=(
        "In space: d · d · C · M. In time: t · M · U. Both have the factor M.",
        "Divide the weights in one piece by what one map costs; `//` rounds down.",
    ),
    reread="First space, then time",
    minutes=5,
    points=2,
)
