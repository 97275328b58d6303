"""What looks, listens, reads and relates in the storyboard: encoders and the whole.

The parts are this package's own: `image_encoder` on each frame, `audio_encoder`,
`text_encoder`; what is new here is a GRU over the frames and messages in a small graph.
"""

import keras
from keras import layers, ops

from mmlearn.models.audio import audio_encoder
from mmlearn.models.classifiers import _init
from mmlearn.models.encoders import dense_head, image_encoder
from mmlearn.models.fusions import fusion_layer
from mmlearn.models.multimodal import MultimodalModel
from mmlearn.models.sequence_model import SequenceModel
from mmlearn.models.text import text_encoder

HEADS = {  # task -> outputs: logits, or the score
    **{"action": 6, "anomaly": 2, "class": 10},
    **{"next": 3, "scene": 4, "sentiment": 1},
}
NAMES = ("graph", "sound", "text", "video")
VOCABULARY = 33  # word numbers: of the captions, padding and unknown
KINDS, RELATIONS, NODES = 7, 9, 5  # features of a node, types of edges, nodes


def storyboard_encoders(
    modalities=NAMES,
    units=48,
    *,
    size=32,
    frames=12,
    bands=32,
    vocabulary=VOCABULARY,
    cell="gru",
    frame=None,
    seed,
):
    """An encoder for each modality, for what `recipes.storyboard.inputs` gives.

    Args:
        modalities: names of those wanted.
        units: U of every encoder's vector, even.
        size: H = W of the frames, px. frames: T. bands: F of the log-mel frames.
        vocabulary: word numbers, 0 is padding. cell: of `text_encoder`.
        frame: model of one frame (B, H, W, 3) -> (B, F), perhaps trained already; None:
            a new `image_encoder`.
        seed: int, fixes the initial weights.

    Returns:
        dict, name -> keras.Model to (B, U): "graph" from (B, N, F + R N), "sound" from
        (B, T, F) and its mask, "text" from (B, L) and its mask, "video" from
        (B, T, H, W, 3), 0 to 1.

    Raises:
        ValueError: for a modality that there is not.

    >>> encoders = storyboard_encoders(["sound", "text"], 8, seed=0)
    >>> {name: model.output_shape for name, model in encoders.items()}
    {'sound': (None, 8), 'text': (None, 8)}
    """
    unknown = sorted(set(modalities) - set(NAMES))
    if unknown or isinstance(modalities, str):
        raise ValueError(
            f"storyboard_encoders: modalities are {modalities!r}; expected some of "
            f"{', '.join(NAMES)}"
        )
    make = {
        "graph": lambda: graph_encoder(units, seed=4 * seed),
        "sound": lambda: _sound(bands, units, 4 * seed + 1),
        "text": lambda: _text(vocabulary, units, cell, 4 * seed + 2),
        "video": lambda: video_encoder(
            frame or frame_encoder(size, seed=4 * seed + 3),
            units,
            frames=frames,
            seed=4 * seed + 3,
        ),
    }
    return {name: make[name]() for name in sorted(modalities)}


def storyboard_model(
    tasks=None,
    modalities=NAMES,
    fusion="deep",
    units=64,
    *,
    encoders=None,
    hidden=None,
    modality_dropout=0.0,
    seed,
    **options,
):
    """Encoders, a fusion, and a head for each task: the storyboard's whole model.

    Args:
        tasks: names in `HEADS`; None: all six.
        modalities: those it looks at, one or more.
        fusion: name for `fusion_layer`, one with units. units: its U.
        encoders: dict, name -> layer or None; None: `storyboard_encoders`.
        hidden: units of a ReLU layer in each head, or task -> units; None: linear.
        modality_dropout: as of `MultimodalModel`.
        seed: int, fixes initial weights and dropout.
        options: of `storyboard_encoders`.

    Returns:
        MultimodalModel, uncompiled: dict of arrays -> dict task -> (B, K) logits, of
        "sentiment" (B, 1), the score.

    Raises:
        ValueError: for a task, modality or fusion that there is not.

    >>> model = storyboard_model(["class"], ["text"], "concatenate", 8, seed=0)
    >>> model({"text": ops.zeros((2, 9), "int32")})["class"].shape == (2, 10)
    True
    """
    tasks = sorted(HEADS) if tasks is None else tasks
    unknown = sorted(set(tasks) - set(HEADS))
    if unknown or isinstance(tasks, str):
        raise ValueError(
            f"storyboard_model: tasks are {tasks!r}; expected some of "
            f"{', '.join(HEADS)}"
        )
    if encoders is None:
        encoders = storyboard_encoders(modalities, seed=seed, **options)
    hidden = hidden if isinstance(hidden, dict) else dict.fromkeys(HEADS, hidden)
    init = keras.initializers.GlorotUniform(seed=1000 * seed + 400)
    how = {"activation": "relu"} if fusion == "deep" else {}
    joined = fusion_layer(fusion, units, kernel_initializer=init, name="fusion", **how)
    heads = {
        task: dense_head(HEADS[task], hidden.get(task), seed=7 * seed + k, name=task)
        for k, task in enumerate(sorted(HEADS))
        if task in tasks
    }
    return MultimodalModel(
        encoders,
        joined,
        heads,
        modality_dropout=modality_dropout,
        seed=seed,
        name="storyboard",
    )


