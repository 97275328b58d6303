"""Which pixels move a logit: by its gradient (saliency), and by covering them."""

import numpy as np

from mmlearn.axes import expect_shape

_ROWS = 256  # images in one call of the model while covering


def saliency(model, x, labels):
    """How strongly each input value moves the logit of a class: S = |∂z_label / ∂x|.

    Args:
        model: a Keras model, x -> logits (B, K); it is called as at inference.
        x: (B, …) floats, or a dict of such arrays, modality to values.
        labels: (B,) the class to explain of each sample: the predicted or the true one.

    Returns:
        float array (or dict) of x's shape, 0 or above.

    Raises:
        ShapeError: for other shapes. ValueError: for labels that are no classes, or
        inputs that are no floats. NotImplementedError: on another Keras backend.

    Source: Simonyan, Vedaldi, Zisserman (2014), Deep inside convolutional networks,
    arXiv:1312.6034, section 3 (they keep the largest over the channels).
    """
    import keras

    gradient = {"tensorflow": _gradient_tensorflow, "jax": _gradient_jax}
    backend = keras.backend.backend()
    if backend not in gradient:
        raise NotImplementedError(
            f"saliency: the Keras backend is {backend}; expected tensorflow or jax "
            "(set KERAS_BACKEND before Keras is imported)"
        )
    x = _floats("saliency", x)
    labels = _labels("saliency", model, x, labels)
    slopes = gradient[backend](model, x, labels)
    return keras.tree.map_structure(
        lambda slope: np.abs(keras.ops.convert_to_numpy(slope)), slopes
    )


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
    x = _floats("occlusion", x)
    found = expect_shape("occlusion", "x", x, "B H W C")
    labels = _labels("occlusion", model, x, labels)
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
        whole = _logits(model, image[None])[0, label]
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
        logits.append(_logits(model, batch))
    return np.concatenate(logits)


def _logits(model, x):
    import keras

    logits = keras.ops.convert_to_numpy(model(x, training=False))
    return logits.astype(np.float64)


def _starts(sides, size, strides):
    """Every s-th place, and the last one."""
    return sorted({*range(0, sides - size + 1, strides), sides - size})


def _gradient_tensorflow(model, x, labels):
    import keras
    import tensorflow as tf

    x = keras.tree.map_structure(tf.convert_to_tensor, x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        chosen = tf.gather(model(x, training=False), labels, batch_dims=1)  # (B,)
        total = tf.reduce_sum(chosen)  # samples do not meet: each keeps its gradient
    return tape.gradient(total, x, unconnected_gradients="zero")


def _gradient_jax(model, x, labels):
    import jax
    import keras

    weights = [v.value for v in model.trainable_variables]
    others = [v.value for v in model.non_trainable_variables]

    def total(x):
        logits, _ = model.stateless_call(weights, others, x, training=False)
        return logits[np.arange(len(labels)), labels].sum()

    return jax.grad(total)(keras.tree.map_structure(jax.numpy.asarray, x))


def _floats(where, x):
    """Arrays of floats; the gradient of anything else would be none."""
    if isinstance(x, dict):
        return {name: _floats(f"{where}: {name}", part) for name, part in x.items()}
    x = np.asarray(x)
    if x.dtype.kind != "f" or x.size == 0:
        raise ValueError(
            f"{where}: x is {x.dtype} {x.shape}; expected floats, as the model was "
            "trained on (preprocess.images.scale makes them of stored pixels)"
        )
    return x


def _labels(where, model, x, labels):
    """(B,) integers below K, of a model with (B, K) logits."""
    labels = np.asarray(labels)
    first = next(iter(x.values())) if isinstance(x, dict) else x
    expect_shape(where, "labels", labels, "B", sizes={"B": len(first)})
    shape = tuple(getattr(model, "output_shape", None) or ())
    if len(shape) != 2:
        raise ValueError(
            f"{where}: the model returns {shape or 'nothing known'}; expected logits "
            "(B, K)"
        )
    classes = shape[1]
    whole = labels.dtype.kind in "iu"
    if not whole or labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"{where}: labels are {labels.dtype} from {labels.min()} to "
            f"{labels.max()}; expected class numbers 0 to {classes - 1}"
        )
    return labels
