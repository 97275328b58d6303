"""Retrieval: scikit-learn's answers where it has them, and what it has not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import label_ranking_average_precision_score, top_k_accuracy_score

from mmlearn.axes import ShapeError
from mmlearn.evaluate import first_ranks, mean_reciprocal_rank, recall_at_k


@settings(max_examples=20, deadline=None)
@given(n=st.integers(3, 9), k=st.integers(1, 4), seed=st.integers(0, 99))
def test_pairs_are_scikit_learns_top_k_and_ranking_precision(n, k, seed):
    s = np.random.default_rng(seed).standard_normal((n, n))
    own = np.arange(n)
    expected = top_k_accuracy_score(own, s, k=min(k, n - 1), labels=own)
    assert recall_at_k(s, k=min(k, n - 1)) == pytest.approx(expected)
    expected = label_ranking_average_precision_score(np.eye(n, dtype=int), s)
    assert mean_reciprocal_rank(s) == pytest.approx(expected)


def test_with_ties_as_scikit_learns_ranking_precision():
    s = np.array([[1.0, 1, 0], [0, 2, 2], [3, 3, 3]])
    expected = label_ranking_average_precision_score(np.eye(3, dtype=int), s)
    assert mean_reciprocal_rank(s) == pytest.approx(expected)
    assert recall_at_k(np.ones((4, 4)), k=3) == 0  # all alike: nothing is found


def test_several_relevant_items_the_first_one_counts():
    s = np.array([[0.9, 0.8, 0.7, 0.1], [0.1, 0.2, 0.3, 0.4]])
    wanted = np.array([[0, 0, 1, 1], [1, 0, 1, 1]], bool)
    assert first_ranks(s, wanted).tolist() == [3, 1]
    assert [recall_at_k(s, wanted, k) for k in (1, 2, 3)] == [0.5, 0.5, 1.0]


def test_chance_is_k_of_m():
    s = np.random.default_rng(0).standard_normal((4000, 20))
    wanted = np.arange(20) == 7
    found = recall_at_k(s, np.tile(wanted, (4000, 1)), 5)
    assert found == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize(
    ("similarity", "relevant", "error", "message"),
    [
        (np.ones((2, 3)), None, ShapeError, "expected as many items as queries"),
        (np.ones((2, 3)), np.ones((3, 2), bool), ShapeError, "True: wanted"),
        (np.ones((2, 2)), np.zeros((2, 2), bool), ValueError, "for query 0 nothing"),
        (np.full((2, 2), np.nan), None, ValueError, "a similarity is NaN"),
        (np.ones(3), None, ShapeError, "queries, items"),
        (np.ones((0, 0)), None, ShapeError, "expected a query"),
    ],
)
def test_it_refuses(similarity, relevant, error, message):
    with pytest.raises(error, match=message):
        recall_at_k(similarity, relevant)
    with pytest.raises(ValueError, match="k is 0"):
        recall_at_k(np.eye(2), k=0)
