"""Precision, recall and F1 of each class, and their averages, as one table."""

from dataclasses import dataclass
from html import escape

import numpy as np

from mmlearn.evaluate.classification import class_numbers, confusion_matrix

AVERAGES = (None, "macro", "weighted")


def precision(labels, predictions, average=None):
    """Of all that was called k, the share that is k: P_k = M_kk / Σ_j M_jk.

    Args:
        labels: (N,) class numbers.
        predictions: (N,) class numbers.
        average: None for one figure a class; "macro" for their mean over the classes
            met in labels or predictions; "weighted" for the mean over samples of
            their label's figure.

    Returns:
        (K,) float64, or with an average a float. A class that is never predicted has
        precision 0 (scikit-learn's zero_division=0).

    Raises:
        ShapeError: for an empty set, or arrays of other or unequal shapes.
        ValueError: for values that are no class numbers, or an unknown average.

    >>> precision([0, 1, 1, 1], [0, 0, 1, 1])
    array([0.5, 1. ])
    """
    return _averaged("precision", labels, predictions, average)


def recall(labels, predictions, average=None):
    """Of all that is k, the share that was called k: R_k = M_kk / Σ_j M_kj.

    Args:
        labels, predictions, average: as for `precision`.

    Returns:
        (K,) float64, or with an average a float. A class that no label has, has
        recall 0. The weighted average is the accuracy.

    Raises:
        ShapeError, ValueError: as `precision`.

    >>> float(recall([0, 1, 1, 1], [0, 0, 1, 1], average="weighted"))
    0.75
    """
    return _averaged("recall", labels, predictions, average)


def f1(labels, predictions, average=None):
    """Harmonic mean of precision and recall: F_k = 2 M_kk / (Σ_j M_kj + Σ_j M_jk).

    Args:
        labels, predictions, average: as for `precision`.

    Returns:
        (K,) float64, or with an average a float; 0 where precision and recall are.

    Raises:
        ShapeError, ValueError: as `precision`.

    Source: van Rijsbergen (1979), Information Retrieval, 2nd edition, chapter 7: F is
    1 − E with equal weights.

    >>> f1([0, 1, 1, 1], [0, 0, 1, 1]).round(3)
    array([0.667, 0.8  ])
    """
    return _averaged("f1", labels, predictions, average)


def balanced_accuracy(labels, predictions):
    """Accuracy as if all classes were equally frequent: the mean of their recalls.

    1/K Σ_k M_kk / Σ_j M_kj, over the classes that some label has. Who always says the
    same gets 1/K, whatever the frequencies.

    Args:
        labels, predictions: (N,) class numbers.

    Returns:
        float, 0 to 1.

    Raises:
        ShapeError, ValueError: as `precision`.

    Source: Brodersen et al. (2010), The balanced accuracy and its posterior
    distribution, ICPR; for more than two classes the mean of recalls, as scikit-learn.

    >>> balanced_accuracy([0, 0, 0, 1], [0, 0, 0, 0])
    0.5
    """
    where = "balanced_accuracy"
    labels, predictions = class_numbers(where, labels, predictions)
    matrix = confusion_matrix(labels, predictions)
    there = matrix.sum(axis=1) > 0
    return float(_per_class("recall", matrix)[there].mean())