def frame_encoder(size=32, units=64, filters=(16, 32, 48), *, normalize=False, seed):
    """One frame to a vector: `image_encoder`, which keeps what is where.

    Args:
        size: H = W, px. units: U. filters: kernels of each convolution.
        normalize: batch norm between each convolution and its ReLU. seed: int.

    Returns:
        keras.Model: (B, H, W, 3) from 0 to 1 -> (B, U).
    """
    how = {"normalize": normalize, "seed": seed}
    return image_encoder((size, size, 3), units, filters, **how)


def video_encoder(frame, units=48, *, frames=12, order=None, seed=0):
    """Frames to a vector: each by itself, then `over_time`.

    Args:
        frame: model of one frame, (B, H, W, C) -> (B, F).
        units: U. frames: T.
        order: model (B, T, F) -> (B, U), perhaps trained; None: a new `over_time`.
        seed: int, fixes the initial weights of a new one.

    Returns:
        keras.Model: (B, T, H, W, C) -> (B, U). Layers: the frame's, over_time.

    >>> frame = frame_encoder(8, 6, (4,), seed=0)
    >>> video_encoder(frame, 5, frames=3, seed=0).output_shape
    (None, 5)
    """
    picture, width = frame.input_shape[1:], frame.output_shape[-1]
    if order is None:
        order = over_time(width, units, frames=frames, seed=seed)
    x = keras.Input((frames, *picture), name="video")
    h = frame(ops.reshape(x, (-1, *picture)))  # (B T, F)
    h = ops.reshape(h, (-1, frames, width))  # (B, T, F)
    return keras.Model(x, order(h), name="video_encoder")


def over_time(features, units=48, *, frames=12, both_ways=False, seed):
    """Features of frames to a vector: a GRU's last state beside their mean.

    z = relu([GRU(h) ‖ Σ_t h_t / T] W + b): the order of things, and what stays.

    Args:
        features: F. units: U. frames: T. seed: int, fixes the initial weights.
        both_ways: a second GRU reads from the end, half of the units each: what was
            seen first is then as near as what was seen last.

    Returns:
        keras.Model: (B, T, F) -> (B, U). Layers: gru, features.
    """
    x = keras.Input((frames, features), name="steps")
    orthogonal = keras.initializers.Orthogonal(seed=1000 * seed + 3)
    how = {"recurrent_initializer": orthogonal, **_init(seed, 2)}
    gru = layers.GRU(units // 2 if both_ways else units, name="gru", **how)
    order = (layers.Bidirectional(gru, name="gru") if both_ways else gru)(x)
    h = ops.concatenate([order, ops.mean(x, axis=1)], axis=-1)
    relu = _init(seed, 80, "he_normal")
    h = layers.Dense(units, "relu", name="features", **relu)(h)
    return SequenceModel(x, h, name="over_time")


def graph_encoder(units=48, *, rounds=1, seed):
    """A small scene graph to a vector: messages along typed edges, a sum over nodes.

    h_i' = relu(h_i W_0 + Σ_r Σ_{j: i → j} h_j W_r + b): each node hears, type by type,
    what its edges point to; then z = Σ_i h_i. Relabelled nodes give the same vector.

    Args:
        units: U. rounds: of messages. seed: int, fixes the initial weights.

    Returns:
        keras.Model: (B, N, F + R N), features and the edges out, by type -> (B, U).

    Source: the relational convolution of Schlichtkrull et al. (2018), with sums.

    >>> graph_encoder(8, seed=0).count_params()  # (7 + 9 · 7 + 1) · 8
    568
    """
    x = keras.Input((NODES, KINDS + RELATIONS * NODES), name="graph")
    h, edges = x[..., :KINDS], x[..., KINDS:]
    edges = ops.reshape(edges, (-1, NODES * RELATIONS, NODES))  # (B, N R, N)
    for k in range(1, rounds + 1):
        heard = ops.matmul(edges, h)  # (B, N R, F)
        heard = ops.reshape(heard, (-1, NODES, RELATIONS * h.shape[-1]))
        h = ops.concatenate([h, heard], axis=-1)
        relu = _init(seed, k, "he_normal")
        h = layers.Dense(units, "relu", name=f"messages{k}", **relu)(h)
    return keras.Model(x, ops.sum(h, axis=1), name="graph_encoder")


def _sound(bands, units, seed):
    """`audio_encoder` from both ends, half of the units each."""
    half = max(units // 2, 1)
    return audio_encoder(bands, half, (8, 16), bidirectional=True, seed=seed)


def _text(vocabulary, units, cell, seed):
    """`text_encoder` with the mask as an input: words outside it are padding."""
    ids = keras.Input((None,), dtype="int32", name="text")
    mask = keras.Input((None,), dtype="bool", name="text_mask")
    encoder = text_encoder(vocabulary, cell=cell, units=units, seed=seed)
    h = encoder(ops.where(mask, ids, 0))
    return SequenceModel({"text": ids, "text_mask": mask}, h, name="text_encoder")
