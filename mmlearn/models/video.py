"""Five classifiers of clips that differ in one thing: how they join the frames.

All see a frame through the same two convolutions and a dense layer, and end in the same
linear map. `video_size` counts their parameters and multiply-adds, and matches them.
"""

import keras
from keras import layers, ops

from mmlearn.layers.conv3d import StackedConv3D
from mmlearn.layers.position import SinusoidalPositions
from mmlearn.models.classifiers import _image, _init
from mmlearn.models.sequence_model import SequenceModel
from mmlearn.models.transformer import transformer_block

FILTERS = (8, 16)  # kernels of the two convolutions, each of which halves H and W
LAST = {"data_format": "channels_last"}


def frame_average(input_shape, classes, units=32, filters=FILTERS, *, seed):
    """Look at each frame by itself, and take the mean: z = Σ_t h_t / T.

    The order of the frames is lost. Multiply-adds: T (frame) + U K, where frame =
    Σ_i H_i W_i · 9 C_i C_{i+1} + H₂ W₂ C₂ U, H_i = ⌈H_{i−1} / 2⌉.

    Args:
        input_shape: (T, H, W, C) of a clip.
        classes: K.
        units: U of the dense layer after the convolutions.
        filters: kernels of the two convolutions, 3×3, strides 2, ReLU.
        seed: int, fixes the initial weights.

    Returns:
        keras.Model: (B, T, H, W, C) -> logits (B, K), uncompiled. Layers: conv1, conv2,
        flatten, project, mean, logits.

    Raises:
        ValueError: for a shape that is not one of clips.

    >>> frame_average((16, 12, 12, 1), 12, 30, seed=0).count_params()
    5970
    """
    x, h = _frames("frame_average", input_shape, classes, units, filters, seed)
    return _ended(x, _mean(h), classes, "frame_average", seed)


def cnn_gru(input_shape, classes, units=32, filters=FILTERS, *, seed):
    """Look at each frame by itself; a GRU reads them in order: z = its last state.

    A frame's convolutions may run when the frame comes, and the state is all that is
    kept of the past. Multiply-adds: those of `frame_average` + T · 6 U².

    Args:
        input_shape, classes, filters, seed: as of `frame_average`.
        units: U of the dense layer and of the GRU.

    Returns:
        keras.Model, as of `frame_average`; layers: gru instead of mean.

    >>> cnn_gru((16, 12, 12, 1), 12, 18, seed=0).count_params()
    6138
    """
    x, h = _frames("cnn_gru", input_shape, classes, units, filters, seed)
    orthogonal = keras.initializers.Orthogonal(seed=1000 * seed + 4)
    how = {"recurrent_initializer": orthogonal, **_init(seed, 5)}
    z = layers.GRU(units, name="gru", **how)(h)
    return _ended(x, z, classes, "cnn_gru", seed)


def attention_over_time(
    input_shape, classes, units=32, filters=FILTERS, *, positions=True, heads=2, seed
):
    """Look at each frame by itself; every frame reads every other; then the mean.

    One transformer block, an MLP of 2 U units in it. Multiply-adds: those of
    `frame_average` + T · 8 U² + 2 T² U.

    Args:
        input_shape, classes, filters, seed: as of `frame_average`.
        units: U, a multiple of heads.
        positions: whether each frame is told its number; without them order is unseen.
        heads: of the attention.

    Returns:
        keras.Model, as of `frame_average`; layers: positions, and those of
        `transformer_block`, before mean.

    >>> attention_over_time((16, 12, 12, 1), 12, 16, seed=0).count_params()
    5996
    """
    x, h = _frames("attention_over_time", input_shape, classes, units, filters, seed)
    if positions:
        h = SinusoidalPositions(name="positions")(h)
    h = transformer_block(h, heads=heads, hidden=2 * units, seed=seed)
    return _ended(x, _mean(h), classes, "attention_over_time", seed)


def conv3d(input_shape, classes, units=32, filters=FILTERS, *, taps=3, seed):
    """`frame_average` with kernels that see several frames at once: 3×3×3 each.

    What lies further apart than 2 (taps − 1) + 1 frames never meets: the mean over time
    forgets in which order such windows came. Multiply-adds: those of `frame_average`,
    the convolutions' times `taps`.

    Args:
        input_shape, classes, units, filters, seed: as of `frame_average`.
        taps: frames that each kernel sees.

    Returns:
        keras.Model, as of `frame_average`; frames keep their number (padding "same").

    Source: D. Tran et al. (2015), Learning spatiotemporal features with 3D
    convolutional networks, ICCV.

    >>> conv3d((16, 12, 12, 1), 12, 15, seed=0).count_params()
    6063
    """
    x = h = _clip("conv3d", input_shape, classes)
    for i, kernels in enumerate(filters, start=1):
        h = _conv3d(kernels, (taps, 3, 3), f"conv{i}", seed, i)(h)
    z = _mean(_projected(h, units, seed))
    return _ended(x, z, classes, "conv3d", seed)


