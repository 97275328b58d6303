"""How large the five classifiers of clips are, and how to make them equally large."""

from mmlearn.models.video import (
    FILTERS,
    attention_over_time,
    cnn_gru,
    conv2plus1d,
    conv3d,
    frame_average,
    middle_channels,
)

VIDEO = {
    "frame_average": frame_average,
    "cnn_gru": cnn_gru,
    "conv3d": conv3d,
    "conv2plus1d": conv2plus1d,
    "attention_over_time": attention_over_time,
}
TAPS, HEADS = 3, 2


def video_model(name, input_shape, classes, units, filters=FILTERS, *, seed):
    """The classifier of that name: "frame_average", "cnn_gru", "conv3d", "conv2plus1d"
    or "attention_over_time".

    Args:
        input_shape, classes, units, filters, seed: as of `models.frame_average`.

    Returns:
        keras.Model: (B, T, H, W, C) -> logits (B, K), uncompiled.

    Raises:
        ValueError: for another name.
    """
    return VIDEO[_known(name)](input_shape, classes, units, filters, seed=seed)


def video_parameters(name, input_shape, classes, units, filters=FILTERS):
    """How many weights and biases the classifier learns.

    >>> video_parameters("conv3d", (16, 12, 12, 1), 12, 15)
    6063
    """
    stages, rows = _stages(input_shape, filters)
    total = 0
    for _, channels, kernels in stages:
        if name == "conv2plus1d":
            width = middle_channels(channels, kernels, TAPS)
            total += (9 * channels + 1) * width + (TAPS * width + 1) * kernels
        else:
            taps = TAPS if name == "conv3d" else 1
            total += (taps * 9 * channels + 1) * kernels
    total += (rows + 1) * units + (units + 1) * classes
    # the GRU has two biases; the block four maps, an MLP of 2 U, and two norms
    gru, block = 6 * units * (units + 1), 8 * units**2 + 11 * units
    return total + {"cnn_gru": gru, "attention_over_time": block}.get(_known(name), 0)


def multiply_adds(name, input_shape, classes, units, filters=FILTERS):
    """Products that are added up for one clip; biases, ReLUs and means not counted.

    Args:
        name, input_shape, classes, units, filters: as of `video_model`.

    Returns:
        int. The formulas stand in the models' docstrings.

    >>> multiply_adds("frame_average", (16, 12, 12, 1), 12, 30)
    276840
    """
    frames = input_shape[0]
    stages, rows = _stages(input_shape, filters)
    frame = rows * units
    for places, channels, kernels in stages:
        if name == "conv2plus1d":
            middle = middle_channels(channels, kernels, TAPS)
            frame += places * middle * (9 * channels + TAPS * kernels)
        else:
            frame += places * 9 * channels * kernels * (TAPS if name == "conv3d" else 1)
    frame += {
        "cnn_gru": 6 * units**2,
        "attention_over_time": 8 * units**2 + 2 * frames * units,
    }.get(_known(name), 0)
    return frames * frame + units * classes


def video_units(name, input_shape, classes, parameters, filters=FILTERS):
    """Units with which the classifier comes nearest to a number of parameters.

    Args:
        name, input_shape, classes, filters: as of `video_model`.
        parameters: the number wanted.

    Returns:
        int, at least 1; of attention a multiple of its heads.

    >>> [video_units(name, (16, 12, 12, 1), 12, 6000) for name in VIDEO]
    [30, 18, 15, 15, 16]
    """
    step = HEADS if name == "attention_over_time" else 1
    sizes = range(step, 513, step)
    shape = input_shape, classes
    return min(
        sizes,
        key=lambda u: abs(video_parameters(name, *shape, u, filters) - parameters),
    )


def _stages(input_shape, filters):
    """Of each convolution (places, C in, C out); how many numbers leave the last."""
    _, height, width, channels = input_shape
    stages = []
    for kernels in filters:
        height, width = -(-height // 2), -(-width // 2)
        stages.append((height * width, channels, kernels))
        channels = kernels
    return stages, height * width * channels


def _known(name):
    if name not in VIDEO:
        raise ValueError(f"video: name is {name!r}; expected one of {', '.join(VIDEO)}")
    return name
