"""06.6: eight trainings that went wrong."""

from mmlearn.exercises.exercise import Exercise, Mistake

STATEMENT = """\
Write the number of the cause for each training, in the order A to H: eight whole
numbers, each cause once.

1. the learning rate is too high
2. the learning rate is too low
3. too few images, learned by heart
4. the validation images were trained on
5. the file was sorted by class, and its last part kept for validation
6. the weights start too small
7. the pixels were not scaled
8. batch norm is measured with moving statistics that lag behind
"""

STUB = """\
diagnosis = ...
"""


def solution():
    """A to H."""
    return (8, 1, 4, 6, 3, 7, 2, 5)


SWAPS = {
    "D and G exchanged": (3, 6),
    "B and F exchanged": (1, 5),
    "E and H exchanged": (4, 7),
    "A and E exchanged": (0, 4),
    "A and H exchanged": (0, 7),
    "C and E exchanged": (2, 4),
}


def attempt(*, wrong=frozenset()):
    """The diagnoses with two of them taken for each other."""
    causes = list(solution())
    for name, (i, j) in SWAPS.items():
        if name in wrong:
            causes[i], causes[j] = causes[j], causes[i]
    return tuple(causes)


def _overlapping(name):
    """Swaps that share a letter cannot be made at once."""
    return tuple(n for n in SWAPS if n != name and set(SWAPS[n]) & set(SWAPS[name]))


TEXTS = (
    (
        "both hardly move. But one does move, all the time, in a straight line.",
        "Which of the two losses starts at ln 10 exactly, and stays?",
    ),
    (
        "both are restless or large at some time. Look at the first epoch alone.",
        "Which of the two already starts far above ln 10?",
    ),
    (
        "both validation losses rise. But an accuracy of exactly 0 is not bad luck: "
        "guessing gives 0.1.",
        "What must be true of a class that is never once recognized?",
    ),
    (
        "both have a wide gap between the curves. One gap is there from the first "
        "epochs on, before anything can be known by heart.",
        "In which of the two do both curves fall together at first?",
    ),
    (
        "both validation accuracies are poor. Compare them with guessing.",
        "Which of the two is below one in ten, in every epoch?",
    ),
    (
        "both reach an accuracy of 1 on what they train on. Compare with the test.",
        "In which of the two do validation and test contradict each other?",
    ),
)

MISTAKES = tuple(
    Mistake(name, says, hint, excludes=_overlapping(name))
    for name, (says, hint) in zip(SWAPS, TEXTS, strict=True)
)

EXERCISE = Exercise(
    id="06.6",
    title="eight diagnoses",
    statement=STATEMENT,
    stub=STUB,
    function="diagnosis",
    solution=solution,
    attempt=attempt,
    mistakes=MISTAKES,
    question="Begin with the clearest signs: a curve that starts far too high, an "
    "accuracy of exactly 0, a loss that never leaves ln 10. Which causes do they fit?",
    hints=(
        "First look at the very first epoch: is the loss near ln 10 = 2.3?",
        "Then at the training curve alone: does it fall, crawl, jump, or stand?",
        "Last at the gap: when does it open, and does the test agree with validation?",
    ),
    reread="Reading curves",
    kind="answer",
    parts=tuple("ABCDEFGH"),
    minutes=10,
    points=4,
)
