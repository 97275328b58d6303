"""01.2: sequences of unequal length in one array, with a mask."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Put B sequences of unequal length into one array `(B, T)`, T = `length`.

A shorter sequence is followed by zeros; of a longer one the first T values are kept.
Return `x` and `mask`, both `(B, T)`; the mask is `True` where a value was recorded. A
recorded value may be 0.
"""

STUB = '''\
def pad_batch(sequences, length):
    """list of B arrays (S,) -> x (B, length), mask (B, length) bool."""
    raise NotImplementedError
'''


def solution(sequences, length):
    """Zeros first, then each sequence over the beginning of its row."""
    x = np.zeros((len(sequences), length))
    mask = np.zeros((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        kept = sequence[:length]
        x[row, : len(kept)] = kept
        mask[row, : len(kept)] = True
    return x, mask


def attempt(sequences, length, *, wrong=frozenset()):
    """The batch with a student's mistakes in it."""
    number = int if "fractions cut off" in wrong else float
    x = np.zeros((len(sequences), length), number)
    mask = np.zeros((len(sequences), length), bool)
    for row, sequence in enumerate(sequences):
        kept = sequence[:length]
        if "the end kept" in wrong:
            kept = sequence[max(0, len(sequence) - length) :]
        n = len(kept)
        if "last value repeated" in wrong:
            x[row] = kept[-1]
        place = slice(length - n, length) if "zeros in front" in wrong else slice(0, n)
        x[row, place] = kept
        if "zeros in front" in wrong and "mask one too long" in wrong:
            place = slice(max(0, length - n - 1), length)
        elif "mask one too long" in wrong:
            place = slice(0, n + 1)
        mask[row, place] = True
    if "zeros taken for padding" in wrong:
        mask = x != 0
    return x, ~mask if "mask upside down" in wrong else mask


def draw(rng):
    """Lengths around T, one shorter and one longer; zeros inside, and at the ends."""
    length = int(rng.integers(3, 6))
    sizes = [length - 2, length + 2, int(rng.integers(1, length + 3))]
    sequences = [rng.integers(-4, 5, size) / 2 for size in sizes]
    sequences[0][0] = float(rng.integers(1, 4)) + 0.5
    return Case((sequences, length))


def corners(rng):
    """A recorded zero in the middle, another at the end; one that fits exactly."""
    a = float(rng.integers(1, 4)) + 0.5
    inside = [np.array([a, 0.0, 2.0]), np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])]
    return [Case((inside, 4)), Case(([np.array([3.0, 0.0]), np.array([a])], 4))]


def with_comparison(sequences, length):
    """The mask of all rows at once: position < length."""
    lengths = np.array([len(s) for s in sequences])
    mask = np.arange(length) < lengths[:, None]
    x = np.zeros(mask.shape)
    x[mask] = np.concatenate([s[:length] for s in sequences])
    return x, mask


def with_np_pad(sequences, length):
    """Each row cut, then padded; rows stacked."""
    cut = [np.asarray(s)[:length] for s in sequences]
    x = np.stack([np.pad(s, (0, length - len(s))) for s in cut])
    ones = [np.pad(np.ones(len(s), bool), (0, length - len(s))) for s in cut]
    return x, np.stack(ones)


MISTAKES = (
    Mistake(
        "zeros taken for padding",
        "your mask asks whether the value is 0. Silence is also 0, and it was "
        "recorded.",
        "Make the mask from the lengths, not from the values.",
        excludes=("mask one too long",),
    ),
    Mistake(
        "zeros in front",
        "you padded before the sequence; here the zeros come after it.",
        "Where does sample 0 of each sequence stand in your array?",
    ),
    Mistake(
        "the end kept",
        "of a sequence that is too long you kept the last values, not the first.",
        "Which of `s[:T]` and `s[-T:]` keeps the beginning?",
    ),
    Mistake(
        "last value repeated",
        "you filled up with the last value in place of zeros.",
        "What should stand after the end of a sequence?",
    ),
    Mistake(
        "mask upside down",
        "your mask is True on the padding. True marks what was recorded.",
        "What is `mask.sum(axis=1)` for a sequence of 2 values?",
    ),
    Mistake(
        "mask one too long",
        "your mask lets one padded place through at the end of each short row.",
        "A sequence of 2 values has the places 0 and 1. Is place 2 recorded?",
    ),
    Mistake(
        "fractions cut off",
        "`x` holds whole numbers only; what was recorded had fractions.",
        "What becomes of 2.5 in an array made with `dtype=int`?",
    ),
)

EXERCISE = Exercise(
    id="01.2",
    title="a batch with a mask",
    statement=STATEMENT,
    stub=STUB,
    function="pad_batch",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(with_comparison, with_np_pad),
    parts=("x", "mask"),
    question="How many `True` should each row of the mask have?",
    hints=(
        "Begin with zeros of the right shape, and write each sequence over its row.",
        "Slicing is forgiving: `s[:T]` of a short sequence is the whole sequence.",
        "`np.arange(T) < lengths[:, None]` compares every place with every length.",
    ),
    reread="One format",
    minutes=8,
)
