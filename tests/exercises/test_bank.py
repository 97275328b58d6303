"""Every exercise of the course is proven here, present and to come."""

import numpy as np
import pytest

from mmlearn.exercises import examine, exercise_ids, find
from mmlearn.exercises.answers import plain
from mmlearn.exercises.diagnose import ask, expected_answers, judge
from mmlearn.exercises.guard import Outcome

IDS = exercise_ids()
SEEDS = (0, 1)


@pytest.fixture(params=IDS)
def exercise(request):
    return find(request.param)


def give(exercise, function):
    """What a student would pass to check: the function, or its answer."""
    return function() if exercise.kind == "answer" else function


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
    space = {}
    exec(compile(exercise.stub, "<stub>", "exec"), space)
    assert examine(exercise, space[exercise.function], 0).kind == "stub"


def test_mistakes_and_pairs_are_rejected_named_and_told_apart(exercise):
    assert len(exercise.mistakes) >= 3, "a student's mistakes: three at least"
    for seed in SEEDS:
        cases = exercise.cases(np.random.default_rng(seed))
        expected = expected_answers(exercise, cases)
        for mistakes in exercise.combinations():
            names = [mistake.name for mistake in mistakes]
            wrong = exercise.wrong(names)
            outcomes = [ask(exercise, wrong, case) for case in cases]
            finding = judge(exercise, cases, outcomes, expected)
            assert finding.kind in ("wrong", "raised"), (names, seed)
            assert [m.name for m in finding.mistakes] == names, (names, seed)


def test_variants_pass(exercise):
    assert exercise.variants or exercise.kind == "answer"
    for variant in exercise.variants:
        for seed in SEEDS:
            finding = examine(exercise, give(exercise, variant), seed)
            assert finding.kind == "passed", (variant.__name__, finding)


@pytest.mark.parametrize(
    "answer", [None, "seven", float("nan"), [[1], [1, 2]], object()]
)
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


def test_texts_are_there(exercise):
    texts = [exercise.statement, exercise.question, exercise.reread, exercise.title]
    texts += list(exercise.hints)
    texts += [t for m in exercise.mistakes for t in (m.name, m.says, m.hint)]
    assert len(exercise.hints) >= 2
    assert all(text.strip() for text in texts)
    assert exercise.question.strip().endswith("?")
    assert exercise.minutes > 0 and exercise.points > 0
