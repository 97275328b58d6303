"""Dropout inside XLA: the algorithm named, the numbers unchanged."""

import numpy as np
import pytest
import tensorflow as tf

from mmlearn.train.random_tensorflow import named_algorithm


def dropped(wanted):
    """What a jitted dropout of ones gives, and the graph's operations."""
    seed = tf.Variable([3, 4])

    @tf.function(jit_compile=True, autograph=False)
    def drop():
        with named_algorithm(wanted):
            return tf.nn.experimental.stateless_dropout(tf.ones(40), 0.5, seed)

    names = {op.type for op in drop.get_concrete_function().graph.get_operations()}
    return drop().numpy(), names


def test_the_same_numbers_without_asking_the_device():
    left, asks = dropped(False)
    named, asks_not = dropped(True)
    np.testing.assert_array_equal(named, left)
    assert any("GetKeyCounter" in name for name in asks - asks_not)


def test_it_is_put_back():
    before = tf.nn.experimental.stateless_dropout
    with pytest.raises(KeyError), named_algorithm():
        assert tf.nn.experimental.stateless_dropout is not before
        raise KeyError
    assert tf.nn.experimental.stateless_dropout is before
