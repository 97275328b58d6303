"""Counts of runs of words, against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from mmlearn.preprocess import NotFittedError
from mmlearn.preprocess.ngrams import NgramCounts, ngrams

TEXTS = st.lists(st.text("ab cd,", max_size=20), min_size=1, max_size=5)


@given(TEXTS, TEXTS, st.integers(1, 3), st.integers(1, 2))
@settings(max_examples=20, deadline=None)
def test_counts_are_those_of_scikit_learn(train, texts, n, least):
    train = [*train, "a a a"]
    counts = NgramCounts(n, least).fit(train)
    theirs = CountVectorizer(
        token_pattern=r"\w+|,",
        ngram_range=(1, n),
        vocabulary=[" ".join(g) for g in counts.ngrams],
    )
    np.testing.assert_array_equal(
        counts.encode(texts).toarray(), theirs.transform(texts).toarray()
    )
    free = CountVectorizer(token_pattern=r"\w+|,", ngram_range=(1, n)).fit(train)
    often = np.asarray(free.transform(train).sum(axis=0)).ravel() >= least
    known = {" ".join(g) for g in counts.ngrams}
    assert known == set(free.get_feature_names_out()[often])


def test_empty_and_unknown_texts_are_rows_of_zeros():
    counts = NgramCounts(2).fit(["a b"])
    found = counts.encode(["", "x y z", "b a"])
    assert found.shape == (3, 3) and found.dtype == np.int64
    assert found.toarray().tolist() == [[0, 0, 0], [0, 0, 0], [1, 0, 1]]
    assert ngrams([], 3) == []


def test_misuse_is_refused():
    with pytest.raises(NotFittedError, match="call fit"):
        NgramCounts().encode(["a"])
    with pytest.raises(ValueError, match="n is 0"):
        NgramCounts(0)
    with pytest.raises(ValueError, match="nothing to count"):
        NgramCounts().fit(["", " "])
    with pytest.raises(TypeError, match="got one str"):
        NgramCounts().fit("a b")
    with pytest.raises(ValueError, match="no texts"):
        NgramCounts().fit(["a"]).encode([])
