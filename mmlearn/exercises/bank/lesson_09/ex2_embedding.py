"""09.2: the embedding and its pullback: rows looked up, gradients added up."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
An embedding and its pullback. `embeddings` is `(V, U)`, a row for each token; `ids` is
`(B, L)`, integers. `y` is `(B, L, U)`: the rows looked up. The pullback takes `dy`,
`(B, L, U)`, and returns the gradient of `embeddings`, `(V, U)`. The last step is yours.
"""

STUB = '''\
def embedding(embeddings, *, ids):
    """(V, U), ids (B, L) -> y (B, L, U), and its pullback: dy -> (V, U)"""
    y = embeddings[ids]

    def pullback(dy):
        dembeddings = np.zeros(embeddings.shape)
        ...  # your line: add each row of dy where its row was read
        if not dembeddings.any():
            raise NotImplementedError
        return dembeddings

    return y, pullback
'''


def solution(embeddings, *, ids):
    """A row that was read three times gets the sum of three gradients."""
    y = embeddings[ids]

    def pullback(dy):
        dembeddings = np.zeros(embeddings.shape)
        np.add.at(dembeddings, ids, dy)
        return dembeddings

    return y, pullback


def attempt(embeddings, *, ids, wrong=frozenset()):
    """The look-up with a student's mistakes in it."""
    rows = ids - 1 if "rows counted from 1" in wrong else ids
    y = embeddings[rows]

    def pullback(dy):
        start = "added to the weights" in wrong
        found = embeddings.astype(float) if start else np.zeros(embeddings.shape)
        if "one of the repeated rows kept" in wrong:
            found[rows] += dy
        else:
            np.add.at(found, rows, dy)
        if "mean over the readings" in wrong:
            read = np.bincount(rows.ravel() % len(embeddings), minlength=len(found))
            found = found / np.maximum(read, 1)[:, None]
        if "row 0 gets nothing" in wrong:
            found[0] = 0
        return found

    return y, pullback


def _case(rng, ids, V, U):
    """Sizes all different; rows that are read more than once, and row 0 too."""
    table = rng.permutation(np.arange(1, 1 + V * U)).reshape(V, U) / 2
    dy = rng.integers(1, 7, (*np.shape(ids), U)) / 2
    dy *= rng.choice([-1.0, 1.0], (*np.shape(ids), 1))
    return Case((table,), {"ids": np.asarray(ids)}, dy)


def draw(rng):
    V = int(rng.integers(4, 6))
    ids = rng.integers(0, V, (2, 3))
    ids[0, 0], ids[0, 2], ids[1, 1] = 0, ids[1, 0], 0
    return _case(rng, ids, V, int(rng.integers(1, 3)))


def corners(rng):
    """One sentence with one number a word; one word three times."""
    return [
        _case(rng, [[0, 2]], 3, 1),
        _case(rng, [[1, 2, 1]], 3, 1),
        _case(rng, [[2, 2, 2], [0, 1, 2]], 4, 2),
    ]


MISTAKES = (
    Mistake(
        "one of the repeated rows kept",
        "where a token occurs twice, only one of its gradients arrived. `a[ids] += dy` "
        "reads, adds and writes back once for each place; the last one wins.",
        "A token stands at two places. How many rows of dy belong to it?",
        excludes=("mean over the readings",),
    ),
    Mistake(
        "mean over the readings",
        "you divided by how often the token occurs. The loss sees each copy by "
        "itself, and their gradients add up.",
        "If a row is read twice and rises a little, how many places of y rise?",
    ),
    Mistake(
        "row 0 gets nothing",
        "you left the row of padding out. Here it is a row like any other; a mask, "
        "not the look-up, keeps padding out of the sum.",
        "Which part of a network knows the mask?",
        excludes=("rows counted from 1",),
    ),
    Mistake(
        "added to the weights",
        "the gradient was added to the table itself. A pullback returns the gradient "
        "alone; the step is the optimizer's.",
        "With what numbers does the gradient begin, before anything is added?",
        excludes=("mean over the readings", "row 0 gets nothing"),
    ),
    Mistake(
        "rows counted from 1",
        "you read row i − 1 for token i, and for token 0 the last row.",
        "Which row has token 0?",
    ),
)


def one_hot(embeddings, *, ids):
    """y = S E with rows of zeros and a one, so dE = Sᵀ dy."""
    s = np.eye(len(embeddings))[ids]

    def pullback(dy):
        return (np.einsum("blv,blu->vu", s, dy),)

    return s @ embeddings, pullback


def by_loops(embeddings, *, ids):
    """Place by place."""

    def pullback(dy):
        found = np.zeros_like(embeddings)
        for place in np.ndindex(ids.shape):
            found[ids[place]] += dy[place]
        return found

    return np.take(embeddings, ids, axis=0), pullback


EXERCISE = Exercise(
    id="09.2",
    title="the pullback of an embedding",
    statement=STATEMENT,
    stub=STUB,
    function="embedding",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(one_hot, by_loops),
    question="Find a token that stands at two places. Which rows of dy belong to its "
    "row, and what becomes of them?",
    hints=(
        "Row v of the gradient is the sum of those dy whose token is v.",
        "A loop over all places, with `+=` on one row at a time, is right.",
        "np.add.at(a, ids, dy) adds without losing repeated ids; `a[ids] += dy` does.",
    ),
    reread="A row for every word",
    kind="pullback",
    parts=("y", "dembeddings"),
    minutes=5,
    points=2,
)
