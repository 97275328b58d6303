"""07.2: backpropagation through time, three lines left to write."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The layer of 07.1 with its pullback. `dy` is `(B, T, U)`: `dy[:, t]` is what the loss
says to that state directly. `h[:, 0]` is $h_0$, so the state after the step with input
`x[:, t]` is `h[:, t + 1]`, and the one before it `h[:, t]`.

Three lines are yours: `delta` $= dL/dh$ of the state after the step; the step's share
of `drecurrent`; and `later`, the message to the state before the step. `later` begins
as zeros: behind the last state nothing comes.
"""

STUB = '''\
def simple_rnn(x, kernel, recurrent_kernel, bias):
    """(B, T, F), (F, U), (U, U), (U,) -> h (B, T, U), and its pullback"""
    (B, T, _), U = x.shape, len(bias)
    h = np.zeros((B, T + 1, U))  # h[:, 0] is the state before the first step
    for t in range(T):
        h[:, t + 1] = np.tanh(x[:, t] @ kernel + h[:, t] @ recurrent_kernel + bias)

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        drecurrent, dbias = np.zeros((U, U)), np.zeros(U)
        later = np.zeros((B, U))  # what reaches a state through the next one
        for t in reversed(range(T)):
            delta = ...  # your line
            if delta is ... or later is ...:
                raise NotImplementedError
            alpha = delta * (1 - h[:, t + 1] ** 2)  # dL/da, a inside tanh
            dx[:, t] = alpha @ kernel.T
            dkernel += x[:, t].T @ alpha
            dbias += alpha.sum(axis=0)
            # your line: the step's share of drecurrent
            later = ...  # your line, for the state before
        return dx, dkernel, drecurrent, dbias

    return h[:, 1:], pullback
'''


def solution(x, kernel, recurrent_kernel, bias):
    """The loop backwards: a state is used twice, so two messages are added."""
    (B, T, _), U = x.shape, len(bias)
    h = np.zeros((B, T + 1, U))
    for t in range(T):
        h[:, t + 1] = np.tanh(x[:, t] @ kernel + h[:, t] @ recurrent_kernel + bias)

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        drecurrent, dbias = np.zeros((U, U)), np.zeros(U)
        later = np.zeros((B, U))
        for t in reversed(range(T)):
            delta = dy[:, t] + later
            alpha = delta * (1 - h[:, t + 1] ** 2)
            dx[:, t] = alpha @ kernel.T
            dkernel += x[:, t].T @ alpha
            dbias += alpha.sum(axis=0)
            drecurrent += h[:, t].T @ alpha
            later = alpha @ recurrent_kernel.T
        return dx, dkernel, drecurrent, dbias

    return h[:, 1:], pullback


def attempt(x, kernel, recurrent_kernel, bias, *, wrong=frozenset()):
    """The three lines with a student's mistakes in them."""
    (B, T, _), U, R = x.shape, len(bias), recurrent_kernel
    h = np.zeros((B, T + 1, U))
    for t in range(T):
        h[:, t + 1] = np.tanh(x[:, t] @ kernel + h[:, t] @ R + bias)

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        drecurrent, dbias, later = np.zeros((U, U)), np.zeros(U), np.zeros((B, U))
        for t in reversed(range(T)):
            delta = dy[:, t] + (0 if "later left out" in wrong else later)
            if "dy left out" in wrong and t < T - 1:
                delta = later
            alpha = delta * (1 - h[:, t + 1] ** 2)
            dx[:, t] = alpha @ kernel.T
            dkernel += x[:, t].T @ alpha
            dbias += alpha.sum(axis=0)
            state = h[:, t + 1] if "state after the step" in wrong else h[:, t]
            share = state.T @ alpha
            share = share.T if "drecurrent transposed" in wrong else share
            if "drecurrent left at zero" not in wrong:
                drecurrent = drecurrent + share
            message = delta if "slope of tanh left out" in wrong else alpha
            message = message @ (R if "R not transposed" in wrong else R.T)
            later = message + (later if "later added up" in wrong else 0)
        return dx, dkernel, drecurrent, dbias

    return h[:, 1:], pullback


