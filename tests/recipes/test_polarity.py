"""MR polarity: what a fold's network is told comes from its training alone."""

import numpy as np
import pytest

from mmlearn import recipes
from mmlearn.datasets import DataError, load_movie_reviews
from mmlearn.recipes import polarity
from mmlearn.recipes.recipe import RecipeError

TRAIN = ["good fun", "good good film", "bad film", "not good"]
SPLITS = {
    "train": (TRAIN, np.array([1, 1, 0, 0])),
    "test": (["good unheard film", ""], np.array([1, 0])),
}


def test_runs_are_numbered_and_weighed_by_the_training_texts():
    parts = polarity.ngram_splits(SPLITS, 2)
    x, y = parts["test"]
    assert y.tolist() == [1, 0] and x["ngram"].dtype == np.int32
    # bad, bad film, film, fun, good, good film, …: alphabetical, 0 is padding
    assert x["ngram"].tolist() == [[3, 5], [0, 0]]
    assert x["ratio"][1].tolist() == [0, 0]
    train = parts["train"][0]
    told = dict(zip(train["ngram"].ravel(), train["ratio"].ravel(), strict=True))
    assert told[1] < 0 < told[5] and told[0] == 0  # bad, good, padding
    np.testing.assert_array_equal(x["ratio"][0], [told[3], told[5]])
    changed = SPLITS | {"test": (["awful"], np.array([1]))}
    again = polarity.ngram_splits(changed, 2)["train"][0]
    np.testing.assert_array_equal(again["ratio"], train["ratio"])


def test_more_runs_than_numbers_are_refused(monkeypatch):
    monkeypatch.setattr(polarity, "SIZE", 5)
    with pytest.raises(RecipeError, match="runs of words; expected below 5"):
        polarity.ngram_splits(SPLITS, 2)


@pytest.mark.data
@pytest.mark.slow
def test_a_fold_of_the_real_sentences():
    try:
        load_movie_reviews(download=False)
    except DataError as missing:
        pytest.skip(f"MR polarity is not under $MMLEARN_DATA: {missing}")
    recipe = recipes.get("ngram_polarity")
    parts = recipe.data("quick", 7)
    assert {name: len(y) for name, (_, y) in parts.items()} == {
        "train": 9_596,
        "test": 1_066,
    }
    closed = polarity.choose_polarity("quick", 7)
    sizes = {name: len(y) for name, (_, y) in closed.items()}
    assert sizes == {"train": 8_636, "validation": 960}
    bayes = recipes.get("bayes_polarity").run_on(parts, 0)
    assert 0.75 < bayes.test_accuracy < 0.82
