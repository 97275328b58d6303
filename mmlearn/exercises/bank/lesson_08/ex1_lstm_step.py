"""08.1: one step of an LSTM."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
One step of an LSTM, by the equations above. `x` is `(B, F)`, `h` and `c` are the states
before the step, `(B, U)`. `kernel` is `(F, 4U)`, `recurrent_kernel` `(U, 4U)`, `bias`
`(4U,)`: U columns each for input gate, forget gate, candidate and output gate, in this
order. Return the new `h` and the new `c`.
"""

STUB = '''\
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    """(B, F), two (B, U), three weights -> h (B, U), c (B, U) after the step"""
    raise NotImplementedError
'''


def solution(x, h, c, kernel, recurrent_kernel, bias):
    """Four sums; three gates between 0 and 1, one candidate between −1 and 1."""
    a_i, a_f, a_g, a_o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (a_i, a_f, a_o))
    c = f * c + i * np.tanh(a_g)
    return o * np.tanh(c), c


def attempt(x, h, c, kernel, recurrent_kernel, bias, *, wrong=frozenset()):
    """The step with a student's mistakes in it."""
    a = x @ kernel + bias
    if "state not heard" not in wrong:
        a = a + h @ recurrent_kernel
    if "gates interleaved" in wrong:
        blocks = [a[:, n::4] for n in range(4)]
    else:
        blocks = np.split(a, 4, axis=1)
    a_i, a_f, a_g, a_o = blocks
    if "output gate before candidate" in wrong:
        a_g, a_o = a_o, a_g
    if "input and forget gate exchanged" in wrong:
        a_i, a_f = a_f, a_i
    i, f, o, g = (1 / (1 + np.exp(-n)) for n in (a_i, a_f, a_o, a_g))
    if "candidate through the sigmoid" not in wrong:
        g = np.tanh(a_g)
    kept = (1 - i) * c if "forget gate replaced by 1 − i" in wrong else f * c
    new = kept + i * g
    shown = c if "the old cell shown" in wrong else new
    shown = shown if "cell shown without tanh" in wrong else np.tanh(shown)
    return o * shown, new


def _case(rng, B, F, U):
    """Halves, small enough that no gate saturates; no two blocks alike."""

    def some(shape, top):
        return rng.integers(1, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    return Case(
        (
            some((B, F), 4),
            some((B, U), 3),
            some((B, U), 7),
            some((F, 4 * U), 3),
            some((U, 4 * U), 3),
            np.arange(4 * U) / 4 - U / 2 + 0.25,
        )
    )


def draw(rng):
    """B, F and U all different; U of two or more."""
    U = int(rng.integers(2, 4))
    B, F = (int(n) for n in rng.permutation([n for n in (1, 2, 3, 4) if n != U])[:2])
    return _case(rng, B, F, U)


def corners(rng):
    """One unit for the hand; two, so that the blocks can be taken wrongly."""
    return [_case(rng, 1, 1, 1), _case(rng, 1, 1, 2), _case(rng, 3, 1, 2)]


SHOWN = ("the old cell shown", "cell shown without tanh")

MISTAKES = (
    Mistake(
        "input and forget gate exchanged",
        "your forget gate decides what comes in, and your input gate what stays.",
        "In which order do the four blocks of columns stand?",
        excludes=("forget gate replaced by 1 − i",),
    ),
    Mistake(
        "output gate before candidate",
        "you took the third block for the output gate and the fourth for the "
        "candidate. Some books do; Keras has i, f, g, o.",
        "Which block goes through tanh, the third or the fourth?",
    ),
    Mistake(
        "gates interleaved",
        "you took every fourth column for a gate. Each gate has U columns side by "
        "side.",
        "With U = 3, which columns belong to the input gate?",
    ),
    Mistake(
        "candidate through the sigmoid",
        "your candidate lies between 0 and 1, so the cell can only be raised.",
        "What should the network do to take something off the cell?",
    ),
    Mistake(
        "state not heard",
        "your gates see the input only: h of the step before is not in the sums.",
        "Which two products stand in each sum?",
    ),
    Mistake(
        "forget gate replaced by 1 − i",
        "you keep what the input gate leaves. That is a unit with coupled gates, "
        "not this one.",
        "How many gates decide about the cell, and which one stands before c?",
    ),
    Mistake(
        SHOWN[0],
        "h is made from the cell before the step.",
        "Which comes first in a step, the new c or the new h?",
    ),
    Mistake(
        SHOWN[1],
        "h is o times c itself. A cell that has counted to 5 would be shown as 5.",
        "What holds h between −1 and 1?",
    ),
)


def gate_by_gate(x, h, c, kernel, recurrent_kernel, bias):
    """Each gate with its own slice; σ(a) as (1 + tanh(a/2)) / 2."""
    units = h.shape[1]

    def total(n):
        part = slice(n * units, (n + 1) * units)
        past = np.einsum("bu,uv->bv", h, recurrent_kernel[:, part])
        return x.dot(kernel[:, part]) + past + bias[part]

    i, f, o = (0.5 + 0.5 * np.tanh(total(n) / 2) for n in (0, 1, 3))
    c = np.multiply(f, c) + np.multiply(i, np.tanh(total(2)))
    return [np.tanh(c) * o, c]


def side_by_side(x, h, c, kernel, recurrent_kernel, bias):
    """[x, h] against W over R, as (B, 4, U)."""
    a = np.hstack([x, h]) @ np.vstack([kernel, recurrent_kernel]) + bias
    a = a.reshape(len(x), 4, -1)
    gate = 1 / (1 + np.exp(-a))
    c = gate[:, 1] * c + gate[:, 0] * np.tanh(a[:, 2])
    return gate[:, 3] * np.tanh(c), c


EXERCISE = Exercise(
    id="08.1",
    title="one step of an LSTM",
    statement=STATEMENT,
    stub=STUB,
    function="lstm_step",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(gate_by_gate, side_by_side),
    question="By hand, with one unit: what are i, f, g and o, and what is left of c?",
    hints=(
        "One sum for all: x @ kernel + h @ recurrent_kernel + bias is (B, 4U).",
        "np.split(a, 4, axis=1) gives the four blocks. Three go through σ, one "
        "through tanh.",
        "First the new c, from the old one. Then h, from the new c.",
    ),
    reread="Gate by gate",
    parts=("h", "c"),
    minutes=8,
    points=2,
)
