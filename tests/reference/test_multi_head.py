import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import multi_head_attention, multi_head_weights

seed = st.integers(0, 99)
D = "float64"


def weights(draw, seed, f=3, fv=2, fk=1, heads=2, d=2, u=1, out=4):
    shapes = [(f, heads, d), (heads, d), (fk, heads, d), (heads, d), (fv, heads, u)]
    shapes += [(heads, u), (heads, u, out), (out,)]
    return [draw(seed + i, *shape) for i, shape in enumerate(shapes)]


@settings(max_examples=4, deadline=None)
@given(seed=seed, masked=st.booleans(), use_causal_mask=st.booleans())
def test_gradients_of_multi_head_attention(draw, seed, masked, use_causal_mask):
    tokens = draw(seed, 2, 3, 3), draw(1, 2, 4, 2), draw(2, 2, 4, 1)
    structure = {"use_causal_mask": use_causal_mask}
    structure["attention_mask"] = draw(3, 2, 3, 4) > 0 if masked else None
    w = weights(draw, seed)
    assert proof.gradients(multi_head_attention, *tokens, *w, **structure)
    no_bias = [array if i % 2 == 0 else None for i, array in enumerate(w)]
    no_bias[2] = draw(7, 2, 2, 2)  # values are the keys
    tokens = (*tokens[:2], None)
    assert proof.gradients(multi_head_attention, *tokens, *no_bias, **structure)


MASK = np.random.default_rng(5).random((2, 3, 4)) > 0.3


@pytest.mark.parametrize(
    ("keys", "options", "call"),
    [
        (True, {"value_dim": 2, "output_shape": 3}, {"use_causal_mask": True}),
        (False, {"use_bias": False}, {"attention_mask": MASK}),
        (False, {}, {"attention_mask": MASK[0], "use_causal_mask": True}),
    ],
)
def test_is_multi_head_attention_of_keras(draw, keys, options, call):
    layer = keras.layers.MultiHeadAttention(2, 4, dtype=D, **options)
    tokens = draw(0, 2, 3, 3), draw(1, 2, 4, 2), draw(2, 2, 4, 1)
    assert MASK.any(axis=-1).all()  # Keras looks everywhere where it may look nowhere
    tokens = tokens if keys else tokens[:2]
    table = proof.agree(multi_head_attention, layer, *tokens, **call)
    assert table
    names = [row.what for row in table.rows]
    assert ("dkey" in names) == keys and "doutput_kernel" in names


def test_keras_rounds_1_over_root_d_to_float32(draw):
    """So it agrees to 9 digits where √D is whole, D = 4 or 16, and else to 7."""
    layer = keras.layers.MultiHeadAttention(1, 3, dtype=D)
    x = draw(0, 1, 3, 2)
    assert proof.agree(multi_head_attention, layer, x, x, tolerance=1e-6)


def test_weights_of_the_heads_are_those_of_keras(draw):
    layer = keras.layers.MultiHeadAttention(2, 4, dtype=D)
    x, other = draw(0, 2, 3, 5), draw(1, 2, 4, 4)
    call = {"attention_mask": MASK}
    _, theirs = layer(x, other, return_attention_scores=True, **call)
    ours = [np.asarray(v) for v in layer.trainable_variables][:4]
    w = multi_head_weights(x, other, *ours, **call)
    np.testing.assert_allclose(w, theirs, rtol=1e-9, atol=1e-12)


def test_heads_that_may_look_nowhere_leave_the_bias(draw):
    w, x, mask = weights(draw, 1, 5, 5, 5), draw(0, 1, 3, 5), np.ones((3, 3), bool)
    mask[1] = False
    y, _ = multi_head_attention(x, x, x, *w, attention_mask=mask)
    np.testing.assert_array_equal(y[0, 1], w[7])
    assert (y[0, ::2] != w[7]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype(draw, dtype):
    q, v = draw(0, 2, 3, 4, dtype=dtype), draw(1, 2, 5, 4, dtype=dtype)
    many = [a.astype(dtype) for a in weights(draw, 2, 4, 4, 4)]
    y, pullback = multi_head_attention(q, v, v, *many, attention_mask=np.tri(3, 5))
    assert {a.dtype for a in (y, *pullback(y))} == {np.dtype(dtype)}


q, v = np.ones((2, 3, 4)), np.ones((2, 5, 4))
W = [np.ones((4, 2, 3)), np.ones((2, 3))] * 3 + [np.ones((2, 3, 4)), np.ones(4)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: multi_head_attention(q, v, v, *W, attention_mask=np.ones((2, 5))),
            r"attention_mask is \(2, 5\); expected \(2, 2, 3, 5\), \(B, heads, L, S\)",
        ),
        (
            lambda: multi_head_attention(q, v, v, W[0][:3], *W[1:]),
            r"query_kernel is \(3, 2, 3\); expected \(F, \*, \*\) with F = 4: feat",
        ),
        (
            lambda: multi_head_attention(q, v, v, *W[:2], W[2][:, :1], None, *W[4:]),
            r"query gives \(2, 2, 3, 3\), key \(2, 1, 5, 3\).*query_kernel and key_ker",
        ),
        (
            lambda: multi_head_attention(q, v, v[:, :4], *W),
            r"value gives \(2, 2, 5, 3\), key \(2, 2, 4, 3\).*a key for each value",
        ),
        (
            lambda: multi_head_attention(q, v, v, W[0], np.ones(6), *W[2:]),
            r"query_bias is \(6,\); expected \(heads, units\) = \(2, 3\)",
        ),
        (
            lambda: multi_head_attention(q, v, v, *W[:6], W[6][:1], None),
            r"output_kernel is \(1, 3, 4\); expected \(2, U, \*\) with U = 3",
        ),
    ],
)
def test_wrong_shapes(call, message):
    with pytest.raises(ShapeError, match=message):
        call()
