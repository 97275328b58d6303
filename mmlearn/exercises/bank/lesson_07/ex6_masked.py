"""07.6: sequences of unequal length, and gaps: a state that is carried."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Sequences in a batch have unequal lengths, and some have gaps. `mask` is `(B, T)`,
`True` where a step counts. Where it does not, the state stays as it was, whatever
stands in `x`:

$$h_t = \\tanh(x_t W + h_{t-1} R + b) \\;\\text{ or }\\; h_{t-1}, \\qquad h_0 = 0$$

`x` is `(B, T, F)`, `kernel` `(F, U)`, `recurrent_kernel` `(U, U)`, `bias` `(U,)`.
Return the last state $h_T$ of every sequence, `(B, U)`.
"""

STUB = '''\
def masked_rnn(x, mask, kernel, recurrent_kernel, bias):
    """(B, T, F), (B, T) bool, (F, U), (U, U), (U,) -> (B, U), the last state"""
    raise NotImplementedError
'''


def solution(x, mask, kernel, recurrent_kernel, bias):
    """A new state for all, taken over only where the step counts."""
    h = np.zeros((len(x), len(bias)))
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        h = np.where(mask[:, t, None], new, h)  # (B, 1) beside (B, U)
    return h


def attempt(x, mask, kernel, recurrent_kernel, bias, *, wrong=frozenset()):
    """The carried state with a student's mistakes in it."""
    mask = ~mask if "mask the wrong way round" in wrong else mask
    (B, T, _), U = x.shape, len(bias)
    h, states = np.zeros((B, U)), np.zeros((B, T, U))
    for t in range(T):
        seen = mask[:, t, None]
        inputs = x[:, t] * seen if "inputs set to zero" in wrong else x[:, t]
        new = np.tanh(inputs @ kernel + h @ recurrent_kernel + bias)
        if "mask ignored" in wrong or "inputs set to zero" in wrong:
            h = new
        elif "state set to zero" in wrong:
            h = new * seen
        elif "all sequences wait" in wrong:
            h = new if mask[:, t].all() else h
        elif "one is enough" in wrong:
            h = new if mask[:, t].any() else h
        else:
            h = np.where(seen, new, h)
        states[:, t] = h
    if "cut at the number of steps" in wrong:
        free = attempt_states(x, kernel, recurrent_kernel, bias)
        lengths = mask.sum(axis=1)
        last = free[np.arange(B), np.maximum(lengths - 1, 0)]
        return np.where(lengths[:, None] > 0, last, 0.0)
    return h


def attempt_states(x, kernel, recurrent_kernel, bias):
    """All states without a mask."""
    h, states = np.zeros((len(x), len(bias))), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        states.append(h)
    return np.stack(states, axis=1)


def _case(rng, mask, F, U):
    mask = np.array(mask, bool)
    B, T = mask.shape

    def some(shape, top):
        return rng.integers(1, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    return Case(
        (some((B, T, F), 4), mask, some((F, U), 3), some((U, U), 3), some((U,), 3))
    )


def draw(rng):
    """Gaps in the middle, an end that is missing, and one step that nobody has."""
    T = int(rng.integers(4, 6))
    mask = np.ones((3, T), bool)
    mask[0, int(rng.integers(1, T - 1))] = False
    mask[1, T - 2 :] = False
    mask[2, 0] = mask[2, -1] = False
    mask = mask[rng.permutation(3)]
    mask = np.insert(mask, int(rng.integers(1, T)), False, axis=1)
    F, U = (int(n) for n in rng.permutation([1, 2]))
    return _case(rng, mask, F, U)


def corners(rng):
    """One unit for the hand; a hole; unequal ends; one that has no step at all."""
    return [
        _case(rng, [[1, 0, 1]], 1, 1),
        _case(rng, [[1, 1, 0]], 1, 2),
        _case(rng, [[1, 0, 1, 0], [1, 1, 1, 1]], 1, 2),
        _case(rng, [[1, 1, 1], [1, 0, 0], [0, 0, 0]], 2, 3),
    ]


ALONE = (
    "mask ignored",
    "inputs set to zero",
    "state set to zero",
    "all sequences wait",
    "one is enough",
    "cut at the number of steps",
)

MISTAKES = (
    Mistake(
        ALONE[0],
        "every step changes the state, those that do not count too.",
        "Where in your loop does the mask decide?",
        excludes=(*ALONE, "mask the wrong way round"),
    ),
    Mistake(
        ALONE[1],
        "you set x to zero. But the state is made anew all the same: b and R still "
        "work on it.",
        "If a step's input is 0, does the state stay as it was?",
        excludes=ALONE,
    ),
    Mistake(
        ALONE[2],
        "a step that does not count wipes the memory.",
        "Which state should a sequence have that ended three steps ago?",
        excludes=ALONE,
    ),
    Mistake(
        ALONE[3],
        "a step counts only where it counts for all sequences.",
        "Does one sequence need to know where another one ends?",
        excludes=ALONE,
    ),
    Mistake(
        ALONE[4],
        "a step counts for all as soon as it counts for one.",
        "Does one sequence need to know where another one ends?",
        excludes=ALONE,
    ),
    Mistake(
        ALONE[5],
        "you counted the steps and took the state at that place. That is right for "
        "padding at the end, wrong for gaps.",
        "Steps 0 and 2 count, 1 does not. Which state is the last?",
        excludes=ALONE,
    ),
    Mistake(
        "mask the wrong way round",
        "your state changes where it should stay, and stays where it should change.",
        "What does True mean in this mask?",
        excludes=ALONE,
    ),
)


def one_by_one(x, mask, kernel, recurrent_kernel, bias):
    """Each sequence alone: only the steps that count are read."""
    out = np.zeros((len(x), len(bias)))
    for b, (sequence, counts) in enumerate(zip(x, mask, strict=True)):
        for step in sequence[counts]:
            out[b] = np.tanh(step @ kernel + out[b] @ recurrent_kernel + bias)
    return out


def by_weights(x, mask, kernel, recurrent_kernel, bias):
    """m · new + (1 − m) · old."""
    h = np.zeros((x.shape[0], bias.size))
    for t, m in enumerate(mask.T.astype(float)):
        new = np.tanh(x[:, t].dot(kernel) + h.dot(recurrent_kernel) + bias)
        h = m[:, None] * new + (1 - m)[:, None] * h
    return h


EXERCISE = Exercise(
    id="07.6",
    title="a state that is carried",
    statement=STATEMENT,
    stub=STUB,
    function="masked_rnn",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(one_by_one, by_weights),
    question="Which state should a sequence have after a step that does not count?",
    hints=(
        "Make the new state for all sequences; then choose for each, new or old.",
        "np.where(condition, new, old): the condition must be (B, 1), to stand beside "
        "(B, U).",
    ),
    reread="Transfer",
    minutes=8,
    points=3,
)
