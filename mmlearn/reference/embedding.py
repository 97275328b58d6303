"""Embedding: a row of numbers for every word, looked up, learned like any weight."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.upstream import upstream


def embedding(embeddings, *, ids):
    """Look up rows: y_bl = E_(i_bl), as if a one-hot vector were multiplied by E.

    Args:
        embeddings: (V, U) E, one row for each of V tokens.
        ids: integers from 0 to V − 1, any shape, say (B, L).

    Returns:
        y: the shape of ids with U behind, (B, L, U), and its pullback: dy -> (dE,).
        A token that occurs twice gets the sum of both gradients, one that does not
        occur zero.

    Raises:
        ShapeError: where embeddings is no (V, U).
        ValueError: for ids that are no integers, or that have no row.

    >>> y, pullback = embedding(np.array([[1.0, 2.0], [3.0, 4.0]]), ids=[1, 0, 1])
    >>> y, pullback(np.ones((3, 2)))[0]
    (array([[3., 4.],
           [1., 2.],
           [3., 4.]]), array([[1., 1.],
           [2., 2.]]))
    """
    embeddings = expect_array("embedding", "embeddings", embeddings)
    hint = "a row of U numbers for each of V tokens"
    expect_shape("embedding", "embeddings", embeddings, "* U", hint=hint)
    ids = _row_numbers(ids, len(embeddings))
    y = embeddings[ids]  # (..., U)

    def pullback(dy):
        # y_nu = Σ_v [i_n = v] E_vu, so dE_vu = Σ_n [i_n = v] dy_nu: each row of dy is
        # added to the row that it was copied from.
        dy = upstream("embedding", dy, y)
        dembeddings = np.zeros(embeddings.shape, dy.dtype)
        np.add.at(dembeddings, ids, dy)  # `+=` would keep one of two equal ids only
        return (dembeddings,)

    return y, pullback


def _row_numbers(ids, rows):
    """Check that ids are integers from 0 to V − 1."""
    try:
        ids = expect_array("embedding", "ids", ids)
    except ShapeError:
        raise ShapeError(
            "embedding: ids are lists of different lengths; expected one array: pad "
            "the shorter ones with an id of their own, and tell the mask"
        ) from None
    if ids.size == 0:
        return ids.astype(np.int64)
    if not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(f"embedding: ids are {ids.dtype}; expected integers")
    wrong = ids[(ids < 0) | (ids >= rows)]
    if wrong.size:
        raise ValueError(
            f"embedding: an id is {wrong[0]}; expected 0 to {rows - 1}, for embeddings "
            f"has V = {rows} rows: give unknown tokens a row of their own"
        )
    return ids
