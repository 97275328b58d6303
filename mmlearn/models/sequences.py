"""Classifiers of sequences: a recurrent layer, or convolutions along time."""

import keras
from keras import layers

from mmlearn.models.sequence_model import SequenceModel

CELLS = {"simple_rnn": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}


def recurrent_classifier(
    input_shape,
    classes,
    units,
    *,
    cell="simple_rnn",
    bidirectional=False,
    read="all",
    seed,
):
    """A recurrent layer over T steps; its states, or the last one, to the classes.

    Args:
        input_shape: (T, F) of one sequence.
        classes: K.
        units: U of the recurrent layer, in each direction.
        cell: "simple_rnn", "gru" or "lstm".
        bidirectional: whether a second layer reads from the end to the beginning.
        read: "all": the states of all steps in a row, (B, T · U); "last": the last.
        seed: int, fixes the initial weights (recurrent kernels orthogonal).

    Returns:
        keras.Model: (B, T, F) -> logits (B, K), uncompiled. Layers: recurrent, logits.

    Raises:
        ValueError: for a shape that is not (T, F), an unknown cell or reading.

    >>> model = recurrent_classifier((40, 1), 10, 12, seed=0)
    >>> model.count_params()  # 12 + 144 + 12, and 40 · 12 · 10 + 10
    4978
    """
    x = _sequence("recurrent_classifier", input_shape)
    if cell not in CELLS:
        raise ValueError(
            f"recurrent_classifier: cell is {cell!r}; expected {', '.join(CELLS)}"
        )
    if read not in ("all", "last"):
        raise ValueError(
            f"recurrent_classifier: read is {read!r}; expected 'all' or 'last'"
        )
    layer = CELLS[cell](
        units,
        return_sequences=read == "all",
        kernel_initializer=_glorot(seed, 1),
        recurrent_initializer=keras.initializers.Orthogonal(seed=1000 * seed + 2),
        name="recurrent",
    )
    h = layers.Bidirectional(layer, name="recurrent")(x) if bidirectional else layer(x)
    if read == "all":
        h = layers.Flatten(name="states")(h)  # (B, T U)
    logits = layers.Dense(classes, kernel_initializer=_glorot(seed, 0), name="logits")
    return SequenceModel(x, logits(h), name=f"{cell}_classifier")


def conv1d_classifier(
    input_shape, classes, channels=25, kernel_sizes=(5, 3, 3), *, seed
):
    """Convolutions of stride 2 with a ReLU each, then all that is left to the classes.

    With its defaults the network of the MNIST-1D paper: 5,210 parameters on (40, 1).

    Args:
        input_shape: (T, F) of one sequence.
        classes: K.
        channels: U of every convolution.
        kernel_sizes: taps of each; one zero is put at either end before it.
        seed: int, fixes the initial weights.

    Returns:
        keras.Model: (B, T, F) -> logits (B, K), uncompiled. Layers: pad1, conv1, …,
        flatten, logits.

    >>> conv1d_classifier((40, 1), 10, seed=0).count_params()
    5210

    Source: S. Greydanus, D. Kobak, *Scaling down deep learning with MNIST-1D*, ICML
    2024.
    """
    x = _sequence("conv1d_classifier", input_shape)
    h = x
    for i, taps in enumerate(kernel_sizes, start=1):
        h = layers.ZeroPadding1D(1, name=f"pad{i}", data_format="channels_last")(h)
        h = layers.Conv1D(
            channels,
            taps,
            strides=2,
            activation="relu",
            data_format="channels_last",
            kernel_initializer=keras.initializers.HeNormal(seed=1000 * seed + i),
            name=f"conv{i}",
        )(h)
    h = layers.Flatten(name="flatten")(h)
    logits = layers.Dense(classes, kernel_initializer=_glorot(seed, 0), name="logits")
    return SequenceModel(x, logits(h), name="conv1d_classifier")


def _sequence(where, input_shape):
    sizes = tuple(input_shape)
    if len(sizes) != 2 or not all(isinstance(s, int) and s > 0 for s in sizes):
        raise ValueError(
            f"{where}: input_shape is {sizes}; expected (T, F), the steps and the "
            "features of one sequence, like (40, 1)"
        )
    return keras.Input(sizes, name="sequence")


def _glorot(seed, layer):
    return keras.initializers.GlorotUniform(seed=1000 * seed + layer)
