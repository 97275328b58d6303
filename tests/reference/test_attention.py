import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import (
    attention,
    attention_weights,
    causal_mask,
    padding_mask,
    positional_encoding,
)

cheap = settings(max_examples=10, deadline=None)
size = st.integers(1, 3)
seed = st.integers(0, 99)
D = "float64"


@cheap
@given(st.lists(size, max_size=2), size, size, size, seed, st.booleans(), st.booleans())
def test_gradients_are_the_numerical_ones(
    draw, front, l, s, f, seed, masked, use_causal_mask
):
    q, v, k = draw(seed, *front, l, f), draw(1, *front, s, 2), draw(2, *front, s, f)
    structure = {"use_causal_mask": use_causal_mask}
    structure["mask"] = draw(3, l, s) > 0 if masked else None
    structure["scale"] = 0.3 if seed % 2 else None
    assert proof.gradients(attention, q, v, k, **structure)
    assert proof.gradients(attention_weights, q, k, **structure)


def test_a_value_may_be_its_own_key(draw):
    q, v, dy = draw(0, 2, 3, 4), draw(1, 2, 5, 4), draw(2, 2, 3, 4)
    assert proof.gradients(attention, q, v)
    y, pullback = attention(q, v)
    same, pullback_same = attention(q, v, v)
    np.testing.assert_array_equal(y, same)
    dquery, dvalue, dkey = pullback_same(dy)
    assert pullback(dy)[2] is None
    np.testing.assert_allclose(pullback(dy)[1], dvalue + dkey, rtol=1e-12)
    np.testing.assert_array_equal(pullback(dy)[0], dquery)


