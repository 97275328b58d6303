"""08.6, transfer: the minimal gated unit, one gate for everything, and its slope."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The **minimal gated unit** has a single gate. It says how much is renewed, *and* how
much of the past the candidate hears:

$$f_t = \\sigma(x_t W_f + h_{t-1} R_f + b_f)$$
$$g_t = \\tanh(x_t W_g + (f_t\\, h_{t-1}) R_g + b_g)$$
$$h_t = (1 - f_t)\\, h_{t-1} + f_t\\, g_t$$

Here with one input and one unit, so every weight is one number: `kernel`, `recurrent`
and `bias` are `(2,)`, first f, then g. `x` is `(T,)`, and $h_0 = 0$. Return the last
state, and its **total** derivative by the first state, $dh_T/dh_1$: one factor for each
of the steps 2 … T.
"""

STUB = '''\
def minimal_gate(x, kernel, recurrent, bias):
    """(T,), three (2,) -> h_T and dh_T/dh_1, two numbers"""
    raise NotImplementedError
'''


def solution(x, kernel, recurrent, bias):
    """h enters a step three times: it stays, it opens the gate, it is heard."""
    h, slope = 0.0, 1.0
    for t in range(len(x)):
        f = 1 / (1 + np.exp(-(x[t] * kernel[0] + h * recurrent[0] + bias[0])))
        g = np.tanh(x[t] * kernel[1] + f * h * recurrent[1] + bias[1])
        df = f * (1 - f) * recurrent[0]
        dg = (1 - g**2) * recurrent[1] * (f + h * df)
        step = (1 - f) - h * df + g * df + f * dg
        slope = step if t == 1 else slope * step if t > 1 else 1.0
        h = (1 - f) * h + f * g
    return h, slope


def attempt(x, kernel, recurrent, bias, *, wrong=frozenset()):
    """The unit with a student's mistakes in it."""
    h, slope = 0.0, 1.0
    for t in range(len(x)):
        f = 1 / (1 + np.exp(-(x[t] * kernel[0] + h * recurrent[0] + bias[0])))
        whole = "candidate hears the whole state" in wrong
        heard = h if whole else f * h
        g = np.tanh(x[t] * kernel[1] + heard * recurrent[1] + bias[1])
        df = f * (1 - f) * recurrent[0]
        dheard = 1.0 if whole else f + h * df
        if "gate held fixed inside g" in wrong and not whole:
            dheard = f
        dg = (1 - g**2) * recurrent[1] * dheard
        keep, take = (f, 1 - f) if "f the other way round" in wrong else (1 - f, f)
        sign = -1 if "f the other way round" in wrong else 1
        step = keep + take * dg
        if "gate held fixed" not in wrong:
            step += sign * df * (g - h)
        if "only what stays" in wrong:
            step = keep
        if t > (-1 if "one factor too many" in wrong else 0):
            slope *= step
        h = keep * h + take * g
    return h, slope


def _case(rng, T):
    """Weights that leave every path open; no sum near saturation."""

    def some(shape, low, top):
        return rng.integers(low, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    return Case((some(T, 1, 4), some(2, 1, 3), some(2, 2, 5), some(2, 1, 3)))


def draw(rng):
    return _case(rng, int(rng.integers(3, 6)))


def corners(rng):
    """Two steps and three, for the hand."""
    return [_case(rng, 2), _case(rng, 3), _case(rng, 5)]


SLOPES = ("gate held fixed", "only what stays")

MISTAKES = (
    Mistake(
        "f the other way round",
        "your f keeps the state. In this unit it renews: a GRU's 1 − z.",
        "With f = 1, what is left of the state before?",
    ),
    Mistake(
        "candidate hears the whole state",
        "the gate is missing in the candidate.",
        "What stands in the bracket before R_g?",
        excludes=("gate held fixed inside g",),
    ),
    Mistake(
        SLOPES[0],
        "your slope leaves out that h opens and closes the gate in front of h and g.",
        "Write the slope with f held fixed; which paths from h to h_t are missing?",
        excludes=SLOPES,
    ),
    Mistake(
        "gate held fixed inside g",
        "inside the candidate your f does not depend on h.",
        "f · h is a product of two things that both move with h.",
        excludes=("only what stays",),
    ),
    Mistake(
        SLOPES[1],
        "your slope is the product of 1 − f alone: the partial derivative along the "
        "additive path.",
        "In how many places of the three equations does the state before stand?",
        excludes=(*SLOPES, "gate held fixed inside g"),
    ),
    Mistake(
        "one factor too many",
        "you also multiplied with the slope of the first step, which leads from h_0 to "
        "h_1.",
        "How many steps lie between h_1 and h_T?",
    ),
)


def forward_only(x, kernel, recurrent, bias):
    """A number and its slope carried together, operation by operation."""
    h, d = 0.0, 0.0
    for t, now in enumerate(np.asarray(x, float)):
        a, da = now * kernel[0] + h * recurrent[0] + bias[0], d * recurrent[0]
        f = 0.5 + 0.5 * np.tanh(a / 2)
        df = f * (1 - f) * da
        b, db = f * h, df * h + f * d
        g = np.tanh(now * kernel[1] + b * recurrent[1] + bias[1])
        dg = (1 - g * g) * recurrent[1] * db
        d = d - df * h - f * d + df * g + f * dg
        h = h - f * h + f * g
        d = 1.0 if t == 0 else d
    return np.array(h), np.array(d)


EXERCISE = Exercise(
    id="08.6",
    title="the minimal gated unit",
    statement=STATEMENT,
    stub=STUB,
    function="minimal_gate",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(forward_only,),
    question="Change h_1 by a thousandth and run the steps 2 … T again: by how much "
    "does h_T change?",
    hints=(
        "First the states. Then one factor per step: `∂h_t / ∂h_{t−1}`.",
        "The state before stands in three places: in f, inside g, and by itself. "
        "Write df/dh first, then dg/dh, where f · h is a product.",
        "h_t = (1 − f) h + f g: the product rule gives (1 − f) − h df + g df + f dg.",
    ),
    reread="Transfer",
    parts=("h_T", "dh_T/dh_1"),
    minutes=15,
    points=4,
)
