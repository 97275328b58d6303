"""Three classifiers of small images: one linear map, one hidden layer, a small CNN."""

import keras
import numpy as np
from keras import layers


def softmax_regression(input_shape, classes, *, seed):
    """The linear classifier: logits = x W + b, all pixels in one row.

    Args:
        input_shape: of one sample, (H, W, C) or any other.
        classes: K.
        seed: int, fixes the initial weights.

    Returns:
        keras.Model: (B, *input_shape) -> logits (B, K), uncompiled; (Π shape + 1) K
        parameters.

    >>> softmax_regression((8, 8, 1), 10, seed=0).count_params()
    650
    """
    x = _image("softmax_regression", input_shape, classes)
    h = layers.Flatten(name="flatten")(x)  # (B, F)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(h)
    return keras.Model(x, logits, name="softmax_regression")


def dense_classifier(input_shape, classes, hidden, *, seed):
    """One hidden layer: logits = relu(x W₁ + b₁) W₂ + b₂.

    Args:
        input_shape: of one sample.
        classes: K.
        hidden: units of the hidden layer; `hidden_units` finds how many give a
            wanted number of parameters.
        seed: int, fixes the initial weights.

    Returns:
        keras.Model: (B, *input_shape) -> logits (B, K), uncompiled.

    >>> dense_classifier((8, 8, 1), 10, 32, seed=0).count_params()
    2410
    """
    x = _image("dense_classifier", input_shape, classes)
    h = layers.Flatten(name="flatten")(x)  # (B, F)
    h = layers.Dense(hidden, "relu", name="hidden", **_init(seed, 0, "he_normal"))(h)
    logits = layers.Dense(classes, name="logits", **_init(seed, 1))(h)
    return keras.Model(x, logits, name="dense_classifier")


def small_cnn(input_shape, classes, filters=(16, 32), *, seed):
    """A small convolutional network: (3×3 convolution, ReLU, 2×2 maximum)s, one map.

    Args:
        input_shape: (H, W, C) of one image.
        classes: K.
        filters: kernels of each convolution; every stage halves H and W.
        seed: int, fixes the initial weights.

    Returns:
        keras.Model: (B, H, W, C) -> logits (B, K), uncompiled. Layers: conv1, pool1,
        conv2, pool2, …, flatten, logits.

    Raises:
        ValueError: for images that are too small to be halved so often, or no images.

    >>> model = small_cnn((8, 8, 1), 10, filters=(8, 16), seed=0)
    >>> model.output_shape, model.count_params()
    ((None, 10), 1898)
    """
    x = _image("small_cnn", input_shape, classes)
    if len(input_shape) != 3 or min(input_shape[:2]) < 2 ** len(filters):
        raise ValueError(
            f"small_cnn: input_shape is {tuple(input_shape)}; expected (H, W, C) with "
            f"H and W at least {2 ** len(filters)} px: each of {len(filters)} stages "
            "halves them"
        )
    h = x
    for i, units in enumerate(filters, start=1):
        init = _init(seed, i, "he_normal")
        h = layers.Conv2D(
            units,
            3,
            padding="same",
            activation="relu",
            data_format="channels_last",
            name=f"conv{i}",
            **init,
        )(h)
        pool = layers.MaxPooling2D(2, data_format="channels_last", name=f"pool{i}")
        h = pool(h)  # (B, H / 2ⁱ, W / 2ⁱ, U)
    h = layers.Flatten(name="flatten")(h)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(h)
    return keras.Model(x, logits, name="small_cnn")


def hidden_units(input_shape, classes, parameters):
    """Hidden units of the `dense_classifier` nearest to a number of parameters.

    A baseline is fair when it may learn as many numbers: U hidden units on F inputs
    have (F + 1) U + (U + 1) K parameters, so U = (P − K) / (F + 1 + K), rounded.

    Args:
        input_shape: of one sample; F is the product of its sizes.
        classes: K.
        parameters: P, `cnn.count_params()` for instance.

    Returns:
        int, at least 1.

    >>> hidden_units((8, 8, 1), 10, parameters=2410)
    32
    """
    features = 1
    for size in input_shape:
        features *= size
    return max(1, round((parameters - classes) / (features + 1 + classes)))


def _image(where, input_shape, classes):
    """The input of a classifier, once its two sizes are known to make sense."""
    if not isinstance(classes, int | np.integer) or classes < 1:
        raise ValueError(f"{where}: classes is {classes!r}; expected 1 or more")
    listed = isinstance(input_shape, tuple | list)
    sizes = tuple(input_shape) if listed else input_shape
    if not listed or not sizes or not all(isinstance(s, int) and s > 0 for s in sizes):
        raise ValueError(
            f"{where}: input_shape is {sizes}; expected the positive sizes of one "
            "sample, without the batch, like (28, 28, 1)"
        )
    return keras.Input(sizes, name="image")


def _init(seed, layer, kind="glorot_uniform"):
    """A kernel initializer with a stream of its own for each layer of each seed."""
    # One integer for (seed, layer): two layers of the same shape must not be equal.
    initializer = keras.initializers.get(
        {"class_name": kind, "config": {"seed": 1000 * seed + layer}}
    )
    return {"kernel_initializer": initializer}