@pytest.mark.parametrize("use_causal_mask", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_is_the_attention_of_keras(draw, use_causal_mask, masked):
    mask = np.array([[True, True, False, True], [True, False, True, False]])
    structure = {"use_causal_mask": use_causal_mask}

    def with_keras(q, v, k, **structure):
        layer = keras.layers.Attention(dtype=D)
        options = {"use_causal_mask": use_causal_mask, "mask": None}
        if masked:  # of the values, for all queries alike
            options["mask"] = [None, keras.ops.convert_to_tensor(mask)]
        return layer([q * k.shape[-1] ** -0.5, v, k], **options)

    if masked:
        structure["mask"] = mask[:, None]
    arrays = draw(0, 2, 3, 5), draw(1, 2, 4, 2), draw(2, 2, 4, 5)
    assert proof.agree(attention, with_keras, *arrays, **structure)


def test_weights_are_the_softmax_of_scipy(draw):
    q, k = draw(0, 2, 3, 4), draw(1, 2, 5, 4)
    scores = np.einsum("blf,bsf->bls", q, k)
    w, _ = attention_weights(q, k)
    np.testing.assert_allclose(w, softmax(scores / 2, axis=-1), rtol=1e-12)
    w, _ = attention_weights(1e3 * q, 1e3 * k, scale=1)
    np.testing.assert_array_equal(w, scores == scores.max(axis=-1, keepdims=True))


def test_who_may_look_nowhere_sees_nothing(draw):
    q, v, k = draw(0, 2, 3, 4), draw(1, 2, 5, 2), draw(2, 2, 5, 4)
    mask = np.ones((2, 3, 5), bool)
    mask[1, 2] = False
    w, _ = attention_weights(q, k, mask=mask)
    y, pullback = attention(q, v, k, mask=mask)
    dq, dv, dk = pullback(draw(3, 2, 3, 2))
    assert not w[1, 2].any() and not y[1, 2].any() and not dq[1, 2].any()
    assert np.isfinite(dv).all() and np.isfinite(dk).all()
    np.testing.assert_allclose(w.sum(axis=-1).ravel(), [1, 1, 1, 1, 1, 0])
    nobody, _ = attention(q, v[:, :0], k[:, :0])
    assert not nobody.any() and nobody.shape == (2, 3, 2)


def test_what_is_masked_does_not_matter(draw):
    q, v, k = draw(0, 2, 3, 4), draw(1, 2, 5, 2), draw(2, 2, 5, 4)
    mask = padding_mask([5, 2], 5)[:, None]
    y, pullback = attention(q, v, k, mask=mask)
    other, _ = attention(q, np.where(mask.swapaxes(1, 2), v, 9), k, mask=mask)
    np.testing.assert_array_equal(other, y)
    np.testing.assert_allclose(attention(q[1], v[1, :2], k[1, :2])[0], y[1], rtol=1e-12)
    _, dv, dk = pullback(draw(3, 2, 3, 2))
    assert not dv[1, 2:].any() and not dk[1, 2:].any()


def test_nobody_sees_the_future(draw):
    x = draw(0, 6, 4)
    y, _ = attention(x, x, use_causal_mask=True)
    np.testing.assert_array_equal(y, attention(x, x, mask=causal_mask(6))[0])
    for t in range(1, 7):
        past, _ = attention(x[:t], x[:t], use_causal_mask=True)
        np.testing.assert_allclose(past, y[:t], rtol=1e-12)


def test_tokens_are_a_set_until_they_get_positions(draw):
    x, order = draw(0, 6, 4), np.array([3, 1, 5, 0, 2, 4])
    y, _ = attention(x, x)
    np.testing.assert_allclose(attention(x[order], x[order])[0], y[order], rtol=1e-12)
    placed = x + positional_encoding(6, 4)
    moved = x[order] + positional_encoding(6, 4)
    y, _ = attention(placed, placed)
    assert np.abs(attention(moved, moved)[0] - y[order]).max() > 0.1


def test_a_shift_of_position_is_a_rotation():
    p = positional_encoding(50, 8)
    frequencies = 10000.0 ** (-np.arange(0, 8, 2) / 8)
    turning = np.exp(1j * np.arange(50)[:, None] * frequencies)
    np.testing.assert_allclose(p[:, 0::2], turning.imag, atol=1e-12)
    np.testing.assert_allclose(p[:, 1::2], turning.real, atol=1e-12)
    gram = p @ p.T  # depends on the distance alone
    np.testing.assert_allclose(gram[5:, 5:], gram[:-5, :-5], atol=1e-9)
    assert positional_encoding(3, 5).shape == (3, 5)
    with pytest.raises(ValueError, match="got T = -1"):
        positional_encoding(-1, 4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype(draw, dtype):
    q, v = draw(0, 2, 3, 4, dtype=dtype), draw(1, 2, 5, 4, dtype=dtype)
    runs = [
        attention(q, v, v, mask=np.tri(3, 5), scale=np.float64(0.5)),
        attention_weights(q, v, use_causal_mask=True),
    ]
    for y, pullback in runs:
        assert {a.dtype for a in (y, *pullback(y))} == {np.dtype(dtype)}


q, v = np.ones((2, 3, 4)), np.ones((2, 5, 4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: attention(q, v[0]), r"query is \(2, 3, 4\), key \(5, 4\); .*in front"),
        (lambda: attention(q, v, v[:, :4]), r"value is .*key \(2, 4, 4\); .*for each"),
        (lambda: attention(q, v[..., :2]), r"key is \(2, 5, 2\); .*with F = 4"),
        (lambda: attention(np.ones(4), v), r"query is \(4,\); expected \(..., \*, F\)"),
        (
            lambda: attention(q, v, mask=np.ones((5, 3))),
            r"mask is \(5, 3\); expected \(2, 3, 5\), \(..., L, S\), or what",
        ),
    ],
)
def test_wrong_shapes(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


def test_what_is_no_mask_and_no_number():
    with pytest.raises(ValueError, match="mask holds -inf; expected True and False"):
        attention(q, v, mask=np.where(np.tri(3, 5), 0, -np.inf))
    with pytest.raises(ValueError, match="value is a NoneType; expected numbers"):
        attention(q, None)
    with pytest.raises(ValueError, match="T is -1; expected 0 or more"):
        causal_mask(-1)
