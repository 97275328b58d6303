"""Metrics of a classifier: labels against predictions, class numbers both."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array


def accuracy(labels, predictions):
    """Fraction of predictions that are right: 1/N Σ_n [labels_n = predictions_n].

    Args:
        labels: (N,) class numbers.
        predictions: (N,) class numbers (of logits, take `.argmax(axis=-1)` first).

    Returns:
        float, 0 to 1.

    Raises:
        ShapeError: for an empty set, or arrays of other or unequal shapes.
        ValueError: for values that are no class numbers.

    >>> accuracy([0, 1, 2, 2], [0, 1, 2, 0])
    0.75
    """
    labels, predictions = class_numbers("accuracy", labels, predictions)
    return float(np.mean(labels == predictions))


def confusion_matrix(labels, predictions, classes=None):
    """Count what was taken for what: M_kj = Σ_n [labels_n = k] [predictions_n = j].

    Args:
        labels: (N,) class numbers.
        predictions: (N,) class numbers.
        classes: K; by default one more than the largest number met.

    Returns:
        (K, K) int64: a row for each true class, a column for each predicted one.

    Raises:
        ShapeError: for an empty set, or arrays of other or unequal shapes.
        ValueError: for values that are no class numbers, or not below `classes`.

    >>> confusion_matrix([0, 1, 1], [0, 1, 0])
    array([[1, 0],
           [1, 1]])
    """
    where = "confusion_matrix"
    labels, predictions = class_numbers(where, labels, predictions)
    largest = max(labels.max(), predictions.max())
    classes = int(largest) + 1 if classes is None else classes
    if largest >= classes:
        raise ValueError(
            f"{where}: a class number is {largest}; expected 0 to {classes - 1}, for "
            f"classes = {classes}"
        )
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (labels, predictions), 1)
    return matrix


def class_numbers(where, labels, predictions):
    """Both as (N,) integers, or an error that says which is not."""
    checked = []
    for name, values in (("labels", labels), ("predictions", predictions)):
        values = expect_array(where, name, values)
        if values.ndim != 1:
            hint = "; take logits.argmax(axis=-1)" if values.ndim == 2 else ""
            raise ShapeError(
                f"{where}: {name} is {values.shape}; expected (N,) class numbers{hint}"
            )
        if not values.size:
            raise ShapeError(f"{where}: {name} is empty; expected at least one sample")
        checked.append(_whole(where, name, values))
    if len(checked[0]) != len(checked[1]):
        raise ShapeError(
            f"{where}: there are {len(checked[0])} labels and {len(checked[1])} "
            "predictions; expected one prediction for each label"
        )
    return checked


def _whole(where, name, values):
    wrong = ~np.isfinite(values)
    wrong = (
        wrong | (values != np.where(wrong, 0, values).astype(np.int64)) | (values < 0)
    )
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"{where}: {name}[{first}] is {values[first]}; expected class numbers "
            "0, 1, 2, …"
        )
    return values.astype(np.int64)
