"""Texts as counts of their words and of neighbouring words: what naive Bayes reads.

counts = NgramCounts(n=2).fit(train)
ratios = log_ratios(counts.encode(train), y)       # (F,) how much each run tells
ids, mask = ngram_ids(counts.encode(texts))        # (B, L), for a network
"""

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


def letter_runs(row, shortest, longest):
    """The runs of letters inside the words of a text, whose ends are marked < and >.

    What is rare as a word may be made of what is common: "un", "less", "boring".

    Args:
        row: list of tokens.
        shortest, longest: letters in a run, the marks of the ends included.

    Returns:
        list of pairs ("", run): so no run is taken for a word.

    Source: Bojanowski, Grave, Joulin and Mikolov (2017), Enriching word vectors with
    subword information, TACL 5.

    >>> [run for _, run in letter_runs(["dull"], 4, 5)]
    ['<dul', 'dull', 'ull>', '<dull', 'dull>']
    """
    words = [f"<{token}>" for token in row]
    return [
        ("", word[start : start + size])
        for word in words
        for size in range(shortest, longest + 1)
        for start in range(len(word) - size + 1)
    ]


class NgramCounts:
    """How often each run of 1 to n tokens of the *training* texts is in a text.

    Runs that training never met are left out: nothing is known of them.

    Args:
        n: the longest run; 1 counts single words, whose order is lost.
        min_count: how often a run must occur in training to be counted.
        letters: (shortest, longest): runs of letters inside the words are counted too
            (`letter_runs`); None: they are not.

    Attributes:
        ngrams: list of F tuples of str, after `fit`, in alphabetical order.

    >>> counts = NgramCounts(n=2).fit(["not good", "good good"])
    >>> counts.ngrams
    [('good',), ('good', 'good'), ('not',), ('not', 'good')]
    >>> counts.encode(["good, not good", ""]).toarray()
    array([[2, 0, 1, 1],
           [0, 0, 0, 0]])
    """

    def __init__(self, n=1, min_count=1, letters=None):
        if n < 1 or min_count < 1:
            raise ValueError(
                f"NgramCounts: n is {n} and min_count {min_count}; expected 1 or more"
            )
        if letters is not None and not 1 <= letters[0] <= letters[1]:
            raise ValueError(
                f"NgramCounts: letters are {letters}; expected (shortest, longest), 1 "
                "or more, like (3, 5)"
            )
        self.n, self.min_count, self.letters = n, min_count, letters
        self.ngrams: list[tuple[str, ...]] = []
        self._column: dict[tuple[str, ...], int] = {}

    def __len__(self):
        return len(self.ngrams)

    def fit(self, train):
        """Number the runs of training texts (str or lists of tokens); return self."""
        found = Counter(g for text in listed(train) for g in self._runs(text))
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
            known = [self._column.get(gram) for gram in self._runs(text)]
            known = [column for column in known if column is not None]
            rows += [row] * len(known)
            columns += known
        ones = np.ones(len(rows), np.int64)
        shape = (len(texts), len(self))
        return sparse.coo_array((ones, (rows, columns)), shape=shape).tocsr()

    def _runs(self, text):
        row = tokens(text)
        inside = [] if self.letters is None else letter_runs(row, *self.letters)
        return ngrams(row, self.n) + inside


def log_ratios(counts, y, alpha=1.0):
    """Naive Bayes' verdict on each run of words: r = log (p / ‖p‖₁) / (q / ‖q‖₁).

    p_f = α + Σ_{y_b = 1} x_bf and q_f = α + Σ_{y_b = 0} x_bf, where x_bf is 1 if run f
    is in text b, however often. Naive Bayes answers 1 where Σ_f r_f x_bf, plus the log
    of the classes' odds, is above 0.

    Args:
        counts: (B, F) of the *training* texts, sparse as by `NgramCounts`, or an array.
        y: (B,) labels 0 and 1.
        alpha: α > 0, texts of either class that each run is taken to have been in.

    Returns:
        (F,) float64.

    Raises:
        ValueError: for labels other than 0 and 1, both there, one each; or no alpha.

    Source: S. Wang, C. Manning (2012), Baselines and bigrams, ACL, section 2.

    >>> log_ratios(np.array([[2, 0], [1, 1], [0, 1]]), [1, 1, 0]).round(2)
    array([ 0.59, -0.51])
    """
    y = np.asarray(y)
    if y.shape != (counts.shape[0],) or set(np.unique(y).tolist()) != {0, 1}:
        raise ValueError(
            f"log_ratios: y is {y.shape} with labels {np.unique(y)[:4]}; expected "
            f"({counts.shape[0]},) of 0 and 1, both"
        )
    if not alpha > 0:
        raise ValueError(f"log_ratios: alpha is {alpha}; expected above 0")
    found = (counts > 0).astype(np.float64)
    p, q = (alpha + np.asarray(found[y == label].sum(axis=0)) for label in (1, 0))
    return np.log(p / p.sum()) - np.log(q / q.sum())


def ngram_ids(counts, length=None):
    """Which runs of words are in each text, as rows of one length for a network.

    Args:
        counts: (B, F) as by `NgramCounts.encode`.
        length: L; of longer rows the last columns are left out; by default the longest.

    Returns:
        ids: (B, L) int64, 1 + column of each run that is there, in ascending order, and
        0 as padding; mask: (B, L) bool, True on runs.

    >>> ids, mask = ngram_ids(np.array([[0, 2, 1], [0, 0, 0]]))
    >>> ids.tolist(), mask.tolist()
    ([[2, 3], [0, 0]], [[True, True], [False, False]])
    """
    from scipy import sparse

    rows = sparse.csr_array(counts)
    rows.eliminate_zeros()
    rows.sort_indices()
    lengths = np.diff(rows.indptr)
    longest = max(1, lengths.max(initial=0)) if length is None else int(length)
    if longest < 1:
        raise ValueError(f"ngram_ids: length is {length}; expected 1 or more")
    place = np.arange(len(rows.indices)) - np.repeat(rows.indptr[:-1], lengths)
    row = np.repeat(np.arange(len(lengths)), lengths)
    kept = place < longest
    ids = np.zeros((len(lengths), longest), np.int64)
    ids[row[kept], place[kept]] = 1 + rows.indices[kept]
    return ids, ids > 0
