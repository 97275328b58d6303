"""Sentences for or against a film: critics' own, and simulated ones that ship."""

from dataclasses import dataclass

import numpy as np

from mmlearn import course
from mmlearn.datasets import integrity
from mmlearn.datasets.card import DataError
from mmlearn.datasets.download import obtain
from mmlearn.datasets.splits import stratified_split

FOLDS = 10
SHARES = {"train": 1_200, "validation": 400, "test": 400}


@dataclass(frozen=True)
class Reviews:
    """Labelled sentences, dealt into folds.

    Args:
        texts: N str.
        y: (N,) int64, 0 against, 1 for.
        fold: (N,) int64, the fold that each sentence tests in.
        label_names: what 0 and 1 mean.
    """

    texts: tuple[str, ...]
    y: np.ndarray
    fold: np.ndarray
    label_names: tuple[str, ...] = ("against", "for")

    def __len__(self):
        return len(self.texts)

    def splits(self, fold, *, validation=0, seed=0):
        """Test on one fold, train on the others.

        Args:
            fold: 0 … 9.
            validation: how many of the training sentences to choose by (stratified).
            seed: fixes which.

        Returns:
            dict "train", "validation" (if any), "test" → (texts, y), texts a list.

        Raises:
            DataError: for a fold that does not exist.

        >>> tiny = Reviews(("good", "bad", "fine"), np.array([1, 0, 1]), np.arange(3))
        >>> tiny.splits(1)["test"]
        (['bad'], array([0]))
        """
        folds = int(self.fold.max()) + 1
        if not 0 <= fold < folds:
            raise DataError(f"no fold {fold}; there are 0 to {folds - 1}")
        rest = np.flatnonzero(self.fold != fold)
        sizes = [len(rest) - validation, validation]
        train, held = stratified_split(self.y[rest], sizes, seed)
        parts = {"train": rest[train], "validation": rest[held]}
        parts["test"] = np.flatnonzero(self.fold == fold)
        return {name: self._some(i) for name, i in parts.items() if len(i)}

    def _some(self, index):
        return [self.texts[i] for i in index], self.y[index]


def load_movie_reviews(*, seed=0, download=True):
    """Load MR polarity: 10,662 sentences out of film reviews, half for, half against.

    Origin: Pang and Lee took the "snippets" of reviews on Rotten Tomatoes, marked fresh
        (for) or rotten (against) by their authors; tokenized, lower case. Here the
        UTF-8 copy that came with D. Britz's CNN for sentences.
    Licence: no formal one (a research distribution of Cornell University).
    Citation: Pang and Lee (2005), Seeing stars, ACL.

    Args:
        seed: deals the sentences into ten folds, stratified; papers deal their own, so
            compare means over all ten.
        download: whether missing or damaged files may be fetched (1.2 MB).

    Returns:
        `Reviews`: 5,331 for, then 5,331 against; `.splits(fold)` for fold 0 … 9.
        To beat: naive Bayes, 77.7 % on words, 78.7 % on words and pairs of them.

    Raises:
        DataError: with the command to run, and `load_reviews()` as the way without
            a network.
    """
    liked, disliked = (_lines(path) for path in obtain("rt-polarity", download))
    y = np.repeat([1, 0], [len(liked), len(disliked)]).astype(np.int64)
    sizes = [len(y) // FOLDS + (k < len(y) % FOLDS) for k in range(FOLDS)]
    fold = np.zeros(len(y), np.int64)
    for k, members in enumerate(stratified_split(y, sizes, seed)):
        fold[members] = k
    return Reviews(tuple(text.strip() for text in liked + disliked), y, fold)


def load_reviews(*, seed=0):
    """Load 2,000 short film reviews that ship with the course: no network needed.

    Origin: simulated. `data/reviews/prepare.py` draws them from a grammar with
        negation, contrast and hedges ("the plot is anything but dull"), so that the
        order of words matters; nobody's opinion, and far easier than people's.
    Licence and citation: CC BY 4.0, the mmlearn authors; data/reviews/README.md.

    Args:
        seed: fixes the stratified split.

    Returns:
        dict "train", "validation", "test" → (texts, y): texts a list of N str; y (N,)
        int64, 0 against, 1 for. N = 1,200, 400, 400; no sentence is there twice.

    Raises:
        DataError: if the file is missing or altered.
    """
    integrity.expect_shipped("reviews")
    path = course.data_folder() / "reviews" / "reviews.tsv"
    try:
        rows = [line.split("\t") for line in _lines(path)]
        texts, labels = zip(*((text, int(label)) for label, text in rows), strict=True)
    except ValueError as error:  # media's errors too
        raise DataError(f"reviews: {path}: {error}; reinstall mmlearn") from None
    y = np.array(labels, np.int64)
    parts = stratified_split(y, list(SHARES.values()), seed)
    return {
        name: ([texts[n] for n in index], y[index])
        for name, index in zip(SHARES, parts, strict=True)
    }


def load_text():
    """Load verses to learn a language from, letter by letter; they ship.

    Origin: poems in English whose authors died long ago (Blake, Poe, Lear, Carroll,
        Stevenson and others), typed by hand; data/verses/README.md lists them. Small:
        a model of letters learns spelling and metre from it, and no sense.
    Licence: public domain (the poems); CC BY 4.0 (the selection).
    Citation: the poems' authors; data/verses/README.md.

    Returns:
        str in plain ASCII; poems are parted by two empty lines, stanzas by one.

    Raises:
        DataError: if the file is missing or altered.
    """
    from mmlearn import media  # here: it brings the video decoder

    integrity.expect_shipped("verses")
    try:
        return media.read_text(course.data_folder() / "verses" / "verses.txt")
    except media.MediaError as error:
        raise DataError(f"verses: {error}; reinstall mmlearn") from None


def _lines(path):
    from mmlearn import media  # here: it brings the video decoder

    return media.read_text(path).rstrip("\n").split("\n")
