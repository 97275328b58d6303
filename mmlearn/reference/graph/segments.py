"""Sums, means, maxima and softmax over rows that belong together.

`segment` (E,) says for each of E rows to which of `segments` groups it belongs: the
target node of an edge, the graph of a node. Two movements carry every message of a
graph network, and each is the other's pullback:

    gather:   m_e = z_{s_e}                  m = z[source]
    scatter:  y_v = Σ_{e: t_e = v} m_e       y = scatter_sum(m, target, N)

as ∂⟨dm, m⟩/∂z_u = Σ_{e: s_e = u} dm_e, a scatter, and ∂⟨dy, y⟩/∂m_e = dy_{t_e}, a
gather.
"""

import math

import numpy as np

from mmlearn.reference.upstream import upstream


def wide(dtype):
    """At least float32: a float16 counts no further than 2,048."""
    return np.promote_types(dtype, np.float32)


def scatter_sum(rows, segment, segments):
    """Add up the rows of each segment: y_v = Σ_{e: segment_e = v} rows_e.

    Args:
        rows: (E, ...) numbers, added in order, in float32 or wider.
        segment: (E,) integers from 0 to segments − 1, in any order.
        segments: how many there are; one without rows gives 0.

    Returns:
        (segments, ...), with the dtype of rows.

    >>> scatter_sum(np.array([[1.0], [2.0], [4.0]]), np.array([2, 0, 2]), 3).ravel()
    array([2., 0., 5.])
    """
    return _scatter(np.add, 0, rows, segment, segments)


def _scatter(ufunc, start, rows, segment, segments):
    # Of what NumPy has, `add.at` on *flat* arrays is both short and quick: it adds
    # numbers, where `add.at` on rows adds small arrays (5 to 8 times slower), sorting
    # for `add.reduceat` costs as much again (3 times) and skips empty segments wrongly,
    # and `bincount` knows float64 only. SciPy's sparse product is quicker still from
    # some 10,000 edges on: see `graph_sparse`.
    width = math.prod(rows.shape[1:])
    total = np.full(segments * width, start, wide(rows.dtype))
    places = segment[:, None] * width + np.arange(width)  # (E, width)
    with np.errstate(invalid="ignore"):  # NaN passes through a maximum in silence
        ufunc.at(total, places.ravel(), rows.ravel().astype(total.dtype, copy=False))
    return total.reshape(segments, *rows.shape[1:]).astype(rows.dtype, copy=False)


def segment_counts(segment, segments):
    """How many rows each segment has, n_v: (segments,) integers."""
    return np.bincount(segment, minlength=segments)


def segment_sum(rows, *, segment, segments):
    """y_v = Σ_{e: segment_e = v} rows_e, and its pullback: a gather."""
    y = scatter_sum(rows, segment, segments)

    def pullback(dy):
        # ∂y_v/∂rows_e = 1 where segment_e = v, so drows_e = dy_{segment_e}
        return (upstream("segment_sum", dy, y)[segment],)

    return y, pullback


def segment_mean(rows, *, segment, segments):
    """y_v = 1/n_v Σ_{e: segment_e = v} rows_e; a segment without rows gives 0."""
    axes = (slice(None), *[None] * (rows.ndim - 1))
    n = np.maximum(segment_counts(segment, segments), 1)[axes]  # (segments, 1, …)
    sums = scatter_sum(rows.astype(wide(rows.dtype), copy=False), segment, segments)
    y = (sums / n.astype(sums.dtype)).astype(rows.dtype, copy=False)

    def pullback(dy):
        # ∂y_v/∂rows_e = 1/n_v where segment_e = v
        dy = upstream("segment_mean", dy, y)
        return ((dy / n.astype(sums.dtype)).astype(dy.dtype, copy=False)[segment],)

    return y, pullback


def segment_max(rows, *, segment, segments):
    """y_v = max_{e: segment_e = v} rows_e; a segment without rows gives 0.

    Rows that share a maximum share its gradient equally, as in TensorFlow.

    >>> rows = np.array([[-3.0], [-1.0], [-1.0]])
    >>> y, pullback = segment_max(rows, segment=np.array([0, 0, 0]), segments=2)
    >>> y.ravel(), pullback(np.ones((2, 1)))[0].ravel()
    (array([-1.,  0.]), array([0. , 0.5, 0.5]))
    """
    y = _scatter(np.maximum, -np.inf, rows, segment, segments)
    y[segment_counts(segment, segments) == 0] = 0

    def pullback(dy):
        # With k_v rows at the maximum, ∂y_v/∂rows_e = 1/k_v for those, 0 for the rest.
        dy = upstream("segment_max", dy, y)
        highest = (rows == y[segment]).astype(wide(dy.dtype))
        k = scatter_sum(highest, segment, segments)[segment]
        share = np.divide(highest, k, out=np.zeros_like(k), where=k > 0)
        return ((share * dy[segment]).astype(dy.dtype, copy=False),)

    return y, pullback


def segment_softmax(scores, *, segment, segments):
    """Softmax within each segment: α_e = exp(s_e − m_v) / Σ_{e'} exp(s_e' − m_v).

    v is e's segment, e' runs over its rows, and m_v = max s_e' keeps exp from
    overflowing: it cancels, so that it has no gradient. Float32 or wider throughout.

    Args:
        scores: (E, ...) s; further axes (heads) are apart from each other.
        segment, segments: as for `scatter_sum`.

    Returns:
        alpha: (E, ...) in float32 or wider, and its pullback: dalpha -> (dscores,).

    >>> scores, segment = np.array([1000.0, 1000.0, 3.0]), np.array([0, 0, 1])
    >>> segment_softmax(scores, segment=segment, segments=2)[0]
    array([0.5, 0.5, 1. ])
    """
    dtype = scores.dtype
    scores = scores.astype(wide(dtype), copy=False)
    highest, _ = segment_max(scores, segment=segment, segments=segments)
    e = np.exp(scores - highest[segment])
    alpha = e / scatter_sum(e, segment, segments)[segment]

    def pullback(dalpha):
        # Within one segment ∂α_i/∂s_j = α_i (δ_ij − α_j), so
        # ds_j = Σ_i dα_i ∂α_i/∂s_j = α_j (dα_j − Σ_i α_i dα_i)
        dalpha = upstream("segment_softmax", dalpha, alpha)
        mean = scatter_sum(alpha * dalpha, segment, segments)[segment]
        return ((alpha * (dalpha - mean)).astype(dtype, copy=False),)

    return alpha, pullback
