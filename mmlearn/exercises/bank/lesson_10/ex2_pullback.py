"""10.2: the pullback of softmax attention, three lines left to write."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Attention of one sequence, without a mask: `query` `(L, F)`, `value` `(S, U)`, `key`
`(S, F)`. The forward pass is there, and two lines of the pullback. Three are yours:
`dw`, what each weight is told; `da`, that through the softmax of its row; `dkey`.
"""

STUB = '''\
def look_up(query, value, key):
    """(L, F), (S, U), (S, F) -> y (L, U), and its pullback: dy -> dq, dv, dk"""
    scale = key.shape[1] ** -0.5
    a = scale * query @ key.T  # (L, S)
    e = np.exp(a - a.max(axis=1, keepdims=True))
    w = e / e.sum(axis=1, keepdims=True)

    def pullback(dy):
        dvalue = w.T @ dy
        dw = ...  # your line, (L, S)
        if dw is ...:
            raise NotImplementedError
        da = dw  # your line: through the softmax of each row
        dquery = scale * da @ key
        dkey = key  # your line
        return dquery, dvalue, dkey

    return w @ value, pullback
'''


def solution(query, value, key):
    """Back through a mean, a softmax and a dot product."""
    scale = key.shape[1] ** -0.5
    a = scale * query @ key.T
    e = np.exp(a - a.max(axis=1, keepdims=True))
    w = e / e.sum(axis=1, keepdims=True)

    def pullback(dy):
        dvalue = w.T @ dy
        dw = dy @ value.T
        da = w * (dw - (dw * w).sum(axis=1, keepdims=True))
        dquery = scale * da @ key
        dkey = scale * da.T @ query
        return dquery, dvalue, dkey

    return w @ value, pullback


def attempt(query, value, key, *, wrong=frozenset()):
    """The lines with a student's mistakes in them."""
    scale = key.shape[1] ** -0.5
    a = scale * query @ key.T
    e = np.exp(a - a.max(axis=1, keepdims=True))
    w = e / e.sum(axis=1, keepdims=True)

    def pullback(dy):
        dw = dy @ (key.T if "blame by the keys" in wrong else value.T)
        if "softmax left out" in wrong:
            da = dw
        elif "each score for itself" in wrong:
            da = w * (1 - w) * dw
        elif "plain mean subtracted" in wrong:
            da = w * (dw - dw.mean(axis=1, keepdims=True))
        elif "nothing subtracted" in wrong:
            da = w * dw
        elif "weight in front left out" in wrong:
            da = dw - (dw * w).sum(axis=1, keepdims=True)
        else:
            axis = 0 if "summed over the queries" in wrong else 1
            da = w * (dw - (dw * w).sum(axis=axis, keepdims=True))
        back = da if "not transposed" in wrong else da.T
        dkey = back @ (dy if "dy handed to the keys" in wrong else query)
        dkey = dkey if "scale left out" in wrong else scale * dkey
        return scale * da @ key, w.T @ dy, dkey

    return w @ value, pullback


def _case(rng, L, S, F, U):
    def some(*shape):
        return rng.integers(1, 5, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    return Case((some(L, F), some(S, U), some(S, F)), upstream=some(L, U))


def draw(rng):
    L, S, U = (int(n) for n in rng.permutation([2, 3, 4]))
    return _case(rng, L, S, int(rng.choice([2, 3, 5])), U)


def corners(rng):
    """One query; as many queries as keys; as many values as features."""
    return [_case(rng, 1, 2, 4, 1), _case(rng, 3, 3, 2, 2), _case(rng, 3, 3, 4, 4)]


SOFTMAX = (
    "softmax left out",
    "each score for itself",
    "plain mean subtracted",
    "weight in front left out",
    "summed over the queries",
    "nothing subtracted",
)

MISTAKES = (
    Mistake(
        SOFTMAX[0],
        "your da is dw itself: the scores are blamed as if they were the weights.",
        "What lies between a score and its weight?",
        excludes=SOFTMAX,
    ),
    Mistake(
        SOFTMAX[1],
        "w (1 − w) says what a score does to its own weight only. It also takes from "
        "every other weight of its row.",
        "If one score of a row rises, what do the row's other weights do?",
        excludes=SOFTMAX,
    ),
    Mistake(
        SOFTMAX[2],
        "you subtracted the plain mean of dw over the row.",
        "Which mean of dw is it, if keys that are not read should not count?",
        excludes=SOFTMAX,
    ),
    Mistake(
        SOFTMAX[3],
        "the factor w in front of the bracket is missing.",
        "How much can a score of minus a thousand change? And in your line?",
        excludes=SOFTMAX,
    ),
    Mistake(
        SOFTMAX[4],
        "you summed over the queries. Each query has a softmax of its own.",
        "Which axis did the softmax run over?",
        excludes=SOFTMAX,
    ),
    Mistake(
        SOFTMAX[5],
        "your da is w times dw: no row adds up to 0.",
        "Add 1 to every dw: what should change?",
        excludes=SOFTMAX,
    ),
    Mistake(
        "blame by the keys",
        "dw must say what a weight did to y, and it multiplied a value, not a key.",
        "y is w @ value. Which matrix stands beside w?",
    ),
    Mistake(
        "scale left out",
        "dkey lacks the scale that stands in the scores.",
        "Look at dquery: which factor do both share?",
    ),
    Mistake(
        "not transposed",
        "in dkey the sum runs over the keys. A key is blamed by all queries.",
        "Over which index must be summed for one key?",
    ),
    Mistake(
        "dy handed to the keys",
        "you multiplied by dy. A score is query times key; what stands beside the key?",
        "What is the derivative of a score by its key?",
    ),
)


def jacobians(query, value, key):
    """The softmax's whole Jacobian, a matrix for each row."""
    c = 1 / np.sqrt(query.shape[1])
    e = np.exp(c * np.einsum("lf,sf->ls", query, key))
    w = e / e.sum(axis=1)[:, None]

    def pullback(dy):
        jacobian = np.einsum("ls,sj->lsj", w, np.eye(len(key)))
        jacobian = jacobian - np.einsum("ls,lj->lsj", w, w)
        da = np.einsum("lsj,lj->ls", jacobian, np.einsum("lu,ju->lj", dy, value))
        dquery = c * np.einsum("ls,sf->lf", da, key)
        dkey = c * np.einsum("ls,lf->sf", da, query)
        return [dquery, np.einsum("ls,lu->su", w, dy), dkey]

    return np.einsum("ls,su->lu", w, value), pullback


EXERCISE = Exercise(
    id="10.2",
    title="back through attention",
    statement=STATEMENT,
    stub=STUB,
    function="look_up",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(jacobians,),
    question="Which scores does each of your wrong gradients go through? Must a row of "
    "da add up to something?",
    hints=(
        "dw: y_lu is a sum over s of w_ls v_su. Its derivative by w_ls is v_su; sum "
        "over u.",
        "da: each weight falls when another score of its row rises. Subtract the mean "
        "of dw, weighted by w, then multiply by w.",
        "dkey: as dquery, with the other factor of the dot product, and summed over "
        "the queries.",
    ),
    reread="Backwards through a look",
    kind="pullback",
    parts=("y", "dquery", "dvalue", "dkey"),
    minutes=9,
    points=3,
)
