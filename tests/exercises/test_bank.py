"""Every exercise of the course is proven here, present and to come."""

import numpy as np
import pytest

from mmlearn.exercises import examine, exercise_ids, find
from mmlearn.exercises.answers import plain
from mmlearn.exercises.diagnose import ask, expected_answers
from mmlearn.exercises.guard import Outcome
from mmlearn.exercises.registry import lessons_with_questions, prompts, questions
from mmlearn.grading.prove import JUNK, SEEDS, give, markup, stub_of, told_apart

IDS = exercise_ids()


@pytest.fixture(params=IDS)
def exercise(request):
    return find(request.param)


def test_bank_is_not_empty():
    assert len(IDS) >= 2


def test_solution_passes_and_attempt_without_mistakes_is_the_solution(exercise):
    for seed in SEEDS:
        right = examine(exercise, give(exercise, exercise.solution), seed)
        assert right.kind == "passed", right
        assert right.right == right.total
        if exercise.attempt is not None:
            same = examine(exercise, give(exercise, exercise.wrong(())), seed)
            assert same.kind == "passed", same


def test_stub_is_not_attempted(exercise):
    assert examine(exercise, stub_of(exercise), 0).kind == "stub"


def test_mistakes_and_pairs_are_rejected_named_and_told_apart(exercise):
    assert len(exercise.mistakes) >= 3, "a student's mistakes: three at least"
    for seed in SEEDS:
        assert_told_apart(exercise, seed)


def assert_told_apart(exercise, seed):
    """Every known mistake, and every pair that can be made, is given its own name."""
    for names, finding in told_apart(exercise, seed):
        assert finding.kind in ("wrong", "raised"), (names, seed)
        assert [m.name for m in finding.mistakes] == names, (names, seed)


def test_variants_pass(exercise):
    assert exercise.variants or exercise.kind == "answer"
    for variant in exercise.variants:
        for seed in SEEDS:
            finding = examine(exercise, give(exercise, variant), seed)
            assert finding.kind == "passed", (variant.__name__, finding)


@pytest.mark.parametrize("answer", JUNK)
def test_junk_is_wrong_and_survived(exercise, answer):
    function = answer if exercise.kind == "answer" else lambda *a, **k: answer
    finding = examine(exercise, function, 0)
    assert finding.kind in ("wrong", "form")


def test_cases_are_plain_deterministic_and_left_alone(exercise):
    first = exercise.cases(np.random.default_rng(7))
    second = exercise.cases(np.random.default_rng(7))
    assert len(first) >= (8 if exercise.draw else 1)
    for a, b in zip(first, second, strict=True):
        before = repr(plain(a.args))  # as text: a list of unequal arrays is no leaf
        assert before == repr(plain(b.args))
        outcome = ask(exercise, exercise.solution, a)
        assert isinstance(outcome, Outcome)
        assert outcome.status == "returned"
        assert before == repr(plain(a.args))


@pytest.mark.parametrize("text", ["add $b_u$ to it", "a *mean* over", "\\log p"])
def test_markup_is_found(text):
    assert markup(text)
    assert not markup("`a*b*c` and 3 * 4 * 5, `x[:, *]`, x_b, −log p")


def test_texts_shown_as_they_stand_have_no_markup(exercise):
    texts = [exercise.question, exercise.title, *exercise.hints]
    texts += [t for m in exercise.mistakes for t in (m.name, m.says, m.hint)]
    assert [text for text in texts if markup(text)] == []


@pytest.mark.parametrize("lesson", lessons_with_questions())
def test_questions_have_no_markup(lesson):
    asked = (*questions(lesson), *prompts(lesson))
    texts = [text for one in asked for text in (one.question, one.answer)]
    assert [text for text in texts if markup(text)] == []


def test_texts_are_there(exercise):
    texts = [exercise.statement, exercise.question, exercise.reread, exercise.title]
    texts += list(exercise.hints)
    texts += [t for m in exercise.mistakes for t in (m.name, m.says, m.hint)]
    assert len(exercise.hints) >= 2
    assert all(text.strip() for text in texts)
    assert exercise.question.strip().endswith("?")
    assert exercise.minutes > 0 and exercise.points > 0


@pytest.mark.parametrize("seed", range(100, 130))
def test_output_sizes_are_told_apart_whatever_the_seed(seed):
    assert_told_apart(find("03.3"), seed)


INTEGERS = ("00.2", "01.2", "02.3", "03.1", "03.2", "03.4", "03.5", "03.6")
INTEGERS += ("04.1", "04.2", "04.3", "04.4", "04.6")


@pytest.mark.parametrize("id", INTEGERS)
def test_whole_numbers_cannot_hold_the_answers(id):
    exercise = find(id)
    cases = exercise.cases(np.random.default_rng(3))
    answers = expected_answers(exercise, cases)
    # Those of several parts: at least one of them has a fraction somewhere.
    parts = [a if isinstance(a, tuple) else (a,) for a in answers]
    cut = [any(np.any(np.mod(part, 1)) for part in answer) for answer in parts]
    assert sum(cut) > len(cut) / 2, cut
