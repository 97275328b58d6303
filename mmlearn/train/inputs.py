"""Does this data fit this model? Asked once, before anything is trained.

Every answer is one sentence: what was received, what was expected, what to do.
"""

import keras
import numpy as np
from keras import tree

from mmlearn.axes import expect_shape
from mmlearn.train.labels import expect_labels
from mmlearn.train.sequences import expect_masks, expect_steps
from mmlearn.train.source import ArraySource, each, triple


def expect_model(model):
    """Refuse what cannot be trained here.

    Raises:
        ValueError: not a Keras model, not compiled, or with its own `train_step`.
    """
    if not isinstance(model, keras.Model):
        kind = type(model).__name__
        raise ValueError(f"train.fit: model is a {kind}; expected a keras.Model")
    if not model.compiled or model.optimizer is None:
        raise ValueError(
            f"train.fit: model {model.name!r} is not compiled; write first, for "
            'example, model.compile(optimizer="adam", '
            "loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), "
            'metrics=["accuracy"])'
        )
    for base in type(model).__mro__:
        if "train_step" in vars(base) and not base.__module__.startswith("keras."):
            raise ValueError(
                f"train.fit: {type(model).__name__} has its own train_step, which this "
                "loop would not call; override compute_loss instead, or use model.fit"
            )


def expect_data(model, source, name="data"):
    """Check names, shapes, dtypes and values of a source against a model.

    Arrays are checked whole, any other source by its first batch.

    Returns:
        x, y, sample_weight: the first batch (of arrays: their first two rows).

    Raises:
        ValueError: with the first thing that does not fit.
    """
    if isinstance(source, ArraySource):
        batch = source.arrays
    else:
        batch = next(iter(_batches(source, 0, 0)), None)
        if batch is None:
            raise ValueError(f"train.fit: {name} gave no batch for epoch 0")
        batch = each(np.asarray, triple(batch))
    x, y, sample_weight = batch
    if x is None:
        raise ValueError(f"train.fit: {name}: x is None; expected arrays")
    _expect_keys(name, x, y, model)
    for part, values in (("x", x), ("y", y), ("sample_weight", sample_weight)):
        for path, array in tree.flatten_with_path(values):
            if array is not None:
                key = "".join(f"[{k!r}]" for k in path)
                there = _available(values, path)
                _expect_values(f"{name}: {part}{key}", array, model, part, there)
    _expect_shapes(name, x, model)
    expect_labels(name, y, model)
    if isinstance(source, ArraySource):
        batch = each(lambda a: a[:2], batch)
    return batch


def stream(model, source, epoch, start):
    """The batches of a source written in Python, each held against the model.

    The first one was looked at before training; a later one of another size, with
    another key or with an unknown label would else end in the framework's own words.

    Yields:
        the batches, as they come.

    Raises:
        ValueError: naming the batch that does not fit.
    """
    for number, batch in enumerate(_batches(source, epoch, start), start + 1):
        name = f"epoch {epoch + 1}, batch {number}"
        x, y, _ = each(np.asarray, triple(batch))
        if not all(len(a) for a in tree.flatten((x, y)) if a is not None):
            raise ValueError(f"train.fit: {name} is empty; leave it out")
        _expect_keys(name, x, y, model)
        _expect_shapes(name, x, model)
        expect_labels(name, y, model)
        yield batch


def build(model, batch, source=None):
    """Build weights, loss and metrics by one forward pass; nothing is learned.

    Args:
        model: compiled. batch: of the first two rows, or so.
        source: whose labels are looked at again, now that the classes are known.

    Returns:
        batch, as it came.

    Raises:
        ValueError: the loss or a metric cannot compare the labels with the predictions.
    """
    x, y, sample_weight = batch
    prediction = model(x)
    if isinstance(source, ArraySource):
        expect_labels("data", source.arrays[1], model)
    try:
        model.compute_loss(
            x=x, y=y, y_pred=prediction, sample_weight=sample_weight, training=False
        )
        model.compute_metrics(x, y, prediction, sample_weight)
    except Exception as error:
        received, made = (each(lambda a: tuple(a.shape), v) for v in (y, prediction))
        raise ValueError(
            f"train.fit: the loss cannot compare y with the predictions (here two "
            f"samples): y is {received}, predictions are {made}: {error}"
        ) from error
    model.reset_metrics()
    if not model.trainable_variables:
        raise ValueError(
            f"train.fit: model {model.name!r} has no trainable weights; is a "
            "layer's trainable=False set on all of them?"
        )
    return batch


