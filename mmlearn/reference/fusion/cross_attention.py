"""Cross-attention: every token asks those of the other modalities."""

import numpy as np

from mmlearn.reference.dense import dense
from mmlearn.reference.fusion.modalities import (
    expect_modalities,
    modality_gradients,
    take,
)
from mmlearn.reference.multi_head import multi_head_attention
from mmlearn.reference.upstream import upstream

ATTENTION = ("query_kernel", "key_kernel", "value_kernel", "output_kernel")


def cross_attention_fusion(inputs, *weights, available=None):
    """Tokens ask the other modalities: y = Σ_l p_l (h_l + A(h_l; tokens of others)).

    The steps of all modalities are tokens in one row, h_l = x_l W_m + b_m. A is
    multi-head attention of token l over the available tokens of other modalities and
    one token that is zero, so that a token may hear nobody. The p_l make a mean over
    the available steps of a modality, and then over modalities; 0 where nothing is.

    Args:
        inputs: dict, modality to (B, T_m, F_m), or (B, F_m) which is one step.
        *weights: for each modality by name kernel W_m (F_m, U) and bias b_m (U,);
            query_kernel, key_kernel, value_kernel (U, heads, D), output_kernel
            (heads, D, U), output_bias (U,); or no biases at all.
        available: dict, modality to (B,) or (B, T_m) of bool; None: all there.

    Returns:
        y: (B, U), and its pullback: dy -> dinputs (a dict), a gradient for each weight.

    Raises:
        ShapeError, KeySetError, ValueError: what does not fit, and what would.

    >>> x, square = {"image": np.ones((1, 2)), "text": np.ones((1, 3, 2))}, np.eye(2)
    >>> heads = [np.ones((2, 1, 2))] * 3 + [np.zeros((1, 2, 2))]
    >>> cross_attention_fusion(x, square, square, *heads)[0]
    array([[1., 1.]])

    Source: A. Vaswani et al., *Attention is all you need*, NeurIPS 2017, eq. 1; across
    modalities as in Y.-H. H. Tsai et al., *Multimodal transformer for unaligned
    multimodal language sequences*, ACL 2019.
    """
    where = "cross_attention_fusion"
    x, there = expect_modalities(where, inputs, available, pools=True)
    w = take(where, weights, _layout(x))
    steps = {n: a if a.ndim == 3 else a[:, None] for n, a in x.items()}
    maps = [dense(steps[n], w[f"{n}_kernel"], w.get(f"{n}_bias")) for n in x]
    h = np.concatenate([value for value, _ in maps], axis=1)  # (B, S, U)
    look, share, ends = _tokens(there, h.dtype)
    silent = np.append(h, np.zeros_like(h, shape=(len(h), 1, h.shape[2])), axis=1)
    q, k, v, out = (w[name] for name in ATTENTION)
    attention = (q, None, k, None, v, None, out, w.get("output_bias"))
    heard, pullback_attention = multi_head_attention(
        h, silent, None, *attention, attention_mask=look
    )
    y = (share[..., None] * (h + heard)).sum(axis=1)

    def pullback(dy):
        # y_u = Σ_l p_l (h_lu + A_lu), so dh_lu = p_l dy_u + what A sends back: to h as
        # those who ask, and to h as those who are asked (the zero token keeps its own).
        dz = share[..., None] * upstream(where, dy, y)[:, None]  # (B, S, U)
        dasking, dasked, _, *dattention = pullback_attention(dz)
        pieces = np.split(dz + dasking + dasked[:, :-1], ends[:-1], axis=1)
        dx, dw = {}, {}
        for name, dh, (_, pullback_map) in zip(x, pieces, maps, strict=True):
            dx[name], dw[f"{name}_kernel"], dw[f"{name}_bias"] = pullback_map(dh)
            dx[name] = dx[name].reshape(x[name].shape)
        dw |= dict(zip(ATTENTION, dattention[::2], strict=True))
        dw["output_bias"] = dattention[-1]
        return modality_gradients(inputs, dx, there), *(dw[name] for name in w)

    return y, pullback


def _layout(x):
    layout: dict[str, str] = {}
    for name, array in x.items():
        layout |= {f"{name}_kernel": f"{array.shape[-1]} U", f"{name}_bias": "U"}
    layout |= dict.fromkeys(ATTENTION[:3], "U heads D")
    return layout | {"output_kernel": "heads D U", "output_bias": "U"}


def _tokens(there, dtype):
    """Of all tokens in a row: who may look at whom (B, S, S + 1), the last the silent
    one; what each counts in the mean (B, S); where each modality ends."""
    masks = [a if a.ndim == 2 else a[:, None] for a in there.values()]
    mask = np.concatenate(masks, axis=1)  # (B, S)
    owner = np.repeat(np.arange(len(masks)), [a.shape[1] for a in masks])
    look = (owner[:, None] != owner) & mask[:, None, :]
    look = np.append(look, np.ones_like(look[..., :1]), axis=2)
    counts = [a.sum(axis=1, keepdims=True) for a in masks]
    present = sum(count > 0 for count in counts)
    shares = [
        a / np.maximum(n * present, 1) for a, n in zip(masks, counts, strict=True)
    ]
    share = np.concatenate(shares, axis=1).astype(dtype)
    return look, share, np.cumsum([a.shape[1] for a in masks])
