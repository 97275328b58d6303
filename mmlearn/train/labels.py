"""Are these the labels of such a model? Of one head, or of each of several."""

import numpy as np


def expect_labels(name, y, model):
    """Labels of a sparse cross-entropy are integers 0 … K−1.

    Args:
        name: how errors call the data.
        y: (B, …) array, or a dict of them, task to labels.
        model: compiled; of one that is not built K may not be known yet.

    Raises:
        ValueError: with what was found, and what the model's outputs expect.
    """
    shapes = _output_shapes(model)
    if not isinstance(y, dict):
        _expect(f"{name}: y", y, model.loss, shapes)
        return
    losses = model.loss if isinstance(model.loss, dict) else {}
    shapes = shapes if isinstance(shapes, dict) else {}
    for task, labels in y.items():
        told = f"{name}: y[{task!r}]"
        _expect(told, labels, losses.get(task), shapes.get(task))


def _output_shapes(model):
    """Of each head, or of the only one; None where it is not known."""
    if not getattr(model, "outputs", None):
        return getattr(model, "output_shape", None)  # a class may say it
    struct = getattr(model, "_outputs_struct", None)
    if isinstance(struct, dict):
        return {task: tuple(output.shape) for task, output in struct.items()}
    return tuple(model.outputs[0].shape)


def _expect(name, y, loss, shape):
    told = loss if isinstance(loss, str) else getattr(loss, "name", type(loss).__name__)
    if told != "sparse_categorical_crossentropy" or not isinstance(y, np.ndarray):
        return
    if getattr(loss, "ignore_class", None) is not None or not isinstance(shape, tuple):
        return
    classes = shape[-1]
    if y.ndim > 1 and y.ndim == len(shape) and y.shape[-1] == classes > 1:
        raise ValueError(
            f"train.fit: {name} is {y.shape}, a row for each sample; a sparse "
            "cross-entropy expects class numbers: y.argmax(axis=-1)"
        )
    low, high = y.min(), y.max()
    fractions = y[y != np.round(y)] if y.dtype.kind == "f" else y[:0]
    if fractions.size:
        raise ValueError(
            f"train.fit: {name} holds fractions ({float(fractions[0]):.3g}); a "
            f"sparse cross-entropy expects class numbers 0 … {classes - 1}"
        )
    if classes is not None and (low < 0 or high >= classes):
        raise ValueError(
            f"train.fit: {name} holds labels from {low} to {high}; the model's "
            f"{classes} outputs expect 0 … {classes - 1}"
        )
