"""proof.agree on the active Keras backend; test_backends.py runs this on the others.

With KERAS_BACKEND=jax, JAX_ENABLE_X64=1 must be set too.
"""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof, reference

few = settings(max_examples=5, deadline=None, derandomize=True)
BACKEND = keras.backend.backend()
D = "float64"


def draw_x(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


@few
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.integers(1, 5),
    st.booleans(),
)
def test_dense(front, units, use_bias):
    layer = keras.layers.Dense(units, use_bias=use_bias, dtype=D)
    assert proof.agree(reference.dense, layer, draw_x(1, *front, 3))


@st.composite
def convolutions(draw, axes):
    """A configuration that Keras can compute: strides and dilation not both > 1."""
    groups = draw(st.sampled_from([1, 1, 2]))
    sizes = st.tuples(*[st.integers(1, 3)] * axes)
    strides, dilation = draw(
        st.sampled_from([((1,) * axes, None), (None, (1,) * axes), ((1,) * axes,) * 2])
    )
    if axes == 2 and BACKEND == "tensorflow":  # TensorFlow wants equal strides
        strides = strides or (draw(st.integers(2, 3)),) * 2
    return {
        "filters": groups * draw(st.integers(1, 2)),
        "kernel_size": draw(sizes),
        "strides": strides or draw(sizes),
        "dilation_rate": dilation or draw(sizes),
        "padding": draw(st.sampled_from(["valid", "same"])),
        "groups": groups,
        "use_bias": draw(st.booleans()),
        "dtype": D,
    }


@few
@given(convolutions(1))
def test_conv1d(config):
    layer = keras.layers.Conv1D(**config)
    x = draw_x(2, 2, 8, 2 * config["groups"])
    assert proof.agree(reference.conv1d, layer, x), config


@settings(few, max_examples=8)
@given(convolutions(2))
def test_conv2d(config):
    layer = keras.layers.Conv2D(**config)
    x = draw_x(3, 2, 8, 7, 2 * config["groups"])
    assert proof.agree(reference.conv2d, layer, x), config


def test_conv2d_strided_and_dilated_has_only_the_numerical_proof():
    with pytest.raises(ValueError, match="strides"):
        keras.layers.Conv2D(4, 3, strides=2, dilation_rate=2)
    x, kernel, bias = draw_x(4, 2, 8, 7, 2), draw_x(5, 3, 2, 2, 3), draw_x(6, 3)
    assert proof.gradients(
        reference.conv2d, x, kernel, bias, strides=2, dilation_rate=2, padding="same"
    )


@few
@given(
    st.sampled_from(
        [("max_pool2d", "MaxPooling2D"), ("average_pool2d", "AveragePooling2D")]
    ),
    st.integers(1, 3),
    st.sampled_from([None, 1, 2, 3]),
    st.sampled_from(["valid", "same"]),
)
def test_pooling(names, pool_size, strides, padding):
    op, cls = getattr(reference, names[0]), getattr(keras.layers, names[1])
    layer = cls(pool_size, strides=strides, padding=padding, dtype=D)
    assert proof.agree(op, layer, draw_x(7, 2, 7, 6, 3))


@pytest.mark.parametrize("axis", [-1, 1])
def test_softmax(axis):
    layer = keras.layers.Softmax(axis=axis, dtype=D)
    assert proof.agree(reference.softmax, layer, draw_x(8, 2, 4, 3))


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_activations_as_layer_and_as_function(name):
    op, x = getattr(reference, name), draw_x(9, 3, 4)
    assert proof.agree(op, keras.layers.Activation(name, dtype=D), x)
    assert proof.agree(op, getattr(keras.ops, name), x)
    assert not proof.agree(op, keras.ops.softplus, x)


