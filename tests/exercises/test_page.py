"""Pages and numbers: readable, escaped, the same in every theme."""

from html.parser import HTMLParser

import numpy as np
import pytest

from mmlearn.exercises.answers import Junk
from mmlearn.exercises.numbers import WHOLE, show_value
from mmlearn.exercises.page import Fold, Page, Rows, Say, Show, Side

NASTY = "<b onclick='x'>&`code`"
PAGE = Page(
    "failed",
    NASTY,
    (
        Say(NASTY),
        Show(NASTY, NASTY),
        Side((Show("a", NASTY), Show("b", "2"))),
        Rows((NASTY, "n"), ((NASTY, "1"),)),
        Fold(NASTY, NASTY),
    ),
)


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)
        assert {name for name, _ in attrs} <= {"style"}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_balanced_and_escaped():
    parser = Balance()
    parser.feed(PAGE.html())
    assert parser.open == []
    assert "b" not in parser.seen
    assert {"details", "table", "pre", "code"} <= parser.seen


def test_no_colour_of_text_or_ground_is_set():
    assert "background" not in PAGE.html()
    assert "; color" not in PAGE.html()


def test_mark_says_in_a_sign_what_the_colour_says():
    signs = {Page(mark, "").text()[0] for mark in ("passed", "failed", "open", "note")}
    assert len(signs) == 4


def test_text_lines_fit():
    page = Page("note", "t", (Say("word " * 100),))
    assert max(map(len, page.text().splitlines())) <= 88


def test_small_arrays_whole_large_ones_as_a_window():
    small = np.arange(12.0).reshape(1, 3, 4, 1)
    text = show_value(small, (), (1, 2))
    assert "[0, :, :, 0] =\n[[ 0  1  2  3]" in text
    large = np.arange(1000.0).reshape(10, 100)
    assert large.size > WHOLE
    text = show_value(large, (7, 50))
    assert "shape (10, 100)" in text
    assert "[5:10, 48:53] =" in text
    assert "750" in text
    assert len(text) < 300


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (2.0, "2"),
        (1 / 3, "0.3333"),
        (None, "None"),
        ("word", "'word'"),
        (True, "True"),
        (1 + 2j, "1+2j"),
        (Junk("a generator"), "a generator"),
        ((), "shape (0,): no numbers at all"),
        ([1, [2, 3]], "1\nshape (2,)\n[2 3]"),
        ({"a": 1}, "a: 1"),
        (np.array(["x", "y"]), "shape (2,)\n['x' 'y']"),
        (np.zeros((2, 0)), "shape (2, 0): no numbers at all"),
    ],
)
def test_values_as_text(value, text):
    assert show_value(value) == text
