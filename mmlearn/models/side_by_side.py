"""Many small networks of the same shape, trained at once: one for each seed or setting.

None knows of the others: each has its own weights and its own samples, on an axis of
their own. A hundred small trainings then cost little more than one.
"""

import keras
from keras import layers


def side_by_side(stacks, classes, *, frozen=False):
    """R networks next to each other: dense layers that are given, and a new head each.

    Args:
        stacks: the kernels and biases of the given layers, [kernel, bias, kernel, …]:
            each (R, F, U) or (R, U), of R networks. ReLU between, none after the last.
        classes: K of the head, which starts at zero: the first loss is ln K.
        frozen: whether the head alone learns.

    Returns:
        keras.Model: (B, R, F) -> logits (B, R, K), uncompiled. The mean loss over R
        divides each network's gradient by R: with Adam that makes no difference.

    >>> import numpy as np
    >>> stacks = [np.ones((3, 4, 2)), np.zeros((3, 2))]
    >>> side_by_side(stacks, 5, frozen=True).output_shape
    (None, 3, 5)
    """
    runs, features, _ = stacks[0].shape
    x = keras.Input((runs, features), name="x")
    h = x
    pairs = list(zip(stacks[::2], stacks[1::2], strict=True))
    for i, (kernel, bias) in enumerate(pairs, start=1):
        name, relu = f"given{i}", "relu" if i < len(pairs) else None
        layer = _dense(runs, kernel.shape[2], name, relu, trainable=not frozen)
        h = layer(h)
        layer.set_weights([kernel, bias])
    head = _dense(runs, classes, "logits", kernel_initializer="zeros")
    return keras.Model(x, head(h), name="side_by_side")


def _dense(runs, units, name, activation=None, **how):
    """A dense layer for each run."""
    shape = {"output_shape": (runs, units), "bias_axes": "ru"}
    return layers.EinsumDense(
        "brf,rfu->bru", activation=activation, name=name, **shape, **how
    )
