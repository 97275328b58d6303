"""The recipes on MR polarity: 10,662 sentences for or against a film, ten folds.

Papers deal the sentences into ten folds of their own, so that only means over all ten
compare. Here the deal is `load_movie_reviews(seed=0)`, stratified. To choose by, of the
nine folds that train `VALIDATION` sentences were kept back, and the tenth was closed;
one choice serves all folds, so that a sentence one fold tests may have validated for
another. Then a run trains on all nine, for as many epochs.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from mmlearn.recipes.folds import FoldRecipe
from mmlearn.recipes.goal import Goal
from mmlearn.recipes.recipe import RecipeError, without_test

VALIDATION = 960  # sentences, a tenth of nine folds
RUNS = 2  # words, and pairs of neighbours
LETTERS = (3, 5)  # runs of letters inside the words
SIZE = 2**18  # numbers for runs: 262,144, more than all sentences have


@lru_cache(maxsize=2)
def _counted(letters):
    """The folds with row numbers for texts, and the counts of all runs, made once.

    Which of the runs a network is told of, and what of them, is `ngram_splits`'.
    """
    from mmlearn.datasets import load_movie_reviews
    from mmlearn.preprocess.ngrams import NgramCounts

    reviews = load_movie_reviews()
    counts = NgramCounts(RUNS, letters=letters)
    found = counts.fit(reviews.texts).encode(reviews.texts)
    return replace(reviews, texts=tuple(range(len(reviews)))), found


def load_polarity(profile, fold, letters=LETTERS):
    """Test on one fold, train on the other nine.

    Args:
        profile: both profiles read the same sentences.
        fold: 0 … 9.
        letters: shortest and longest run of letters, or None: words and pairs alone.

    Returns:
        dict "train", "test" -> ({"ngram": (N, L) int32, "ratio": (N, L) float32},
        y (N,) int64).
    """
    reviews, counts = _counted(letters)
    return ngram_splits(reviews.splits(fold), counts)


def load_words(profile, fold):
    """`load_polarity` without runs of letters."""
    return load_polarity(profile, fold, letters=None)


def choose_polarity(profile, fold):
    """The nine folds alone: `VALIDATION` of their sentences to validate."""
    reviews, counts = _counted(LETTERS)
    splits = reviews.splits(fold, validation=VALIDATION)
    return ngram_splits(without_test(splits), counts)


def ngram_splits(splits, counts):
    """Rows of counts as numbers of their runs, with each run's log ratio.

    Only runs of the training rows count, and their ratios are of these rows alone: a
    run that training never met is as if it were not there.

    Args:
        splits: dict, name -> (rows, y), "train" among them; y 0 or 1.
        counts: (N, F) sparse, of all rows.

    Returns:
        dict of the same names -> ({"ngram": ids, 0 for padding, "ratio": r}, y).

    Raises:
        RecipeError: if training has more runs than the network has numbers for.
    """
    from mmlearn.preprocess.ngrams import log_ratios, ngram_ids

    rows, y = splits["train"]
    known = np.flatnonzero(counts[rows].sum(axis=0))
    if len(known) >= SIZE:
        raise RecipeError(f"{len(known)} runs of words; expected below {SIZE}")
    counts = counts[:, known]
    ratios = np.r_[0.0, log_ratios(counts[rows], y)]
    arrays = {}
    for name, (rows, y) in splits.items():
        ids, _ = ngram_ids(counts[rows])
        x = {"ngram": ids.astype(np.int32), "ratio": ratios[ids].astype(np.float32)}
        arrays[name] = x, y
    return arrays


def _build_bayes(seed):
    from mmlearn import models

    return models.ngram_classifier(SIZE, seed=seed)


def _build_ngrams(seed):
    from mmlearn import models

    return models.ngram_classifier(SIZE, start=0.05, l2=6e-4, seed=seed)


RATES = tuple({"learning_rate": rate} for rate in (3e-3, 1e-2))
RECIPES = (
    FoldRecipe(
        name="bayes_polarity",
        description="naive Bayes on words and pairs: ngram_polarity untrained",
        dataset="rt-polarity",
        load=load_words,
        build=_build_bayes,
        epochs={"quick": 0, "full": 0},
        batch_size=64,
        learning_rate=1e-3,
        expected=(0.77, 0.80),
        grid=({"learning_rate": 1e-3},),  # nothing is trained: nothing was chosen
        goal=Goal(0.79, "Wang and Manning (2012), MNB on bigrams, table 2"),
    ),
    FoldRecipe(
        # Chosen on three to five folds' validation sentences: l2 = 6e-4 of 2e-4, 6e-4
        # and 2e-3 (as C of scikit-learn's logistic regression on the same numbers:
        # loss 0.482, 0.464, 0.475); runs of letters raised its accuracy by 0.015. The
        # two rates: loss 0.546 and 0.562 (with the l2 term), accuracy 0.790 and 0.791.
        name="ngram_polarity",
        description="words, pairs, runs of letters: naive Bayes trained on (lesson 09)",
        dataset="rt-polarity",
        load=load_polarity,
        choose=choose_polarity,
        build=_build_ngrams,
        epochs={"quick": 8, "full": 8},
        batch_size=128,
        learning_rate=3e-3,
        schedule="cosine",
        expected=(0.785, 0.81),
        grid=RATES,
        goal=Goal(
            0.794,
            "Wang and Manning (2012), NBSVM on bigrams, table 2",
            least=0.761,
            aim=0.787,
        ),
    ),
)
