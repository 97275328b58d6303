"""07.1: a simple recurrent layer, forward, all its states."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Read a batch of sequences step by step, with the same weights at every step:

$$h_t = \\tanh(x_t W + h_{t-1} R + b), \\qquad h_0 = 0$$

`x` is `(B, T, F)`, `kernel` $W$ is `(F, U)`, `recurrent_kernel` $R$ is `(U, U)`, `bias`
is `(U,)`. Return the states $h_1 \\dots h_T$ of every sequence, `(B, T, U)`.
"""

STUB = '''\
def simple_rnn(x, kernel, recurrent_kernel, bias):
    """(B, T, F), (F, U), (U, U), (U,) -> h (B, T, U), the state after every step"""
    raise NotImplementedError
'''


def solution(x, kernel, recurrent_kernel, bias):
    """One state, made anew from x_t and from itself."""
    (B, T, _), U = x.shape, len(bias)
    h, states = np.zeros((B, U)), np.zeros((B, T, U))
    for t in range(T):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        states[:, t] = h
    return states


def attempt(x, kernel, recurrent_kernel, bias, *, wrong=frozenset()):
    """The loop with a student's mistakes in it."""
    if "loop over the batch" in wrong:
        x = x.swapaxes(0, 1)
    if "recurrent kernel transposed" in wrong:
        recurrent_kernel = recurrent_kernel.T
    (B, T, _), U = x.shape, len(bias)
    h, states = np.zeros((B, U)), np.zeros((B, T, U))
    for t in range(T):
        before = h
        past = 0 if "state not used" in wrong else h @ recurrent_kernel
        if "tanh of the input only" in wrong:
            h = np.tanh(x[:, t] @ kernel + bias) + past
        else:
            h = x[:, t] @ kernel + past
            h = h + (0 if "bias forgotten" in wrong else bias)
            h = h if "tanh forgotten" in wrong else np.tanh(h)
        states[:, t] = before if "state before the step" in wrong else h
    return states.swapaxes(0, 1) if "loop over the batch" in wrong else states


def _case(rng, B, T, F, U):
    """Halves, small enough that tanh does not saturate; R is not symmetric."""

    def some(shape, top):
        return rng.integers(1, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    R = some((U, U), 4)
    R += np.triu(np.ones((U, U)), 1) * (np.abs(R - R.T) < 0.1) / 2
    return Case((some((B, T, F), 4), some((F, U), 3), R, some((U,), 3)))


def draw(rng):
    """B, T, F and U all different."""
    return _case(rng, *(int(n) for n in rng.permutation([2, 3, 4, 5])))


def corners(rng):
    """One unit and one sequence, for the hand; then a small one of each kind."""
    return [
        _case(rng, 1, 3, 1, 1),
        _case(rng, 1, 3, 1, 2),
        _case(rng, 2, 3, 1, 2),
        _case(rng, 3, 2, 2, 3),
    ]


MISTAKES = (
    Mistake(
        "state not used",
        "every step sees its own input only. That is a dense layer, T times.",
        "Where in your line does the past come in?",
        excludes=("recurrent kernel transposed", "loop over the batch"),
    ),
    Mistake(
        "recurrent kernel transposed",
        "you multiplied with R turned over: each unit hears those that it should speak "
        "to.",
        "`h` is (B, U), a row per sequence. Which side does R stand on, as it is?",
    ),
    Mistake(
        "tanh of the input only",
        "the past is added after the tanh, so the state can grow without bound.",
        "What stands inside the brackets of tanh?",
        excludes=("tanh forgotten", "bias forgotten", "state not used"),
    ),
    Mistake(
        "tanh forgotten",
        "your state is the sum itself.",
        "What holds the numbers between −1 and 1?",
    ),
    Mistake(
        "bias forgotten",
        "the bias is missing. It belongs to every step.",
        "Three things are added in the brackets. Which one is not in your line?",
    ),
    Mistake(
        "state before the step",
        "you kept the state as it was before each step: yours begins with h_0.",
        "Is the state stored before or after it is made anew?",
    ),
    Mistake(
        "loop over the batch",
        "your loop walks along the first axis: the state wanders from sequence to "
        "sequence.",
        "Which axis of x is time?",
    ),
)


def one_product_first(x, kernel, recurrent_kernel, bias):
    """x W + b of all steps in one product; a list of states."""
    a = np.einsum("btf,fu->btu", x, kernel) + bias
    states = [np.tanh(a[:, 0])]
    for t in range(1, x.shape[1]):
        states.append(np.tanh(a[:, t] + states[-1] @ recurrent_kernel))
    return np.stack(states, axis=1)


def side_by_side(x, kernel, recurrent_kernel, bias):
    """[x_t, h_{t−1}] against W and R, one above the other."""
    both, h, states = np.vstack([kernel, recurrent_kernel]), np.zeros(()), []
    h = np.zeros((len(x), len(bias)))
    for step in x.transpose(1, 0, 2):
        h = np.tanh(np.hstack([step, h]) @ both + bias)
        states.append(h)
    return np.array(states).transpose(1, 0, 2)


EXERCISE = Exercise(
    id="07.1",
    title="a recurrent layer, forward",
    statement=STATEMENT,
    stub=STUB,
    function="simple_rnn",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(one_product_first, side_by_side),
    question="Which three numbers, or rows, go into the state of step 2?",
    hints=(
        "Keep one array `h`, (B, U), that begins with zeros and is replaced T times.",
        "In step t: x[:, t] is (B, F). Two products, both (B, U), and the bias.",
    ),
    reread="The same weights at every step",
    minutes=8,
    points=2,
)
