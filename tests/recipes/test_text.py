"""The text recipes: what they read, what is held out, and how they are matched."""

import numpy as np

from mmlearn import recipes
from mmlearn.recipes import text


def test_reviews_fit_into_their_block():
    splits, vocabulary = text.load_review_ids(), text.review_vocabulary()
    assert {name: x.shape for name, (x, _) in splits.items()} == {
        "train": (1200, 20),
        "validation": (400, 20),
        "test": (400, 20),
    }
    for ids, y in splits.values():
        assert ids.max() < len(vocabulary) == 76 and not (ids == 1).any()
        padding = ids == 0
        assert (np.diff(padding.astype(int), axis=1) >= 0).all()  # at the end only
        assert set(y) == {0, 1}


def test_the_lstm_has_as_many_weights_as_the_gru():
    gru, lstm = (recipes.get(f"{n}_reviews").model(0) for n in ("gru", "lstm"))
    F, U = text.EMBEDDING, text.LSTM_UNITS
    unit = 4 * (F + U + 1) + 4 * U + text.CLASSES  # one more: its gates, its readers
    assert 2 * abs(gru.count_params() - lstm.count_params()) < unit


def test_no_poem_lies_in_two_parts():
    parts = text.verse_texts()
    poems = {name: set(t.split(text.BETWEEN)) for name, t in parts.items()}
    assert [len(some) for some in poems.values()] == [15, 2, 2]
    assert "Tyger" in parts["validation"] and "Ozymandias" in parts["test"]
    lines = {n: {x for x in t.split("\n") if len(x) > 3} for n, t in parts.items()}
    assert not lines["train"] & (lines["test"] | lines["validation"])


def test_every_letter_has_the_one_that_comes_next():
    vocabulary = text.verse_vocabulary()
    for name, (x, y) in text.load_verse_ids().items():
        assert x.shape == y.shape and x.shape[1] == text.PIECE
        np.testing.assert_array_equal(x.ravel()[1:], y.ravel()[:-1])
        letters = "".join(vocabulary.decode(x.reshape(1, -1))[0])
        assert text.verse_texts()[name].startswith(letters)
