"""Classifiers of moving bodies: over the body's graph and time, and its flat baseline.

Both are shown the same: how far each joint is from its own mean place, where it lies
from its neighbour towards the body's centre (a bone), and how far it moved since the
frame before. Bodies are scaled before (`mmlearn.preprocess.skeletons.batch`).
"""

import keras
import numpy as np
from keras import layers, ops

from mmlearn.layers.graph import SpatialGraphConv
from mmlearn.layers.skeletons import RandomBody
from mmlearn.models.classifiers import _init
from mmlearn.models.sequence_model import SequenceModel

CELLS = {"gru": layers.GRU, "lstm": layers.LSTM, "simple_rnn": layers.SimpleRNN}


def skeleton_network(
    frames,
    joints,
    features,
    classes,
    edge_index,
    edge_type,
    *,
    units=(32, 64, 64),
    strides=(1, 2, 2),
    kernel_size=5,
    read="mean",
    dropout=0.0,
    jitter=None,
    seed,
):
    """Blocks of a graph convolution over the body and a convolution over time.

    Each block adds its input to what it makes of it, and may halve the frames. The mean
    over all that are left goes to the classes.

    Args:
        frames: T. joints: N. features: D, coordinates of a joint. classes: K.
        edge_index, edge_type: of `preprocess.skeletons.skeleton_edges`.
        units: U of each block. strides: of each, in frames; as many as blocks, or more.
        kernel_size: frames that the convolution over time sees, odd.
        read: "mean": over joints too, so that only bones and messages tell which joint
            it was; "joints": each joint by itself, side by side.
        dropout: rate, in every block, and of what is read.
        jitter: arguments of `layers.RandomBody`, while training; None: none.
        seed: int, fixes initial weights, dropout and jitter.

    Returns:
        keras.Model: (B, T, N, D) -> logits (B, K), uncompiled. Layers: described,
        spatial1, temporal1, block1, spatial2, …, pooled, logits.

    Source: S. Yan, Y. Xiong, D. Lin, *Spatial temporal graph convolutional networks for
    skeleton-based action recognition*, AAAI 2018; narrower and with fewer blocks.

    >>> edges, types = [[0, 1, 0, 1], [0, 1, 1, 0]], [0, 0, 1, 2]
    >>> skeleton_network(32, 2, 3, 6, edges, types, seed=0).output_shape
    (None, 6)
    """
    if read not in ("mean", "joints"):
        raise ValueError(
            f"skeleton_network: read is {read!r}; expected 'mean' or 'joints'"
        )
    if len(strides) < len(units):
        told = f"strides are {tuple(strides)}; expected one for each of {tuple(units)}"
        raise ValueError(f"skeleton_network: {told}")
    graph = edge_index, edge_type
    x = keras.Input((frames, joints, features), name="body")
    h = _described(x, graph, jitter, seed)
    for i, (width, stride) in enumerate(zip(units, strides, strict=False), start=1):
        h = _block(h, i, width, graph, kernel_size, stride, dropout, seed)
    if read == "joints":
        h = ops.mean(h, axis=1)  # (B, N, U)
        h = layers.Flatten(name="pooled")(h)
    else:
        pool = layers.GlobalAveragePooling2D
        h = pool(name="pooled", data_format="channels_last")(h)
    if dropout:
        h = layers.Dropout(dropout, seed=1000 * seed + 99, name="drop")(h)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(h)
    return keras.Model(x, logits, name="skeleton_network")


