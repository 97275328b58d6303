"""10.6, transfer: causal attention without a softmax is a recurrent network."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Put $\\phi(q) \\cdot \\phi(k)$ in the place of $e^{q \\cdot k}$, where $\\phi$ acts on
each number: $\\phi(x) = x + 1$ for $x > 0$, else $e^x$ (never negative). There is no
scale. Causal, each place reads itself and what came before:

$$y_t = \\frac{\\sum_{s \\le t} (\\phi(q_t) \\cdot \\phi(k_s))\\, v_s}
{\\sum_{s \\le t} \\phi(q_t) \\cdot \\phi(k_s)}$$

`query` and `key` are `(T, F)`, `value` is `(T, U)`. Return two things: y `(T, U)`,
**in one pass over time that keeps no list of the past**, and the state after the last
step, the table $S = \\sum_s \\phi(k_s) v_s^\\top$ `(F, U)`.
"""

STUB = '''\
def linear_attention(query, value, key):
    """(T, F), (T, U), (T, F) -> y (T, U), the last table S (F, U)"""
    raise NotImplementedError
'''


def solution(query, value, key):
    """Two sums are carried: what was stored, and how much."""

    def phi(x):
        return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))

    q, k = phi(query), phi(key)
    stored, much = np.zeros((k.shape[1], value.shape[1])), np.zeros(k.shape[1])
    y = np.zeros_like(value, dtype=float)
    for t in range(len(q)):
        stored = stored + np.outer(k[t], value[t])
        much = much + k[t]
        y[t] = q[t] @ stored / (q[t] @ much)
    return y, stored


def attempt(query, value, key, *, wrong=frozenset()):
    """The pass with a student's mistakes in it."""

    def phi(x):
        below = np.exp(np.minimum(x, 0))
        if "without the 1" in wrong:
            return np.where(x > 0, x, below - 1)
        if "exp for all numbers" in wrong:
            return np.exp(x)
        return np.where(x > 0, x + 1, below)

    q = query if "φ on the keys only" in wrong else phi(query)
    k = phi(key)
    stored, much = np.zeros((k.shape[1], value.shape[1])), np.zeros(k.shape[1])
    y = np.zeros(value.shape)
    if "the future is read" in wrong:
        stored, much = k.T @ value, k.sum(axis=0)
    for t in range(len(q)):
        before = stored, much
        if "the future is read" not in wrong:
            stored = stored + np.outer(k[t], value[t])
            much = much + k[t]
        held, total = before if "itself not read" in wrong else (stored, much)
        under = q[t] @ total
        under = t + 1 if "divided by the steps" in wrong else under
        under = 1 if "not divided" in wrong else under
        y[t] = q[t] @ held / under if under else 0
    return y, stored


def _case(rng, T, F, U):
    """Halves of both signs; no query and key alike."""

    def some(*shape):
        return rng.integers(1, 5, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    return Case((some(T, F), some(T, U), some(T, F)))


def draw(rng):
    return _case(rng, *(int(n) for n in rng.permutation([2, 3, 4])))


def corners(rng):
    return [_case(rng, 2, 1, 1), _case(rng, 3, 2, 1), _case(rng, 5, 3, 2)]


FEATURES = ("φ on the keys only", "without the 1", "exp for all numbers")
UNDER = ("not divided", "divided by the steps")

MISTAKES = (
    Mistake(
        "the future is read",
        "your table holds all tokens from the first step on.",
        "What may be in the table when y of the first token is made?",
        excludes=("itself not read",),
    ),
    Mistake(
        "itself not read",
        "you read the table before token t is in it. The first has nothing to read.",
        "Is s = t in the sum?",
    ),
    Mistake(
        UNDER[0],
        "your weights do not add up to 1: nothing is divided.",
        "If all values are 5, what must y be?",
        excludes=UNDER,
    ),
    Mistake(
        UNDER[1],
        "you divided by the number of steps. That is right only if all weights are 1.",
        "What is the sum of the weights at step t?",
        excludes=UNDER,
    ),
    Mistake(
        FEATURES[0],
        "your queries did not go through φ.",
        "Which two things are multiplied in a weight?",
        excludes=FEATURES,
    ),
    Mistake(
        FEATURES[1],
        "your φ can be negative, and so can your weights.",
        "What is φ(0)?",
        excludes=FEATURES,
    ),
    Mistake(
        FEATURES[2],
        "your φ is e^x above zero, too.",
        "What is φ(2)?",
        excludes=FEATURES,
    ),
)


def as_a_map(query, value, key):
    """The quadratic way: all weights (T, T), the future cut off."""
    q, k = (np.where(x > 0, x + 1, np.exp(x)) for x in (query, key))
    w = np.tril(q @ k.T)
    return [w @ value / w.sum(axis=1, keepdims=True), k.T @ value]


def by_running_sums(query, value, key):
    """np.cumsum over time."""
    q, k = (np.maximum(x, 0) + np.exp(np.minimum(x, 0)) for x in (query, key))
    tables = np.cumsum(np.einsum("tf,tu->tfu", k, value), axis=0)
    under = np.einsum("tf,tf->t", q, np.cumsum(k, axis=0))
    return np.einsum("tf,tfu->tu", q, tables) / under[:, None], tables[-1]


EXERCISE = Exercise(
    id="10.6",
    title="attention as a recurrence",
    statement=STATEMENT,
    stub=STUB,
    function="linear_attention",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(as_a_map, by_running_sums),
    question="If all values are the same, what must every y be? And what is y of the "
    "first token?",
    hints=(
        "Take φ(q_t) out of both sums: what is left does not depend on the query.",
        "Carry two sums: a table of φ(k) vᵀ, (F, U), and the sum of φ(k), (F,).",
        "Per step: add np.outer(φ(k_t), v_t) to the table, φ(k_t) to the other, then "
        "divide φ(q_t) @ table by φ(q_t) @ other.",
    ),
    reread="Transfer",
    parts=("y", "S"),
    minutes=15,
    points=4,
)
