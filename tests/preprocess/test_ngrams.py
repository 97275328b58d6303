"""Counts of runs of words, against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from mmlearn.preprocess import NotFittedError
from mmlearn.preprocess.ngrams import (
    NgramCounts,
    letter_runs,
    log_ratios,
    ngram_ids,
    ngrams,
)
from mmlearn.preprocess.text import tokenize

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


@given(TEXTS, st.integers(2, 3), st.integers(0, 2))
@settings(max_examples=20, deadline=None)
def test_runs_of_letters_are_those_of_scikit_learn(texts, shortest, more):
    """Theirs mark both ends of a word by a space, and take short words whole."""
    rows = [tokenize(text) for text in [*texts, "abab ba"]]
    sizes = (shortest, shortest + more)
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=sizes)
    read = theirs.build_analyzer()
    for row in rows:
        ours = [
            g.replace("<", " ").replace(">", " ") for _, g in letter_runs(row, *sizes)
        ]
        long = [g for token in row for g in read(token) if len(g) >= shortest]
        assert set(ours) == set(long)
    counts = NgramCounts(1, letters=sizes).fit(rows)
    words = NgramCounts(1).fit(rows)
    plain = [g[0] for g in counts.ngrams if g[0]]
    assert plain == [g[0] for g in words.ngrams]
    of_words = [n for n, g in enumerate(counts.ngrams) if g[0]]
    found = counts.encode(rows).toarray()
    np.testing.assert_array_equal(found[:, of_words], words.encode(rows).toarray())
    assert found.sum(axis=1).tolist() == [
        len(row) + len(letter_runs(row, *sizes)) for row in rows
    ]


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
    with pytest.raises(ValueError, match=r"letters are \(3, 2\); expected"):
        NgramCounts(letters=(3, 2))
    with pytest.raises(ValueError, match="nothing to count"):
        NgramCounts().fit(["", " "])
    with pytest.raises(TypeError, match="got one str"):
        NgramCounts().fit("a b")
    with pytest.raises(ValueError, match="no texts"):
        NgramCounts().fit(["a"]).encode([])


@pytest.mark.parametrize("alpha", [1.0, 0.3])
def test_log_ratios_are_scikit_learns_naive_bayes(alpha):
    rng = np.random.default_rng(0)
    counts, y = rng.integers(0, 3, (30, 12)), rng.permutation(np.arange(30) % 2)
    theirs = MultinomialNB(alpha=alpha).fit(counts > 0, y).feature_log_prob_
    from_sparse = log_ratios(sparse.csr_array(counts), y, alpha)
    np.testing.assert_allclose(from_sparse, theirs[1] - theirs[0], atol=1e-12)
    np.testing.assert_array_equal(from_sparse, log_ratios(counts, y, alpha))


def test_ids_are_the_columns_that_are_there():
    counts = NgramCounts(2).fit(["a b c", "c a"]).encode(["b c c", "", "a b c"])
    ids, mask = ngram_ids(counts)
    for row, kept, text in zip(ids, mask, counts.toarray(), strict=True):
        assert (row[kept] - 1).tolist() == np.flatnonzero(text).tolist()
        assert not row[~kept].any()
    short, _ = ngram_ids(counts, 2)
    np.testing.assert_array_equal(short, ids[:, :2])
    assert ngram_ids(counts[1:2])[0].tolist() == [[0]]


def test_labels_and_sizes_that_make_no_sense_are_refused():
    counts = np.ones((2, 3), int)
    with pytest.raises(ValueError, match="expected .2,. of 0 and 1, both"):
        log_ratios(counts, [1, 1])
    with pytest.raises(ValueError, match="expected .2,. of 0 and 1, both"):
        log_ratios(counts, [0, 1, 1])
    with pytest.raises(ValueError, match="alpha is 0; expected above 0"):
        log_ratios(counts, [0, 1], 0)
    with pytest.raises(ValueError, match="length is 0"):
        ngram_ids(counts, 0)
