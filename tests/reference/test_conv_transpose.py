import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import conv2d, conv2d_transpose

structures = {"strides": [1, 2, 3, (3, 1)], "padding": ["valid", "same"]}
drawn = {name: st.sampled_from(values) for name, values in structures.items()}
pair = st.tuples(st.integers(1, 4), st.integers(1, 4))


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("taps", "strides"),
    [((3, 3), 2), ((4, 2), (2, 1)), ((2, 5), 3), ((1, 3), (3, 2)), ((3, 2), 1)],
)
def test_is_keras_in_value_and_every_gradient(draw, taps, strides, padding):
    layer = keras.layers.Conv2DTranspose(
        3, taps, strides=strides, padding=padding, dtype="float64"
    )
    table = proof.agree(conv2d_transpose, layer, draw(0, 2, 4, 5, 2))
    assert table, table
    assert len(table.rows) == 4


def test_without_a_bias(draw):
    layer = keras.layers.Conv2DTranspose(
        2, 3, strides=2, use_bias=False, dtype="float64"
    )
    assert proof.agree(conv2d_transpose, layer, draw(0, 1, 3, 4, 3))


@settings(max_examples=25, deadline=None)
@given(taps=pair, seed=st.integers(0, 99), **drawn)
def test_is_conv2ds_pullback(draw, taps, seed, strides, padding):
    x, kernel = draw(seed, 2, 3, 4, 3), draw(seed + 1, *taps, 2, 3)
    y, _ = conv2d_transpose(x, kernel, strides=strides, padding=padding)
    image = np.zeros_like(y)
    back, pullback = conv2d(image, kernel, strides=strides, padding=padding)
    assert back.shape == x.shape
    np.testing.assert_allclose(y, pullback(x)[0], atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(taps=pair, seed=st.integers(0, 99), **drawn)
def test_gradients_are_numerical(draw, taps, seed, strides, padding):
    arrays = draw(seed, 2, 3, 2, 3), draw(seed + 1, *taps, 2, 3), draw(seed, 2)
    structure = {"strides": strides, "padding": padding}
    assert proof.gradients(conv2d_transpose, *arrays, **structure)


def test_keeps_float32(draw):
    arrays = (draw(0, 1, 3, 3, 2), draw(1, 3, 3, 4, 2), draw(2, 4))
    y, pullback = conv2d_transpose(*(a.astype(np.float32) for a in arrays), strides=2)
    assert y.dtype == np.float32
    assert all(g.dtype == np.float32 for g in pullback(y))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kernel": np.ones((3, 3, 2, 4))}, r"kernel is \(3, 3, 2, 4\)"),
        ({"kernel": np.ones((3, 0, 4, 2))}, "no size of 0"),
        ({"bias": np.ones(2)}, "bias is"),
        ({"x": np.ones((3, 3, 2))}, "x is"),
        ({"strides": 0}, "strides is 0"),
        ({"padding": "full"}, "'full'"),
    ],
)
def test_refuses_what_does_not_fit(change, message):
    given = {"x": np.ones((1, 3, 3, 2)), "kernel": np.ones((3, 3, 4, 2))} | change
    with pytest.raises((ShapeError, ValueError), match=f"conv2d_transpose.*{message}"):
        conv2d_transpose(**given)


def test_a_gradient_of_another_shape_is_refused(draw):
    y, pullback = conv2d_transpose(draw(0, 1, 2, 2, 1), draw(1, 3, 3, 1, 1))
    with pytest.raises(ShapeError, match="pullback got dy"):
        pullback(y[:, :1])
