"""Does a model that says 90 % mean 90 %? Reliability bins, and their error."""

from dataclasses import dataclass

import numpy as np

from mmlearn.axes import expect_shape
from mmlearn.evaluate.classification import class_numbers


@dataclass(frozen=True)
class Calibration:
    """How sure a model was, against how often it was right, in bins of confidence.

    Attributes:
        edges: (bins + 1,) of the bins; bin b holds confidences in (edge_b, edge_b+1].
        confidence: (bins,) mean confidence; NaN in an empty bin.
        accuracy: (bins,) fraction right; NaN in an empty bin.
        counts: (bins,) samples.
        error: expected calibration error, Σ_b n_b / N |accuracy_b − confidence_b|.
    """

    edges: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    counts: np.ndarray
    error: float

    def __str__(self):
        return (
            f"mean confidence {self._mean(self.confidence):.3f}, accuracy "
            f"{self._mean(self.accuracy):.3f}, calibration error {self.error:.3f}"
        )

    def _mean(self, values):
        return float(np.nansum(values * self.counts) / self.counts.sum())


def calibration(labels, probabilities, bins=10):
    """Reliability bins and expected calibration error of a classifier.

    The prediction is the most probable class, its probability the confidence; samples
    are sorted into bins of equal width by it.

    Args:
        labels: (N,) class numbers.
        probabilities: (N, K), each row adding up to 1 (take softmax of logits first).
        bins: how many, at least 1.

    Returns:
        Calibration.

    Raises:
        ShapeError: for other shapes, or an empty set.
        ValueError: for rows that are no probabilities, labels not below K, no bins.

    Source: Naeini, Cooper, Hauskrecht (2015), Obtaining well calibrated probabilities
    using Bayesian binning, AAAI; Guo et al. (2017), On calibration of modern neural
    networks, ICML, eq. 5.

    >>> sure = calibration([0, 1, 1], [[0.9, 0.1], [0.1, 0.9], [0.9, 0.1]])
    >>> print(sure)
    mean confidence 0.900, accuracy 0.667, calibration error 0.233
    """
    probabilities = _probabilities(probabilities)
    predictions = probabilities.argmax(axis=1)  # (N, K) -> (N,)
    labels, predictions = class_numbers("calibration", labels, predictions)
    if labels.max() >= probabilities.shape[1]:
        raise ValueError(
            f"calibration: a label is {labels.max()}; expected 0 to "
            f"{probabilities.shape[1] - 1}, as many classes as probabilities"
        )
    if bins != int(bins) or bins < 1:
        raise ValueError(f"calibration: bins is {bins}; expected at least 1")
    right = labels == predictions
    confidence = probabilities.max(axis=1)
    edges = np.linspace(0, 1, int(bins) + 1)
    bin_of = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(bin_of, minlength=int(bins))
    mean, accuracy = (
        np.bincount(bin_of, values, minlength=int(bins)) / np.where(counts, counts, 1)
        for values in (confidence, right)
    )
    error = float(np.sum(counts / counts.sum() * np.abs(accuracy - mean)))
    mean[counts == 0] = accuracy[counts == 0] = np.nan
    return Calibration(edges, mean, accuracy, counts, error)


def _probabilities(probabilities):
    probabilities = np.asarray(probabilities, np.float64)
    expect_shape("calibration", "probabilities", probabilities, "N K", hint=_HINT)
    sums = probabilities.sum(axis=1)
    wrong = ~((probabilities >= 0).all(axis=1) & (np.abs(sums - 1) < 1e-3))  # NaN too
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"calibration: row {first} of probabilities goes from "
            f"{probabilities[first].min():.3g} to {probabilities[first].max():.3g} and "
            f"adds up to {sums[first]:.3g}; expected probabilities that add up to 1 "
            "(take softmax of logits first)"
        )
    return probabilities


_HINT = "a probability for each sample and class"