def _case(rng, B, T, F, U):
    """No zeros, R not symmetric, small weights: every path must matter."""

    def some(shape, top):
        return rng.integers(1, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    R = some((U, U), 3)
    R += np.triu(np.ones((U, U)), 1) * (np.abs(R - R.T) < 0.1) / 2
    arrays = some((B, T, F), 3), some((F, U), 3), R, some((U,), 2)
    return Case(arrays, upstream=some((B, T, U), 6))


def draw(rng):
    return _case(rng, *(int(n) for n in rng.permutation([2, 3, 4, 5])))


def corners(rng):
    return [
        _case(rng, 1, 3, 1, 1),
        _case(rng, 1, 4, 1, 2),
        _case(rng, 2, 4, 1, 3),
    ]


MISTAKES = (
    Mistake(
        "later left out",
        "each state hears only its own dy. But it also made the next state.",
        "Into how many equations does h_t go?",
        excludes=("slope of tanh left out", "R not transposed", "later added up"),
    ),
    Mistake(
        "dy left out",
        "states before the last one do not hear their own dy.",
        "What is dL/dh_t if the loss looks at h_t itself?",
        excludes=("later left out",),
    ),
    Mistake(
        "R not transposed",
        "the message goes through R as it stands, the way the state went forward.",
        "Forward h @ R. What was the pullback of a product with a matrix (lesson 02)?",
    ),
    Mistake(
        "slope of tanh left out",
        "you send delta on. Between a state and the sum it was made of stands tanh.",
        "Which of the two, delta or alpha, is the gradient of what R was added into?",
    ),
    Mistake(
        "later added up",
        "`later` collects the messages to all later states. A state speaks only to the "
        "one before it.",
        "What is in `later` when the step t − 1 begins?",
    ),
    Mistake(
        "state after the step",
        "drecurrent pairs alpha with the state that the step made, not with the one "
        "that it read.",
        "Which state did R multiply in this step?",
    ),
    Mistake(
        "drecurrent transposed",
        "your drecurrent is turned over.",
        "R[i, j] leads from unit i before to unit j after. Which of the two stands in "
        "alpha?",
        excludes=("drecurrent left at zero",),
    ),
    Mistake(
        "drecurrent left at zero",
        "your drecurrent is all zeros. Either its line is missing, or every step "
        "replaces it: step 1 comes last, and it read h_0 = 0.",
        "How often was R used, and which of your lines adds each share?",
        excludes=("state after the step",),
    ),
)


def all_at_once(x, kernel, recurrent_kernel, bias):
    """Keep every alpha; the weights' gradients are sums over b and t at the end."""
    kept = [np.zeros((len(x), len(bias)))]
    for t in range(x.shape[1]):
        kept.append(np.tanh(x[:, t] @ kernel + kept[-1] @ recurrent_kernel + bias))
    h = np.stack(kept, axis=1)
    slope = 1 - h[:, 1:] ** 2

    def pullback(dy):
        alpha = np.zeros(dy.shape)
        for t in range(dy.shape[1] - 1, -1, -1):
            alpha[:, t] = dy[:, t]
            if t + 1 < dy.shape[1]:
                alpha[:, t] += np.einsum("bv,uv->bu", alpha[:, t + 1], recurrent_kernel)
            alpha[:, t] *= slope[:, t]
        return (
            np.einsum("btu,fu->btf", alpha, kernel),
            np.einsum("btf,btu->fu", x, alpha),
            np.einsum("btu,btv->uv", h[:, :-1], alpha),
            np.einsum("btu->u", alpha),
        )

    return h[:, 1:], pullback


EXERCISE = Exercise(
    id="07.2",
    title="backpropagation through time",
    statement=STATEMENT,
    stub=STUB,
    function="simple_rnn",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(all_at_once,),
    question="Into how many equations does a state in the middle go, and what does it "
    "hear back from each?",
    hints=(
        "delta: the state hears the loss directly, and through the next state.",
        "drecurrent: R was multiplied with the state before the step. It is like "
        "dkernel with another partner.",
        "later: through the sum a, back through R. It is like dx with another matrix.",
    ),
    reread="Two kinds of derivative",
    kind="pullback",
    parts=("h", "dx", "dkernel", "drecurrent", "dbias"),
    minutes=12,
    points=4,
)
