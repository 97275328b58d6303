"""Draw short film reviews from a grammar in which the order of words carries sense.

    python data/reviews/prepare.py [FOLDER]

A review has one clause, or two at odds. A clause says of an aspect of the film that it
is, or is not, so; "not", "anything but" and the like turn the sense of the adjective
round, "not only … but" does not. Of two clauses the one that the author stands by
decides: the one after "but", the one without "although". Nobody's opinion.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

SEED, REVIEWS = 9, 2_000
ASPECTS = (
    *("the plot", "the acting", "the score", "the dialogue", "the ending"),
    *("the editing", "the camera work", "the opening scene", "the hero", "the villain"),
    *("the love story", "the last hour", "the story", "the humour"),
)
ADJECTIVES = {
    1: (
        *("clever", "moving", "warm", "fresh", "sharp", "gripping", "graceful"),
        *("honest", "funny", "tender", "bold", "convincing", "memorable", "subtle"),
    ),
    0: (
        *("dull", "flat", "stale", "clumsy", "tired", "noisy", "hollow"),
        *("lazy", "cold", "slow", "shallow", "forced", "predictable", "tedious"),
    ),
}
# A clause: text with {aspect}, {word}; whether it keeps the sense of the word (1) or
# turns it round (0); weight.
CLAUSES = (
    ("{aspect} is {word}", 1, 12),
    ("{aspect} is truly {word}", 1, 6),
    ("{aspect} is quite {word} throughout", 1, 4),
    ("i found {aspect} {word}", 1, 4),
    ("nothing is as {word} as {aspect}", 1, 2),
    ("{aspect} is not only {word} but {other}", 1, 4),
    ("{aspect} is not {word}", 0, 2),
    ("{aspect} is never {word}", 0, 1),
    ("{aspect} is anything but {word}", 0, 1),
    ("{aspect} is far from {word}", 0, 1),
    ("{aspect} is hardly {word}", 0, 1),
    ("nobody could call {aspect} {word}", 0, 1),
    ("if only {aspect} were {word}", 0, 1),
)
# Two clauses: the first wins or loses against the second; weight.
PAIRS = (
    ("{lost}, but {won}", 4),
    ("although {lost}, {won}", 2),
    ("{won}, although {lost}", 2),
    ("{lost}; still, {won}", 1),
    ("{won}, even if {lost}", 1),
)
TWO = 0.25  # the share of reviews with two clauses


def pick(rng, options):
    """One of the options, each with its weight last."""
    weights = np.array([option[-1] for option in options], float)
    return options[rng.choice(len(options), p=weights / weights.sum())]


def clause(rng, sense, aspect):
    """A clause with the wanted sense, 1 for or 0 against."""
    pattern, keeps, _ = pick(rng, CLAUSES)
    words = ADJECTIVES[sense if keeps else 1 - sense]
    word, other = rng.choice(words, 2, replace=False)
    return pattern.format(aspect=aspect, word=word, other=other)


def review(rng, sense):
    """A review, as it would be printed: a capital, a full stop."""
    first, second = rng.choice(ASPECTS, 2, replace=False)
    text = clause(rng, sense, first)
    if rng.random() < TWO:
        lost = clause(rng, 1 - sense, second)
        text = pick(rng, PAIRS)[0].format(won=text, lost=lost)
    text = text.replace(" i ", " I ")
    return text[0].upper() + text[1:] + rng.choice([".", ".", ".", "!"])


def main(folder):
    rng = np.random.default_rng(SEED)
    rows: dict[str, int] = {}
    while len(rows) < REVIEWS:
        sense = len(rows) % 2
        rows.setdefault(review(rng, sense), sense)
    lines = [f"{sense}\t{text}\n" for text, sense in rows.items()]
    path = folder / "reviews.tsv"
    path.write_bytes("".join(lines).encode("ascii"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_bytes(f"{digest}  {path.name}\n".encode())
    print(f"{len(lines)} reviews, {sum(rows.values())} for; {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
