"""Precision, recall, F1 and their table, against scikit-learn's."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from mmlearn.evaluate import (
    accuracy,
    balanced_accuracy,
    classification_report,
    f1,
    precision,
    recall,
)

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1)
SCORES = {
    precision: metrics.precision_score,
    recall: metrics.recall_score,
    f1: metrics.f1_score,
}
every_score = pytest.mark.parametrize("score", SCORES, ids=lambda s: s.__name__)


@every_score
@given(pairs)
@settings(max_examples=25, deadline=None)
def test_equal_to_sklearn(score, pairs):
    labels, predictions = np.array(pairs).T
    theirs = SCORES[score]
    ours = score(labels, predictions)
    every = range(len(ours))
    how = {"zero_division": 0}
    expected = theirs(labels, predictions, average=None, labels=every, **how)
    np.testing.assert_allclose(ours, expected, atol=1e-12)
    for average in ("macro", "weighted"):
        expected = theirs(labels, predictions, average=average, **how)
        assert score(labels, predictions, average) == pytest.approx(expected, abs=1e-12)


def test_weighted_recall_is_accuracy_and_zero_of_nothing_is_zero():
    labels, predictions = [0, 1, 3, 3], [0, 0, 3, 0]
    assert recall(labels, predictions, "weighted") == accuracy(labels, predictions)
    np.testing.assert_allclose(precision(labels, predictions), [1 / 3, 0, 0, 1])
    # Class 2 is met nowhere: it has no part in the mean over classes.
    assert precision(labels, predictions, "macro") == pytest.approx(4 / 9)


@given(pairs)
@settings(max_examples=25, deadline=None)
def test_report_holds_sklearns_figures(pairs):
    labels, predictions = np.array(pairs).T
    report = classification_report(labels, predictions)
    theirs = metrics.classification_report(
        labels, predictions, output_dict=True, zero_division=0
    )
    assert report.accuracy == pytest.approx(accuracy(labels, predictions))
    for i, name in enumerate(report.names):
        expected = theirs[name]
        assert report.precision[i] == pytest.approx(expected["precision"])
        assert report.recall[i] == pytest.approx(expected["recall"])
        assert report.f1[i] == pytest.approx(expected["f1-score"])
        assert report.support[i] == expected["support"]
    macro, weighted = (row[1:4] for row in report.rows[-3:-1])
    names = ("precision", "recall", "f1-score")
    assert macro == tuple(f"{theirs['macro avg'][n]:.3f}" for n in names)
    assert weighted == tuple(f"{theirs['weighted avg'][n]:.3f}" for n in names)


def test_report_as_text_and_html():
    report = classification_report([0, 1, 1], [0, 1, 0], ["a < b", "dog"])
    lines = str(report).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1].split() == ["a", "<", "b", "0.500", "1.000", "0.667", "1"]
    page = report._repr_html_()
    assert page.count("<tr>") == len(lines)
    assert "a &lt; b" in page
    assert page.count("<table>") == page.count("</table>") == 1


@every_score
def test_bad_input_names_the_metric(score):
    with pytest.raises(ValueError, match=f"{score.__name__}: average is 'micro'"):
        score([0], [0], average="micro")
    with pytest.raises(ValueError, match=f"{score.__name__}: labels is empty"):
        score([], [])


def test_too_few_names():
    with pytest.raises(ValueError, match="1 names for class numbers up to 1"):
        classification_report([0, 1], [0, 1], names=["a"])


@given(pairs)
@settings(max_examples=20, deadline=None)
def test_balanced_accuracy_is_sklearns(pairs):
    labels, predictions = np.array(pairs).T
    with warnings.catch_warnings():  # of a class that is predicted and never there
        warnings.simplefilter("ignore", UserWarning)
        expected = metrics.balanced_accuracy_score(labels, predictions)
    assert balanced_accuracy(labels, predictions) == pytest.approx(expected, abs=1e-12)


def test_who_always_says_the_same_has_a_balanced_accuracy_of_chance():
    labels = [0] * 90 + [1] * 9 + [2]
    assert balanced_accuracy(labels, [0] * 100) == pytest.approx(1 / 3)
    assert accuracy(labels, [0] * 100) == 0.9
