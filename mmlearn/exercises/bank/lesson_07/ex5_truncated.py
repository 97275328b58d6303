"""07.5: truncated backpropagation through time."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The layer once more, with all its states. Forward nothing changes. Backward, the
sequence is cut into pieces of `window` steps, counted from the first; the last piece
may be shorter. No gradient passes from a piece into the one before it.

Return `h`, `(B, T, U)`, and a pullback: `dy` `(B, T, U)` -> `dx`, `dkernel`,
`drecurrent`, `dbias`. `window` is an integer, 1 or more.
"""

STUB = '''\
def truncated_rnn(x, kernel, recurrent_kernel, bias, *, window):
    """(B, T, F), (F, U), (U, U), (U,) -> h (B, T, U), and a truncated pullback"""
    raise NotImplementedError
'''


def solution(x, kernel, recurrent_kernel, bias, *, window):
    """As 07.2; at the first step of a piece, `later` ends."""
    (B, T, _), U = x.shape, len(bias)
    h = np.zeros((B, T + 1, U))
    for t in range(T):
        h[:, t + 1] = np.tanh(x[:, t] @ kernel + h[:, t] @ recurrent_kernel + bias)

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        drecurrent, dbias = np.zeros((U, U)), np.zeros(U)
        later = np.zeros((B, U))
        for t in reversed(range(T)):
            alpha = (dy[:, t] + later) * (1 - h[:, t + 1] ** 2)
            dx[:, t] = alpha @ kernel.T
            dkernel += x[:, t].T @ alpha
            drecurrent += h[:, t].T @ alpha
            dbias += alpha.sum(axis=0)
            first = t % window == 0
            later = np.zeros((B, U)) if first else alpha @ recurrent_kernel.T
        return dx, dkernel, drecurrent, dbias

    return h[:, 1:], pullback


def attempt(x, kernel, recurrent_kernel, bias, *, window, wrong=frozenset()):
    """The cuts with a student's mistakes in them."""
    (B, T, _), U, R = x.shape, len(bias), recurrent_kernel
    read, h = np.zeros((B, T, U)), np.zeros((B, T, U))
    state = np.zeros((B, U))
    for t in range(T):
        if "state forgotten at the cut" in wrong and t % window == 0:
            state = np.zeros((B, U))
        read[:, t] = state
        h[:, t] = state = np.tanh(x[:, t] @ kernel + state @ R + bias)

    def cut(t):
        if "never cut" in wrong:
            return False
        if "counted from the end" in wrong:
            return (T - t) % window == 0
        late = "cut a step too late" in wrong
        return (t - 1 if late else t) % window == 0

    def pullback(dy):
        dx, dkernel = np.zeros(x.shape), np.zeros(kernel.shape)
        drecurrent, dbias, later = np.zeros((U, U)), np.zeros(U), np.zeros((B, U))
        start = (T - 1) // window * window
        for t in reversed(range(T)):
            if "only the last piece" in wrong and t < start:
                break
            alpha = (dy[:, t] + later) * (1 - h[:, t] ** 2)
            dx[:, t] = alpha @ kernel.T
            dkernel += x[:, t].T @ alpha
            if not ("state at the cut not counted" in wrong and t % window == 0):
                drecurrent += read[:, t].T @ alpha
            dbias += alpha.sum(axis=0)
            later = np.zeros((B, U)) if cut(t) else alpha @ R.T
        return dx, dkernel, drecurrent, dbias

    return h, pullback


def _case(rng, B, T, F, U, window):
    def some(shape, top):
        return rng.integers(1, top, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    R = some((U, U), 3)
    R += np.triu(np.ones((U, U)), 1) * (np.abs(R - R.T) < 0.1) / 2
    arrays = some((B, T, F), 3), some((F, U), 3), R, some((U,), 2)
    return Case(arrays, {"window": window}, upstream=some((B, T, U), 6))


def draw(rng):
    """A last piece that is shorter than the others."""
    B, F, U = (int(n) for n in rng.permutation([1, 2, 3]))
    window = int(rng.integers(2, 4))
    return _case(rng, B, 2 * window + 1, F, U, window)


def corners(rng):
    """For the hand; a piece that fits; a window as long as the sequence; one step."""
    return [
        _case(rng, 1, 3, 1, 1, 2),
        _case(rng, 1, 4, 1, 2, 2),
        _case(rng, 2, 5, 1, 2, 3),
        _case(rng, 2, 3, 2, 1, 3),
        _case(rng, 1, 3, 1, 2, 1),
    ]


MISTAKES = (
    Mistake(
        "never cut",
        "this is the full backpropagation: the gradient passes every cut.",
        "At the first step of a piece, what may `later` be for the step before?",
        excludes=(
            "counted from the end",
            "cut a step too late",
            "only the last piece",
        ),
    ),
    Mistake(
        "state forgotten at the cut",
        "the state starts again from zeros in every piece. Forward nothing is cut.",
        "Truncation shortens the gradient. What should the network still remember?",
        excludes=("state at the cut not counted",),
    ),
    Mistake(
        "counted from the end",
        "your pieces are counted from the last step, so the short one is the first.",
        "With 5 steps and a window of 2, which steps are a piece of their own?",
        excludes=("cut a step too late", "only the last piece"),
    ),
    Mistake(
        "cut a step too late",
        "your cut stands behind the first step of a piece.",
        "With a window of 2, between which two steps is the first cut?",
        excludes=("only the last piece",),
    ),
    Mistake(
        "only the last piece",
        "pieces before the last one get no gradient at all. They have a dy of their "
        "own.",
        "What do the states of the first piece hear from dy?",
    ),
    Mistake(
        "state at the cut not counted",
        "the first step of a piece gives nothing to drecurrent. It read a state, too: "
        "that state is now a constant, and not zero.",
        "drecurrent pairs alpha with the state that was read. Is it zero at a cut?",
    ),
)


def piece_by_piece(x, kernel, recurrent_kernel, bias, *, window):
    """Each piece is a layer of its own that begins with a given state."""
    kept = [np.zeros((len(x), len(bias)))]
    for step in x.swapaxes(0, 1):
        kept.append(np.tanh(step @ kernel + kept[-1] @ recurrent_kernel + bias))
    h, before = np.stack(kept[1:], axis=1), np.stack(kept[:-1], axis=1)

    def pullback(dy):
        alpha = np.array(dy)
        for start in range(0, x.shape[1], window):
            end = min(start + window, x.shape[1])
            for t in range(end - 1, start - 1, -1):
                if t + 1 < end:
                    alpha[:, t] += alpha[:, t + 1] @ recurrent_kernel.T
                alpha[:, t] *= 1 - h[:, t] ** 2
        return (
            alpha @ kernel.T,
            np.einsum("btf,btu->fu", x, alpha),
            np.einsum("btu,btv->uv", before, alpha),
            alpha.sum(axis=(0, 1)),
        )

    return h, pullback


EXERCISE = Exercise(
    id="07.5",
    title="truncated backpropagation",
    statement=STATEMENT,
    stub=STUB,
    function="truncated_rnn",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(piece_by_piece,),
    question="With a window of 2, which dy reach x of the second step, and which do "
    "not?",
    hints=(
        "Take 07.2 and change one line.",
        "The first steps of the pieces are 0, window, 2·window, …",
    ),
    reread="Only so far back",
    kind="pullback",
    parts=("h", "dx", "dkernel", "drecurrent", "dbias"),
    minutes=10,
    points=3,
)
