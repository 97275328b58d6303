"""Texts as counts of their words and of neighbouring words: what naive Bayes reads."""

from collections import Counter

import numpy as np

from mmlearn.preprocess.arrays import NotFittedError
from mmlearn.preprocess.text import listed, tokens


def ngrams(row, n):
    """The runs of 1 to n neighbouring tokens of a text, in order.

    Args:
        row: list of tokens.
        n: the longest run.

    Returns:
        list of tuples of str.

    >>> ngrams(["not", "a", "dull"], 2)
    [('not',), ('a',), ('dull',), ('not', 'a'), ('a', 'dull')]
    """
    return [
        tuple(row[start : start + size])
        for size in range(1, n + 1)
        for start in range(len(row) - size + 1)
    ]


class NgramCounts:
    """How often each run of 1 to n tokens of the *training* texts is in a text.

    Runs that training never met are left out: nothing is known of them.

    Args:
        n: the longest run; 1 counts single words, whose order is lost.
        min_count: how often a run must occur in training to be counted.

    Attributes:
        ngrams: list of F tuples of str, after `fit`, in alphabetical order.

    >>> counts = NgramCounts(n=2).fit(["not good", "good good"])
    >>> counts.ngrams
    [('good',), ('good', 'good'), ('not',), ('not', 'good')]
    >>> counts.encode(["good, not good", ""]).toarray()
    array([[2, 0, 1, 1],
           [0, 0, 0, 0]])
    """

    def __init__(self, n=1, min_count=1):
        if n < 1 or min_count < 1:
            raise ValueError(
                f"NgramCounts: n is {n} and min_count {min_count}; expected 1 or more"
            )
        self.n, self.min_count = n, min_count
        self.ngrams: list[tuple[str, ...]] = []
        self._column: dict[tuple[str, ...], int] = {}

    def __len__(self):
        return len(self.ngrams)

    def fit(self, train):
        """Number the runs of training texts (str or lists of tokens); return self."""
        found = Counter(
            g for text in listed(train) for g in ngrams(tokens(text), self.n)
        )
        self.ngrams = sorted(g for g, count in found.items() if count >= self.min_count)
        if not self.ngrams:
            raise ValueError("NgramCounts.fit: nothing to count in train")
        self._column = {gram: column for column, gram in enumerate(self.ngrams)}
        return self

    def encode(self, texts):
        """Texts as counts.

        Args:
            texts: list of B str (cleaned and cut here) or lists of tokens.

        Returns:
            (B, F) int64 `scipy.sparse.csr_array`; an empty text is a row of zeros.

        Raises:
            NotFittedError: before `fit`. ValueError: without texts.
        """
        from scipy import sparse

        if not self.ngrams:
            raise NotFittedError("NgramCounts.encode: not fitted yet; call fit first")
        rows, columns = [], []
        texts = listed(texts)
        if not texts:
            raise ValueError("NgramCounts.encode: no texts; expected at least one")
        for row, text in enumerate(texts):
            known = [self._column.get(gram) for gram in ngrams(tokens(text), self.n)]
            known = [column for column in known if column is not None]
            rows += [row] * len(known)
            columns += known
        ones = np.ones(len(rows), np.int64)
        shape = (len(texts), len(self))
        return sparse.coo_array((ones, (rows, columns)), shape=shape).tocsr()
