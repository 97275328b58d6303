"""What CMU-MOSI's recipes read: transcripts, sound, and the features that leak."""

from functools import lru_cache

import numpy as np

from mmlearn.recipes.polarity import LETTERS, RUNS, ngram_splits

VALIDATION = 12  # of the 62 training videos


@lru_cache(maxsize=1)
def opinions():
    """All utterances, read once."""
    from mmlearn.datasets import load_mosi

    return load_mosi()


@lru_cache(maxsize=1)
def _counts():
    """The counts of all runs of words and letters in all transcripts, made once.

    Which of the runs a network is told of, and what of them, is `ngram_splits`'.
    """
    from mmlearn.preprocess.ngrams import NgramCounts

    texts = opinions().texts
    return NgramCounts(RUNS, letters=LETTERS).fit(texts).encode(texts)


def load_texts(profile, rows):
    """The transcripts: {part: ({"ngram": (N, L), "ratio": (N, L)}, y)}."""
    y = opinions().y
    return ngram_splits({part: (i, y[i]) for part, i in rows.items()}, _counts())


def load_sounds(profile, rows):
    """The shipped features of sound, by video: {part: (x (N, 73) float32, y)}."""
    said = opinions()
    x = by_group(said.features["audio"], said.video)
    x, y = standardized(x, rows), said.y
    return {part: (x[part], y[i]) for part, i in rows.items()}


def load_both(profile, rows):
    """Text and sound: "audio" beside the keys of the text."""
    sounds = load_sounds(profile, rows)
    return {
        part: (x | {"audio": sounds[part][0]}, y)
        for part, (x, y) in load_texts(profile, rows).items()
    }


def standardized(x, rows):
    """Features with the training rows' mean 0 and s.d. 1, no further than 4 from it.

    Args:
        x: (N, F). rows: dict, part -> row numbers, "train" among them.

    Returns:
        dict, part -> (n, F) float32.

    >>> parts = standardized(np.array([[1.0], [3.0], [99.0]]), {"train": [0, 1]})
    >>> parts["train"].ravel().tolist()
    [-1.0, 1.0]
    """
    train = x[rows["train"]].astype(np.float64)
    mean, sd = train.mean(axis=0), train.std(axis=0)
    z = (x - mean) / np.where(sd > 0, sd, 1.0)
    z = np.clip(z, -4, 4).astype(np.float32)
    return {part: z[i] for part, i in rows.items()}


def by_group(x, groups):
    """Take each group's own mean and s.d. out: how a voice differs from itself.

    A speaker's other utterances must be there, not their labels.

    Args:
        x: (N, F). groups: (N,), whose.

    Returns:
        (N, F) float64.

    >>> by_group(np.array([[1.0], [3.0], [50.0]]), ["ann", "ann", "bob"]).ravel()
    array([-1.,  1.,  0.])
    """
    z = np.empty(np.shape(x), np.float64)
    groups = np.asarray(groups)
    for name in np.unique(groups):
        some = x[groups == name].astype(np.float64)
        sd = some.std(axis=0)
        z[groups == name] = (some - some.mean(axis=0)) / np.where(sd > 0, sd, 1.0)
    return z


def load_shipped(name):
    """A loader of what others computed, fitted on the training labels: a leak."""

    def load(profile):
        said = opinions()
        rows = said.rows(validation=VALIDATION, seed=0)
        x = standardized(said.features[name], rows)
        return {part: (x[part], said.y[i]) for part, i in rows.items()}

    return load
