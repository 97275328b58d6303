"""06.2: one step of Adam."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
One step of Adam, by the equations above.

`w` are weights and `g` their gradient, arrays of one shape; `m` and `v` are the two
running means *before* this step. `t` is the number of this step: 1 for the first.
Return the new `w`, the new `m` and the new `v`, the means as they are kept for the
next step.
"""

STUB = '''\
def adam_step(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """Weights, gradient, two means, step number -> w, m, v after the step."""
    raise NotImplementedError
'''


def solution(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """Two running means, both corrected for having begun at zero."""
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


def attempt(
    w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon, *, wrong=frozenset()
):
    """The step with a student's mistakes in it."""
    if "betas exchanged" in wrong:
        beta_1, beta_2 = beta_2, beta_1
    square = g if "gradient not squared" in wrong else g**2
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * square
    power = 1 if "power forgotten" in wrong else t
    c_1, c_2 = 1 - beta_1**power, 1 - beta_2**power
    if "no correction" in wrong:
        c_1 = c_2 = 1
    m_hat, v_hat = m / c_1, v / c_2
    if "epsilon inside the root" in wrong:
        root = np.sqrt(v_hat + epsilon)
    elif "epsilon before the correction" in wrong:
        root = (np.sqrt(v) + epsilon) / np.sqrt(c_2)
    else:
        root = np.sqrt(v_hat) + epsilon
    sign = -1 if "uphill" in wrong else 1
    if "corrected means kept" in wrong:
        m, v = m_hat, v_hat
    return w - sign * learning_rate * m_hat / root, m, v


def draw(rng):
    """A few weights in the middle of a training; every v stays positive."""
    shape = (int(rng.integers(2, 5)),)
    w, m = (rng.integers(-6, 7, shape) / 2 for _ in range(2))
    g = rng.integers(1, 7, shape) / 2 * rng.choice([-1.0, 1.0], shape)
    v = rng.integers(6, 13, shape) / 2
    t = int(rng.integers(2, 5))
    return Case((w, g, m, v, t, 0.5, 0.5, 0.75, float(rng.choice([0.25, 0.5]))))


def corners(rng):
    """The first step, from means of zero; and one weight alone."""
    w, g = np.array([1.0, -2.0]), np.array([0.5, 3.0])
    zero = np.zeros(2)
    return [
        Case((w, g, zero, zero, 1, 0.1, 0.9, 0.999, 1e-7)),
        Case((w[:1], g[:1], zero[:1] + 1, zero[:1] + 4, 3, 0.5, 0.5, 0.75, 0.25)),
    ]


MISTAKES = (
    Mistake(
        "no correction",
        "your step uses m and v as they are. Both began at zero, so they are too small "
        "at first.",
        "After t steps the weights of all gradients in m add up to what?",
        excludes=(
            "power forgotten",
            "corrected means kept",
            "epsilon before the correction",
        ),
    ),
    Mistake(
        "power forgotten",
        "you divide by 1 − β in every step. That is right in the first only.",
        "What is left of the zero that m began with, after t steps?",
    ),
    Mistake(
        "epsilon inside the root",
        "ε stands under your root. There it keeps the root away from √ε, not from 0.",
        "Compare where ε stands in the equation.",
        excludes=("epsilon before the correction",),
    ),
    Mistake(
        "epsilon before the correction",
        "you added ε to the root of v before its correction. Keras does the same; the "
        "equation here adds it after.",
        "Which of the two roots does the equation name?",
    ),
    Mistake(
        "gradient not squared",
        "your v is a mean of g. It should know how large gradients are, not which way "
        "they point.",
        "Of what is v the running mean?",
    ),
    Mistake(
        "betas exchanged",
        "each mean uses the other one's β.",
        "Which of the two means is the slow one?",
    ),
    Mistake(
        "uphill",
        "your step goes with the gradient, so the loss rises.",
        "Which way does a gradient point?",
    ),
    Mistake(
        "corrected means kept",
        "you return the corrected means. In the next step they would be corrected "
        "again.",
        "Which of m and its corrected twin is a running mean?",
    ),
)


def one_rate(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """Both corrections in one rate; ε scaled with them, so that nothing changes."""
    m, v = m + (1 - beta_1) * (g - m), v + (1 - beta_2) * (g * g - v)
    root = np.sqrt(1 - beta_2**t)
    rate = learning_rate * root / (1 - beta_1**t)
    return w - rate * m / (np.sqrt(v) + root * epsilon), m, v


def number_by_number(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """Every weight on its own; lists come back."""
    new_w, new_m, new_v = [], [], []
    for a, b, c, d in zip(w, g, m, v, strict=True):
        c, d = beta_1 * c + (1 - beta_1) * b, beta_2 * d + (1 - beta_2) * b * b
        root = (d / (1 - beta_2**t)) ** 0.5 + epsilon
        new_w.append(a - learning_rate * c / (1 - beta_1**t) / root)
        new_m.append(c)
        new_v.append(d)
    return new_w, new_m, new_v


EXERCISE = Exercise(
    id="06.2",
    title="a step of Adam",
    statement=STATEMENT,
    stub=STUB,
    function="adam_step",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(one_rate, number_by_number),
    question="For the first step, from means of zero: how long should the step be?",
    hints=(
        "Four lines: the two means, their two corrections; then the step.",
        "In the first step the corrected mean of g is g itself, and that of g² is g².",
        "The step: corrected m, over ε plus the root of corrected v. Kept: both "
        "uncorrected.",
    ),
    reread="Adam",
    parts=("w", "m", "v"),
    minutes=12,
    points=3,
)
