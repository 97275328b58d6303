"""Names that students chose, in files, pages and tables."""

import csv
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.grading.names import safe_key, shown
from mmlearn.grading.tables import cell, csv_line, uncell

HOSTILE = (
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "new\nline",
    "Anna",
    "ANNA",
    "con",
    "é",
    "e\u0301",
    "\u202egnp.exe",
    "\udcff",  # a name that is no UTF-8
    "a" * 5000,
    "",
    ".",
    "..",
    "-rf",
    "=cmd|' /C calc'!A0",
)


def test_keys_are_file_names_and_no_two_are_the_same():
    keys = {safe_key(name) for name in HOSTILE}
    assert len(keys) == len(HOSTILE) == len({key.casefold() for key in keys})
    assert all(key.isascii() and len(key) < 60 for key in keys)
    assert all(
        set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_") for key in keys
    )
    assert not any(key.startswith(("-", "_")) for key in keys)


def test_nobody_can_take_the_key_of_another():
    stolen = safe_key("Anna")
    assert safe_key(stolen) != stolen
    assert safe_key("anna") == "anna"


@settings(max_examples=20)
@given(st.text(max_size=30), st.text(max_size=30))
def test_two_names_have_two_keys(one, other):
    assert (safe_key(one) == safe_key(other)) == (one == other)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_shown_is_seen_and_ends(name):
    text = shown(name, 100)
    assert len(text) < 700 and text.isprintable()
    text.encode("utf-8")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_a_formula(text):
    assert cell(text) == f"'{text}" and uncell(cell(text)) == text


@settings(max_examples=20)
@given(st.text(max_size=10))
def test_an_ordinary_cell_stays(text):
    assert uncell(cell(text)) == text or text.startswith("'")


@pytest.mark.parametrize("text", ["a;=1", "a; =1", "a\n=1", "a\r\n -1", "a;b\t＝1"])
def test_no_part_of_a_cell_is_a_formula_elsewhere(text):
    """Half of the world's spreadsheets split a line at semicolons, quoted or not."""
    safe = cell(text)
    assert not re.search(r"[;\t\r\n]\s*[=+@＝-]", safe) and uncell(safe) == text
    assert [[safe, "2"]] == [*csv.reader([csv_line([safe, 2])])] or "\n" in safe
