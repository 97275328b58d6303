"""Which pixels move a logit: by its gradient (saliency), and by covering them."""

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.explain.answers import (
    expect_backend,
    expect_floats,
    expect_labels,
    head_of,
    logits_of,
)

_ROWS = 256  # images in one call of the model while covering


def saliency(model, x, labels, *, task=None):
    """How strongly each input value moves the logit of a class: S = |∂z_label / ∂x|.

    Args:
        model: a Keras model, x -> logits (B, K); it is called as at inference.
        x: (B, …) floats, or a dict of arrays, modality to values; masks, ids and what
            else is no float may stand beside them.
        labels: (B,) the class to explain of each sample: the predicted or the true one.
        task: which head, of a model that returns a dict of logits.

    Returns:
        float array of x's shape (of a dict: a dict of its floats), 0 or above.

    Raises:
        ShapeError: for other shapes. ValueError: for labels that are no classes, or
        inputs that are no floats. NotImplementedError: on another Keras backend.

    Source: Simonyan, Vedaldi, Zisserman (2014), Deep inside convolutional networks,
    arXiv:1312.6034, section 3 (they keep the largest over the channels).
    """
    import keras

    gradient = {"tensorflow": _gradient_tensorflow, "jax": _gradient_jax}
    backend = expect_backend("saliency")
    x = expect_floats("saliency", x)
    labels = expect_labels("saliency", model, x, labels, task)
    floats, rest = _parted(x)
    slopes = gradient[backend](model, floats, rest, labels, task)
    return keras.tree.map_structure(
        lambda slope: np.abs(keras.ops.convert_to_numpy(slope)), slopes
    )


def _parted(x):
    """What has a gradient, and what stands beside it."""
    if not isinstance(x, dict):
        return x, {}
    floats = {name: a for name, a in x.items() if a.dtype.kind == "f"}
    return floats, {name: a for name, a in x.items() if name not in floats}


def _joined(floats, rest):
    return {**floats, **rest} if isinstance(floats, dict) else floats


def occlusion(model, x, labels, size=3, strides=1, value=0.0):
    """How much a class loses when a square is covered: D = z_label(x) − z_label(x̃).

    The square of `size` starts at rows and columns 0, s, 2s, … and at the last place
    where it fits. A pixel shows the mean of D over all squares that cover it.

    Args:
        model: a Keras model, images -> logits (B, K).
        x: (B, H, W, C) floats.
        labels: (B,) the class to explain of each image.
        size: height and width of the square, px.
        strides: px from one square to the next, at most size.
        value: what the covered pixels hold; the background's is a good choice.

    Returns:
        (B, H, W) float64, in units of a logit; positive where the class is supported.

    Raises:
        ShapeError: for other shapes. ValueError: for a square that does not fit,
        squares that leave gaps, or labels that are no classes.

    Source: Zeiler, Fergus (2014), Visualizing and understanding convolutional
    networks, ECCV, section 4.2.
    """
    x = expect_floats("occlusion", x)
    found = expect_shape("occlusion", "x", x, "B H W C")
    labels = expect_labels("occlusion", model, x, labels)
    height, width = found["H"], found["W"]
    if not 1 <= size <= min(height, width) or not 1 <= strides <= size:
        raise ValueError(
            f"occlusion: size is {size} and strides {strides}; expected 1 ≤ strides ≤ "
            f"size ≤ {min(height, width)}, the smaller side of the image"
        )
    rows, columns = _starts(height, size, strides), _starts(width, size, strides)
    squares = [np.s_[r : r + size, c : c + size] for r in rows for c in columns]
    heat = np.zeros((found["B"], height, width))
    covered = np.zeros((height, width))
    for square in squares:
        covered[square] += 1
    for image, label, drops in zip(x, labels, heat, strict=True):
        whole = logits_of(model, image[None])[0, label]
        logits = _covered_logits(model, image, squares, value)[:, label]
        for square, logit in zip(squares, logits, strict=True):
            drops[square] += whole - logit
    return heat / covered


def _covered_logits(model, image, squares, value):
    """(squares, K): the logits of one image, covered at one square after another."""
    logits = []
    for start in range(0, len(squares), _ROWS):
        few = squares[start : start + _ROWS]
        batch = np.repeat(image[None], len(few), axis=0)  # (squares, H, W, C)
        for copy, square in zip(batch, few, strict=True):
            copy[square] = value
        logits.append(logits_of(model, batch))
    return np.concatenate(logits)


def _starts(sides, size, strides):
    """Every s-th place, and the last one."""
    return sorted({*range(0, sides - size + 1, strides), sides - size})


def _gradient_tensorflow(model, x, rest, labels, task):
    import keras
    import tensorflow as tf

    x, rest = keras.tree.map_structure(tf.convert_to_tensor, (x, rest))
    with tf.GradientTape() as tape:
        tape.watch(x)
        logits = head_of(model(_joined(x, rest), training=False), task)
        chosen = tf.gather(logits, labels, batch_dims=1)  # (B,)
        total = tf.reduce_sum(chosen)  # samples do not meet: each keeps its gradient
    return tape.gradient(total, x, unconnected_gradients="zero")


def _gradient_jax(model, x, rest, labels, task):
    import jax
    import keras

    rest = keras.tree.map_structure(jax.numpy.asarray, rest)

    def total(x):
        with keras.StatelessScope():  # no variable is changed
            answers = model(_joined(x, rest), training=False)
        return head_of(answers, task)[np.arange(len(labels)), labels].sum()

    return jax.grad(total)(keras.tree.map_structure(jax.numpy.asarray, x))
