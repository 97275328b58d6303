"""Attention: look up by content, softly: every query takes a mean of all values.

L counts the tokens that ask, S those that are looked at; in self-attention they are
the same. A mask is True where a query may look.
"""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.masks import expect_broadcast, truths
from mmlearn.reference.upstream import upstream


def attention(query, value, key=None, *, mask=None, use_causal_mask=False, scale=None):
    """A mean of values for each query: y_l = Σ_s w_ls v_s, w_l = softmax(q_l · k / √F).

    Args:
        query: (..., L, F) what each token asks for.
        value: (..., S, U) what is handed out.
        key: (..., S, F) what each value is found by, or None: the values themselves.
        mask: (..., L, S), or what broadcasts to it: True where l may look at s. A query
            that may look nowhere gets y = 0 (Keras' layers: the mean of all values).
        use_causal_mask: True: l may not look at s > l either.
        scale: what q · k is multiplied by, by default 1 / √F.

    Returns:
        y: (..., L, U), and its pullback: dy (..., L, U) -> dquery, dvalue, dkey.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> keys, values = np.eye(2), np.array([[10.0], [20.0]])
    >>> attention(np.array([[50.0, 0.0], [1.0, 1.0]]), values, keys)[0].round(3)
    array([[10.],
           [15.]])

    Source: A. Vaswani et al., *Attention is all you need*, NeurIPS 2017, eq. 1.
    """
    where = "attention"
    query, value = (
        expect_array(where, "query", query),
        expect_array(where, "value", value),
    )
    keys = value if key is None else expect_array(where, "key", key)
    expect_shape(where, "value", value, "... * *", hint="tokens S, units U")
    structure = {"mask": mask, "use_causal_mask": use_causal_mask, "scale": scale}
    w, pullback_weights = _weights(where, query, keys, **structure)
    if value.shape[:-1] != keys.shape[:-1]:
        raise ShapeError(
            f"attention: value is {value.shape}, key {keys.shape}; expected "
            "(..., S, U) and (..., S, F): a key for each value"
        )
    y = w @ value  # (..., L, U)

    def pullback(dy):
        # y_lu = Σ_s w_ls v_su, so
        # dw_ls = Σ_u dy_lu v_su,  dv_su = Σ_l w_ls dy_lu
        # and from dw on: `attention_weights`. Values that are their own keys get both.
        dy = upstream(where, dy, y)
        dvalue = w.swapaxes(-1, -2) @ dy
        dquery, dkey = pullback_weights(dy @ value.swapaxes(-1, -2))
        return (dquery, dvalue + dkey, None) if key is None else (dquery, dvalue, dkey)

    return y, pullback


def attention_weights(query, key, *, mask=None, use_causal_mask=False, scale=None):
    """Where each query looks: w_ls = exp(a_ls) / Σ_j exp(a_lj), a_ls = q_l · k_s / √F.

    Args:
        query, key, mask, use_causal_mask, scale: as for `attention`.

    Returns:
        w: (..., L, S), each row a distribution over S, or all 0 where the mask lets it
        look nowhere; and its pullback: dw (..., L, S) -> dquery, dkey.

    Raises:
        ShapeError, ValueError: as `attention`.

    >>> attention_weights(np.zeros((3, 1)), np.zeros((3, 1)), use_causal_mask=True)[0]
    array([[1.        , 0.        , 0.        ],
           [0.5       , 0.5       , 0.        ],
           [0.33333333, 0.33333333, 0.33333333]])
    """
    where = "attention_weights"
    query, key = expect_array(where, "query", query), expect_array(where, "key", key)
    structure = {"mask": mask, "use_causal_mask": use_causal_mask, "scale": scale}
    return _weights(where, query, key, **structure)


def positional_encoding(T, F):
    """A pattern of sines for each position: they turn the slower, the later the column.

    p_t,2i = sin(t / 10000^(2i / F)),  p_t,2i+1 = cos(t / 10000^(2i / F))

    Args:
        T: number of positions, from t = 0.
        F: features, the width of what it is added to.

    Returns:
        p: (T, F).

    Raises:
        ValueError: for a negative T or F.

    >>> positional_encoding(2, 4).round(3)
    array([[0.   , 1.   , 0.   , 1.   ],
           [0.841, 0.54 , 0.01 , 1.   ]])

    Source: A. Vaswani et al., *Attention is all you need*, NeurIPS 2017, section 3.5.
    """
    if T < 0 or F < 0:
        raise ValueError(
            f"positional_encoding: got T = {T}, F = {F}; expected both ≥ 0"
        )
    column = np.arange(F)
    angle = np.arange(T)[:, None] / 10000.0 ** ((column - column % 2) / max(F, 1))
    return np.where(column % 2 == 0, np.sin(angle), np.cos(angle))


def _weights(where, query, key, *, mask, use_causal_mask, scale):
    """w (..., L, S) of query (..., L, F) and key (..., S, F), and its pullback."""
    features = expect_shape(where, "query", query, "... * F", hint="tokens L, F")["F"]
    expect_shape(
        where, "key", key, "... * F", sizes={"F": features}, hint="tokens S, F"
    )
    if key.shape[:-2] != query.shape[:-2] or not features:
        raise ShapeError(
            f"{where}: query is {query.shape}, key {key.shape}; expected (..., L, F) "
            "and (..., S, F), F ≥ 1, with the same axes in front"
        )
    scale = float(features**-0.5 if scale is None else scale)
    scores = scale * (query @ key.swapaxes(-1, -2))  # (..., L, S)
    may = _may_look(where, scores.shape, mask, use_causal_mask)
    if may is not None:
        scores = np.where(may, scores, scores.dtype.type(-np.inf))
    largest = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    largest = np.where(largest == -np.inf, scores.dtype.type(0), largest)
    e = np.exp(scores - largest)  # exp(−∞) = 0: no look, no weight
    total = e.sum(axis=-1, keepdims=True)
    w = e / np.where(total == 0, total.dtype.type(1), total)  # a row of zeros stays one

    def pullback(dw):
        # w = softmax(a), so da_ls = w_ls (dw_ls − Σ_j dw_lj w_lj), 0 where w is; and
        # a_ls = c Σ_f q_lf k_sf, so dq_lf = c Σ_s da_ls k_sf, dk_sf = c Σ_l da_ls q_lf.
        dw = upstream(where, dw, w)
        da = scale * w * (dw - (dw * w).sum(axis=-1, keepdims=True))
        return da @ key, da.swapaxes(-1, -2) @ query

    return w, pullback


def _may_look(where, shape, mask, use_causal_mask):
    """The mask and the causal one together, or None where all may be looked at."""
    may = None
    if mask is not None:
        may = truths(where, "mask", mask)
        expect_broadcast(where, "mask", may, shape, "(..., L, S)")
    if use_causal_mask:
        causal = np.tril(np.ones(shape[-2:], bool))  # (L, S)
        may = causal if may is None else may & causal
    return may
