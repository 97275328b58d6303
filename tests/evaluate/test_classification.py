"""Accuracy and confusion matrix, against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from mmlearn.axes import ShapeError
from mmlearn.evaluate import accuracy, confusion_matrix

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1)


@settings(deadline=None)  # its first call loads much of scikit-learn
@given(pairs)
def test_equal_to_sklearn(pairs):
    labels, predictions = np.array(pairs).T
    assert accuracy(labels, predictions) == metrics.accuracy_score(labels, predictions)
    ours = confusion_matrix(labels, predictions, classes=5)
    theirs = metrics.confusion_matrix(labels, predictions, labels=range(5))
    np.testing.assert_array_equal(ours, theirs)
    small = confusion_matrix(labels, predictions)
    assert small.shape == (1 + max(map(max, pairs)),) * 2
    np.testing.assert_array_equal(ours[: len(small), : len(small)], small)


@pytest.mark.parametrize("metric", [accuracy, confusion_matrix])
@pytest.mark.parametrize(
    "labels, predictions, message",
    [
        ([], [], "labels is empty"),
        ([0, 1], [0, 1, 1], "2 labels and 3 predictions"),
        ([0, 1], [[0.1, 0.9], [0.2, 0.8]], r"predictions is \(2, 2\).*argmax"),
        ([0, np.nan], [0, 1], r"labels\[1\] is nan; expected class numbers"),
        ([0, 1], [0.5, 1], r"predictions\[0\] is 0.5"),
        ([0, -1], [0, 1], r"labels\[1\] is -1"),
        ([0, 1], [np.inf, 1], r"predictions\[0\] is inf"),
        (["a"], ["a"], "labels is of <U1; expected numbers"),
    ],
)
def test_what_is_no_classification_is_refused(metric, labels, predictions, message):
    with pytest.raises(ValueError, match=message):
        metric(labels, predictions)


def test_too_few_classes_are_refused():
    with pytest.raises(ValueError, match="class number is 3; expected 0 to 2"):
        confusion_matrix([0, 3], [0, 1], classes=3)


def test_shapes_are_shape_errors():
    with pytest.raises(ShapeError):
        accuracy([0], [0, 1])
