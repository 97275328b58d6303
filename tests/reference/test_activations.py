import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.reference import relu, sigmoid, softmax, tanh

ORACLES = {
    relu: lambda x: np.where(x > 0, x, 0),
    sigmoid: scipy.special.expit,
    tanh: lambda x: 2 * scipy.special.expit(2 * x) - 1,
    softmax: lambda x: scipy.special.softmax(x, axis=-1),
}
shapes = st.lists(st.integers(1, 5), min_size=1, max_size=3)


@pytest.mark.parametrize("op", ORACLES, ids=lambda op: op.__name__)
@settings(max_examples=25, deadline=None)
@given(shape=shapes, seed=st.integers(0, 99))
def test_value_and_gradient(draw, op, shape, seed):
    x = 3 * draw(seed, *shape)
    np.testing.assert_allclose(op(x)[0], ORACLES[op](x), rtol=1e-12, atol=1e-15)
    assert proof.gradients(op, x, seed=seed)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 99), axis=st.integers(-3, 2))
def test_softmax_over_any_axis(draw, seed, axis):
    x = draw(seed, 2, 3, 4)
    np.testing.assert_allclose(softmax(x, axis=axis)[0], scipy.special.softmax(x, axis))
    assert proof.gradients(softmax, x, axis=axis)


@pytest.mark.parametrize("op", ORACLES, ids=lambda op: op.__name__)
def test_no_overflow_and_nan_passes_through(op):
    x = np.array([[-1e4, 1e4, 0.0], [np.nan, np.nan, np.nan]])
    with np.errstate(all="raise", under="ignore"):
        y, pullback = op(x)
        (dx,) = pullback(np.ones_like(y))
    np.testing.assert_allclose(y[0], ORACLES[op](x[0]), atol=1e-300)
    assert np.isnan(y[1]).all()
    assert np.isfinite(dx[0]).all()


@pytest.mark.parametrize("op", ORACLES, ids=lambda op: op.__name__)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype_also_of_none(draw, op, dtype):
    for batch in (2, 0):
        y, pullback = op(draw(0, batch, 3, dtype=dtype))
        (dx,) = pullback(y)
        assert (y.dtype, dx.dtype) == (dtype, dtype)
        assert y.shape == dx.shape == (batch, 3)


def test_relu_at_the_corner_is_tensorflows():
    tf = pytest.importorskip("tensorflow")
    x = tf.constant([-1.0, 0.0, 1.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.relu(x)
    _, pullback = relu(x.numpy())
    np.testing.assert_array_equal(pullback(np.ones(3))[0], tape.gradient(y, x))


@pytest.mark.parametrize("op", ORACLES, ids=lambda op: op.__name__)
def test_lists_and_truths_are_numbers_and_what_is_not_is_named(op):
    expected = ORACLES[op](np.array([1.0, 0.0]))
    for listed in ([1.0, 0.0], [True, False]):
        np.testing.assert_allclose(op(listed)[0], expected)
    for wrong in (None, "one", [[1.0], [2.0, 3.0]], np.array([None, 1])):
        with pytest.raises(ValueError, match=f"^{op.__name__}: x is .*expected"):
            op(wrong)
