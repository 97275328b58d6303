"""07.4: how long the gradient is, so many steps back in time."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
One sequence was read; `states` is `(T, U)`, $h_1 \\dots h_T$, and `dy`, `(U,)`, is
$dL/dh_T$. The loss sees the last state only. The gradient goes back step by step:

$$\\frac{dL}{dh_{t-1}} = \\left(\\frac{dL}{dh_t} \\odot (1 - h_t^2)\\right) R^\\top$$

Return an array `(T,)` of lengths (root of the sum of squares): entry $k$ is the length
of $dL/dh_{T-k}$. So entry 0 is that of `dy` itself.
"""

STUB = '''\
def gradient_by_distance(states, recurrent_kernel, dy):
    """(T, U), (U, U), (U,) -> (T,) lengths of dL/dh, entry k: k steps back"""
    raise NotImplementedError
'''


def solution(states, recurrent_kernel, dy):
    """One vector goes back; its length is written down at every state."""
    delta, lengths = dy, []
    for h in states[::-1]:
        lengths.append(np.sqrt((delta**2).sum()))
        delta = (delta * (1 - h**2)) @ recurrent_kernel.T
    return np.array(lengths)


def attempt(states, recurrent_kernel, dy, *, wrong=frozenset()):
    """The way back with a student's mistakes on it."""
    R = recurrent_kernel if "R not transposed" in wrong else recurrent_kernel.T
    delta, lengths = dy, []
    T = len(states)
    for t in reversed(range(T)):
        h = states[t - 1] if "slope of the state before" in wrong else states[t]
        if "states forwards" in wrong:
            h = states[T - 1 - t]
        slope = 1 if "slope left out" in wrong else 1 - h**2
        before = delta
        delta = (delta * slope) @ R
        if "every step from dy" in wrong:
            delta = (dy * slope) @ R
        noted = delta if "one step too far" in wrong else before
        square = (noted**2).sum()
        lengths.append(square if "root forgotten" in wrong else np.sqrt(square))
    if "in order of time" in wrong:
        lengths = lengths[::-1]
    return np.array(lengths)


def _case(rng, T, U):
    """States in sixteenths, no two alike in size; R not symmetric."""
    states = rng.permutation(np.arange(1, 16))[: T * U] if T * U <= 15 else None
    if states is None:
        states = rng.integers(1, 16, T * U)
    states = states.reshape(T, U) / 16 * rng.choice([-1.0, 1.0], (T, U))
    R = rng.permutation(np.arange(1, U * U + 1)).reshape(U, U) / 2
    return Case((states, R * rng.choice([-1.0, 1.0], (U, U)), _halves(rng, U)))


def _halves(rng, n):
    return rng.permutation(np.arange(2, 2 + n)) / 2 * rng.choice([-1.0, 1.0], n)


def draw(rng):
    return _case(rng, int(rng.integers(4, 6)), int(rng.integers(2, 4)))


def corners(rng):
    """One unit, three steps, for the hand."""
    return [_case(rng, 3, 1), _case(rng, 3, 2), _case(rng, 4, 3)]


MISTAKES = (
    Mistake(
        "R not transposed",
        "you sent the gradient through R the way the state went forward.",
        "Forward h @ R. Which matrix leads back?",
    ),
    Mistake(
        "slope left out",
        "the tanh is missing on the way back.",
        "What is the derivative of tanh where it is nearly flat?",
        excludes=("slope of the state before", "states forwards"),
    ),
    Mistake(
        "slope of the state before",
        "you took 1 − h² of the state that the gradient goes to, not of the one it "
        "leaves.",
        "Which tanh stands between a state and the one before it: the one that made "
        "the later state, or the earlier one?",
        excludes=("states forwards",),
    ),
    Mistake(
        "states forwards",
        "you took the slopes from the first state on.",
        "With which state does the way back begin?",
    ),
    Mistake(
        "every step from dy",
        "each step starts from dy anew. The gradient must pass all steps, one after "
        "another.",
        "What does your loop carry from one step to the next?",
    ),
    Mistake(
        "one step too far",
        "entry 0 has already passed a step.",
        "How far is the last state from itself?",
    ),
    Mistake(
        "root forgotten",
        "these are sums of squares.",
        "How long is (3, 4)?",
    ),
    Mistake(
        "in order of time",
        "your entry 0 belongs to the first state.",
        "Entry k is k steps before the last. Which one is entry 0?",
    ),
)


def by_matrices(states, recurrent_kernel, dy):
    """A product of Jacobians ∂h_t/∂h_{t−1}, longer by one each time."""
    product, lengths = np.eye(len(dy)), []
    for k in range(len(states)):
        lengths.append(np.linalg.norm(dy @ product))
        slope = np.diag(1 - states[len(states) - 1 - k] ** 2)
        product = product @ slope @ recurrent_kernel.T
    return lengths


EXERCISE = Exercise(
    id="07.4",
    title="the gradient's length by distance",
    statement=STATEMENT,
    stub=STUB,
    function="gradient_by_distance",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_matrices,),
    question="What does the gradient pass between the last state and the one before "
    "it, and in which order?",
    hints=(
        "Keep one vector `delta`, that begins as dy. Note its length, then step.",
        "A step: times the slope of the tanh that made this state, then times R "
        "transposed.",
    ),
    reread="The gradient on its way back",
    minutes=10,
    points=3,
)
