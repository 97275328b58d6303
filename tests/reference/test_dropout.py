import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import dropout


def drawn_mask(layer, shape):
    """The mask that the layer will draw next: it draws it now, and forgets that."""
    state = layer.seed_generator.state
    before = np.array(state.numpy())
    mask = np.asarray(layer(np.ones(shape), training=True)) > 0
    state.assign(before)
    return mask


@settings(max_examples=5, deadline=None, derandomize=True)
@given(st.sampled_from([0.1, 0.25, 0.8]), st.booleans())
def test_is_keras_dropout(rate, training):
    x = np.random.default_rng(0).standard_normal((5, 4, 3))
    layer = keras.layers.Dropout(rate, seed=3, dtype="float64")
    mask = drawn_mask(layer, x.shape)
    before = np.array(layer.seed_generator.state.numpy())
    assert proof.agree(dropout, layer, x, mask=mask, training=training)
    np.testing.assert_array_equal(layer.seed_generator.state.numpy(), before)


def test_another_mask_is_not_keras_dropout():
    x = np.random.default_rng(0).standard_normal((5, 4, 3))
    layer = keras.layers.Dropout(0.5, seed=3, dtype="float64")
    mask = ~drawn_mask(layer, x.shape)
    assert not proof.agree(dropout, layer, x, mask=mask, training=True)


@settings(max_examples=25, deadline=None)
@given(rate=st.floats(0, 0.95), seed=st.integers(0, 99))
def test_gradients_are_the_numerical_ones(draw, rate, seed):
    mask = draw(seed, 4, 3) > 0
    assert proof.gradients(dropout, draw(seed + 1, 4, 3), rate=rate, mask=mask)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_keeps_the_mean(draw, rate):
    x = 1 + draw(0, 40, 50)
    rng = np.random.default_rng(1)
    runs = [dropout(x, rate=rate, mask=rng.random(x.shape) >= rate) for _ in range(50)]
    error = np.mean([y.mean() for y, _ in runs]) - x.mean()
    # the mean of 100,000 products, each of variance p / (1 − p) E[x²]
    assert abs(error) < 4 * np.sqrt(rate / (1 - rate) * np.mean(x**2) / 100_000)


def test_dropped_is_dropped_even_if_infinite():
    y, _ = dropout(np.array([np.inf, 1.0]), rate=0.5, mask=np.array([0, 1]))
    np.testing.assert_array_equal(y, [0.0, 2.0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype(draw, dtype):
    x = draw(0, 3, 4, dtype=dtype)
    y, pullback = dropout(x, rate=np.float64(0.5), mask=x > 0)
    assert {y.dtype, pullback(y)[0].dtype} == {np.dtype(dtype)}


def test_what_does_not_fit_is_refused():
    x = np.ones((2, 3))
    with pytest.raises(ShapeError, match=r"mask is \(3,\); expected \(2, 3\)"):
        dropout(x, rate=0.5, mask=np.ones(3))
    with pytest.raises(ValueError, match=r"rate is 1.0; expected 0 ≤ rate < 1"):
        dropout(x, rate=1.0, mask=x)
    with pytest.raises(ValueError, match="expected True and False"):
        dropout(x, rate=0.5, mask=2 * x)
