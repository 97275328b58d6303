"""09.1: sentences to a block of numbers, with unknown words and padding."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
A batch of sentences as one block of numbers. `texts` is a list of B lists of words;
`numbers` is a dict, word to number (2 or more). A word that is not in it becomes **1**,
unknown. Sentences shorter than `length` are filled with **0** at the end, longer ones
lose their end. Return `ids`, `(B, length)` integers, and `mask`, `(B, length)`, `True`
where a word of the sentence stands, known or not.
"""

STUB = '''\
def encode(texts, numbers, length):
    """B lists of words, a dict, L -> ids (B, L) integers, mask (B, L) bool"""
    raise NotImplementedError
'''


def solution(texts, numbers, length):
    """A block of padding; every sentence is written over the beginning of its row."""
    ids = np.zeros((len(texts), length), int)
    mask = np.zeros((len(texts), length), bool)
    for row, words in enumerate(texts):
        found = [numbers.get(word, 1) for word in words[:length]]
        ids[row, : len(found)] = found
        mask[row, : len(found)] = True
    return ids, mask


def attempt(texts, numbers, length, *, wrong=frozenset()):
    """The block with a student's mistakes in it."""
    ids = np.zeros((len(texts), length), int)
    mask = np.zeros((len(texts), length), bool)
    other = 0 if "unknown words as padding" in wrong else 1
    for row, words in enumerate(texts):
        if "unknown words left out" in wrong:
            words = [word for word in words if word in numbers]
        if "the beginning cut off" in wrong:
            words = words[max(0, len(words) - length) :]
        found = [numbers.get(word, other) for word in words[:length]]
        place = slice(0, len(found))
        if "padding in front" in wrong:
            place = slice(length - len(found), length)
        ids[row, place] = found
        mask[row, place] = True
    if "unknown words masked" in wrong:
        mask = mask & (ids > 1)
    return ids, ~mask if "mask turned round" in wrong else mask


WORDS = ("the", "plot", "is", "not", "dull", "bold", "hero", "truly")
STRANGE = ("splendid", "meh", "zany")


def _case(rng, lengths, length):
    """Sentences of these lengths; the second word of the longer ones is strange."""
    known = rng.permutation(WORDS)[:5]
    numbers = {str(word): int(n) for n, word in enumerate(known, start=2)}
    texts = [[str(w) for w in rng.choice(known, n)] for n in lengths]
    for words in texts:
        if len(words) > 1:
            words[1] = str(rng.choice(STRANGE))
    return Case((texts, numbers, length))


def draw(rng):
    """One sentence shorter than the block, one longer, one that fits."""
    length = int(rng.integers(3, 5))
    lengths = [length - 1, length + 2, length, 1]
    return _case(rng, [int(n) for n in rng.permutation(lengths)][:3], length)


def corners(rng):
    """One sentence by hand; one too long; nothing at all."""
    return [
        _case(rng, [2], 3),
        _case(rng, [5], 3),
        _case(rng, [0, 3], 4),
        _case(rng, [3, 6, 1], 4),
    ]


MISTAKES = (
    Mistake(
        "unknown words left out",
        "a word without a number is dropped, and those behind it move up. Then `not "
        "splendid` reads as `not`.",
        "How many words does the mask count in `the splendid plot`?",
        excludes=("unknown words as padding", "unknown words masked"),
    ),
    Mistake(
        "unknown words as padding",
        "a word without a number became 0. A network that masks 0 cannot know that "
        "a word stood there.",
        "There are two reserved numbers. What is each of them for?",
    ),
    Mistake(
        "unknown words masked",
        "your mask is False on unknown words. Something was said there, we only do not "
        "know what.",
        "Does the mask tell which words are known, or where the sentence is?",
    ),
    Mistake(
        "padding in front",
        "your sentences stand at the end of their rows.",
        "Which place of the row has the first word?",
    ),
    Mistake(
        "the beginning cut off",
        "a sentence that is too long lost its first words, not its last.",
        "Take a sentence of five words and three places: which three are kept?",
    ),
    Mistake(
        "mask turned round",
        "your mask is True on padding. That is PyTorch's habit for "
        "`key_padding_mask`; Keras and this course say True where it counts.",
        "What should `mask.sum(axis=1)` give?",
    ),
)


def by_lengths(texts, numbers, length):
    """Lists filled up; the mask from the lengths."""
    rows = [[numbers.get(w) or 1 for w in words] for words in texts]
    ids = np.array([(row + [0] * length)[:length] for row in rows])
    lengths = np.array([len(row) for row in rows])
    return [ids, np.arange(length) < lengths[:, None]]


def mask_from_ids(texts, numbers, length):
    """The mask as what is not padding: right, as no word has the number 0."""
    ids = np.zeros((len(texts), length), np.int32)
    for b, words in enumerate(texts):
        for place, word in zip(range(length), words, strict=False):
            ids[b, place] = numbers.get(word, 1)
    return ids, ids != 0


EXERCISE = Exercise(
    id="09.1",
    title="sentences to numbers",
    statement=STATEMENT,
    stub=STUB,
    function="encode",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_lengths, mask_from_ids),
    question="Take the sentence of the case, word by word: which number, at which "
    "place?",
    hints=(
        "Begin with a block of zeros; then write each sentence into its row.",
        "`numbers.get(word, 1)` is the number, or 1.",
        "words[:length] keeps the beginning. The mask is True on as many places.",
    ),
    reread="A number for every word",
    parts=("ids", "mask"),
    minutes=6,
    points=2,
)