def conv2plus1d(input_shape, classes, units=32, filters=FILTERS, *, taps=3, seed):
    """`conv3d` with each kernel in two: first in space, 1×3×3, then in time, 3×1×1.

    Between them are a ReLU and `middle_channels` maps, so that both together have as
    many parameters as the kernel in one piece. Multiply-adds, with M_i of those:
    T (Σ_i H_i W_i (9 C_i M_i + taps M_i C_{i+1}) + H₂ W₂ C₂ U) + U K.

    Args:
        input_shape, classes, units, filters, taps, seed: as of `conv3d`.

    Returns:
        keras.Model, as of `conv3d`; layers: space1, time1, space2, time2, ….

    Source: D. Tran et al. (2018), A closer look at spatiotemporal convolutions for
    action recognition, CVPR, section 3.5.

    >>> conv2plus1d((16, 12, 12, 1), 12, 15, seed=0).count_params()
    5983
    """
    x = h = _clip("conv2plus1d", input_shape, classes)
    for i, kernels in enumerate(filters, start=1):
        middle = middle_channels(h.shape[-1], kernels, taps)
        h = _conv3d(middle, (1, 3, 3), f"space{i}", seed, 10 * i)(h)
        h = _conv3d(kernels, (taps, 1, 1), f"time{i}", seed, 10 * i + 1)(h)
    z = _mean(_projected(h, units, seed))
    return _ended(x, z, classes, "conv2plus1d", seed)


def middle_channels(channels, units, taps=3, side=3):
    """Maps between the two halves: M = ⌊t d² C U / (d² C + t U)⌋, at least 1.

    So M (d² C + t U), the two kernels' weights, is at most t d² C U, the 3-D kernel's,
    and as near as whole numbers allow.

    >>> middle_channels(64, 64)
    144
    """
    whole = taps * side**2 * channels * units
    return max(1, whole // (side**2 * channels + taps * units))


def _clip(where, input_shape, classes):
    sizes = tuple(input_shape)
    if len(sizes) != 4:
        raise ValueError(
            f"{where}: input_shape is {sizes}; expected (T, H, W, C) of a clip, like "
            "(16, 12, 12, 1)"
        )
    return _image(where, sizes, classes)


def _frames(where, input_shape, classes, units, filters, seed):
    """The input, and (B, T, U), each frame a vector: frames are pictures of a batch."""
    x = _clip(where, input_shape, classes)
    frames, *picture = x.shape[1:]
    h = ops.reshape(x, (-1, *picture))  # (B T, H, W, C)
    for i, kernels in enumerate(filters, start=1):
        how = {"strides": 2, "padding": "same", "activation": "relu", **LAST}
        init = _init(seed, i, "he_normal")
        h = layers.Conv2D(kernels, 3, name=f"conv{i}", **how, **init)(h)
    h = layers.Flatten(name="flatten")(h)
    h = layers.Dense(units, "relu", name="project", **_init(seed, 3, "he_normal"))(h)
    return x, ops.reshape(h, (-1, frames, units))


def _conv3d(kernels, size, name, seed, layer):
    """A convolution in time and space that halves H and W where it looks at space."""
    step = 2 if size[1] > 1 else 1
    how = {"strides": (1, step, step), "padding": "same", "activation": "relu", **LAST}
    init = _init(seed, layer, "he_normal")
    return StackedConv3D(kernels, size, name=name, **how, **init)


def _projected(h, units, seed):
    """(B, T, H, W, C) -> (B, T, U), frame by frame."""
    h = layers.Reshape((h.shape[1], -1), name="flatten")(h)
    return layers.Dense(units, "relu", name="project", **_init(seed, 3, "he_normal"))(h)


def _mean(h):
    return layers.GlobalAveragePooling1D(name="mean", data_format="channels_last")(h)


def _ended(x, z, classes, name, seed):
    logits = layers.Dense(classes, name="logits", **_init(seed, 0))(z)
    return SequenceModel(x, logits, name=name)
