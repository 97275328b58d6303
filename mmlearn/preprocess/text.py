"""Text to one format: cleaned, cut into tokens, numbered by the training vocabulary."""

import re
import unicodedata
from collections import Counter

import numpy as np

from mmlearn.preprocess.arrays import NotFittedError

PADDING, UNKNOWN = 0, 1
_TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")


def clean(text, *, lower=True):
    """Bring a text to one spelling: Unicode NFKC, single spaces, lower case.

    Args:
        text: str.
        lower: whether capitals are made small.

    Returns:
        str without control characters, outer or double spaces.

    >>> clean("  A Ball\\u00a0falls,\\n THREE  times ")
    'a ball falls, three times'
    """
    if not isinstance(text, str):
        raise TypeError(f"clean: got a {type(text).__name__}; expected a str")
    text = unicodedata.normalize("NFKC", text)
    if lower:
        # Making small can undo the normal form: İ becomes i and a dot of its own.
        text = unicodedata.normalize("NFKC", text.lower())
    kept = (c if c.isspace() or unicodedata.category(c)[0] != "C" else "" for c in text)
    return " ".join("".join(kept).split())


def tokenize(text):
    """Cut a text into words and single marks; an inner apostrophe stays in its word.

    Args:
        text: str, usually cleaned.

    Returns:
        list of str.

    >>> tokenize("it doesn't fall: it flies!")
    ['it', "doesn't", 'fall', ':', 'it', 'flies', '!']
    """
    if not isinstance(text, str):
        raise TypeError(f"tokenize: got a {type(text).__name__}; expected a str")
    return _TOKEN.findall(text)


class Vocabulary:
    """Numbers for the tokens of the *training* texts; 0 is padding, 1 unknown.

    A token of a test text that training never met is unknown: so it will be in use.

    Args:
        size: how many numbers at most, the two above included; None for all.
        min_count: how often a token must occur in training to get a number.
        unit: "word" (a str is cleaned and cut into words and marks), or "character" (a
            str is taken letter by letter as it is: capitals and line ends count).

    Attributes:
        tokens: list of str, by number, after `fit`: frequent ones first, then by
            alphabet.

    >>> vocabulary = Vocabulary().fit(["a ball falls", "a square slides"])
    >>> ids, mask = vocabulary.encode(["a bell", "a ball falls"])
    >>> ids.tolist()
    [[2, 1, 0], [2, 3, 4]]
    >>> mask.tolist()
    [[True, True, False], [True, True, True]]
    """

    def __init__(self, size=None, min_count=1, unit="word"):
        if unit not in ("word", "character"):
            raise ValueError(
                f"Vocabulary: unit is {unit!r}; expected 'word' or 'character'"
            )
        if size is not None and size < 3:
            raise ValueError(f"Vocabulary: size is {size}; expected 3 or more, or None")
        self.size, self.min_count, self.unit = size, min_count, unit
        self.tokens: list[str] = []
        self._number: dict[str, int] = {}

    def __len__(self):
        return len(self.tokens)

    def fit(self, train):
        """Number the tokens of training texts (str or lists of tokens); return self."""
        counts = Counter(t for text in listed(train) for t in tokens(text, self.unit))
        if not counts:
            raise ValueError("Vocabulary.fit: no tokens in train; expected some text")
        kept = [t for t, count in counts.items() if count >= self.min_count]
        kept.sort(key=lambda token: (-counts[token], token))
        room = None if self.size is None else self.size - 2
        self.tokens = ["<pad>", "<unknown>", *kept[:room]]
        self._number = {t: n for n, t in enumerate(self.tokens) if n > UNKNOWN}
        return self

    def encode(self, texts, length=None):
        """Texts as numbers.

        Args:
            texts: list of B str (cleaned and cut here) or lists of tokens.
            length: L; longer texts are cut; by default that of the longest.

        Returns:
            ids: (B, L) int64, padded with 0; mask: (B, L) bool, True on tokens. An
            empty text is all padding: a network must cope with a row masked whole.

        Raises:
            NotFittedError: before `fit`. ValueError: without texts.
        """
        self._expect_fitted("encode")
        rows = [tokens(text, self.unit) for text in listed(texts)]
        if not rows:
            raise ValueError("Vocabulary.encode: no texts; expected at least one")
        longest = max(1, *(len(row) for row in rows)) if length is None else int(length)
        if longest < 1:
            raise ValueError(
                f"Vocabulary.encode: length is {length}; expected 1 or more"
            )
        ids = np.full((len(rows), longest), PADDING, np.int64)
        for target, row in zip(ids, rows, strict=True):
            numbers = [self._number.get(token, UNKNOWN) for token in row[:longest]]
            target[: len(numbers)] = numbers
        lengths = np.array([len(row) for row in rows])
        return ids, np.arange(longest) < lengths[:, None]

    def decode(self, ids):
        """Numbers (B, L) back to lists of tokens, padding left out."""
        self._expect_fitted("decode")
        ids = np.asarray(ids)
        if ids.ndim != 2 or ids.dtype.kind not in "iu":
            raise ValueError(
                f"Vocabulary.decode: ids are {ids.shape} {ids.dtype}; expected (B, L) "
                "integers"
            )
        if ids.size and not 0 <= ids.min() <= ids.max() < len(self):
            raise ValueError(
                f"Vocabulary.decode: ids go from {ids.min()} to {ids.max()}; expected "
                f"0 to {len(self) - 1}"
            )
        return [[self.tokens[n] for n in row if n != PADDING] for row in ids]

    def _expect_fitted(self, method):
        if not self.tokens:
            raise NotFittedError(
                f"Vocabulary.{method}: not fitted yet; call fit(train) first"
            )


