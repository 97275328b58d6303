"""Kinds of exercise besides an array: tuples, dicts, pullbacks, answers by hand."""

import numpy as np
import pytest

from mmlearn.exercises import Case, Exercise, Mistake, check
from mmlearn.exercises.answers import Junk, plain
from mmlearn.exercises.registry import _added, add


def dense(x, kernel, *, wrong=frozenset()):
    def pullback(dy):
        dkernel = x.T @ dy
        if "no transpose" in wrong:
            dkernel = dkernel[::-1]
        dx = dy @ kernel.T
        return (dkernel, dx) if "order" in wrong else (dx, dkernel)

    return x @ kernel, pullback


def draw(rng):
    sizes = [(2, 3), (3, 4), (2, 4)]
    x, kernel, dy = (rng.integers(-3, 4, size).astype(float) for size in sizes)
    return Case((x, kernel), upstream=dy)


TEXTS = {
    "statement": "…",
    "question": "Which?",
    "hints": ("one", "two"),
    "reread": "Here",
}


@pytest.fixture
def pullback_exercise():
    yield add(
        Exercise(
            id="98.1",
            title="dense",
            stub="def dense(x, kernel):\n    raise NotImplementedError",
            function="dense",
            solution=lambda x, kernel: dense(x, kernel),
            draw=draw,
            attempt=dense,
            mistakes=(
                Mistake("no transpose", "rows reversed.", "Look at `x`."),
                Mistake("order", "the gradients change places.", "Order?"),
            ),
            kind="pullback",
            parts=("y", "dx", "dkernel"),
            **TEXTS,
        )
    )
    _added.clear()


@pytest.fixture
def answer_exercise():
    def shape(*, wrong=frozenset()):
        return (28, 28, 32) if "no border lost" in wrong else (26, 26, 32)

    yield add(
        Exercise(
            id="98.2",
            title="size by hand",
            stub="size = ...",
            function="size",
            solution=lambda: (26, 26, 32),
            attempt=shape,
            mistakes=(Mistake("no border lost", "that is same padding.", "Count."),),
            kind="answer",
            **TEXTS,
        )
    )
    _added.clear()


def test_pullback_right(pullback_exercise):
    assert check("98.1", lambda x, kernel: dense(x, kernel)).passed


def test_pullback_says_which_part_is_wrong(pullback_exercise):
    def one_wrong(x, kernel):
        return x @ kernel, lambda dy: (dy @ kernel.T, 3 * x.T @ dy)

    text = check("98.1", one_wrong, rung=2).text
    assert "Right: `y`, `dx`; wrong: `dkernel`." in text
    assert "3 times the expected" in text
    assert "upstream gradient" in text


def test_pullback_mistake_is_named(pullback_exercise):
    wrong = pullback_exercise.wrong({"no transpose"})
    assert "rows reversed" in check("98.1", wrong, rung=2).text


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x, kernel: x @ kernel, "it returned an array"),
        (lambda x, kernel: (x @ kernel, x), "the second thing it returned is an array"),
        (lambda x, kernel: None, "it returned None"),
        (lambda x, kernel: (x @ kernel, lambda dy: dy), "a tuple of 2"),
        (lambda x, kernel: (x @ kernel, lambda dy: (None, dy)), "`dx` is None"),
        (lambda x, kernel: (x @ kernel, lambda: 1), "0 positional arguments"),
    ],
)
def test_pullback_of_a_wrong_form(pullback_exercise, function, words):
    verdict = check("98.1", function)
    assert not verdict.passed
    assert words in " ".join(verdict.text.split()), verdict.text


def test_pullback_left_blank_is_not_attempted(pullback_exercise):
    def half(x, kernel):
        def pullback(dy):
            raise NotImplementedError

        return x @ kernel, pullback

    assert not check("98.1", half).attempted


def test_pullback_that_changes_the_upstream(pullback_exercise):
    def greedy(x, kernel):
        def pullback(dy):
            dy *= 2
            return dy @ kernel.T / 2, x.T @ dy / 2

        return x @ kernel, pullback

    assert "the upstream gradient" in check("98.1", greedy).text


@pytest.mark.parametrize("answer", [(26, 26, 32), [26, 26, 32], np.array([26, 26, 32])])
def test_answer_right(answer_exercise, answer):
    verdict = check("98.2", answer)
    assert verdict.passed
    assert verdict.function is answer


def test_answer_never_shows_the_expected_value(answer_exercise):
    for rung in (1, 2, 3):
        text = check("98.2", (28, 28, 32), rung=rung).text
        assert "26" not in text
    assert "same padding" in text


@pytest.mark.parametrize(
    "answer", [None, "26", 26, (26, 26), {}, print, (26, None, 32)]
)
def test_answer_junk(answer_exercise, answer):
    verdict = check("98.2", answer)
    assert verdict.attempted
    assert not verdict.passed


def test_answer_stub(answer_exercise):
    assert not check("98.2", ...).attempted


def test_plain_takes_what_holds_numbers():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.arange(3.0)

    assert isinstance(plain(Tensor()), np.ndarray)
    assert type(plain(np.zeros(2).view(np.matrix))) is np.ndarray
    assert plain(np.array([1, 2], dtype=object)).dtype == np.float64
    assert plain({"a": (1, [2.0])}) == {"a": (1, [2.0])}
    assert isinstance(plain(np.array([object()])), Junk)
    assert isinstance(plain([0] * 1_000_001), Junk)
    huge = np.broadcast_to(0.0, (10**6, 10**7))  # 80 TB, had it to be copied
    assert plain(huge) == Junk("an array of shape (1000000, 10000000)")
