"""What may be looked up, and when."""

import numpy as np
import pytest

from mmlearn.exercises import UnknownExercise, check, find, hint, solution, statement


def scaled(factor):
    exercise = find("02.1")
    return eval(f"lambda z: {factor} * softmax(z)", {"softmax": exercise.solution})


def test_hints_come_one_after_another_and_stay_at_the_last():
    hints = find("02.1").hints
    said = [" ".join(hint("02.1").text.split()) for _ in range(len(hints) + 1)]
    for text, expected in zip(said, (*hints, hints[-1]), strict=True):
        assert expected in text
    assert "Read again" in said[-1]


def test_solution_opens_after_three_different_tries():
    for k in range(3):
        assert "still closed" in solution("02.1").text
        check("02.1", scaled(k + 2))
        check("02.1", scaled(k + 2))  # the same again is no new try
    text = solution("02.1").text
    assert "def softmax(logits):" in text
    assert "np.exp(shifted)" in text


def test_solution_opens_when_solved():
    check("02.1", find("02.1").solution)
    assert "def softmax" in solution("02.1").text


def test_solution_of_every_exercise_can_be_shown(monkeypatch):
    from mmlearn.exercises import exercise_ids, lookup

    monkeypatch.setattr(lookup, "OPENS_AFTER", 0)
    for id in exercise_ids():
        assert find(id).function in solution(id).text or "answer" in solution(id).text


def test_statement_shows_the_stub_as_markdown():
    shown = statement("02.1")
    assert "raise NotImplementedError" in shown.text
    assert set(shown.bundle()) == {"text/plain", "text/markdown"}


@pytest.mark.parametrize("look", [hint, solution, statement])
def test_unknown_id(look):
    with pytest.raises(UnknownExercise, match="there are: .*02.1"):
        look("55.5")


def test_known_after_a_wrong_answer_of_another_kind():
    check("02.1", lambda z: np.ones(3))
    assert "so far: 1" in solution("02.1").text
