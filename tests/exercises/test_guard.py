"""Whatever a student's function does, the check ends, with a verdict of its own."""

import builtins
import contextlib
import math
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from mmlearn.exercises import check, find
from mmlearn.exercises.guard import collect
from mmlearn.exercises.registry import _added, add

RIGHT = find("02.1").solution


class Hostile:
    """Every question put to this object raises."""

    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __eq__ = __len__ = __iter__ = __bool__ = __hash__ = __repr__

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    @property
    def shape(self):
        raise RuntimeError("no shape")


class UnprintableError(Exception):
    def __str__(self):
        raise ValueError("no message")


class EqualsEverything(np.ndarray):
    def __eq__(self, other):
        return True


def raises(error):
    def softmax(logits):
        raise error

    return softmax


def in_place(logits):
    logits -= logits.max(axis=1, keepdims=True)
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def with_yield(logits):
    yield RIGHT(logits)


async def with_async(logits):
    return RIGHT(logits)


def endless_recursion(logits):
    return endless_recursion(logits)


def one_row_less(logits):
    return RIGHT(logits)[:-1]


def ragged(logits):
    return [[1.0], [1.0, 2.0]]


def whole_numbers(logits):
    return (RIGHT(logits)).astype(int)


def subclass(logits):
    return np.zeros_like(logits).view(EqualsEverything)


def nested(logits):
    deep = []
    for _ in range(100):
        deep = [deep]
    return deep


CASES = {
    "None": (lambda logits: None, "is None: does the function end in `return`?"),
    "text": (lambda logits: "softmax", "is text; expected numbers"),
    "nan": (lambda logits: logits * np.nan, "NaN"),
    "hostile": (lambda logits: Hostile(), "an object that cannot be read"),
    "object array": (lambda z: np.array([object()]), "dtype object"),
    "dict": (lambda logits: {"y": 1}, "Your answer is a dict; expected"),
    "class": (lambda logits: int, "a class"),
    "function": (lambda logits: RIGHT, "a function"),
    "generator": (with_yield, "use `return`"),
    "ragged": (ragged, "rows do not make an array"),
    "shape": (one_row_less, "yours (1, 3), expected (2, 3)"),
    "dtype": (whole_numbers, "expected"),
    "subclass": (subclass, "yours 0"),
    "nested": (nested, "expected an array"),
    "raises": (raises(ValueError("operands could not")), "two shapes that do not fit"),
    "unprintable": (raises(UnprintableError()), "its message cannot be shown"),
    "base exception": (raises(GeneratorExit()), "GeneratorExit"),
    "exit": (lambda logits: sys.exit(0), "sys.exit()"),
    "input": (lambda logits: input("logits?"), "input()"),
    "stdin": (lambda logits: sys.stdin.readline(), "input()"),
    "mutation": (in_place, "changed its input `logits`"),
    "recursion": (endless_recursion, "calls itself without end"),
    "signature": (lambda: 1, "expected (logits)"),
    "more arguments": (lambda logits, axis: 1, "missing a required argument: 'axis'"),
    "not a function": (np.ones(3), "an array of shape (3,), not a function"),
    "given None": (None, "did the cell that defines the function run?"),
    "given hostile": (Hostile(), "not a function"),
    "huge": (lambda logits: np.zeros((2000, 2000)), "an array of shape (2000, 2000)"),
    "huge int": (lambda logits: [[10**400, 1], [1, 1]], "expected"),
}


@pytest.mark.parametrize("name", CASES)
def test_junk_gets_its_own_verdict(name):
    function, words = CASES[name]
    for seed in (None, 0):
        verdict = check("02.1", function, seed=seed)
        assert verdict.attempted
        assert not verdict.passed
        assert words in " ".join(verdict.text.split()), verdict.text
        assert verdict.function is RIGHT
        assert verdict._repr_html_().startswith("<div")


@pytest.mark.filterwarnings("ignore:coroutine.*never awaited:RuntimeWarning")
def test_coroutine_is_named():
    assert "a coroutine" in check("02.1", with_async).text


def test_text_of_students_is_escaped_in_html():
    verdict = check("02.1", raises(ValueError("<script>alert(1)</script>")))
    assert "<script>" not in verdict._repr_html_()
    assert "&lt;script&gt;" in verdict._repr_html_()


def test_the_students_line_is_shown():
    def softmax(logits):
        total = logits.sum()
        return logits[len(logits)] / total

    verdict = check("02.1", softmax)
    assert "return logits[len(logits)] / total" in verdict.text
    assert f"line {softmax.__code__.co_firstlineno + 2}" in verdict.text


def test_a_million_printed_lines_are_cut():
    def softmax(logits):
        for _ in range(30_000):
            print("here")
        return RIGHT(logits)

    verdict = check("02.1", softmax)
    assert verdict.passed
    assert "more lines" in verdict.text
    assert len(verdict.text) < 2000


def test_screen_keyboard_and_warnings_are_put_back(capsys):
    before = sys.stdout, sys.stdin, builtins.input, np.geterr()

    def softmax(logits):
        np.seterr(all="raise")
        print("debugging")
        np.exp(np.array(1.0)) + math.sqrt(4)
        return RIGHT(logits)

    assert "debugging" in check("02.1", softmax).text
    assert (sys.stdout, sys.stdin, builtins.input, np.geterr()) == before
    assert capsys.readouterr() == ("", "")


def test_warnings_are_shown_and_do_not_stop_the_check():
    verdict = check("02.1", find("02.1").wrong({"no maximum subtracted"}))
    assert "overflow encountered in exp" in verdict.text


def forever(case):
    while True:
        pass


def forever_catching(case):
    while True:
        with contextlib.suppress(Exception):
            time.perf_counter()


@pytest.mark.parametrize("function", [forever, forever_catching])
def test_endless_loop_is_stopped(function):
    cases = find("02.1").cases(np.random.default_rng(0))
    started = time.perf_counter()
    outcomes = collect(function, cases, seconds=0.2)
    assert [outcome.status for outcome in outcomes] == ["timeout"]
    assert time.perf_counter() - started < 5


def test_endless_loop_has_its_verdict():
    add(replace(find("02.1"), id="98.3", seconds=0.2))
    verdict = check("98.3", forever)
    assert "did not return within 0.2 seconds" in verdict.text
    assert not verdict.passed
    _added.clear()


def test_time_that_is_not_over_is_taken_back():
    cases = find("02.1").cases(np.random.default_rng(0))
    for _ in range(20):  # the limit falls into the call, its end, or after it
        collect(lambda logits: time.sleep(0.001), cases, seconds=0.01)
    time.sleep(0.05)  # a TimeUp still under way would arrive here
    assert threading.active_count() < 20


def test_keyboard_interrupt_passes_through():
    with pytest.raises(KeyboardInterrupt):
        check("02.1", raises(KeyboardInterrupt()))
    assert check("02.1", RIGHT).passed
