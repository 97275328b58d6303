"""A submitted notebook, read as far as it can be read; nothing in it is executed.

A notebook that is cut off, merged by git, saved by an old program or stuffed with
pictures still gives its cells; what was wrong with it is said in its note.
"""

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LARGEST = 100_000_000  # bytes of a file
_WHOLE = 8_000_000  # a larger one is read cell by cell, without its pictures
_CELL, _ALL = 200_000, 2_000_000  # characters of source: of a cell, of a notebook
_CELLS = 5_000
_KEY = re.compile(r'"(cell_type|source|input|grade_id)"\s*:\s*')
_KINDS = ("code", "markdown", "raw")
_decode = json.JSONDecoder(strict=False).raw_decode


@dataclass(frozen=True)
class Cell:
    """One cell.

    Args:
        kind: "code", "markdown" or "raw".
        source: its text.
        number: its place in the notebook, from 1.
        nbgrader: its nbgrader metadata; {} where it has none.
    """

    kind: str
    source: str
    number: int
    nbgrader: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def grade_id(self):
        """The name that an assignment gave to this cell; "" for a student's own."""
        name = self.nbgrader.get("grade_id")
        return name if isinstance(name, str) else ""


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook, and what was wrong with the file; "" if nothing."""

    cells: tuple[Cell, ...] = ()
    note: str = ""


def read_notebook(path):
    """A notebook from a file, however broken. Links and devices are not followed.

    Args:
        path: a notebook, or a script of Python whose cells begin with `# %%`.

    Returns:
        Notebook; without cells, and with a note, where nothing could be read.
    """
    try:
        content = _bytes(path)
    except (OSError, ValueError) as problem:
        return Notebook(note=f"the file cannot be read: {problem}")
    if Path(path).suffix == ".py":
        return read_script(_text(content))
    return parse_notebook(_text(content))


def parse_notebook(text):
    """A notebook from its text.

    >>> parse_notebook('{"cells": [{"cell_type": "code", "source": ["1 +", " 1"]}]}')
    Notebook(cells=(Cell(kind='code', source='1 + 1', number=1, nbgrader={}),), note='')
    """
    if len(text) > _WHOLE:
        return _limited(list(_salvaged(text)), "")
    try:
        return _limited(list(_cells(json.loads(text, strict=False))), "")
    except (ValueError, RecursionError, MemoryError) as problem:
        cells = list(_salvaged(text))
        what = " ".join(str(problem).split())[:120] or type(problem).__name__
        if not text.strip():
            return Notebook(note="the file is empty")
        note = f"the file is no valid notebook ({what}); {len(cells)} cells were read"
        return _limited(cells, note)


def read_script(text):
    """A script as a notebook: `# %%` begins a cell, `# %% [markdown]` one of text."""
    cells, number = [], 0
    for part in re.split(r"(?m)^(?=# ?%%)", text):
        if part.strip():
            number += 1
            head = part.split("\n", 1)[0]
            written = head.startswith("#") and "%%" in head and "[markdown]" in head
            cells.append(Cell("markdown" if written else "code", part, number))
    return _limited(cells, "")


def _bytes(path):
    # Neither a link into another's folder, nor a pipe that is never written to.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise ValueError("it is not a plain file")
        if facts.st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST // 1_000_000} MB")
        return file.read(LARGEST)


def _text(content):
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if utf16 else "utf-8-sig", "replace")


def _cells(data):
    """The cells of a decoded notebook, of format 4 or of the older 3."""
    if not isinstance(data, dict):
        raise ValueError("no notebook")
    found = data.get("cells")
    if found is None:
        sheets = data.get("worksheets")
        sheet = sheets[0] if isinstance(sheets, list) and sheets else {}
        found = sheet.get("cells") if isinstance(sheet, dict) else None
    if not isinstance(found, list):
        raise ValueError("no cells in it")
    for number, cell in enumerate(found, start=1):
        if not isinstance(cell, dict):
            continue
        source = _source(cell["source"] if "source" in cell else cell.get("input"))
        kind = cell.get("cell_type")
        metadata = cell.get("metadata")
        marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        known = kind if isinstance(kind, str) and kind in _KINDS else "raw"
        yield Cell(known, source, number, marks if isinstance(marks, dict) else {})


def _salvaged(text):
    """The cells of a broken or very large file: every `source` after a `cell_type`."""
    kind, number = "raw", 0
    marks: dict[str, Any] = {}
    for match in _KEY.finditer(text):
        try:
            value, _ = _decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if match[1] == "cell_type":
            kind, marks = value if value in _KINDS else "raw", {}
        elif match[1] == "grade_id":
            marks = {"grade_id": value}
        elif isinstance(value, str | list):
            number += 1
            yield Cell(kind, _source(value), number, marks)
            if number >= _CELLS:
                return


def _source(value):
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    text = value if isinstance(value, str) else ""
    text = text.encode("utf-8", "replace").decode()  # half of a surrogate pair
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _limited(cells, note):
    """Cells without those that nobody wrote by hand: far too long, far too many."""
    kept, room, left_out = [], _ALL, []
    for cell in cells[:_CELLS]:
        if len(cell.source) > min(_CELL, room):
            left_out.append(str(cell.number))
            continue
        room -= len(cell.source)
        kept.append(cell)
    if left_out:
        which = ", ".join(left_out[:5]) + (", …" if left_out[5:] else "")
        long = f"cells too long to be read: {which}"
        note = f"{note}; {long}" if note else long
    return Notebook(tuple(kept), note)
