import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.reference import receptive_field

layer = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 2))


def seen(layers, size):
    """Input pixels whose gradient reaches the middle output: Keras' own arithmetic."""
    tf = pytest.importorskip("tensorflow")
    x = tf.ones((1, size, 1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x
        for k, s, d in layers:
            # Keras refuses strides and dilation together: every s-th output instead.
            y = keras.ops.conv(y, tf.ones((k, 1, 1)), dilation_rate=d)[:, ::s]
        middle = y[0, y.shape[1] // 2, 0]
    pixels = np.flatnonzero(tape.gradient(middle, x)[0, :, 0])
    return pixels[-1] - pixels[0] + 1


@settings(max_examples=5, deadline=None)
@given(layers=st.lists(layer, min_size=1, max_size=4))
def test_is_where_the_gradient_of_one_output_is_not_zero(layers):
    reach = receptive_field(layers)[-1]
    assert seen(layers, reach.field + 3 * reach.jump) == reach.field


def test_jump_is_how_far_the_next_output_looks():
    tf = pytest.importorskip("tensorflow")
    x = tf.ones((1, 60, 1))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = keras.ops.conv(x, tf.ones((3, 1, 1)), strides=2)
        y = keras.ops.conv(y, tf.ones((4, 1, 1)), strides=3)
        first, second = y[0, 1, 0], y[0, 2, 0]
    starts = [np.flatnonzero(tape.gradient(o, x)[0, :, 0])[0] for o in (first, second)]
    assert receptive_field([(3, 2), (4, 3)])[-1].jump == starts[1] - starts[0] == 6


def test_the_blueprint():
    reaches = receptive_field([(3, 1), (2, 2)] * 3)
    assert [r.field for r in reaches] == [3, 4, 8, 10, 18, 22]
    assert [r.jump for r in reaches] == [1, 2, 2, 4, 4, 8]


def test_no_layer_sees_one_pixel_nowhere():
    assert receptive_field([]) == []


@pytest.mark.parametrize("wrong", [3, (3,), (3, 1, 1, 1), (0, 1), (3, 1.5), "31"])
def test_refuses_what_is_no_layer(wrong):
    with pytest.raises(ValueError, match="receptive_field: layer 1"):
        receptive_field([(3, 1), wrong])
