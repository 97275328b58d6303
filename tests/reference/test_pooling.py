import itertools

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import average_pool2d, max_pool2d

OPS = [max_pool2d, average_pool2d]
KERAS = {max_pool2d: keras.ops.max_pool, average_pool2d: keras.ops.average_pool}
pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
GRID = list(
    itertools.product(
        [(2, 2), (3, 2), (1, 4)], [(1, 1), (2, 2), (3, 1)], ["valid", "same"]
    )
)


def name(op):
    return op.__name__


@pytest.mark.parametrize("op", OPS, ids=name)
@pytest.mark.parametrize(("pool_size", "strides", "padding"), GRID)
def test_is_keras_and_tensorflows_gradient_with_ties(op, pool_size, strides, padding):
    tf = pytest.importorskip("tensorflow")
    # Few values, so that many windows have several maxima.
    x = np.random.default_rng(0).integers(0, 4, (2, 8, 7, 3)).astype(float)
    x.flags.writeable = False
    tensor = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        theirs = KERAS[op](tensor, pool_size, strides, padding)
    y, pullback = op(x, pool_size=pool_size, strides=strides, padding=padding)
    np.testing.assert_allclose(y, theirs)
    dy = np.random.default_rng(1).standard_normal(y.shape)
    expected = tape.gradient(theirs, tensor, tf.constant(dy))
    np.testing.assert_allclose(pullback(dy)[0], expected, atol=1e-12)


@pytest.mark.parametrize("op", OPS, ids=name)
@settings(max_examples=25, deadline=None)
@given(
    size=pair,
    pool_size=pair,
    strides=st.none() | pair,
    padding=st.sampled_from(["valid", "same"]),
    seed=st.integers(0, 99),
)
def test_pullback_is_the_numerical_gradient(draw, op, size, seed, **structure):
    x = draw(seed, 2, 3 + size[0], 3 + size[1], 3)
    assert proof.gradients(op, x, seed=seed, **structure)


@pytest.mark.parametrize("op", OPS, ids=name)
def test_strides_are_the_pool_size_unless_told(draw, op):
    x = draw(0, 2, 9, 6, 3)
    y, _ = op(x, pool_size=(3, 2))
    assert y.shape == (2, 3, 3, 3)
    np.testing.assert_array_equal(y, op(x, pool_size=(3, 2), strides=(3, 2))[0])
    assert op(x)[0].shape == (2, 4, 3, 3)


@pytest.mark.parametrize("op", OPS, ids=name)
def test_padding_is_not_seen(op):
    """Of values all negative a zero would be the maximum, and raise the mean."""
    y, _ = op(np.full((1, 5, 5, 2), -3.0), pool_size=3, padding="same")
    np.testing.assert_array_equal(y, np.full((1, 2, 2, 2), -3.0))


@pytest.mark.parametrize("op", OPS, ids=name)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype_also_of_none(draw, op, dtype):
    for batch in (2, 0):
        y, pullback = op(draw(0, batch, 5, 4, 3, dtype=dtype), padding="same")
        (dx,) = pullback(y)
        assert (y.dtype, dx.dtype) == (dtype, dtype)
        assert y.shape == (batch, 3, 2, 3)
        assert dx.shape == (batch, 5, 4, 3)


def test_pixels_as_they_are_stored():
    x = np.array([[250, 251], [252, 255]], np.uint8).reshape(1, 2, 2, 1)
    y, _ = max_pool2d(x, padding="same", pool_size=3)
    assert (y.dtype, y.item(0)) == (np.uint8, 255)
    assert average_pool2d(x)[0].item() == 252


@pytest.mark.parametrize("op", OPS, ids=name)
def test_nan_passes_through(op):
    x = np.zeros((1, 4, 4, 1))
    x[0, 0, 0] = np.nan
    y, _ = op(x)
    np.testing.assert_array_equal(
        np.isnan(y[0, :, :, 0]), [[True, False], [False, False]]
    )


@pytest.mark.parametrize("op", OPS, ids=name)
@pytest.mark.parametrize(
    ("shape", "structure", "error", "message"),
    [
        ((4, 4, 3), {}, ShapeError, r"x is \(4, 4, 3\); expected \(B, H, W, C\)"),
        ((2, 4, 4, 3), {"pool_size": 5}, ShapeError, "5 taps covers 5 px"),
        ((2, 4, 4, 3), {"pool_size": 0}, ValueError, "pool_size is 0; expected a pos"),
        ((2, 4, 4, 3), {"strides": (2, -1)}, ValueError, r"strides is \(2, -1\)"),
        ((2, 4, 4, 3), {"padding": "SAME"}, ValueError, "padding is 'SAME'"),
    ],
)
def test_refused(draw, op, shape, structure, error, message):
    with pytest.raises(error, match=f"^{op.__name__}: .*{message}"):
        op(draw(0, *shape), **structure)
