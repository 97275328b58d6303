"""Keras' Adam in one operation a weight on TensorFlow.

Keras writes Adam's rule with a dozen operations, and each reads and writes whole arrays
the size of the weight: on a CPU and in a small network this takes as long as the
gradients do. TensorFlow has a kernel that goes over the arrays once, with the same
equations (Kingma and Ba, 2015, "Adam", section 2, the order at its end):

    α = η √(1 − β₂ᵗ) / (1 − β₁ᵗ),   m ← m + (1 − β₁)(g − m),   v ← v + (1 − β₂)(g² − v),
    w ← w − α m / (√v + ε)
"""

import contextlib
from functools import partial

import keras
import tensorflow as tf


@contextlib.contextmanager
def one_kernel(optimizer):
    """While a graph is traced inside, Adam's and AdamW's updates are one operation.

    Every other optimizer, AMSGrad, and gradients that are rows of an embedding keep
    Keras' own rule; clipping, averages and weight decay are outside of it, untouched.

    Args:
        optimizer: built keras optimizer.
    """
    plain = optimizer.update_step
    theirs = getattr(plain, "__func__", None) is keras.optimizers.Adam.update_step
    if not theirs or optimizer.amsgrad:
        yield
        return
    optimizer.update_step = partial(_update_step, optimizer, plain)
    try:
        yield
    finally:
        del optimizer.update_step


def _update_step(optimizer, plain, gradient, variable, learning_rate):
    """What `keras.optimizers.Adam.update_step` does."""
    if isinstance(gradient, tf.IndexedSlices):
        return plain(gradient, variable, learning_rate)
    index, dtype = optimizer._get_variable_index(variable), variable.dtype
    rates = [tf.constant(b, dtype) for b in (optimizer.beta_1, optimizer.beta_2)]
    step = tf.cast(optimizer.iterations.value + 1, dtype)
    return tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        m=optimizer._momentums[index].value.handle,
        v=optimizer._velocities[index].value.handle,
        beta1_power=rates[0] ** step,
        beta2_power=rates[1] ** step,
        lr=tf.cast(learning_rate, dtype),
        beta1=rates[0],
        beta2=rates[1],
        epsilon=tf.constant(optimizer.epsilon, dtype),
        grad=tf.cast(gradient, dtype),
    )