def next_tokens(ids, length):
    """Cut a long text into pieces, each with what comes next at every place.

    Piece n holds the tokens nL … nL + L − 1, its targets the tokens nL + 1 … nL + L.

    Args:
        ids: (S,) integers, one text.
        length: L of a piece.

    Returns:
        x, y: (N, L) each, N = (S − 1) // L; a rest shorter than L is left out.

    Raises:
        ValueError: if the text is too short for one piece.

    >>> x, y = next_tokens(np.arange(8), 3)
    >>> x.tolist(), y.tolist()
    ([[0, 1, 2], [3, 4, 5]], [[1, 2, 3], [4, 5, 6]])
    """
    ids = np.asarray(ids)
    if ids.ndim != 1 or ids.dtype.kind not in "iu":
        raise ValueError(
            f"next_tokens: ids are {ids.shape} {ids.dtype}; expected (S,) integers:"
            " one text, `encode([text])[0][0]`"
        )
    if not 1 <= length < len(ids):
        raise ValueError(
            f"next_tokens: length is {length}; expected 1 to {len(ids) - 1}, the text"
            f" has {len(ids)} tokens"
        )
    pieces = (len(ids) - 1) // length
    end = pieces * length
    return ids[:end].reshape(pieces, -1), ids[1 : end + 1].reshape(pieces, -1)


def listed(texts):
    """A list of texts, or a word on what was given instead."""
    if isinstance(texts, str):
        raise TypeError("Vocabulary: got one str; expected a list of texts")
    if not hasattr(texts, "__iter__"):
        kind = type(texts).__name__
        raise TypeError(f"Vocabulary: got a {kind}; expected a list of texts")
    return list(texts)


def tokens(text, unit="word"):
    """The tokens of a text: of a str cut here, of a list its own."""
    if isinstance(text, str):
        return list(text) if unit == "character" else tokenize(clean(text))
    if isinstance(text, list | tuple) and all(isinstance(t, str) for t in text):
        return list(text)
    raise TypeError(
        f"Vocabulary: a text is {text!r:.60}; expected a str or a list of tokens"
    )
