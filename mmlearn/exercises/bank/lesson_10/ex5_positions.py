"""10.5: sines of the place."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The pattern of places, `(T, F)`, for t = 0 … T − 1 and an even F:

$$p_{t,2i} = \\sin\\bigl(t / 10000^{2i/F}\\bigr) \\qquad
p_{t,2i+1} = \\cos\\bigl(t / 10000^{2i/F}\\bigr)$$

So columns 0 and 1 are a pair with one frequency, 2 and 3 the next pair, and so on.
"""

STUB = '''\
def places(T, F):
    """two ints, F even -> (T, F)"""
    raise NotImplementedError
'''


def solution(T, F):
    """One angle for each place and pair; its sine and its cosine side by side."""
    pair = np.arange(0, F, 2)  # 2i
    angle = np.arange(T)[:, None] / 10000 ** (pair / F)  # (T, F / 2)
    p = np.zeros((T, F))
    p[:, 0::2] = np.sin(angle)
    p[:, 1::2] = np.cos(angle)
    return p


def attempt(T, F, *, wrong=frozenset()):
    """The pattern with a student's mistakes in it."""
    first = 1 if "counted from 1" in wrong else 0
    t = np.arange(first, T + first)[:, None]
    column = np.arange(F)
    power = (column - column % 2) / F
    if "a frequency for each column" in wrong:
        power = column / F
    if "i is the column" in wrong:
        power = 2 * column / F
    if "the 2 left out" in wrong:
        power = power / 2
    power = -power if "ever faster" in wrong else power
    angle = t / 10000.0**power
    exchanged = "sine and cosine exchanged" in wrong
    sine = (column % 2 == 0) != exchanged
    p = np.where(sine, np.sin(angle), np.cos(angle))
    if "sines first, then cosines" in wrong:
        p = np.concatenate([p[:, 0::2], p[:, 1::2]], axis=1)
    return p


def draw(rng):
    return Case((int(rng.integers(2, 6)), int(rng.choice([4, 6, 8]))))


def corners(rng):
    return [Case((2, 4)), Case((3, 6)), Case((5, 10))]


MISTAKES = (
    Mistake(
        "sines first, then cosines",
        "you put all sines into the first half of the columns. Many programs do, and "
        "it works as well, but the formula has them in turn.",
        "Which column stands beside the sine of the first pair?",
    ),
    Mistake(
        "a frequency for each column",
        "your cosine has another frequency than its sine. A pair must share one, or "
        "moving on is no rotation.",
        "What is 2i in column 3?",
        excludes=("the 2 left out", "i is the column"),
    ),
    Mistake(
        "i is the column",
        "you took i for the column; it counts pairs.",
        "Which i has column 3?",
        excludes=("the 2 left out", "a frequency for each column"),
    ),
    Mistake(
        "the 2 left out",
        "your exponent is i / F, half of what the formula says.",
        "For F = 4, which is the exponent of the last pair?",
    ),
    Mistake(
        "counted from 1",
        "your first place is t = 1.",
        "What is the sine in the row of the first token?",
    ),
    Mistake(
        "sine and cosine exchanged",
        "even columns hold your cosines.",
        "What is `p[0, 0]`?",
    ),
    Mistake(
        "ever faster",
        "you multiplied by the power instead of dividing: later pairs turn faster.",
        "Which pair should turn fastest?",
    ),
)


def as_one_number(T, F):
    """e^(i angle): its imaginary part is the sine."""
    speed = np.exp(-np.log(10000) * np.arange(0, F, 2) / F)
    turn = np.exp(1j * np.outer(np.arange(T), speed))
    return np.stack([turn.imag, turn.real], axis=2).reshape(T, F)


def number_by_number(T, F):
    """Lists of lists."""
    return np.array(
        [
            [
                (np.cos if c % 2 else np.sin)(t / 10000 ** (2 * (c // 2) / F))
                for c in range(F)
            ]
            for t in range(T)
        ]
    )


EXERCISE = Exercise(
    id="10.5",
    title="sines of the place",
    statement=STATEMENT,
    stub=STUB,
    function="places",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(as_one_number, number_by_number),
    question="Which columns share a frequency, and what stands in the row t = 0?",
    hints=(
        "np.arange(0, F, 2) is 2i for every pair.",
        "One table of angles, (T, F/2): places down, pairs across.",
        "p[:, 0::2] takes the sines, p[:, 1::2] the cosines.",
    ),
    reread="Where is a token?",
    minutes=6,
    points=2,
)
