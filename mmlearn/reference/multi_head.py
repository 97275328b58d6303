"""Multi-head attention: several small looks at once, each with its own weights."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.attention import attention, attention_weights
from mmlearn.reference.masks import expect_broadcast, truths
from mmlearn.reference.upstream import upstream


def multi_head_attention(
    query,
    value,
    key,
    query_kernel,
    query_bias,
    key_kernel,
    key_bias,
    value_kernel,
    value_bias,
    output_kernel,
    output_bias,
    *,
    attention_mask=None,
    use_causal_mask=False,
):
    """Attention in several small spaces: y = Σ_h A(q W_h, v W_h, k W_h) W'_h + b'.

    Args:
        query: (B, L, F) tokens that ask.
        value: (B, S, F) tokens that are looked at.
        key: (B, S, F) what they are found by, or None: the values.
        query_kernel, key_kernel: (F, heads, D); value_kernel: (F, heads, U); each kind
            of token may have its own F.
        query_bias, key_bias: (heads, D); value_bias: (heads, U); each may be None.
        output_kernel: (heads, U, F') W'; output_bias: (F',), or None.
        attention_mask: (B, L, S), or what broadcasts to it, or (B, heads, L, S): True
            where l may look at s. A query that may look nowhere gets output_bias.
        use_causal_mask: True: l may not look at s > l either.

    Returns:
        y: (B, L, F'), and its pullback: dy -> one gradient for each of the eleven.

    Raises:
        ShapeError, ValueError: saying which argument does not fit, and what would.

    >>> x, w, out = np.ones((1, 4, 6)), np.ones((6, 2, 3)), np.ones((2, 3, 6))
    >>> multi_head_attention(x, x, None, w, None, w, None, w, None, out, None)[0].shape
    (1, 4, 6)

    Source: A. Vaswani et al., *Attention is all you need*, NeurIPS 2017, section 3.2.2.
    """
    where = "multi_head_attention"
    other = value if key is None else key
    q, pullback_q = _split(where, "query", query, query_kernel, query_bias)
    v, pullback_v = _split(where, "value", value, value_kernel, value_bias)
    k, pullback_k = _split(where, "key", other, key_kernel, key_bias)
    _expect_meeting(where, q, k, v)
    look = _look(where, attention_mask, use_causal_mask, q, k)
    heads, pullback_attention = attention(q, v, k, **look)  # (B, heads, L, U)
    y, pullback_output = _join(where, heads, output_kernel, output_bias)

    def pullback(dy):
        # y is a chain of four maps, each with its pullback, called in reverse. Where
        # the values are their own keys, their gradients by both ways add up.
        dheads, doutput_kernel, doutput_bias = pullback_output(upstream(where, dy, y))
        dq, dv, dk = pullback_attention(dheads)
        dquery, *dquery_weights = pullback_q(dq)
        dvalue, *dvalue_weights = pullback_v(dv)
        dkey, *dkey_weights = pullback_k(dk)
        if key is None:
            dvalue, dkey = dvalue + dkey, None
        weights = (*dquery_weights, *dkey_weights, *dvalue_weights)
        return dquery, dvalue, dkey, *weights, doutput_kernel, doutput_bias

    return y, pullback


def multi_head_weights(
    query,
    key,
    query_kernel,
    query_bias,
    key_kernel,
    key_bias,
    *,
    attention_mask=None,
    use_causal_mask=False,
):
    """Where each head looks: the distributions inside `multi_head_attention`.

    Args:
        query, key, …, use_causal_mask: as for `multi_head_attention`, whose layer has
            the four weights first: `multi_head_weights(x, x, *weights[:4])`.

    Returns:
        w: (B, heads, L, S), each row a distribution over S.

    Raises:
        ShapeError, ValueError: as `multi_head_attention`.

    >>> x, kernel = np.ones((1, 4, 6)), np.ones((6, 2, 3))
    >>> multi_head_weights(x, x, kernel, None, kernel, None).shape
    (1, 2, 4, 4)
    """
    where = "multi_head_weights"
    q, _ = _split(where, "query", query, query_kernel, query_bias)
    k, _ = _split(where, "key", key, key_kernel, key_bias)
    _expect_meeting(where, q, k)
    look = _look(where, attention_mask, use_causal_mask, q, k)
    return attention_weights(q, k, **look)[0]


def _split(where, name, x, kernel, bias):
    """x W_h + b_h, each head's small space: (B, L, F) -> (B, heads, L, U)."""
    x = expect_array(where, name, x)
    kernel = expect_array(where, f"{name}_kernel", kernel)
    sizes = expect_shape(where, name, x, "B L F")
    hint = f"features of {name}, heads, units of a head"
    expect_shape(where, f"{name}_kernel", kernel, "F * *", sizes=sizes, hint=hint)
    bias = _bias(where, f"{name}_bias", bias, kernel.shape[1:], "(heads, units)")
    y = np.tensordot(x, kernel, 1)  # (B, L, heads, U)
    y = (y if bias is None else y + bias).swapaxes(1, 2)

    def pullback(dy):
        # y_bhlu = Σ_f x_blf W_fhu + b_hu, so dx_blf = Σ_hu dy_bhlu W_fhu,
        # dW_fhu = Σ_bl x_blf dy_bhlu,  db_hu = Σ_bl dy_bhlu
        dy = dy.swapaxes(1, 2)  # (B, L, heads, U)
        dx = np.tensordot(dy, kernel, ((2, 3), (1, 2)))
        dbias = None if bias is None else dy.sum(axis=(0, 1))
        return dx, np.tensordot(x, dy, ((0, 1), (0, 1))), dbias

    return y, pullback


def _join(where, heads, kernel, bias):
    """The heads' answers, weighed and added: (B, heads, L, U) -> (B, L, F')."""
    kernel = expect_array(where, "output_kernel", kernel)
    sizes = {"U": heads.shape[3]}
    axes, hint = f"{heads.shape[1]} U *", "heads, units of value_kernel, features out"
    expect_shape(where, "output_kernel", kernel, axes, sizes=sizes, hint=hint)
    bias = _bias(where, "output_bias", bias, kernel.shape[2:], "(features out,)")
    rows = heads.swapaxes(1, 2)  # (B, L, heads, U)
    y = np.tensordot(rows, kernel, 2)
    y = y if bias is None else y + bias

    def pullback(dy):
        # y_blo = Σ_hu o_bhlu W'_huo + b_o, so do_bhlu = Σ_o dy_blo W'_huo,
        # dW'_huo = Σ_bl o_bhlu dy_blo,  db_o = Σ_bl dy_blo
        drows = np.tensordot(dy, kernel, (2, 2))  # (B, L, heads, U)
        dkernel = np.tensordot(rows, dy, ((0, 1), (0, 1)))
        dbias = None if bias is None else dy.sum(axis=(0, 1))
        return drows.swapaxes(1, 2), dkernel, dbias

    return y, pullback


def _bias(where, name, bias, shape, letters):
    if bias is None:
        return None
    bias = expect_array(where, name, bias)
    if bias.shape != shape:
        raise ShapeError(
            f"{where}: {name} is {bias.shape}; expected {letters} = {shape}"
        )
    return bias


def _expect_meeting(where, q, k, v=None):
    """Refuse tokens and heads that do not meet, (B, heads, L, U) each."""
    if (len(q), q.shape[1], q.shape[3]) != (len(k), k.shape[1], k.shape[3]):
        raise ShapeError(
            f"{where}: query gives {q.shape}, key {k.shape}, as (B, heads, tokens, "
            "units); expected the same but for the tokens: look at query_kernel and "
            "key_kernel"
        )
    if v is not None and v.shape[:3] != k.shape[:3]:
        raise ShapeError(
            f"{where}: value gives {v.shape}, key {k.shape}, as (B, heads, tokens, "
            "units); expected the same but for the units: a key for each value"
        )


def _look(where, mask, use_causal_mask, q, k):
    """What `attention` is told of masks; (B, L, S) gets an axis for the heads."""
    if mask is not None:
        given = truths(where, "attention_mask", mask)
        mask = given[:, None] if given.ndim == 3 else given
        shape = (*q.shape[:3], k.shape[2])
        letters = "(B, heads, L, S), or (B, L, S) for all heads"
        expect_broadcast(where, "attention_mask", mask, shape, letters, given.shape)
    return {"mask": mask, "use_causal_mask": use_causal_mask}
