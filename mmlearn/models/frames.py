"""Classifiers of a video whose frames are vectors: their mean, a GRU, attention."""

import keras
from keras import layers, ops

from mmlearn.models.classifiers import _init
from mmlearn.models.sequence_model import SequenceModel

READS = ("mean", "gru", "attention")


def frame_classifier(input_shape, classes, units=32, *, read, dropout=0.0, seed):
    """Project each frame, bring all frames to one vector, then a linear map.

    h_t = relu(x_t W + b), and with read = "mean": z = Σ_t h_t / T; "gru": z is the last
    state of a GRU over h; "attention": z = Σ_t α_t h_t, α = softmax_t(vᵀ tanh(h_t A)):
    which frames matter is learned, their order is lost.

    Args:
        input_shape: (T, F) of one video.
        classes: K.
        units: U of the projection, of the GRU and of the attention.
        read: "mean", "gru" or "attention".
        dropout: rate on the frames' features and on z, in training.
        seed: int, fixes initial weights and dropout.

    Returns:
        keras.Model: (B, T, F) -> logits (B, K), uncompiled. Layers: project, gru or
        weights (whose output is α, (B, T, 1)), logits.

    Raises:
        ValueError: for a shape that is not (T, F), or an unknown reading.

    Source of "attention": Yang, Yang, Dyer, He, Smola and Hovy (2016), Hierarchical
    attention networks for document classification, NAACL, eqs. 5 to 7.

    >>> frame_classifier((25, 4096), 8, 32, read="attention", seed=0).count_params()
    132424
    """
    sizes = tuple(input_shape)
    if len(sizes) != 2 or not all(isinstance(s, int) and s > 0 for s in sizes):
        raise ValueError(
            f"frame_classifier: input_shape is {sizes}; expected (T, F), the frames of "
            "a video and the features of one, like (25, 4096)"
        )
    if read not in READS:
        raise ValueError(f"frame_classifier: read is {read!r}; expected {READS}")
    x = keras.Input(sizes, name="frames")
    h = layers.Dropout(dropout, seed=1000 * seed + 90, name="hide_features")(x)
    h = layers.Dense(units, "relu", name="project", **_init(seed, 1, "he_normal"))(h)
    z = _READ[read](h, units, seed)
    z = layers.Dropout(dropout, seed=1000 * seed + 91, name="hide")(z)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(z)
    return SequenceModel(x, logits, name=f"{read}_of_frames")


def _mean(h, units, seed):
    return layers.GlobalAveragePooling1D(name="mean", data_format="channels_last")(h)


def _gru(h, units, seed):
    orthogonal = keras.initializers.Orthogonal(seed=1000 * seed + 3)
    how = {"recurrent_initializer": orthogonal, **_init(seed, 2)}
    return layers.GRU(units, name="gru", **how)(h)


def _attention(h, units, seed):
    told = layers.Dense(units, "tanh", use_bias=False, name="told", **_init(seed, 2))(h)
    score = layers.Dense(1, use_bias=False, name="score", **_init(seed, 3))(told)
    weights = layers.Softmax(axis=1, name="weights")(score)  # (B, T, 1)
    return ops.sum(weights * h, axis=1)  # (B, U)


_READ = {"mean": _mean, "gru": _gru, "attention": _attention}
