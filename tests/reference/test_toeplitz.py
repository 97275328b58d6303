import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.axes import ShapeError
from mmlearn.reference import conv1d, conv2d, toeplitz


@settings(max_examples=25, deadline=None)
@given(taps=st.integers(1, 5), extra=st.integers(0, 5), seed=st.integers(0, 99))
def test_is_scipys_toeplitz_matrix(draw, taps, extra, seed):
    kernel = draw(seed, taps)
    column = np.r_[kernel[0], np.zeros(extra)]
    expected = scipy.linalg.toeplitz(column, np.r_[kernel, np.zeros(extra)])
    np.testing.assert_array_equal(toeplitz(kernel, (taps + extra,)), expected)


@settings(max_examples=25, deadline=None)
@given(
    taps=st.tuples(st.integers(1, 3), st.integers(1, 4)),
    strides=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_is_conv2d_and_its_transpose_the_pullback(draw, taps, strides, seed):
    x, kernel = draw(seed, 5, 6), draw(seed + 1, *taps)
    matrix = toeplitz(kernel, x.shape, strides=strides)
    image, weights = x[None, :, :, None], kernel[:, :, None, None]
    y, pullback = conv2d(image, weights, strides=strides)
    np.testing.assert_allclose(matrix @ x.ravel(), y.ravel(), atol=1e-12)
    dy = draw(seed + 2, *y.shape)
    np.testing.assert_allclose(
        matrix.T @ dy.ravel(), pullback(dy)[0].ravel(), atol=1e-12
    )


def test_one_dimension_with_a_stride(draw):
    x, kernel = draw(0, 9), draw(1, 4)
    y, _ = conv1d(x[None, :, None], kernel[:, None, None], strides=2)
    matrix = toeplitz(kernel, x.shape, strides=2)
    np.testing.assert_allclose(matrix @ x, y.ravel(), atol=1e-12)


@pytest.mark.parametrize(("kernel", "shape"), [((3,), (3, 3)), ((4,), (3,))])
def test_refuses_a_kernel_that_does_not_fit(kernel, shape):
    with pytest.raises(ShapeError, match="toeplitz: kernel is"):
        toeplitz(np.ones(kernel), shape)