def _batches(source, epoch, start):
    batches = source.batches(epoch, start)
    if not hasattr(batches, "__iter__"):
        raise ValueError(
            f"train.fit: batches({epoch}, {start}) returned a "
            f"{type(batches).__name__}; expected an iterable: does it `yield`?"
        )
    return batches


def _expect_keys(name, x, y, model):
    _expect_names(f"{name}: x", x, _input_names(model))
    _expect_names(f"{name}: y", y, _output_names(model))


def _input_names(model):
    """Names of a functional model's inputs, None for any other model."""
    inputs = getattr(model, "inputs", None)
    if not inputs:
        return None
    struct = getattr(model, "_inputs_struct", None)
    return list(struct) if isinstance(struct, dict) else [t.name for t in inputs]


def _output_names(model):
    struct = getattr(model, "_outputs_struct", None)
    if isinstance(struct, dict):
        return list(struct)
    return getattr(model, "output_names", None)


def _expect_names(name, values, expected):
    if not isinstance(values, dict) or expected is None:
        return
    missing = sorted(set(expected) - set(values))
    extra = sorted(set(values) - set(expected))
    if missing or extra:
        told = [f"{', '.join(map(repr, missing))} missing"] if missing else []
        told += [f"{', '.join(map(repr, extra))} too many"] if extra else []
        raise ValueError(
            f"train.fit: {name} has the keys {sorted(values)}; the model expects "
            f"{sorted(expected)}: {'; '.join(told)}"
        )


def _available(values, path):
    """Which rows of a modality count: (B,) from `name_available` beside it, or None."""
    told = f"{path[0]}_available" if path else None
    return values.get(told) if isinstance(values, dict) else None


def _expect_values(name, array, model, part, there=None):
    kind = array.dtype.kind
    text = part == "x" and any(
        getattr(t, "dtype", "") == "string"
        for t in getattr(model, "inputs", None) or ()
    )
    if kind not in "biufV" and not (text and kind in "USO"):
        cure = (
            "turn them into numbers 0 … K−1" if part == "y" else "turn it into numbers"
        )
        raise ValueError(
            f"train.fit: {name} holds {array.dtype} values; expected numbers: {cure}"
        )
    # The sum is finite only if every term is, and needs no second array.
    if kind == "f" and not np.isfinite(array.sum(dtype="float64")):
        rows = ~np.isfinite(array.reshape(len(array), -1)).all(axis=1)
        if there is not None:  # what a missing modality's array holds does not matter
            rows &= np.asarray(there, bool)
        if rows.any():
            raise ValueError(
                f"train.fit: {name} holds NaN or infinite values in {rows.sum()} of "
                f"{len(rows)} rows, the first in row {int(rows.argmax())}; mend or "
                "remove them before training"
            )


def _expect_shapes(name, x, model):
    names, inputs = _input_names(model), getattr(model, "inputs", None)
    if names is None or inputs is None:
        return
    if isinstance(x, dict):
        pairs = [(f"x[{n!r}]", x[n], t) for n, t in zip(names, inputs, strict=True)]
    else:
        arrays = list(x) if isinstance(x, list | tuple) else [x]
        if len(arrays) != len(inputs):
            raise ValueError(
                f"train.fit: {name}: x has {len(arrays)} arrays; the model has "
                f"{len(inputs)} inputs: {', '.join(names)}"
            )
        each_x = ["x"] if len(arrays) == 1 else [f"x[{i}]" for i in range(len(arrays))]
        pairs = list(zip(each_x, arrays, inputs, strict=True))
    for told, array, tensor in pairs:
        # Keras itself adds or drops a last axis of size 1.
        if len(array.shape) == len(tensor.shape):
            axes = ["B", *("*" if n is None else str(n) for n in tensor.shape[1:])]
            hint = f"the model's input {tensor.name!r}"
            expect_shape(
                "train.fit", f"{name}: {told}", array, " ".join(axes), hint=hint
            )
        expect_steps(name, told, array, tensor)
    expect_masks(name, x)
