"""Small parts for a `MultimodalModel`: what sees, what maps vectors, what answers.

(`models.audio_encoder` hears, `models.text_encoder` and `transformer_encoder` read.)
"""

import keras
from keras import layers

from mmlearn.models.classifiers import _image, _init


def image_encoder(
    input_shape, units=32, filters=(8, 16), *, normalize=False, dropout=0.0, seed
):
    """Images to vectors: (3×3 convolution, ReLU, 2×2 maximum)s, a dense ReLU layer.

    Args:
        input_shape: (H, W, C) of one image; every stage halves H and W.
        units: U of the vector.
        filters: kernels of each convolution.
        normalize: batch norm between each convolution and its ReLU.
        dropout: rate on the vector.
        seed: int, fixes initial weights and dropout.

    Returns:
        keras.Model: (B, H, W, C) -> (B, U), uncompiled. Layers: conv1, pool1, …,
        flatten, features.

    Raises:
        ValueError: for images that are too small to be halved so often, or no images.

    >>> model = image_encoder((8, 8, 1), 16, seed=0)
    >>> model.output_shape, model.count_params()  # 8·10, 16·73, 16·65
    ((None, 16), 2288)
    """
    x = _image("image_encoder", input_shape, 1)
    least = 2 ** len(filters)
    if len(input_shape) != 3 or min(input_shape[:2]) < least:
        raise ValueError(
            f"image_encoder: input_shape is {tuple(input_shape)}; expected (H, W, C) "
            f"with H and W at least {least} px: each of {len(filters)} stages halves "
            "them"
        )
    h, last = x, {"data_format": "channels_last"}
    for i, kernels in enumerate(filters, start=1):
        relu = None if normalize else "relu"
        how = {"padding": "same", "activation": relu, "name": f"conv{i}"} | last
        h = layers.Conv2D(kernels, 3, **how, **_init(seed, i, "he_normal"))(h)
        if normalize:
            h = layers.BatchNormalization(name=f"norm{i}")(h)
            h = layers.ReLU(name=f"relu{i}")(h)
        h = layers.MaxPooling2D(2, name=f"pool{i}", **last)(h)  # (B, H / 2ⁱ, W / 2ⁱ, U)
    h = layers.Flatten(name="flatten")(h)
    relu = _init(seed, 80, "he_normal")
    h = layers.Dense(units, activation="relu", name="features", **relu)(h)
    if dropout:
        h = layers.Dropout(dropout, seed=1000 * seed + 93, name="dropout")(h)
    return keras.Model(x, h, name="image_encoder")


def vector_encoder(features, units=32, hidden=(), *, dropout=0.0, seed):
    """Vectors to vectors: dense ReLU layers.

    Args:
        features: F. units: U.
        hidden: units of the layers before the last one.
        dropout: rate on the answer.
        seed: int, fixes initial weights and dropout; take another for each modality.

    Returns:
        keras.Model: (B, F) -> (B, U), uncompiled. Layers: hidden1, …, features.

    >>> vector_encoder(5, 8, seed=0).count_params()
    48
    """
    x = _image("vector_encoder", (features,), 1)
    h = x
    for i, size in enumerate((*hidden, units), start=1):
        name = "features" if i > len(hidden) else f"hidden{i}"
        init = _init(seed, i, "he_normal")
        h = layers.Dense(size, activation="relu", name=name, **init)(h)
    if dropout:
        h = layers.Dropout(dropout, seed=1000 * seed + 93, name="dropout")(h)
    return keras.Model(x, h, name="vector_encoder")


def dense_head(outputs, hidden=None, *, dropout=0.0, seed, name="head"):
    """Fused features to an answer: one dense layer, or a ReLU layer before it.

    Args:
        outputs: K logits of classes, or 1 for a score.
        hidden: units of the ReLU layer; None: a linear head.
        dropout: rate on what comes in.
        seed: int, fixes initial weights and dropout.
        name: of the head.

    Returns:
        keras.Sequential: (B, U) -> (B, K). Layers: hidden, logits.

    >>> head = dense_head(3, hidden=4, seed=0)
    >>> head(keras.ops.ones((2, 5))).shape == (2, 3), head.count_params()
    (True, 39)
    """
    parts: list[keras.Layer] = []
    if dropout:
        parts.append(layers.Dropout(dropout, seed=1000 * seed + 97, name="dropout"))
    if hidden is not None:
        relu = _init(seed, 81, "he_normal")
        parts.append(layers.Dense(hidden, activation="relu", name="hidden", **relu))
    parts.append(layers.Dense(outputs, name="logits", **_init(seed, 0)))
    return keras.Sequential(parts, name=name)
