"""Retrieval: for each query all items in the order of similarity; where is the first
that one was looking for?"""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape


def first_ranks(similarity, relevant=None):
    """The place of the first relevant item in each query's list: 1 is the best.

    r_n = 1 + #{irrelevant j: s_nj ≥ largest s_nj of the relevant}. A tie counts against
    the query, so that vectors that are all alike find nothing.

    Args:
        similarity: (N, M) of N queries with M items.
        relevant: (N, M) of bool, one True or more in each row; None: item n alone
            belongs to query n (N = M).

    Returns:
        (N,) int64, 1 to M.

    Raises:
        ShapeError: for other shapes, or no query. ValueError: a query without anything
        relevant, or a similarity that is NaN.

    >>> first_ranks([[0.9, 0.1], [0.8, 0.3]]).tolist()
    [1, 2]
    """
    where = "first_ranks"
    similarity = expect_array(where, "similarity", similarity)
    sizes = expect_shape(where, "similarity", similarity, "N M", hint="queries, items")
    if not similarity.size:
        raise ShapeError(f"{where}: similarity is {similarity.shape}; expected a query")
    if np.isnan(similarity).any():
        raise ValueError(f"{where}: a similarity is NaN; expected numbers")
    if relevant is None:
        if sizes["N"] != sizes["M"]:
            raise ShapeError(
                f"{where}: similarity is {similarity.shape} and nothing is said of "
                "what is relevant; expected as many items as queries, or relevant="
            )
        relevant = np.eye(sizes["N"], dtype=bool)
    relevant = expect_array(where, "relevant", relevant).astype(bool)
    expect_shape(where, "relevant", relevant, "N M", sizes=sizes, hint="True: wanted")
    if not relevant.any(axis=1).all():
        row = int(np.flatnonzero(~relevant.any(axis=1))[0])
        raise ValueError(f"{where}: for query {row} nothing is relevant; leave it out")
    best = np.where(relevant, similarity, -np.inf).max(axis=1, keepdims=True)
    before = ~relevant & (similarity >= best)
    return 1 + before.sum(axis=1)


def recall_at_k(similarity, relevant=None, k=1):
    """Share of queries with something relevant among the k most similar items.

    (Other fields call the share of *all* relevant items found recall: with one relevant
    item a query the two are the same.) Chance with one relevant item of M is k / M.

    Args:
        similarity, relevant: as of `first_ranks`.
        k: at least 1.

    Returns:
        float, 0 to 1.

    Raises:
        ShapeError, ValueError: as `first_ranks`; for a k below 1.

    >>> recall_at_k([[0.9, 0.1], [0.8, 0.3]])
    0.5
    """
    if k < 1:
        raise ValueError(f"recall_at_k: k is {k}; expected 1 or more")
    return float(np.mean(first_ranks(similarity, relevant) <= k))


def mean_reciprocal_rank(similarity, relevant=None):
    """Mean of one over the place of the first relevant item: 1/N Σ_n 1/r_n.

    Args:
        similarity, relevant: as of `first_ranks`.

    Returns:
        float, above 0 to 1.

    Raises:
        ShapeError, ValueError: as `first_ranks`.

    >>> mean_reciprocal_rank([[0.9, 0.1], [0.8, 0.3]])
    0.75
    """
    return float(np.mean(1 / first_ranks(similarity, relevant)))
