"""Dropout inside XLA on a CPU: sixty times as fast if its algorithm is named.

Keras leaves the choice of the random algorithm to the device. XLA on a CPU chooses
Philox, and takes 34 ms for 50,000 numbers; told to take Philox it gives the same
numbers in 0.6 ms (TensorFlow 2.21): it scrambles the seed once, not for every number.
"""

import contextlib
import functools

import tensorflow as tf


@contextlib.contextmanager
def named_algorithm(wanted=True):
    """While a graph is traced inside, dropout names its algorithm; else as it was."""
    module, dropout = tf.nn.experimental, tf.nn.experimental.stateless_dropout
    if wanted:
        module.stateless_dropout = functools.partial(dropout, rng_alg="philox")
    try:
        yield
    finally:
        module.stateless_dropout = dropout
