import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from mmlearn.preprocess import NotFittedError
from mmlearn.preprocess.text import Vocabulary, clean, next_tokens, tokenize

TEXTS = st.lists(st.text("abc d'É!\n\t,3", max_size=30), min_size=1, max_size=5)


@given(st.text(max_size=40))
@settings(max_examples=50, deadline=None)
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)
    assert clean(once) == once
    assert "  " not in once
    assert once == once.strip()


def test_clean_and_tokenize():
    assert clean("\ufeffﬁne\u2003 Day\x00s") == "fine days"
    assert clean("A B", lower=False) == "A B"
    assert tokenize("don't 3.5 — naïve") == ["don't", "3", ".", "5", "—", "naïve"]
    for call in (clean, tokenize):
        with pytest.raises(TypeError, match="got a int; expected a str"):
            call(3)


@given(TEXTS, TEXTS, st.one_of(st.none(), st.integers(1, 12)))
@settings(max_examples=40, deadline=None)
def test_encode_numbers_known_tokens_and_masks_the_rest(train, texts, length):
    train = [*train, "a"]
    vocabulary = Vocabulary().fit(train)
    ids, mask = vocabulary.encode(texts, length)
    known = {token for text in train for token in tokenize(clean(text))}
    assert len(vocabulary) == len(known) + 2
    for row, valid, text in zip(ids, mask, texts, strict=True):
        tokens = tokenize(clean(text))[: len(row)]
        expected = [token if token in known else "<unknown>" for token in tokens]
        assert vocabulary.decode(row[None])[0] == expected
        assert valid.sum() == len(tokens)
        assert not row[~valid].any()
        assert row[valid].all()


def test_numbers_are_in_the_order_of_counts_as_scikit_learn_counts():
    train = ["the ball falls on the floor", "the ball rolls", "a bell"]
    counter = CountVectorizer(token_pattern=r"\w+").fit(train)
    counts = np.asarray(counter.transform(train).sum(axis=0)).ravel()
    found = zip(counter.get_feature_names_out(), counts, strict=True)
    expected = [word for word, count in sorted(found, key=lambda wc: (-wc[1], wc[0]))]
    assert Vocabulary().fit(train).tokens[2:] == expected


def test_size_and_min_count_limit_what_is_known():
    train = [["a", "a", "a", "b", "b", "c"]]
    assert Vocabulary(size=3).fit(train).tokens == ["<pad>", "<unknown>", "a"]
    assert Vocabulary(min_count=2).fit(train).tokens[2:] == ["a", "b"]
    ids, _ = Vocabulary(size=4).fit(train).encode([["c", "b", "a"]])
    assert ids.tolist() == [[1, 3, 2]]


def test_a_test_text_cannot_claim_the_reserved_numbers():
    vocabulary = Vocabulary().fit(["a"])
    ids, mask = vocabulary.encode([["<pad>", "a"]])
    assert ids.tolist() == [[1, 2]]
    assert mask.all()
    assert Vocabulary().fit([["<pad>", "a"]]).encode([["<pad>"]])[0].min() > 1


def test_misuse_is_refused():
    with pytest.raises(NotFittedError, match="call fit"):
        Vocabulary().encode(["a"])
    with pytest.raises(NotFittedError, match="call fit"):
        Vocabulary().decode([[1]])
    vocabulary = Vocabulary().fit(["a b"])
    with pytest.raises(TypeError, match="got one str"):
        vocabulary.encode("a b")
    for call in (lambda: Vocabulary().fit([" "]), lambda: vocabulary.encode([])):
        with pytest.raises(ValueError, match="no tokens|no texts"):
            call()
    with pytest.raises(ValueError, match="length is 0"):
        vocabulary.encode(["a"], 0)
    with pytest.raises(ValueError, match="from 0 to 9; expected 0 to 3"):
        vocabulary.decode([[0, 9]])
    with pytest.raises(ValueError, match="size is 2"):
        Vocabulary(size=2)


@pytest.mark.parametrize("wrong", [None, 3, [1, 2], [["a", 1]], [b"bytes"]])
def test_what_is_no_text_is_named(wrong):
    with pytest.raises(TypeError, match="^Vocabulary: .*expected a "):
        Vocabulary().fit(wrong)


@given(st.text(max_size=40), st.text(max_size=20))
@settings(max_examples=20, deadline=None)
def test_letter_by_letter_nothing_is_lost(text, other):
    vocabulary = Vocabulary(unit="character").fit([text + "a"])
    ids, mask = vocabulary.encode([text, other])
    assert "".join(vocabulary.decode(ids)[0]) == text
    known = [c if c in text + "a" else "<unknown>" for c in other]
    assert vocabulary.decode(ids)[1] == known
    assert mask.sum(axis=1).tolist() == [len(text), len(other)]
    with pytest.raises(ValueError, match="unit is 'byte'"):
        Vocabulary(unit="byte")


def test_an_empty_text_is_masked_whole():
    ids, mask = Vocabulary().fit(["a b"]).encode(["", "b"])
    assert ids.tolist() == [[0], [3]] and mask.tolist() == [[False], [True]]
    ids, mask = Vocabulary().fit(["a b"]).encode([""], length=3)
    assert not ids.any() and not mask.any() and ids.shape == (1, 3)


@given(st.integers(2, 40), st.integers(1, 39))
@settings(max_examples=20, deadline=None)
def test_targets_are_one_step_ahead(total, length):
    ids = np.random.default_rng(total).integers(0, 9, total)
    if length >= total:
        with pytest.raises(ValueError, match=f"length is {length}; expected 1 to"):
            next_tokens(ids, length)
        return
    x, y = next_tokens(ids, length)
    assert x.shape == y.shape == ((total - 1) // length, length)
    np.testing.assert_array_equal(x.ravel(), ids[: x.size])
    np.testing.assert_array_equal(y.ravel(), ids[1 : x.size + 1])


def test_pieces_of_what_is_no_text_are_refused():
    for wrong in (np.zeros((2, 5), int), np.zeros(5)):
        with pytest.raises(ValueError, match=r"expected \(S,\) integers"):
            next_tokens(wrong, 2)