def test_losses():
    x, labels = draw_x(10, 5, 4), np.array([0, 3, 1, 1, 2])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype=D)
    op = reference.softmax_cross_entropy
    assert proof.agree(op, loss, x, labels=labels)
    probabilities = keras.losses.SparseCategoricalCrossentropy(dtype=D)
    table = proof.agree(op, probabilities, keras.ops.abs(x) * 0 + 0.5, labels=labels)
    assert not table

    def by_ops(logits, labels):
        one_hot = keras.ops.one_hot(labels, 4, dtype="float64")
        return -keras.ops.mean(
            keras.ops.sum(keras.ops.log_softmax(logits) * one_hot, axis=-1)
        )

    assert proof.agree(op, by_ops, x, labels=labels)
    squares = keras.losses.MeanSquaredError(dtype=D)
    op = reference.mean_squared_error
    assert proof.agree(op, squares, x, draw_x(11, 5, 4))


# What it must find.


def spoiled(op, value=lambda y: y, gradients=lambda g: g):
    def wrong(x, kernel, bias=None):
        y, pullback = op(x, kernel, bias)
        return value(y), lambda dy: gradients(pullback(dy))

    return wrong


def test_a_difference_is_found_where_it_is():
    layer, x = keras.layers.Dense(3, dtype=D), draw_x(12, 4, 3)
    cases = {
        "y": spoiled(reference.dense, value=lambda y: y + 1e-6),
        "dx": spoiled(reference.dense, gradients=lambda g: (2 * g[0], g[1], g[2])),
        "dkernel": spoiled(reference.dense, gradients=lambda g: (g[0], g[1].T, g[2])),
        "dbias": spoiled(reference.dense, gradients=lambda g: (g[0], g[1], 0 * g[2])),
    }
    for what, op in cases.items():
        table = proof.agree(op, layer, x)
        assert [row.what for row in table.rows if not row.ok] == [what], table


def test_a_bias_used_wrongly_is_found_though_a_fresh_bias_is_zero():
    def forgets(x, kernel, bias):
        y, pullback = reference.dense(x, kernel)
        return y, lambda dy: (*pullback(dy)[:2], 0 * bias)

    assert not proof.agree(forgets, keras.layers.Dense(3, dtype=D), draw_x(13, 4, 3))


def test_a_value_of_another_shape_is_a_failed_row_not_a_crash():
    def summed(x):
        return x.sum(0), lambda dy: (np.broadcast_to(dy, x.shape).copy(),)

    table = proof.agree(summed, keras.ops.relu, draw_x(14, 3, 4))
    assert not table and "shape (3, 4)" in str(table)


# What it must leave alone.


def test_every_variable_is_put_back():
    layer = keras.layers.Dense(3, dtype=D)
    layer.build((None, 4))
    before = [v.numpy().copy() for v in layer.variables]
    proof.agree(reference.dense, layer, draw_x(20, 5, 4))
    for v, old in zip(layer.variables, before, strict=True):
        assert np.array_equal(v.numpy(), old)


def test_a_layer_keyword_that_the_operator_differentiates():
    class Scale(keras.layers.Layer):
        def call(self, x, weight=None):
            return x * weight

    def scale(x, weight):
        return x * weight, lambda dy: (dy * weight, dy * x)

    table = proof.agree(
        scale, Scale(dtype=D), draw_x(22, 3, 4), weight=draw_x(23, 3, 4)
    )
    assert [row.what for row in table.rows] == ["y", "dx", "dweight"]
    assert table


def test_several_inputs_and_dicts():
    def add(first, second):
        return first["a"] + 2 * second, lambda dy: ({"a": dy}, 2 * dy)

    table = proof.agree(
        add, lambda f, s: f["a"] + 2 * s, {"a": draw_x(24, 2, 3)}, draw_x(25, 2, 3)
    )
    assert [row.what for row in table.rows] == ["y", "dfirst['a']", "dsecond"]
    assert table


def test_the_table_says_who_agreed():
    table = proof.agree(
        reference.dense, keras.layers.Dense(3, dtype=D), draw_x(26, 2, 3)
    )
    assert str(table).startswith(f"dense = Dense = numerical ({BACKEND}, float64)")
    assert [list(row.checks) for row in table.rows[:2]] == [
        ["Dense"],
        ["Dense", "numerical"],
    ]
