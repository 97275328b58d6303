"""17.3: is something relevant among the k most similar?"""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
N queries, M items, a table `similarity` of `(N, M)`. `relevant`, `(N, M)` bool, says
which items a query was looking for, one at least. **recall@k** is the share of queries
for which *one or more* relevant items are among the `k` with the largest similarity.
No two similarities of a query are equal here. Return one number.
"""

STUB = '''\
def recall_at_k(similarity, relevant, k):
    """(N, M), (N, M) bool, k -> share of queries that found something"""
    raise NotImplementedError
'''


def solution(similarity, relevant, k):
    """Sort each row, largest first, and look at the first k."""
    order = np.argsort(-similarity, axis=1)[:, :k]  # (N, k)
    found = np.take_along_axis(relevant, order, axis=1)
    return found.any(axis=1).mean()


def attempt(similarity, relevant, k, *, wrong=frozenset()):
    """recall@k with a student's mistakes in it."""
    z = similarity if "smallest first" in wrong else -similarity
    if "sorted along the queries" in wrong:
        order = np.argsort(z, axis=0)[: min(k, len(z))]  # (k, N)
        found = np.take_along_axis(relevant, order, axis=0)
        axis = 0
    else:
        order, axis = np.argsort(z, axis=1), 1
        if "ranks taken for places" in wrong:
            order = np.argsort(order, axis=1)
        first = 0
        if "the k-th alone" in wrong:
            first, k = k, k + 1
        if "k not used" in wrong:
            k = 1
        if "one place too many" in wrong:
            k = k + 1
        order = order[:, first:k]
        found = np.take_along_axis(relevant, order, axis=1)
        if "the partner alone" in wrong:
            found = order == np.arange(len(order))[:, None]
    if "all must be found" in wrong:
        return found.all(axis=axis).mean()
    if "share of the k" in wrong:
        return found.mean()
    if "share of the relevant" in wrong:
        count = np.maximum(relevant.sum(axis=axis), 1)
        return (found.sum(axis=axis) / count).mean()
    hits = found.any(axis=axis)
    return hits.sum() if "counted, not shared" in wrong else hits.mean()


def _case(rng, N, M, k, few):
    similarity = rng.permuted(np.tile(np.arange(M) / 2 - 1, (N, 1)), axis=1)
    relevant = np.zeros((N, M), bool)
    for row in relevant:
        row[rng.permutation(M)[: rng.integers(1, few + 1)]] = True
    return Case((similarity, relevant, k))


def draw(rng):
    N, M = int(rng.integers(3, 6)), int(rng.integers(6, 8))
    return _case(rng, N, M, int(rng.integers(2, 4)), 3)


def corners(rng):
    """By hand, k = 1 and k = 2; then wide and tall tables."""
    s = np.array([[0.5, 0.0, 1.0], [1.0, 0.5, 0.0]])
    wanted = np.array([[True, False, False], [True, True, False]])
    return [
        Case((s, wanted, 1)),
        Case((s, wanted, 2)),
        _case(rng, 2, 6, 3, 2),
        _case(rng, 7, 5, 2, 2),
        _case(rng, 4, 6, 2, 4),
    ]


COUNTED = (
    "all must be found",
    "share of the k",
    "share of the relevant",
    "counted, not shared",
)
ORDER = (
    "sorted along the queries",
    "ranks taken for places",
    "the k-th alone",
    "k not used",
    "one place too many",
    "the partner alone",
)

MISTAKES = (
    Mistake(
        "smallest first",
        "you took the k least similar items: a sort begins with the smallest.",
        "What does `np.argsort` put in front?",
    ),
    Mistake(
        ORDER[0],
        "you sorted down the columns: each item chose among the queries.",
        "Which axis has the items that one query chooses among?",
        excludes=(*ORDER, "share of the relevant"),
    ),
    Mistake(
        ORDER[1],
        "you sorted twice: that gives each item's rank, and you used it as the "
        "number of an item.",
        "What does `np.argsort` return, places or ranks?",
        excludes=ORDER,
    ),
    Mistake(
        ORDER[2],
        "you looked at one place of the list only, not at the first k.",
        "What does a slice `[:, :k]` take, and what an index?",
        excludes=(*ORDER, *COUNTED[:2]),
    ),
    Mistake(
        ORDER[3],
        "you looked at the most similar item only: right where k is 1.",
        "Where in your code is `k` used?",
        excludes=(*ORDER, *COUNTED[:2]),
    ),
    Mistake(
        ORDER[4],
        "you looked at k + 1 items: a slice leaves its end out already.",
        "How many items has `[:k]`?",
        excludes=ORDER,
    ),
    Mistake(
        ORDER[5],
        "you looked for item b in row b. Here `relevant` says what a query looks for, "
        "and that may be several items.",
        "Where in your code is `relevant` used?",
        excludes=(*ORDER, *COUNTED),
    ),
    Mistake(
        COUNTED[0],
        "you asked whether all k are relevant. One is enough.",
        "Which function asks for one True in a row?",
        excludes=COUNTED,
    ),
    Mistake(
        COUNTED[1],
        "you counted how much of the first k is relevant: that is precision@k.",
        "What is shared out: places, or queries?",
        excludes=COUNTED,
    ),
    Mistake(
        COUNTED[2],
        "you counted which part of the relevant items was found. That is another "
        "recall, of several per query; here one hit is enough.",
        "How much may one query add to the mean, at most, and at least?",
        excludes=COUNTED,
    ),
    Mistake(
        COUNTED[3],
        "you counted the queries that found something. Their share is asked for.",
        "By what is the number of hits divided?",
        excludes=COUNTED,
    ),
)


def by_ranks(similarity, relevant, k):
    """The best relevant similarity must be beaten by fewer than k."""
    best = np.where(relevant, similarity, -np.inf).max(axis=1, keepdims=True)
    return float(np.mean((similarity > best).sum(axis=1) < k))


def by_loops(similarity, relevant, k):
    """Query by query, with Python's own sort."""
    hits = 0
    for row, wanted in zip(similarity, relevant, strict=True):
        first = sorted(zip(row.tolist(), wanted.tolist(), strict=True), reverse=True)
        hits += any(asked for _, asked in first[:k])
    return hits / len(similarity)


EXERCISE = Exercise(
    id="17.3",
    title="recall@k",
    statement=STATEMENT,
    stub=STUB,
    function="recall_at_k",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_ranks, by_loops),
    question="Take the first query: which items are its k most similar, and is one of "
    "them relevant?",
    hints=(
        "`np.argsort(-similarity, axis=1)` puts the most similar items in front.",
        "`np.take_along_axis(relevant, order, axis=1)` looks them up, row by row.",
        "`.any(axis=1)` of the first k; the mean over queries.",
    ),
    reread="Can a sound find its picture?",
    minutes=6,
    points=2,
)
