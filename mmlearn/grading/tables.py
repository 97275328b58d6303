"""Tables that spreadsheets read and write: in any encoding, and never a formula.

A cell is made harmless for spreadsheets that split lines elsewhere than at a comma,
too: in half of the world they do it at a semicolon.
"""

import re
from pathlib import Path

_FORMULA = "=+\\-@＝＋－＠"
_INSIDE = re.compile(rf"([;\t\r\n]\s*)(?=[{_FORMULA}])")
_MARKED = re.compile(rf"([;\t\r\n]\s*)'(?=[{_FORMULA}])")
_QUOTED = re.compile(r'[",;\t\r\n]')


def cell(text):
    """Text as a cell of a spreadsheet, which must not take any of it for a formula.

    >>> cell("=1+1"), cell("-anna"), cell("4.5"), cell("a;=1+1")
    ("'=1+1", "'-anna", '4.5', "a;'=1+1")
    """
    text = str(text)
    begin = len(text) - len(text.lstrip())
    text = text[:begin] + _INSIDE.sub(r"\1'", text[begin:])
    return f"'{text}" if _risky(text) else text


def uncell(text):
    """The text of such a cell again.

    >>> uncell("'=1+1"), uncell("'tis"), uncell("a;'=1+1")
    ('=1+1', "'tis", 'a;=1+1')
    """
    text = text[1:] if text[:1] == "'" and _risky(text[1:]) else text
    return _MARKED.sub(r"\1", text)


def csv_line(values):
    r"""Cells as a line of CSV, its end included.

    >>> csv_line(["a", "x;y", 2.0])
    'a,"x;y",2.0\n'
    """
    return ",".join(map(_written, values)) + "\n"


def table_text(path):
    """The text of a table, however a spreadsheet saved it."""
    content = Path(path).read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # Excel, "CSV" without "UTF-8"
        return content.decode("cp1252", "replace")


def delimiter(text):
    """What stands between the cells of a table's first line."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _written(value):
    text = str(value)
    if not _QUOTED.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _risky(text):
    first = text.lstrip()[:1]
    return text[:1] in tuple("\t\r\n") or bool(re.match(f"[{_FORMULA}]", first))