@dataclass(frozen=True)
class Report:
    """Precision, recall and F1 of every class; prints as text, in notebooks as HTML.

    Attributes:
        names: of the classes met.
        precision, recall, f1: (K,), a figure for each of them.
        support: (K,) how many samples have that label.
        accuracy: of all samples.
    """

    names: tuple[str, ...]
    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray
    accuracy: float

    @property
    def rows(self):
        """Cells of the table as text: the head, the classes, two averages, accuracy."""
        scores = np.stack([self.precision, self.recall, self.f1], axis=1)  # (K, 3)
        total = int(self.support.sum())
        weights = self.support / total
        head = ("class", "precision", "recall", "F1", "samples")
        every = [*zip(self.names, scores, self.support, strict=True)]
        every.append(("mean of classes (macro)", scores.mean(axis=0), total))
        every.append(("mean of samples (weighted)", weights @ scores, total))
        lines = [(n, *(f"{s:.3f}" for s in row), f"{k:,}") for n, row, k in every]
        last = ("accuracy", "", "", f"{self.accuracy:.3f}", f"{total:,}")
        return [head, *lines, last]

    def __str__(self):
        rows = self.rows
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = []
        for first, *others in rows:
            cells = zip(others, widths[1:], strict=True)
            right = (cell.rjust(width) for cell, width in cells)
            lines.append("  ".join([first.ljust(widths[0]), *right]))
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self):
        head, *body = self.rows
        right = ' style="text-align: right"'

        def line(cells, tag):
            first, *others = (escape(cell) for cell in cells)
            rest = "".join(f"<{tag}{right}>{cell}</{tag}>" for cell in others)
            return f'<tr><th style="text-align: left">{first}</th>{rest}</tr>'

        rows = "".join(line(cells, "td") for cells in body)
        return f"<table><thead>{line(head, 'th')}</thead><tbody>{rows}</tbody></table>"


def classification_report(labels, predictions, names=None):
    """Precision, recall, F1 and the number of samples of every class, and averages.

    Args:
        labels, predictions: (N,) class numbers.
        names: of classes 0, 1, 2, …; by default their numbers.

    Returns:
        Report, of the classes met in labels or predictions.

    Raises:
        ShapeError, ValueError: as `precision`; or for too few names.

    >>> print(classification_report([0, 1, 1, 1], [0, 0, 1, 1], ["cat", "dog"]))
    class                       precision  recall     F1  samples
    cat                             0.500   1.000  0.667        1
    dog                             1.000   0.667  0.800        3
    mean of classes (macro)         0.750   0.833  0.733        4
    mean of samples (weighted)      0.875   0.750  0.767        4
    accuracy                                       0.750        4
    """
    where = "classification_report"
    labels, predictions = class_numbers(where, labels, predictions)
    matrix = confusion_matrix(labels, predictions)
    names = [str(k) for k in range(len(matrix))] if names is None else list(names)
    if len(names) < len(matrix):
        raise ValueError(
            f"{where}: {len(names)} names for class numbers up to {len(matrix) - 1}; "
            "expected a name for each class"
        )
    met = np.flatnonzero(_met(matrix))
    return Report(
        names=tuple(str(names[k]) for k in met),
        precision=_per_class("precision", matrix)[met],
        recall=_per_class("recall", matrix)[met],
        f1=_per_class("f1", matrix)[met],
        support=matrix.sum(axis=1)[met],
        accuracy=float(np.trace(matrix) / matrix.sum()),
    )


def _averaged(where, labels, predictions, average):
    if average not in AVERAGES:
        raise ValueError(
            f"{where}: average is {average!r}; expected None, 'macro' or 'weighted'"
        )
    labels, predictions = class_numbers(where, labels, predictions)
    matrix = confusion_matrix(labels, predictions)
    scores = _per_class(where, matrix)
    if average is None:
        return scores
    if average == "macro":
        return float(scores[_met(matrix)].mean())
    return float(scores @ (matrix.sum(axis=1) / matrix.sum()))


def _per_class(score, matrix):
    """(K,): the diagonal over what it is a share of; 0 of nothing is 0."""
    is_k, called_k = matrix.sum(axis=1), matrix.sum(axis=0)  # rows true, columns said
    of = {"precision": called_k, "recall": is_k, "f1": (is_k + called_k) / 2}[score]
    return np.where(of > 0, np.diag(matrix) / np.where(of > 0, of, 1), 0.0)


def _met(matrix):
    """(K,) bool: classes that some label or some prediction has."""
    return matrix.sum(axis=1) + matrix.sum(axis=0) > 0
