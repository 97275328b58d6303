import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import dense

size = st.integers(1, 5)


@settings(max_examples=25, deadline=None)
@given(front=st.lists(size, max_size=3), f=size, u=size, seed=st.integers(0, 99))
def test_every_row_is_mapped_alike(draw, front, f, u, seed):
    x, kernel, bias = draw(seed, *front, f), draw(seed + 1, f, u), draw(seed + 2, u)
    y, _ = dense(x, kernel, bias)
    np.testing.assert_allclose(y, np.einsum("...f,fu->...u", x, kernel) + bias)
    assert proof.gradients(dense, x, kernel, bias)


def test_is_the_number_of_keras_dense(draw):
    layer = keras.layers.Dense(4, bias_initializer="normal", dtype="float64")
    x = draw(0, 3, 5)
    np.testing.assert_allclose(layer(x), dense(x, *layer.trainable_variables)[0])


def test_no_bias_no_gradient(draw):
    y, pullback = dense(draw(0, 2, 3), draw(1, 3, 4))
    dx, dkernel, dbias = pullback(y)
    assert (dx.shape, dkernel.shape, dbias) == ((2, 3), (3, 4), None)


def test_batch_of_none(draw):
    y, pullback = dense(draw(0, 0, 3), draw(1, 3, 4), draw(2, 4))
    dx, dkernel, dbias = pullback(y)
    assert y.shape == (0, 4)
    assert dx.shape == (0, 3)
    assert not dkernel.any()
    assert not dbias.any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype(draw, dtype):
    arrays = [draw(0, *shape, dtype=dtype) for shape in [(2, 3), (3, 4), (4,)]]
    y, pullback = dense(*arrays)
    assert {a.dtype for a in (y, *pullback(y))} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (
            [(2, 3), (4, 5), (5,)],
            r"dense: kernel is \(4, 5\); expected \(F, U\) with F = 3",
        ),
        ([(2, 3), (3, 5), (4,)], r"dense: bias is \(4,\); expected \(U,\) with U = 5"),
        ([(), (3, 5), (5,)], r"dense: x is \(\)"),
    ],
)
def test_wrong_shapes(draw, shapes, message):
    with pytest.raises(ShapeError, match=message):
        dense(*(draw(0, *shape) for shape in shapes))


def test_lists_are_refused_by_name():
    with pytest.raises(ShapeError, match="x is a list"):
        dense([[1.0, 2.0]], np.ones((2, 1)))


def test_nan_passes_through():
    y, _ = dense(np.array([[1.0, np.nan], [1.0, 2.0]]), np.ones((2, 1)))
    np.testing.assert_array_equal(y, [[np.nan], [3.0]])
