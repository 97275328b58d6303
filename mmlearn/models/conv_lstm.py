"""Convolutions, then a recurrent layer that reads the rows of their map."""

import keras
from keras import layers

from mmlearn.models.classifiers import _image, _init


def conv_lstm(
    input_shape,
    classes,
    filters=(32, 64, 128),
    units=128,
    *,
    pools=2,
    dropout=0.0,
    shift=0.0,
    rotation=0.0,
    zoom=0.0,
    unroll=False,
    seed,
):
    """Convolutions, then an LSTM that reads the map from its top row to its last.

    A map (B, H', W', U) is read as T = H' time steps of W'·U features each, and the
    state after the last row goes to the classes.

    Args:
        input_shape: (H, W, C) of one image.
        classes: K.
        filters: kernels of each 3×3 convolution (padding "same", batch norm, ReLU).
        units: of the LSTM.
        pools: how many of the convolutions, from the first, halve H and W after them.
        dropout: rate on the rows, before the LSTM.
        shift, rotation, zoom: augmentation while training: the largest shift as a part
            of the side, turn as a part of a full turn, change of size as a part of it.
        unroll: write the LSTM's steps out one by one: faster where they are few.
        seed: int, fixes the initial weights, dropout and augmentation.

    Returns:
        keras.Model: (B, H, W, C) -> logits (B, K), uncompiled. Layers: conv1, norm1,
        relu1, pool1, …, rows, lstm, logits.

    Raises:
        ValueError: for images too small to be halved so often, or no images.

    >>> model = conv_lstm((8, 8, 1), 10, filters=(8, 16), units=32, pools=1, seed=0)
    >>> model.get_layer("rows").output.shape, model.output_shape
    ((None, 4, 64), (None, 10))
    """
    x = _image("conv_lstm", input_shape, classes)
    _expect_room(input_shape, filters, pools)
    h = _augmented(x, shift, rotation, zoom, seed)
    last = {"data_format": "channels_last"}
    for i, kernels in enumerate(filters, start=1):
        init = _init(seed, i, "he_normal")
        h = layers.Conv2D(
            kernels, 3, padding="same", use_bias=False, name=f"conv{i}", **last, **init
        )(h)
        h = layers.BatchNormalization(axis=-1, momentum=0.9, name=f"norm{i}")(h)
        h = layers.ReLU(name=f"relu{i}")(h)
        if i <= pools:
            h = layers.MaxPooling2D(2, name=f"pool{i}", **last)(h)
    rows, columns, features = h.shape[1:]
    h = layers.Reshape((rows, columns * features), name="rows")(h)  # (B, T, F)
    if dropout:
        h = layers.Dropout(dropout, seed=_stream(seed, 91), name="dropout")(h)
    recurrent = keras.initializers.OrthogonalInitializer(seed=_stream(seed, 92))
    how = {"recurrent_initializer": recurrent, "unroll": unroll} | _init(seed, 90)
    h = layers.LSTM(units, name="lstm", **how)(h)  # (B, units)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(h)
    return keras.Model(x, logits, name="conv_lstm")


def _augmented(x, shift, rotation, zoom, seed):
    """Moved, turned, resized at random while training; black where nothing was."""
    fill = {"fill_mode": "constant", "data_format": "channels_last"}
    if shift:
        move = layers.RandomTranslation(
            shift, shift, seed=_stream(seed, 93), name="shift", **fill
        )
        x = move(x)
    if rotation:
        turn = layers.RandomRotation(
            rotation, seed=_stream(seed, 94), name="rotation", **fill
        )
        x = turn(x)
    if zoom:
        resize = layers.RandomZoom(
            (-zoom, zoom),
            (-zoom, zoom),
            seed=_stream(seed, 95),
            name="zoom",
            **fill,
        )
        x = resize(x)
    return x


def _expect_room(input_shape, filters, pools):
    if not 0 <= pools <= len(filters):
        raise ValueError(
            f"conv_lstm: pools is {pools}; expected 0 to {len(filters)}, at most one "
            "after each convolution"
        )
    if len(input_shape) != 3 or min(input_shape[:2]) < 2**pools:
        raise ValueError(
            f"conv_lstm: input_shape is {tuple(input_shape)}; expected (H, W, C) with "
            f"H and W at least {2**pools} px: each of {pools} poolings halves them"
        )


def _stream(seed, layer):
    return 1000 * seed + layer