def flat_rnn(
    frames,
    joints,
    features,
    classes,
    edge_index,
    edge_type,
    units,
    *,
    cell="gru",
    dropout=0.0,
    jitter=None,
    seed,
):
    """The baseline that knows no body: all joints of a frame in a row, a recurrence.

    Args:
        frames, joints, features, classes, edge_index, edge_type, dropout, jitter: as
            for `skeleton_network`; the edges only say which bones are shown.
        units: U; `flat_units` finds how many give a wanted number of parameters.
        cell: "gru", "lstm" or "simple_rnn".
        seed: int, fixes initial weights, dropout and jitter.

    Returns:
        keras.Model: (B, T, N, D) -> logits (B, K), uncompiled. Layers: described, flat,
        recurrent (its mean over time), logits.

    >>> edges, types = [[0, 1, 0, 1], [0, 1, 1, 0]], [0, 0, 1, 2]
    >>> flat_rnn(32, 2, 3, 6, edges, types, 16, seed=0).get_layer("flat").output.shape
    (None, 32, 18)
    """
    if cell not in CELLS:
        raise ValueError(f"flat_rnn: cell is {cell!r}; expected {', '.join(CELLS)}")
    x = keras.Input((frames, joints, features), name="body")
    h = _described(x, (edge_index, edge_type), jitter, seed)
    h = layers.Reshape((frames, joints * h.shape[-1]), name="flat")(h)  # (B, T, N F)
    orthogonal = keras.initializers.Orthogonal(seed=1000 * seed + 92)
    how = {"return_sequences": True, "recurrent_initializer": orthogonal}
    h = CELLS[cell](units, name="recurrent", **how, **_init(seed, 91))(h)
    h = layers.GlobalAveragePooling1D(name="pooled", data_format="channels_last")(h)
    if dropout:
        h = layers.Dropout(dropout, seed=1000 * seed + 93, name="dropout")(h)
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(h)
    return SequenceModel(x, logits, name=f"flat_{cell}")


def flat_units(joints, features, classes, parameters):
    """Units of the GRU in the `flat_rnn` nearest to a number of parameters.

    Args:
        joints: N. features: D. classes: K.
        parameters: of the other network, `count_params()`.

    Returns:
        int, 1 or more.

    >>> edges, types = [[0, 1, 0, 1], [0, 1, 1, 0]], [0, 0, 1, 2]
    >>> model = flat_rnn(32, 2, 3, 6, edges, types, 16, seed=0)
    >>> flat_units(2, 3, 6, model.count_params())
    16
    """
    shown = 3 * features
    # 3 gates of (N F + U) U weights and 2 U offsets, U K + K, 4 F of the batch norm.
    u = np.arange(1, 4096)
    counts = 3 * u * (joints * shown + u + 2) + (u + 1) * classes + 4 * shown
    return int(u[np.abs(counts - parameters).argmin()])


def _described(x, graph, jitter, seed):
    """Places, bones and velocities, each coordinate of one scale: (B, T, N, 3 D)."""
    (source, target), kind = np.asarray(graph[0]), np.asarray(graph[1])
    inner = np.arange(x.shape[2])
    inner[target[kind == 1]] = source[kind == 1]  # the neighbour towards the centre
    if jitter:
        x = RandomBody(**jitter, seed=1000 * seed + 95, name="jitter")(x)
    bone = x - ops.take(x, inner.tolist(), axis=2)
    still = ops.zeros_like(x[:, :1])
    velocity = ops.concatenate([still, x[:, 1:] - x[:, :-1]], axis=1)
    place = x - ops.mean(x, axis=1, keepdims=True)  # a stranger's hips are elsewhere
    h = layers.Concatenate(name="motion")([place, bone, velocity])
    # One scale for all joints: with one for each, those that hardly move would be made
    # as large as the hands, and with them what differs between people.
    return layers.BatchNormalization(momentum=0.9, axis=-1, name="described")(h)


def _block(h, i, units, graph, kernel_size, stride, dropout, seed):
    """Over the body, then over time, plus what came in: (B, T / stride, N, U)."""
    norm = {"momentum": 0.9, "axis": -1}
    last = {"data_format": "channels_last", "padding": "same"}
    was = h
    init = _init(seed, 10 * i, "he_normal")
    h = SpatialGraphConv(units, *graph, use_bias=False, name=f"spatial{i}", **init)(h)
    h = layers.BatchNormalization(name=f"norm{i}a", **norm)(h)
    h = layers.ReLU(name=f"relu{i}")(h)
    how = {"strides": (stride, 1), "use_bias": False} | last
    init = _init(seed, 10 * i + 5, "he_normal")
    h = layers.Conv2D(units, (kernel_size, 1), name=f"temporal{i}", **how, **init)(h)
    h = layers.BatchNormalization(name=f"norm{i}b", **norm)(h)
    if dropout:
        h = layers.Dropout(dropout, seed=1000 * seed + 10 * i + 6, name=f"drop{i}")(h)
    if stride > 1 or was.shape[-1] != units:
        init = _init(seed, 10 * i + 7)
        was = layers.Conv2D(units, 1, name=f"shortcut{i}", **how, **init)(was)
    h = layers.Add(name=f"sum{i}")([h, was])
    return layers.ReLU(name=f"block{i}")(h)
