"""Guesses: locked, revealed, and how well calibrated."""

import numpy as np
import pytest

from mmlearn.exercises import calibration, forget, predict, reveal


def test_the_first_guess_counts():
    first = predict("03.p1", 896, confidence=0.6)
    again = predict("3.p1", 896, confidence=0.6)
    assert first.text == again.text  # a rerun reads the same
    later = predict("03.p1", 900, confidence=0.9)
    assert (later.value, later.confidence) == (896, 0.6)
    assert "Your first guess counts" in later.text
    forget("03.p1")
    assert predict("03.p1", 900).value == 900


@pytest.mark.parametrize(
    ("guess", "truth", "tolerance", "right"),
    [
        (896, 896, 0, True),
        (896, 895, 0, False),
        (0.3, 0.1 + 0.2, 0, True),
        (2.0, 2.3, 0.5, True),
        (2.0, 2.6, 0.5, False),
        ((26, 26, 32), (26, 26, 32), 0, True),
        ((26, 26), (26, 26, 32), 0, False),
        (26, (26, 26), 0, False),
        ("Blue ", "blue", 0, True),
        ("blue", 3, 0, False),
        (True, True, 0, True),
        (np.float32(2), np.array(2), 0, True),
        (np.array([1, 2]), (1, 2), 0, True),
    ],
)
def test_right_or_not(guess, truth, tolerance, right):
    predict("03.p1", guess)
    told = reveal("03.p1", truth, tolerance=tolerance)
    assert told.right is right
    assert told.text == reveal("03.p1", truth, tolerance=tolerance).text


def test_a_shape_reads_as_python_writes_it():
    assert "you guess (4,)," in predict("00.shape", (4,)).text
    assert "it is (4, 4)" in reveal("00.shape", (4, 4)).text


def test_reveal_without_a_guess():
    assert reveal("03.p9", 3).right is None
    assert len(calibration("03").right) == 0


def test_brier_score_by_hand():
    for k, (guess, confidence) in enumerate([(1, 0.9), (1, 0.8), (0, 0.6)], start=1):
        predict(f"03.p{k}", guess, confidence)
        reveal(f"03.p{k}", 1)
    predict("04.p1", 1, 1.0)
    reveal("04.p1", 1)
    table = calibration("03")
    assert table.brier == pytest.approx((0.01 + 0.04 + 0.36) / 3)
    assert table.right.tolist() == [True, True, False]
    assert "Right 2 of 3 times, 77 % sure" in table.text


@pytest.mark.parametrize(
    ("sure", "words"), [(1, "surer than"), (0.5, "more than sure")]
)
def test_calibration_says_which_way(sure, words):
    predict("03.p1", 1, sure)
    reveal("03.p1", 0 if sure == 1 else 1)
    assert words in " ".join(calibration("03").text.split())


@pytest.mark.parametrize("confidence", [80, -0.1, "sure", float("nan"), None])
def test_confidence_is_a_probability(confidence):
    with pytest.raises(ValueError, match="from 0 to 1"):
        predict("03.p1", 1, confidence)


@pytest.mark.parametrize("value", [None, print, {"a": 1}, [None], 1j, object()])
def test_a_guess_is_a_number_or_a_word(value):
    with pytest.raises(ValueError, match="cannot be a guess"):
        predict("03.p1", value)


def test_a_journal_with_other_facts_does_not_break_it(journal_file):
    journal_file.write_text(
        '{"what": "predict", "id": "03.p1"}\n{"what": "reveal", "id": "03.p1"}\n'
    )
    assert predict("03.p1", 1).text
    assert reveal("03.p1", 1).right is False
    assert calibration("03").text
