"""MR polarity: what a fold's network is told comes from its training alone."""

import numpy as np
import pytest

from mmlearn import recipes
from mmlearn.datasets import DataError, load_movie_reviews
from mmlearn.preprocess.ngrams import NgramCounts, log_ratios
from mmlearn.recipes import polarity
from mmlearn.recipes.recipe import RecipeError

TEXTS = ["good fun", "good good film", "bad film", "not good", "good unheard film", ""]
Y = np.array([1, 1, 0, 0, 1, 0])


def parts(train, test):
    counts = NgramCounts(2).fit(TEXTS)
    splits = {"train": (train, Y[train]), "test": (test, Y[test])}
    return polarity.ngram_splits(splits, counts.encode(TEXTS))


def test_runs_are_numbered_and_weighed_by_the_training_texts():
    found = parts([0, 1, 2, 3], [4, 5])
    x, y = found["test"]
    assert y.tolist() == [1, 0] and x["ngram"].dtype == np.int32
    # bad, bad film, film, fun, good, good film, …: alphabetical, 0 is padding
    assert x["ngram"].tolist() == [[3, 5], [0, 0]]
    assert x["ratio"][1].tolist() == [0, 0]
    train = found["train"][0]
    told = dict(zip(train["ngram"].ravel(), train["ratio"].ravel(), strict=True))
    assert told[1] < 0 < told[5] and told[0] == 0  # bad, good, padding
    np.testing.assert_array_equal(x["ratio"][0], [told[3], told[5]])
    alone = NgramCounts(2).fit(TEXTS[:4])
    expected = log_ratios(alone.encode(TEXTS[:4]), Y[:4])
    ours = [told[n] for n in range(1, len(alone) + 1)]
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


def test_what_is_tested_changes_nothing_that_is_learned():
    once, again = (parts([0, 1, 2, 3], rows)["train"][0] for rows in ([4], [4, 5]))
    for name in ("ngram", "ratio"):
        np.testing.assert_array_equal(once[name], again[name])


def test_more_runs_than_numbers_are_refused(monkeypatch):
    monkeypatch.setattr(polarity, "SIZE", 5)
    with pytest.raises(RecipeError, match="runs of words; expected below 5"):
        parts([0, 1, 2, 3], [4])


@pytest.mark.data
@pytest.mark.slow
def test_a_fold_of_the_real_sentences():
    try:
        load_movie_reviews(download=False)
    except DataError as missing:
        pytest.skip(f"MR polarity is not under $MMLEARN_DATA: {missing}")
    recipe = recipes.get("ngram_polarity")
    sizes = {name: len(y) for name, (_, y) in recipe.data("quick", 7).items()}
    assert sizes == {
        "train": 9_596,
        "test": 1_066,
    }
    closed = polarity.choose_polarity("quick", 7)
    sizes = {name: len(y) for name, (_, y) in closed.items()}
    assert sizes == {"train": 8_636, "validation": 960}
    bayes = recipes.get("bayes_polarity").run_fold(7)
    assert 0.75 < bayes.test_accuracy < 0.82
