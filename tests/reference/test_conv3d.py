"""conv3d against SciPy, Keras and numerical gradients."""

import itertools

import keras
import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import conv2d, conv3d

SIZES = (2, 6, 5, 7, 2)  # B T H W C
triple = st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 3))


def case(draw, taps):
    return draw(0, *SIZES), draw(1, *taps, 2, 3), draw(2, 3)


@settings(max_examples=15, deadline=None)
@given(taps=triple, strides=triple, seed=st.integers(0, 99))
def test_it_is_scipys_correlation(draw, taps, strides, seed):
    x, kernel, bias = draw(seed, *SIZES), draw(1, *taps, 2, 3), draw(2, 3)
    y, _ = conv3d(x, kernel, bias, strides=strides)
    st_, sh, sw = strides
    for b, u in itertools.product(range(2), range(3)):
        found = sum(
            scipy.signal.correlate(x[b, ..., c], kernel[..., c, u], "valid")
            for c in range(2)
        )
        expected = found[::st_, ::sh, ::sw] + bias[u]
        np.testing.assert_allclose(y[b, ..., u], expected, atol=1e-12)


@settings(max_examples=5, deadline=None)
@given(
    taps=triple,
    strides=triple,
    dilation_rate=st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 2)),
    padding=st.sampled_from(["valid", "same"]),
)
def test_the_pullback_is_the_numerical_gradient(draw, taps, **structure):
    x, kernel, bias = draw(0, 1, 6, 4, 5, 2), draw(1, *taps, 2, 2), draw(2, 2)
    assert proof.gradients(conv3d, x, kernel, bias, **structure), structure


@pytest.mark.parametrize(
    "how",
    [
        {"strides": (1, 2, 2), "padding": "same"},
        {"strides": (2, 1, 1), "padding": "valid"},
        {"dilation_rate": (2, 1, 1), "padding": "same"},
    ],
    ids=str,
)
def test_it_is_keras_layer(draw, how):
    layer = keras.layers.Conv3D(3, (3, 2, 3), dtype="float64", **how)
    assert proof.agree(conv3d, layer, draw(0, *SIZES))


def test_one_frame_in_the_kernel_is_a_2d_convolution_of_each_frame(draw):
    x, kernel, bias = case(draw, (1, 3, 2))
    y, _ = conv3d(x, kernel, bias)
    frames, _ = conv2d(x.reshape(-1, *SIZES[2:]), kernel[0], bias)
    np.testing.assert_allclose(y, frames.reshape(y.shape))


def test_a_kernel_that_factors_is_two_convolutions(draw):
    x, in_space, in_time = (
        draw(0, *SIZES),
        draw(1, 1, 3, 2, 2, 4),
        draw(2, 3, 1, 1, 4, 3),
    )
    apart, _ = conv3d(conv3d(x, in_space)[0], in_time)
    kernel = np.einsum("hwcm,tmu->thwcu", in_space[0], in_time[:, 0, 0])
    np.testing.assert_allclose(conv3d(x, kernel)[0], apart, atol=1e-12)


def test_what_does_not_fit_is_refused(draw):
    x, kernel, _ = case(draw, (3, 2, 2))
    with pytest.raises(ShapeError, match=r"conv3d: x is"):
        conv3d(x[0], kernel)
    with pytest.raises(ShapeError, match=r"conv3d: kernel is"):
        conv3d(x, kernel[:, :, :, :1])
    with pytest.raises(ShapeError, match="a window of 3 taps covers 3"):
        conv3d(x[:, :2], kernel)
    with pytest.raises(ValueError, match="strides is 0"):
        conv3d(x, kernel, strides=0)
