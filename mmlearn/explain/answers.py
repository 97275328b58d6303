"""What a model says: the logits of one of its heads, and the class to be explained."""

import numpy as np

from mmlearn.axes import expect_shape

BACKENDS = ("tensorflow", "jax")


def expect_backend(where):
    """The Keras backend, if gradients can be taken on it here."""
    import keras

    backend = keras.backend.backend()
    if backend not in BACKENDS:
        raise NotImplementedError(
            f"{where}: the Keras backend is {backend}; expected tensorflow or jax "
            "(set KERAS_BACKEND before Keras is imported)"
        )
    return backend


def head_of(outputs, task):
    """The logits of a task, of a model that returns a dict of them; else the logits."""
    return outputs if task is None else outputs[task]


def logits_of(model, x, task=None):
    """(B, K) float64, as at inference."""
    import keras

    logits = head_of(model(x, training=False), task)
    return keras.ops.convert_to_numpy(logits).astype(np.float64)


def expect_floats(where, x):
    """Arrays of floats; the gradient of anything else would be none.

    In a dict masks, ids and the like may stand beside the floats.
    """
    if isinstance(x, dict):
        x = {name: np.asarray(part) for name, part in x.items()}
        if not any(part.dtype.kind == "f" for part in x.values()):
            told = ", ".join(f"{name!r} {part.dtype}" for name, part in x.items())
            raise ValueError(f"{where}: x is {told or 'empty'}; expected some floats")
        return x
    x = np.asarray(x)
    if x.dtype.kind != "f" or x.size == 0:
        raise ValueError(
            f"{where}: x is {x.dtype} {x.shape}; expected floats, as the model was "
            "trained on (preprocess.images.scale makes them of stored pixels)"
        )
    return x


def expect_labels(where, model, x, labels, task=None):
    """(B,) integers below K, of a model with (B, K) logits."""
    labels = np.asarray(labels)
    first = next(iter(x.values())) if isinstance(x, dict) else x
    expect_shape(where, "labels", labels, "B", sizes={"B": len(first)})
    classes = _classes(where, model, x, task)
    whole = labels.dtype.kind in "iu"
    if not whole or labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"{where}: labels are {labels.dtype} from {labels.min()} to "
            f"{labels.max()}; expected class numbers 0 to {classes - 1}"
        )
    return labels


def _classes(where, model, x, task):
    """K of the head that is asked."""
    shapes = getattr(model, "output_shape", None)
    named = getattr(model, "_outputs_struct", None)  # of a functional model
    if isinstance(named, dict):
        shapes = {task: output.shape for task, output in named.items()}
    if shapes is None:  # a subclassed model knows only when it is asked
        first = {k: a[:1] for k, a in x.items()} if isinstance(x, dict) else x[:1]
        outputs = model(first, training=False)
        several = isinstance(outputs, dict)
        shapes = {k: o.shape for k, o in outputs.items()} if several else outputs.shape
    if isinstance(shapes, dict) != (task is not None) or (task and task not in shapes):
        heads = ", ".join(map(repr, shapes)) if isinstance(shapes, dict) else "one head"
        raise ValueError(f"{where}: task is {task!r}; the model has {heads}")
    shape = tuple(head_of(shapes, task))
    if len(shape) != 2:
        raise ValueError(
            f"{where}: the model returns {shape or 'nothing known'}; expected logits "
            "(B, K)"
        )
    return shape[1]
