"""conv1d, conv2d, convolve2d: against SciPy, Keras, TensorFlow, differences."""

import itertools

import keras
import numpy as np
import pytest
import scipy.signal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.reference import conv1d, conv2d, convolve2d, windows

pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
structures = st.fixed_dictionaries(
    {
        "strides": pair,
        "padding": st.sampled_from(["valid", "same"]),
        "dilation_rate": pair,
        "groups": st.integers(1, 2),
    }
)


def case(draw, seed, groups, taps):
    """x (2, 7, 9, 4), kernel and bias: H ≠ W, C ≠ U, B > 1."""
    kernel = draw(seed + 1, *taps, 4 // groups, 6)
    return draw(seed, 2, 7, 9, 4), kernel, draw(seed + 2, 6)


def by_scipy(x, kernel, bias, strides, dilation_rate, groups):
    """Valid cross-correlation, one image, unit and channel at a time."""
    kh, kw, per_group, units = kernel.shape
    (dh, dw), (sh, sw) = dilation_rate, strides
    spread = np.zeros(((kh - 1) * dh + 1, (kw - 1) * dw + 1, per_group, units))
    spread[::dh, ::dw] = kernel
    images = []
    for image, u in itertools.product(x, range(units)):
        first = u // (units // groups) * per_group
        maps = [
            scipy.signal.correlate(image[..., first + c], spread[..., c, u], "valid")
            for c in range(per_group)
        ]
        images.append(sum(maps)[::sh, ::sw] + bias[u])
    return np.moveaxis(np.reshape(images, (len(x), units, *images[0].shape)), 1, -1)


@settings(max_examples=25, deadline=None)
@given(taps=pair, structure=structures, seed=st.integers(0, 99))
def test_conv2d_is_scipys_correlation(draw, taps, structure, seed):
    structure = structure | {"padding": "valid"}
    x, kernel, bias = case(draw, seed, structure["groups"], taps)
    y, _ = conv2d(x, kernel, bias, **structure)
    del structure["padding"]
    np.testing.assert_allclose(y, by_scipy(x, kernel, bias, **structure), atol=1e-12)


@pytest.mark.parametrize("op", [conv2d, convolve2d], ids=lambda op: op.__name__)
@settings(max_examples=25, deadline=None)
@given(taps=pair, structure=structures, seed=st.integers(0, 99))
def test_pullbacks_are_the_numerical_gradients(draw, op, taps, structure, seed):
    arrays = case(draw, seed, structure["groups"], taps)
    assert proof.gradients(op, *arrays, seed=seed, **structure), structure
    assert proof.gradients(op, *arrays[:2], seed=seed, **structure), structure


@settings(max_examples=25, deadline=None)
@given(
    taps=st.integers(1, 4),
    strides=st.integers(1, 3),
    dilation_rate=st.integers(1, 2),
    groups=st.integers(1, 2),
    padding=st.sampled_from(["valid", "same"]),
    seed=st.integers(0, 99),
)
def test_conv1d_is_conv2d_on_one_column(draw, taps, groups, padding, seed, **structure):
    x, kernel, bias = draw(seed, 2, 9, 4), draw(1, taps, 4 // groups, 6), draw(2, 6)
    structure |= {"groups": groups, "padding": padding}
    y, _ = conv1d(x, kernel, bias, **structure)
    columns, _ = conv2d(x[:, :, None], kernel[:, None], bias, **structure)
    np.testing.assert_allclose(y, columns[:, :, 0], atol=1e-12)
    assert proof.gradients(conv1d, x, kernel, bias, **structure)


GRID = [
    (taps, strides, padding, dilation)
    for taps, strides, padding, dilation in itertools.product(
        [(1, 1), (3, 2), (2, 4), (5, 3)], [1, 2, 3], ["valid", "same"], [1, 2]
    )
    if strides == 1 or dilation == 1  # Keras refuses both
]


@pytest.mark.parametrize(("taps", "strides", "padding", "dilation"), GRID)
def test_conv2d_is_keras_and_tensorflows_gradient(
    draw, taps, strides, padding, dilation
):
    tf = pytest.importorskip("tensorflow")
    arrays = draw(0, 2, 11, 9, 4), draw(1, *taps, 4, 6), draw(2, 6)
    structure = {"strides": strides, "padding": padding, "dilation_rate": dilation}
    x, kernel, bias = tensors = [tf.constant(a) for a in arrays]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        theirs = keras.ops.conv(x, kernel, **structure) + bias
    y, pullback = conv2d(*arrays, **structure)
    np.testing.assert_allclose(y, theirs, atol=1e-12)
    dy = draw(3, *y.shape)
    gradients = tape.gradient(theirs, tensors, tf.constant(dy))
    for ours, expected in zip(pullback(dy), gradients, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-11)


@settings(max_examples=5, deadline=None)
@given(
    t=st.integers(5, 9),
    taps=st.integers(1, 5),
    strides=st.integers(1, 3),
    padding=st.sampled_from(["valid", "same"]),
)
def test_conv1d_is_keras(draw, t, taps, strides, padding):
    x, kernel = draw(0, 2, t, 3), draw(1, taps, 3, 4)
    y, _ = conv1d(x, kernel, strides=strides, padding=padding)
    theirs = keras.ops.conv(x, kernel, strides=strides, padding=padding)
    np.testing.assert_allclose(y, theirs, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(taps=pair, padding=st.sampled_from(["valid", "same"]), seed=st.integers(0, 99))
def test_convolve2d_is_scipys_convolution(draw, taps, padding, seed):
    # SciPy centres an even kernel on its later middle tap, TensorFlow on the earlier.
    assume(padding == "valid" or all(k % 2 for k in taps))
    x, kernel = draw(seed, 2, 5, 6, 3), draw(seed + 1, *taps, 3, 4)
    y, _ = convolve2d(x, kernel, padding=padding)
    for b, u in np.ndindex(2, 4):
        maps = [
            scipy.signal.convolve2d(x[b, ..., c], kernel[..., c, u], padding)
            for c in range(3)
        ]
        np.testing.assert_allclose(y[b, ..., u], sum(maps), atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(taps=pair, structure=structures)
def test_convolve2d_is_conv2d_flipped(draw, taps, structure):
    x, kernel, bias = case(draw, 0, structure["groups"], taps)
    y, pullback = convolve2d(x, kernel, bias, **structure)
    y2, pullback2 = conv2d(x, kernel[::-1, ::-1], bias, **structure)
    np.testing.assert_array_equal(y, y2)
    (dx, dkernel, dbias), (dx2, dkernel2, dbias2) = pullback(y), pullback2(y)
    np.testing.assert_array_equal(dx, dx2)
    np.testing.assert_array_equal(dkernel, dkernel2[::-1, ::-1])
    np.testing.assert_array_equal(dbias, dbias2)


@pytest.mark.parametrize("cache", [1, 5_000, 20_000])  # a row, some rows, some images
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("channels", [3, 8])  # patches stored by columns, and by rows
def test_blocks_do_not_show(draw, monkeypatch, cache, strides, padding, channels):
    arrays = draw(0, 5, 9, 10, channels), draw(1, 3, 2, channels, 4), draw(2, 4)
    structure = {"strides": strides, "padding": padding}
    y, pullback = conv2d(*arrays, **structure)
    gradients = pullback(draw(3, *y.shape))
    monkeypatch.setattr(windows, "CACHE", cache)
    way = windows.slide("conv2d", (9, 10), (3, 2), (1, 1), "valid", (1, 1))
    taps = windows.windows(arrays[0], way)
    assert windows.short_rows(taps) == (channels == 3)
    blocks = list(windows.patch_blocks(taps))
    assert len(blocks) > 1
    assert blocks[0][1].flags.f_contiguous == (channels == 3)
    y2, pullback2 = conv2d(*arrays, **structure)
    np.testing.assert_allclose(y2, y, atol=1e-12)
    for a, b in zip(pullback2(draw(3, *y.shape)), gradients, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-11)


@settings(max_examples=5, deadline=None)
@given(taps=pair, structure=structures)
def test_many_channels(draw, taps, structure):
    structure |= {"groups": 1}
    x, kernel = draw(0, 2, 7, 8, 40), draw(1, *taps, 40, 2)
    assert proof.gradients(conv2d, x, kernel, **structure)
    y, _ = conv2d(x, kernel, **structure)
    first, _ = conv2d(x[..., :20], kernel[:, :, :20], **structure)
    second, _ = conv2d(x[..., 20:], kernel[:, :, 20:], **structure)
    np.testing.assert_allclose(y, first + second, atol=1e-12)


def test_the_numbers_of_the_lesson(draw):
    layer = keras.layers.Conv2D(32, 3)
    layer.build((None, 28, 28, 3))
    x = draw(0, 2, 28, 28, 3, dtype=np.float32)
    y, _ = conv2d(x, *layer.trainable_variables)
    assert y.shape[1:] == (26, 26, 32)
    assert layer.count_params() == 896 == 3 * 3 * 3 * 32 + 32
    assert y[0].size * 3 * 3 * 3 == 584_064  # products
    outputs = 26 * 26 * 32
    assert 28 * 28 * 3 * outputs + outputs == 50_900_096  # a dense layer, with bias
    np.testing.assert_allclose(y, layer(x), atol=1e-5)
