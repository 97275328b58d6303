"""Guess before you look: predictions, their answers, and how well one's sureness fits.

The Brier score of a guess held with probability p is (p − o)², with o = 1 if it was
right, else 0; 0 is perfect, and saying 50 % of everything gives 0.25 (Brier 1950).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mmlearn.exercises.answers import Junk, plain
from mmlearn.exercises.compare import differences
from mmlearn.exercises.journal import journal
from mmlearn.exercises.numbers import number
from mmlearn.exercises.page import Page, Rows, Say, Shown
from mmlearn.exercises.registry import normal_id


@dataclass(repr=False)
class Prediction(Shown):
    """A locked guess. Args: id, value (plain data), confidence (0 to 1), page."""

    id: str
    value: Any
    confidence: float
    page: Page


@dataclass(repr=False)
class Revelation(Shown):
    """A guess beside the truth. Args: id, truth, right (None: no guess), page."""

    id: str
    truth: Any
    right: bool | None
    page: Page


@dataclass(repr=False)
class Calibration(Shown):
    """A lesson's guesses. Args: confidence (N,), right (N,) bool, brier, page."""

    confidence: np.ndarray
    right: np.ndarray
    brier: float
    page: Page


def predict(id, value, confidence=0.8):
    """Lock a guess before the cell that answers it; the first one counts.

    Args:
        id: the prediction, "03.p1".
        value: a number, a shape (tuple), a word.
        confidence: probability that it is right, from 0 to 1.

    Returns:
        Prediction: the one that counts. It shows itself.

    Raises:
        ValueError: a confidence outside 0 to 1, or a value that is no answer.
    """
    id = normal_id(id)
    confidence, given = _confidence(id, confidence), _storable(id, value)
    book = journal()
    earlier = book.entries(id, "predict")
    blocks = []
    if not earlier:
        book.add("predict", id, value=given, confidence=confidence)
        locked, sure = given, confidence
    else:
        locked, sure = _locked(earlier[0])
        if (locked, sure) != (given, confidence):
            blocks.append(
                Say(
                    f"Your first guess counts. To guess anew, run `forget({id!r})` "
                    "and then this cell."
                )
            )
    title = f"{id}: you guess {_words(locked)}, {_percent(sure)} sure"
    page = _page("note", title, blocks, book)
    return Prediction(id, locked, sure, page).show()


def reveal(id, truth, *, tolerance=0.0):
    """Put the truth beside the guess.

    Args:
        id: the prediction, "03.p1".
        truth: the right value.
        tolerance: largest distance from the truth that still counts as right.

    Returns:
        Revelation: `.right` is True, False, or None where nothing was guessed.
    """
    id = normal_id(id)
    book = journal()
    told = _storable(id, truth)
    earlier = book.entries(id, "predict")
    if not earlier:
        page = _page("note", f"{id}: it is {_words(told)}", [], book)
        return Revelation(id, truth, None, page).show()
    guess, sure = _locked(earlier[0])
    right = _right(guess, told, tolerance)
    if not book.entries(id, "reveal"):
        book.add("reveal", id, right=right, confidence=sure, guess=guess, truth=told)
    verdict = "right" if right else "not so"
    title = f"{id}: you guessed {_words(guess)}; it is {_words(told)}: {verdict}"
    page = _page("passed" if right else "failed", title, [], book)
    return Revelation(id, truth, right, page).show()


def calibration(lesson):
    """How well a lesson's guesses were: how often right, how sure, the Brier score.

    Args:
        lesson: "03".

    Returns:
        Calibration: `.confidence` and `.right` are what a figure needs.
    """
    prefix = normal_id(lesson) + "."
    book = journal()
    told = {
        entry["id"]: entry
        for entry in book.entries(what="reveal")
        if entry["id"].startswith(prefix)
        and isinstance(entry.get("confidence"), int | float)
    }
    entries = [told[id] for id in sorted(told)]
    confidence = np.array([float(entry["confidence"]) for entry in entries])
    right = np.array([bool(entry.get("right")) for entry in entries])
    title = f"Lesson {prefix[:-1]}: your guesses"
    if not entries:
        how = Say("None yet: `predict(…)` before a result, `reveal(…)` after it.")
        page = _page("note", title, [how], book)
        return Calibration(confidence, right, float("nan"), page).show()
    brier = float(np.mean((confidence - right) ** 2))
    page = _page("note", title, _calibration_blocks(entries, right, brier), book)
    return Calibration(confidence, right, brier, page).show()


def _calibration_blocks(entries, right, brier):
    rows = tuple(
        (
            entry["id"],
            _words(entry.get("guess")),
            _words(entry.get("truth")),
            _percent(entry["confidence"]),
            "right" if entry.get("right") else "not so",
        )
        for entry in entries
    )
    sure = float(np.mean([entry["confidence"] for entry in entries]))
    share = float(right.mean())
    gap = sure - share
    leaning = "about as sure as you were right"
    if abs(gap) > 0.1:
        leaning = "surer than you were right" if gap > 0 else "right more than sure"
    return [
        Rows(("", "guess", "truth", "sure", ""), rows),
        Say(
            f"Right {right.sum()} of {len(right)} times, {_percent(sure)} sure on "
            f"average: {leaning}. Brier score {brier:.2f} (0 is perfect; saying 50 % "
            "every time gives 0.25)."
        ),
    ]


def _locked(entry):
    """Guess and confidence of a journal entry, which may lack either."""
    sure = entry.get("confidence")
    return entry.get("value"), sure if isinstance(sure, int | float) else 0.5


def _confidence(id, confidence):
    try:
        value = float(confidence)
    except (TypeError, ValueError):
        value = float("nan")
    if not 0 <= value <= 1:
        raise ValueError(
            f"predict({id!r}): confidence is {confidence!r}; expected a probability "
            "from 0 to 1, such as 0.8"
        )
    return value


def _storable(id, value):
    """A guess or a truth as JSON keeps it: numbers, words, lists of them."""
    value = plain(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, tuple | list):
        return [_storable(id, item) for item in value]
    if value is None or isinstance(value, Junk | dict | complex):
        raise ValueError(
            f"{id}: {value!r} cannot be a guess; expected a number, a word, or a "
            "tuple of numbers such as a shape"
        )
    return value


def _right(guess, truth, tolerance):
    if isinstance(guess, str) and isinstance(truth, str):
        return guess.strip().casefold() == truth.strip().casefold()
    if isinstance(truth, list):
        same_form = isinstance(guess, list) and len(guess) == len(truth)
        return same_form and all(
            _right(g, t, tolerance) for g, t in zip(guess, truth, strict=True)
        )
    if not (isinstance(guess, int | float) and isinstance(truth, int | float)):
        return False
    near = abs(guess - truth) <= tolerance
    return bool(near) or not differences(float(truth), float(guess), tolerance=1e-9)


def _words(value):
    if isinstance(value, list):
        comma = "," if len(value) == 1 else ""  # (4,), as Python writes it
        return "(" + ", ".join(_words(item) for item in value) + comma + ")"
    return value if isinstance(value, str) else number(value)


def _percent(share):
    return f"{100 * share:.0f} %"


def _page(mark, title, blocks, book):
    notes = [Say(note) for note in book.take_notes()]
    return Page(mark, title, (*blocks, *notes))
