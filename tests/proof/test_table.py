"""The table reads well as text, in a notebook, and in an assertion's message."""

import numpy as np
import pytest

from mmlearn.proof import Row, Table
from mmlearn.proof.table import Check, compare

GOOD = Row("dx", (2, 3), {"Dense": Check(3e-16, 1e-9), "numerical": Check(4e-11, 1e-6)})
BAD = Row("dbias", (3,), {"Dense": Check(0.25, 1e-9), "numerical": Check(0.5, 1e-6)})


def test_text_is_aligned_and_shows_figures_only_for_failures():
    table = Table("dense = Dense", (GOOD, BAD), "a note")
    assert str(table).splitlines() == [
        "dense = Dense",
        "what   shape   Dense      numerical  ok",
        "dx     (2, 3)  ≤ 1e-12    ≤ 1e-06    ✓",
        "dbias  (3,)    ✗ 2.5e-01  ✗ 5.0e-01  ✗",
        "a note",
    ]
    assert not table and bool(Table("t", (GOOD,)))


def test_assertion_message_shows_the_table():
    with pytest.raises(AssertionError, match="dbias"):
        assert Table("dense = Dense", (GOOD, BAD))


def test_html_escapes_and_marks_by_more_than_colour():
    html = Table("a < b", (BAD,))._repr_html_()
    assert "a &lt; b" in html and "<b>✗ 2.5e-01</b>" in html
    assert html.count("<tr>") == 2 and "color" not in html


def test_worst_check_speaks_for_the_row():
    assert (GOOD.error, GOOD.tolerance) == (4e-11, 1e-6)
    assert (BAD.error, BAD.tolerance) == (0.25, 1e-9)


def test_compare_scales_by_size_and_refuses_shapes_and_nan():
    assert compare(np.full(3, 1e6), np.full(3, 1e6 + 1e-4), 1e-9).ok
    assert not compare(np.ones(3), np.ones(3) + 1e-4, 1e-9).ok
    assert not compare(np.ones(3), np.full(3, np.nan), 1e-9).ok
    assert compare(np.ones((2, 3)), np.ones((3, 2)), 1e-9).note == "shape (3, 2)"
    assert not compare(np.ones(3), None, 1e-9).ok
    assert compare(np.ones((0, 3)), np.ones((0, 3)), 1e-9).ok
