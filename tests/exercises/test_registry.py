"""Exercises are found by id; broken ones are refused when they are made."""

from dataclasses import replace

import pytest

from mmlearn.exercises import exercise_ids, find
from mmlearn.exercises.registry import (
    add,
    lessons_with_questions,
    normal_id,
    prompts,
    questions,
)


def test_ids_agree_with_their_files():
    assert exercise_ids() == sorted(exercise_ids(), key=lambda id: float(id))
    for id in exercise_ids():
        assert find(id).id == id


@pytest.mark.parametrize("given", ["3.2", "03.2", " 03.2 ", 3.2])
def test_normal_id(given):
    assert normal_id(given) == "03.2"


def test_an_id_of_the_course_is_taken():
    with pytest.raises(ValueError, match="choose an id"):
        add(find("02.1"))


def test_questions_are_short_and_have_ids_of_their_lesson():
    for lesson in lessons_with_questions():
        items = [*questions(lesson), *prompts(lesson)]
        assert len({item.id for item in items}) == len(items)
        assert len(questions(lesson)) >= 3
        for item in items:
            assert item.lesson == lesson
            assert item.question.strip() and item.answer.strip()
            assert "$" not in item.question + item.answer, "no LaTeX: shown as text too"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "3.2"}, "an id like"),
        ({"kind": "quiz"}, "a kind of"),
        ({"draw": None}, "`draw`"),
        ({"attempt": None}, "`attempt`"),
        ({"mistakes": find("02.1").mistakes * 2}, "different names"),
        ({"mistakes": find("02.1").mistakes[:1]}, "name its own mistakes"),
    ],
)
def test_a_broken_exercise_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        replace(find("02.1"), **change)
