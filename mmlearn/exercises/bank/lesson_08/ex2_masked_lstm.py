"""08.2: an LSTM over a whole sequence, with a mask."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
An LSTM over whole sequences. `x` is `(B, T, F)`; `mask` is `(B, T)`, `True` where a
step counts. Where it does not, **both** states stay as they were. They begin as zeros.
Weights as in 08.1. Return every shown state, `h` after each step `(B, T, U)`, and the
last cell, `(B, U)`.
"""

STUB = '''\
def lstm_states(x, mask, kernel, recurrent_kernel, bias):
    """(B, T, F), (B, T) bool, three weights -> h (B, T, U), c (B, U) at the end"""
    raise NotImplementedError
'''


def solution(x, mask, kernel, recurrent_kernel, bias):
    """A step for all; then old or new, for each sequence."""
    (B, T, _), U = x.shape, len(recurrent_kernel)
    h, c, states = np.zeros((B, U)), np.zeros((B, U)), np.zeros((B, T, U))
    for t in range(T):
        a = x[:, t] @ kernel + h @ recurrent_kernel + bias
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-n)) for n in (a_i, a_f, a_o))
        new = f * c + i * np.tanh(a_g)
        counts = mask[:, t, None]  # (B, 1), beside (B, U)
        c = np.where(counts, new, c)
        h = np.where(counts, o * np.tanh(new), h)
        states[:, t] = h
    return states, c


def attempt(x, mask, kernel, recurrent_kernel, bias, *, wrong=frozenset()):
    """The loop with a student's mistakes in it."""
    mask = ~mask if "mask the wrong way round" in wrong else mask
    if "mask ignored" in wrong or "inputs set to zero" in wrong:
        x = x * mask[..., None] if "inputs set to zero" in wrong else x
        mask = np.ones_like(mask)
    (B, T, _), U = x.shape, len(recurrent_kernel)
    h, c, states = np.zeros((B, U)), np.zeros((B, U)), np.zeros((B, T, U))
    for t in range(T):
        a = x[:, t] @ kernel + h @ recurrent_kernel + bias
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-n)) for n in (a_i, a_f, a_o))
        new, before = f * c + i * np.tanh(a_g), h
        counts = mask[:, t, None]
        shown = o * np.tanh(new)
        c = new if "the cell goes on" in wrong else np.where(counts, new, c)
        if "h set to zero" in wrong:
            h = shown * counts
        elif "h goes on" in wrong:
            h = o * np.tanh(c)
        else:
            h = np.where(counts, shown, h)
        states[:, t] = before if "states before the step" in wrong else h
    return states, c


def _case(rng, mask, F, U):
    mask = np.array(mask, bool)

    def some(shape, top):
        return rng.integers(1, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    arrays = some((F, 4 * U), 3), some((U, 4 * U), 3), some((4 * U,), 3)
    return Case((some((*mask.shape, F), 4), mask, *arrays))


def draw(rng):
    """Holes, a missing end, a missing beginning; sizes all different."""
    T = int(rng.integers(4, 6))
    mask = np.ones((3, T), bool)
    mask[0, int(rng.integers(1, T - 1))] = False
    mask[1, T - 2 :] = False
    mask[2, 0] = mask[2, 2] = False
    F, U = (int(n) for n in rng.permutation([1, 2]))
    return _case(rng, mask[rng.permutation(3)], F, U)


def corners(rng):
    """One unit for the hand; one sequence with a hole; one without any step."""
    return [
        _case(rng, [[1, 0, 1]], 1, 1),
        _case(rng, [[1, 1, 0, 1]], 1, 2),
        _case(rng, [[1, 1, 1], [1, 0, 0], [0, 0, 0]], 2, 3),
    ]


STILL = (
    "mask ignored",
    "inputs set to zero",
    "the cell goes on",
    "h goes on",
    "h set to zero",
)

MISTAKES = (
    Mistake(
        STILL[0],
        "every step changes the states, those that do not count too.",
        "Where in your loop does the mask decide?",
        excludes=(*STILL, "mask the wrong way round"),
    ),
    Mistake(
        STILL[1],
        "you set x to zero. The gates still open as their biases say, and the states "
        "move.",
        "With x = 0, is f equal to 1 and i equal to 0?",
        excludes=STILL,
    ),
    Mistake(
        STILL[2],
        "h is carried, but the cell behind it is not.",
        "How many states does an LSTM carry from step to step?",
        excludes=STILL,
    ),
    Mistake(
        STILL[3],
        "the cell is carried, but h is shown anew, through the gate o of a step that "
        "does not count.",
        "Which h does the next step hear?",
        excludes=STILL,
    ),
    Mistake(
        STILL[4],
        "where a step does not count your h is zero: the next step hears nothing.",
        "Which h should a sequence show that ended three steps ago?",
        excludes=STILL,
    ),
    Mistake(
        "mask the wrong way round",
        "your states move where they should stay, and stay where they should move.",
        "What does True mean in this mask?",
    ),
    Mistake(
        "states before the step",
        "you kept h as it was before each step: yours begins with zeros.",
        "Is h stored before or after it is made anew?",
    ),
)


def one_by_one(x, mask, kernel, recurrent_kernel, bias):
    """Each sequence alone: a step that does not count repeats the state."""
    U = recurrent_kernel.shape[0]
    states, cells = np.zeros((*x.shape[:2], U)), np.zeros((len(x), U))
    for b, sequence in enumerate(x):
        h, c = np.zeros(U), np.zeros(U)
        for t, step in enumerate(sequence):
            if mask[b, t]:
                a = (step @ kernel + h @ recurrent_kernel + bias).reshape(4, U)
                gate = 0.5 + 0.5 * np.tanh(a / 2)
                c = gate[1] * c + gate[0] * np.tanh(a[2])
                h = gate[3] * np.tanh(c)
            states[b, t] = h
        cells[b] = c
    return states, cells


def by_weights(x, mask, kernel, recurrent_kernel, bias):
    """m · new + (1 − m) · old; the products with W all at once."""
    U, a_x = len(recurrent_kernel), np.einsum("btf,fu->btu", x, kernel) + bias
    h = c = np.zeros((len(x), U))
    states = []
    for t, m in enumerate(mask.T[..., None].astype(float)):
        a = a_x[:, t] + h.dot(recurrent_kernel)
        i, f, o = (1 / (1 + np.exp(-a[:, n * U : (n + 1) * U])) for n in (0, 1, 3))
        new = f * c + i * np.tanh(a[:, 2 * U : 3 * U])
        c, h = m * new + (1 - m) * c, m * o * np.tanh(new) + (1 - m) * h
        states.append(h)
    return [np.stack(states, axis=1), c]


EXERCISE = Exercise(
    id="08.2",
    title="an LSTM over masked sequences",
    statement=STATEMENT,
    stub=STUB,
    function="lstm_states",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(one_by_one, by_weights),
    question="Step 2 does not count. What are h and c after it, and what does step 3 "
    "hear?",
    hints=(
        "Your step of 08.1 for all sequences; then choose for each, new or old.",
        "np.where(condition, new, old): the condition must be (B, 1), to stand beside "
        "(B, U).",
        "Choose twice in every step: for c, and for h.",
    ),
    reread="Words of unequal length",
    parts=("h", "c"),
    minutes=10,
    points=3,
)
