"""The loss of pairs: which key belongs to this query, and which query to this key?"""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.upstream import upstream


def info_nce(query, key, *, temperature=0.1):
    """Cross-entropy of finding each other's partner in the batch, both ways.

    s_bj = cos(q_b, k_j) / τ,
    L = −1/(2B) Σ_b [log softmax_j(s_bj) at j = b + log softmax_j(s_jb) at j = b].

    Args:
        query: (B, U) vectors of one modality. key: (B, U) of the other; row b of the
            two belong together, and all other rows are taken for strangers.
        temperature: τ > 0.

    Returns:
        loss: a number, and its pullback: dloss -> dquery, dkey. If all similarities
        are alike, the loss is ln B. One pair alone has no strangers: B = 1 gives a
        loss of 0 and no gradient. A row of zeros has no direction: it stays zero, and
        its gradient passes as if it had length 1.

    Raises:
        ShapeError: for shapes that differ, and for a batch of none.
        ValueError: for a temperature that is not above 0.

    Source: Sohn (2016), Improved deep metric learning with multi-class N-pair loss
    objective, NIPS; van den Oord, Li and Vinyals (2018), arXiv:1807.03748, eq. 4; both
    ways and on cosines as Radford et al. (2021), CLIP, ICML, figure 3.

    >>> loss, _ = info_nce(np.eye(2), np.eye(2), temperature=0.5)
    >>> print(f"{loss:.4f} = ln(1 + exp(-2))")
    0.1269 = ln(1 + exp(-2))
    """
    where = "info_nce"
    sizes = expect_shape(where, "query", query, "B U")
    hint = "row b of query and key belong together"
    expect_shape(where, "key", key, "B U", sizes=sizes, hint=hint)
    if sizes["B"] == 0:
        raise ShapeError(f"{where}: the batch is empty; expected one pair or more")
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(
            f"{where}: temperature is {temperature}; expected a number above 0"
        )
    q, pullback_q = _unit(expect_array(where, "query", query))
    k, pullback_k = _unit(expect_array(where, "key", key))
    s = q @ k.T / q.dtype.type(temperature)  # (B, B)
    forth, back = _log_softmax(s, axis=1), _log_softmax(s, axis=0)
    loss = -(np.diag(forth).mean() + np.diag(back).mean()) / 2

    def pullback(dloss):
        # Each of the 2B rows and columns is a softmax cross-entropy with weight 1/(2B):
        # ∂L/∂s_bj = 1/(2B) (softmax_j(s_bj) + softmax_b(s_bj) − 2 [b = j]).
        # s = q̂ k̂ᵀ / τ, so dq̂ = ds k̂ / τ and dk̂ = dsᵀ q̂ / τ; then through the lengths.
        dloss = upstream(where, dloss, loss)
        ds = np.exp(forth) + np.exp(back) - 2 * np.eye(len(s), dtype=s.dtype)
        ds = ds * (dloss / (2 * len(s) * temperature)).astype(s.dtype)
        return pullback_q(ds @ k), pullback_k(ds.T @ q)

    return loss, pullback


def _unit(x):
    """Rows of length 1: x̂ = x / ‖x‖."""
    length = np.sqrt((x * x).sum(axis=1, keepdims=True))  # (B, 1)
    length = np.where(length == 0, 1, length).astype(x.dtype, copy=False)
    unit = x / length

    def pullback(dunit):
        # ∂x̂_u/∂x_v = ([u = v] − x̂_u x̂_v) / ‖x‖: what points along x̂ is lost.
        along = (dunit * unit).sum(axis=1, keepdims=True)
        return (dunit - along * unit) / length

    return unit, pullback


def _log_softmax(s, axis):
    s = s - s.max(axis=axis, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))
