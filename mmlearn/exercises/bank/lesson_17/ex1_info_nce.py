"""17.1: find your partner in the batch, both ways."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The loss of a batch of pairs. Row $b$ of `query`, `(B, U)`, belongs to row $b$ of `key`,
`(B, U)`, and to no other. First every row gets length 1; then

$$s_{bj} = \\frac{\\hat q_b \\cdot \\hat k_j}{\\tau} \\qquad
L = -\\frac{1}{2B} \\sum_b \\Bigl[\\log \\frac{e^{s_{bb}}}{\\sum_j e^{s_{bj}}}
+ \\log \\frac{e^{s_{bb}}}{\\sum_j e^{s_{jb}}}\\Bigr]$$

The first part asks each query for its key, the second each key for its query. Return L,
one number. (Temperatures here are 0.5 and more: nothing overflows.)
"""

STUB = '''\
def info_nce(query, key, temperature):
    """(B, U), (B, U), tau -> the loss of finding each other, a number"""
    raise NotImplementedError
'''


def solution(query, key, temperature):
    """Cosines over τ; then the log-softmax of rows and of columns, at the diagonal."""
    q = query / np.linalg.norm(query, axis=1, keepdims=True)
    k = key / np.linalg.norm(key, axis=1, keepdims=True)
    s = q @ k.T / temperature  # (B, B)
    own = np.diag(s)
    rows = np.log(np.exp(s).sum(axis=1)) - own
    columns = np.log(np.exp(s).sum(axis=0)) - own
    return (rows.mean() + columns.mean()) / 2


def attempt(query, key, temperature, *, wrong=frozenset()):
    """The loss with a student's mistakes in it."""
    axis = 0 if "lengths over the batch" in wrong else 1
    q, k = query, key
    if "one length for all" in wrong:
        q, k = query / np.linalg.norm(query), key / np.linalg.norm(key)
    elif "not normalised" not in wrong:
        q = query / np.linalg.norm(query, axis=axis, keepdims=True)
        k = key / np.linalg.norm(key, axis=axis, keepdims=True)
    s = q @ k.T
    s = s * temperature if "temperature multiplied" in wrong else s / temperature
    e = np.exp(s)
    if "own pair not among the choices" in wrong:
        e = e * (1 - np.eye(len(s)))
    own = np.diag(s)
    total = np.sum if "summed, not averaged" in wrong else np.mean
    rows = total(np.log(e.sum(axis=1)) - own)
    columns = total(np.log(e.sum(axis=0)) - own)
    if "queries only" in wrong:
        return rows
    if "keys only" in wrong:
        return columns
    if "softmax over everything" in wrong:
        return total(np.log(e.sum()) - own)
    return rows + columns if "both ways added" in wrong else (rows + columns) / 2


def _case(rng, B, U, temperature):
    query, key = (
        rng.integers(1, 5, (B, U)) * rng.choice([-0.5, 0.5], (B, U)) for _ in "qk"
    )
    return Case((query, key, temperature))


def draw(rng):
    B = int(rng.integers(2, 5))
    return _case(rng, B, int(rng.integers(2, 4)), float(rng.choice([0.5, 2.0, 4.0])))


def corners(rng):
    """By hand: two pairs at right angles; longer vectors of the same directions."""
    return [
        Case((np.array([[3.0, 0], [0, 2]]), np.array([[2.0, 0], [3, 3]]), 0.5)),
        Case((np.array([[3.0, 4], [4, -3]]), np.array([[0.5, 0], [0, 2]]), 2.0)),
        _case(rng, 3, 2, 0.5),
    ]


LENGTHS = ("not normalised", "lengths over the batch", "one length for all")
WAYS = ("queries only", "keys only", "softmax over everything", "both ways added")

MISTAKES = (
    Mistake(
        "temperature multiplied",
        "you multiplied with the temperature. Then a low one makes all keys alike, "
        "where it should make the nearest one stand out.",
        "At a temperature near 0, which key should the softmax name?",
    ),
    Mistake(
        LENGTHS[0],
        "the rows kept their lengths. A loss of lengths can be made small by making "
        "all vectors longer.",
        "What is the similarity of a vector with itself?",
        excludes=LENGTHS,
    ),
    Mistake(
        LENGTHS[1],
        "you divided by lengths over the batch. A vector's length is over its "
        "features.",
        "Which axis has the U numbers of one vector?",
        excludes=LENGTHS,
    ),
    Mistake(
        LENGTHS[2],
        "you divided all rows by one number: without an axis the norm is that of the "
        "whole table.",
        "Which shape should the lengths of B vectors have?",
        excludes=LENGTHS,
    ),
    Mistake(
        WAYS[0],
        "only the queries look for their keys. The second half of the equation is "
        "missing.",
        "Over which axis would a key look for its query?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[1],
        "only the keys look for their queries: you have normalised each column, and "
        "no row.",
        "Over which axis does a query look for its key?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[2],
        "you divided by the sum over the whole table. Each query chooses among its "
        "own B keys.",
        "How many alternatives has one query?",
        excludes=WAYS,
    ),
    Mistake(
        WAYS[3],
        "you added the two ways, and did not take their mean.",
        "If all similarities are alike, the loss should be ln B. Is yours?",
        excludes=WAYS,
    ),
    Mistake(
        "own pair not among the choices",
        "your denominator leaves the partner out. That is no probability: the loss "
        "can fall below 0.",
        "Does j = b belong to the sum over j?",
    ),
    Mistake(
        "summed, not averaged",
        "you added up the batch. The loss then grows with B.",
        "What stands before the sum over b?",
    ),
)


def by_loops(query, key, temperature):
    """Pair by pair, in plain Python."""
    B, total = len(query), 0.0

    def cosine(a, b):
        return float(a @ b) / (float(a @ a) * float(b @ b)) ** 0.5

    for b in range(B):
        e = np.exp(cosine(query[b], key[b]) / temperature)
        forth = sum(np.exp(cosine(query[b], key[j]) / temperature) for j in range(B))
        back = sum(np.exp(cosine(query[j], key[b]) / temperature) for j in range(B))
        total -= np.log(e / forth) + np.log(e / back)
    return total / (2 * B)


def by_the_course(query, key, temperature):
    """The course's own, without its pullback."""
    from mmlearn.reference import info_nce

    return info_nce(query, key, temperature=temperature)[0]


EXERCISE = Exercise(
    id="17.1",
    title="InfoNCE",
    statement=STATEMENT,
    stub=STUB,
    function="info_nce",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops, by_the_course),
    question="Write down the table of similarities, B by B. Which entries does the "
    "first query choose among, and which the first key?",
    hints=(
        "`np.linalg.norm(query, axis=1, keepdims=True)` are the lengths, `(B, 1)`.",
        "`s = q @ k.T / temperature` is the table: a row a query, a column a key.",
        "Lesson 02's cross-entropy with label b in row b; then the same of `s.T`.",
    ),
    reread="InfoNCE",
    minutes=9,
    points=3,
)
