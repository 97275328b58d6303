"""Reliability bins against scikit-learn's; the error against its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from mmlearn.axes import ShapeError
from mmlearn.evaluate import accuracy, calibration


def drawn(seed, count, classes):
    rng = np.random.default_rng(seed)
    return rng.integers(0, classes, count), rng.dirichlet(np.ones(classes), count)


@given(st.integers(0, 999), st.integers(1, 60), st.integers(2, 5), st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_bins_are_sklearns(seed, count, classes, bins):
    labels, probabilities = drawn(seed, count, classes)
    ours = calibration(labels, probabilities, bins)
    right = probabilities.argmax(axis=1) == labels
    confidence = probabilities.max(axis=1)
    true, said = calibration_curve(right, confidence, n_bins=bins, pos_label=True)
    full = ours.counts > 0
    np.testing.assert_allclose(ours.accuracy[full], true)
    np.testing.assert_allclose(ours.confidence[full], said)
    assert np.isnan(ours.accuracy[~full]).all()
    assert ours.counts.sum() == count
    by_hand = 0.0
    for low, high in zip(ours.edges[:-1], ours.edges[1:], strict=True):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            by_hand += inside.mean() * gap
    assert ours.error == pytest.approx(by_hand)


def test_one_bin_is_accuracy_against_mean_confidence():
    labels, probabilities = drawn(0, 50, 3)
    one = calibration(labels, probabilities, bins=1)
    right = accuracy(labels, probabilities.argmax(axis=1))
    assert one.error == pytest.approx(abs(right - probabilities.max(axis=1).mean()))
    assert f"accuracy {right:.3f}" in str(one)


def test_a_model_that_means_what_it_says_has_no_error_in_the_limit():
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(4), 40_000)
    labels = (probabilities.cumsum(axis=1) < rng.random((40_000, 1))).sum(axis=1)
    assert calibration(labels, probabilities).error < 0.02  # ~ √(bins / N)
    sharper = probabilities**3 / (probabilities**3).sum(axis=1, keepdims=True)
    assert calibration(labels, sharper).error > 0.1


def test_certain_and_edges():
    sure = calibration([0, 1], [[1.0, 0.0], [0.0, 1.0]])
    assert sure.counts[-1] == 2
    assert sure.error == 0


@pytest.mark.parametrize(
    "labels, probabilities, bins, message",
    [
        ([0], [[2.0, -1.0]], 10, "row 0 of probabilities.*softmax"),
        ([0], [[0.5, 0.4]], 10, "adds up to 0.9"),
        ([0], [[np.nan, 1.0]], 10, "row 0"),
        ([2], [[0.5, 0.5]], 10, "a label is 2; expected 0 to 1"),
        ([0], [[0.5, 0.5]], 0, "bins is 0"),
        ([0, 1], [[0.5, 0.5]], 10, "2 labels and 1 predictions"),
    ],
)
def test_bad_input(labels, probabilities, bins, message):
    with pytest.raises(ValueError, match=message):
        calibration(labels, probabilities, bins)


def test_shapes():
    with pytest.raises(ShapeError, match="a probability for each sample and class"):
        calibration([0], [0.5])
