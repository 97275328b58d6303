"""What hears: convolutions over a log-mel spectrogram, then a GRU; and its baseline.

The mask is an input like the sound itself, so that it cannot be lost on the way:
padding is silenced before every convolution, and the GRU carries its state over it.
"""

import keras
from keras import layers, ops

from mmlearn.layers import RandomVoice
from mmlearn.models.classifiers import _init
from mmlearn.models.sequence_model import SequenceModel

CELLS = {"gru": layers.GRU, "lstm": layers.LSTM, "simple_rnn": layers.SimpleRNN}


def audio_encoder(
    bands=40,
    units=32,
    filters=(8, 16),
    *,
    cell="gru",
    bidirectional=False,
    normalize=False,
    dropout=0.0,
    shift=0.0,
    halvings=1,
    strided=False,
    voice=None,
    seed,
):
    """Log-mel frames to one vector a recording: convolutions, then a recurrent layer.

    Every convolution is 3×3 with a ReLU, and halves the bands after it; the first
    `halvings` of them halve time too.

    Args:
        bands: F of the spectrogram.
        units: U of the recurrent layer, in each direction. cell: see `CELLS`.
        filters: kernels of each convolution.
        bidirectional: whether a second layer reads from the end to the beginning.
        normalize: batch norm between each convolution and its ReLU.
        dropout: rate on whole bands at the input, and on the answer.
        shift: while training, the largest move up or down, as a part of the bands.
        strided: halve by strides of 2, a quarter of the work, instead of by poolings.
        voice: while training, a dict of arguments of `layers.RandomVoice`.
        seed: int, fixes initial weights, dropout and augmentation.

    Returns:
        keras.Model: {"sound": (B, T, F), "sound_mask": (B, T) bool} -> (B, U), or
        (B, 2 U). Layers: conv1, pool1, …, steps, recurrent.

    Raises:
        ValueError: for an unknown cell, or too few bands to be halved so often.

    >>> audio_encoder(40, 32, seed=0).output_shape
    (None, 32)
    """
    if cell not in CELLS:
        known = ", ".join(CELLS)
        raise ValueError(f"audio_encoder: cell is {cell!r}; expected {known}")
    if bands < 2 ** len(filters):
        raise ValueError(
            f"audio_encoder: {bands} bands cannot be halved {len(filters)} times"
        )
    inputs = _inputs(bands)
    h, mask = inputs["sound"], inputs["sound_mask"]
    if voice:
        h, mask = RandomVoice(seed=1000 * seed + 96, name="voice", **voice)(h, mask)
    h = layers.Reshape((-1, bands, 1), name="picture")(h)
    h = _augmented(h, bands, dropout, shift, seed)
    for i, kernels in enumerate(filters, start=1):
        smaller = (2 if i <= halvings else 1, 2)
        h, mask = _convolved(h, mask, i, kernels, smaller, strided, normalize, seed)
    features = h.shape[2] * h.shape[3]
    h = layers.Reshape((-1, features), name="steps")(h)  # (B, T / 2, features)
    h = _recurrent(cell, units, bidirectional, seed)(h, mask=mask)
    if dropout:
        h = layers.Dropout(dropout, seed=1000 * seed + 93, name="dropout")(h)
    return SequenceModel(inputs, h, name="audio_encoder")


def _recurrent(cell, units, bidirectional, seed):
    orthogonal = keras.initializers.Orthogonal(seed=1000 * seed + 92)
    layer = CELLS[cell](
        units, name="recurrent", recurrent_initializer=orthogonal, **_init(seed, 90)
    )
    return layers.Bidirectional(layer, name="recurrent") if bidirectional else layer


def spoken_digit_classifier(bands=40, classes=10, units=32, filters=(8, 16), **options):
    """The audio encoder with one dense layer after it.

    Args:
        bands, units, filters, options: of `audio_encoder`; `seed=` is required.
        classes: K.

    Returns:
        keras.Model: {"sound": (B, T, F), "sound_mask": (B, T)} -> logits (B, K),
        uncompiled. Layers: those of the encoder, and logits.

    >>> model = spoken_digit_classifier(seed=0)
    >>> model.get_layer("steps").output.shape, model.count_params()
    ((None, None, 160), 20202)
    """
    encoder = audio_encoder(bands, units, filters, **options)
    dense = layers.Dense(classes, name="logits", **_init(options["seed"], 0))
    return SequenceModel(encoder.input, dense(encoder.output), name="spoken_digits")


def mean_over_time(bands=40, classes=10, hidden=64, *, seed):
    """The baseline that knows no order: each band's mean over time, two dense layers.

    Args:
        bands: F. classes: K.
        hidden: units of the ReLU layer between.
        seed: int, fixes the initial weights.

    Returns:
        keras.Model: {"sound": (B, T, F), "sound_mask": (B, T)} -> logits (B, K).

    >>> mean_over_time(40, 10, 64, seed=0).count_params()  # 41 · 64 + 65 · 10
    3274
    """
    inputs = _inputs(bands)
    mask = ops.cast(inputs["sound_mask"], "float32")
    counted = ops.maximum(ops.sum(mask, axis=1, keepdims=True), 1.0)  # (B, 1)
    mean = ops.sum(inputs["sound"] * mask[..., None], axis=1) / counted  # (B, F)
    init = _init(seed, 1, "he_normal")
    h = layers.Dense(hidden, activation="relu", name="hidden", **init)(mean)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(h)
    return SequenceModel(inputs, logits, name="mean_over_time")


def _inputs(bands):
    return {
        "sound": keras.Input((None, bands), name="sound"),
        "sound_mask": keras.Input((None,), dtype="bool", name="sound_mask"),
    }


def _convolved(h, mask, i, kernels, smaller, strided, normalize, seed):
    """Convolution i, silent where masked, and how much smaller it makes time and bands.

    Where time is halved, a step counts if the second of its two frames does.
    """
    last = {"data_format": "channels_last"}
    how = {"padding": "same", "use_bias": not normalize} | last
    how |= _init(seed, i, "he_normal")
    strides = smaller if strided else 1
    h = layers.Conv2D(kernels, 3, strides, name=f"conv{i}", **how)(_silenced(h, mask))
    halved = mask[:, 1::2] if smaller[0] == 2 else mask
    mask = halved if strided else mask
    if normalize:
        norm = {"axis": -1, "momentum": 0.9, "name": f"norm{i}"}
        h = layers.BatchNormalization(**norm)(h)
    h = _silenced(layers.ReLU(name=f"relu{i}")(h), mask)
    if not strided:
        h = layers.MaxPooling2D(smaller, name=f"pool{i}", **last)(h)
    return h, halved


def _silenced(h, mask):
    """Zeros where nothing was recorded, (B, T, F, C) and (B, T)."""
    return h * ops.cast(mask, h.dtype)[:, :, None, None]


def _augmented(h, bands, dropout, shift, seed):
    """Bands left out, and all of them moved up or down: in training only."""
    if shift:
        h = layers.RandomTranslation(
            0.0,
            shift,
            fill_mode="nearest",
            interpolation="bilinear",
            data_format="channels_last",
            seed=1000 * seed + 95,
            name="shift",
        )(h)
    if dropout:
        whole = (None, 1, bands, 1)  # one decision for a band of a recording
        h = layers.Dropout(dropout, whole, seed=1000 * seed + 94, name="bands")(h)
    return h
