"""Recall: which questions come back, and the cards that ask them."""

import pytest

from mmlearn.exercises import (
    Question,
    UnknownExercise,
    check,
    explain,
    find,
    rate,
    recall,
    recalling,
    review,
)
from mmlearn.exercises.card import asked, card
from mmlearn.exercises.recalling import choose


@pytest.fixture
def bank(monkeypatch):
    lessons = [f"{k:02d}" for k in range(9)]

    def of(lesson):
        return tuple(Question(f"{lesson}.q{k}", f"Why {k}?", "So.") for k in (1, 2, 3))

    monkeypatch.setattr(recalling, "lessons_with_questions", lambda: lessons)
    monkeypatch.setattr(recalling, "questions", of)


def ids(questions):
    return [question.id for question in questions]


def test_last_lesson_three_and_seven_before(bank):
    assert ids(choose("08")) == ["07.q1", "05.q1", "01.q1"]
    assert ids(choose("8")) == ["07.q1", "05.q1", "01.q1"]


def test_early_lessons_fill_up(bank):
    assert ids(choose("03")) == ["02.q1", "00.q1", "01.q1"]
    assert ids(choose("01")) == ["00.q1", "00.q2", "00.q3"]
    assert choose("00") == ()


def test_missed_ones_come_first_and_known_ones_last(bank):
    rate("04.q2", "missed")
    rate("07.q1", "got it")
    assert ids(choose("08")) == ["04.q2", "07.q2", "05.q1"]
    rate("04.q2", "got it")
    rate("05.q3", "partly")
    assert ids(choose("08")) == ["07.q2", "05.q3", "01.q1"]


def test_static_page_folds_the_answers(bank):
    page = recall("08")
    assert page._repr_html_().count("<details>") == 3
    assert "So." not in page.text
    assert "Why 1?" in page.text


def test_first_lesson_has_nothing_to_recall(bank):
    assert "where it begins" in recall("00").text


def test_explain_asks_a_prompt_of_the_course():
    assert explain("03.e1").questions[0].id == "03.e1"
    with pytest.raises(UnknownExercise, match=r"there are:.*03\.e1"):
        explain("77.e1")


def test_rating_is_one_of_three():
    with pytest.raises(ValueError, match="expected one of"):
        rate("02.q1", "excellent")


def test_review_lists_missed_questions_and_unsolved_exercises():
    assert review().items == ()
    rate("03.q1", "missed")
    exercise = find("02.1")
    check("02.1", exercise.wrong({"not normalised"}))
    listed = review()
    assert [item[0] for item in listed.items] == ["03.q1", "02.1"]
    assert "not normalised" in listed.text
    check("02.1", exercise.solution)
    rate("03.q1", "got it")
    assert review().items == ()


def test_card_opens_only_after_something_was_written(journal_file):
    box = card(Question("02.q1", "Why <b>?", "Because `x < y`."))
    _, field, opener, below = box.children
    assert opener.disabled
    field.value = "   "
    assert opener.disabled
    field.value = "since it is so"
    assert not opener.disabled
    assert below.layout.display == "none"
    opener.click()
    assert below.layout.display != "none"
    answer, row, said = below.children
    assert "<code>x &lt; y</code>" in answer.value
    row.children[-1].click()
    assert "Noted: missed" in said.value
    assert '"rating": "missed"' in journal_file.read_text()
    assert "since it is so" in journal_file.read_text()


def test_widgets_only_where_a_kernel_answers(monkeypatch):
    question = asked("Title", [Question("02.q1", "Why?", "So.")])
    view = "application/vnd.jupyter.widget-view+json"
    assert view not in question.bundle()
    monkeypatch.setattr("mmlearn.exercises.card.widgets_wanted", lambda: True)
    assert set(question.bundle()) == {"text/plain", "text/html", view}
    monkeypatch.undo()
    monkeypatch.setenv("MMLEARN_STATIC", "1")
    assert view not in question.bundle()
