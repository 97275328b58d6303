"""Notebooks are read as far as they can be read."""

import json
import os

import pytest

from mmlearn.grading.notebook import parse_notebook, read_notebook, read_script

CODE = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "a"}}}
CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": "# Title"},
    CODE | {"source": ["x = 1\n", "y = 2"], "outputs": [{"data": {"source": "no"}}]},
]
WHOLE = json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4}, sort_keys=True)


def sources(notebook):
    return [cell.source for cell in notebook.cells if cell.kind == "code"]


def test_a_whole_one():
    read = parse_notebook(WHOLE)
    assert [cell.kind for cell in read.cells] == ["markdown", "code"]
    assert read.cells[1].source == "x = 1\ny = 2"
    assert read.cells[1].grade_id == "a"
    assert read.note == ""


def test_cut_off_or_merged_by_git_it_still_gives_its_cells():
    cut = parse_notebook(WHOLE[: WHOLE.rindex('"nbformat"')])
    assert "x = 1\ny = 2" in sources(cut)
    assert "no valid notebook" in cut.note
    merged = WHOLE.replace(
        '{"cell_type": "markdown"', '\n<<<<<<< HEAD\n{"cell_type": 1'
    )
    assert "x = 1\ny = 2" in sources(parse_notebook(merged))


def test_the_old_format():
    cells = [{"cell_type": "code", "input": ["x = 1"], "language": "python"}]
    old = {"worksheets": [{"cells": cells}], "nbformat": 3}
    assert sources(parse_notebook(json.dumps(old))) == ["x = 1"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", "{}", "3", "{", '{"cells": 3}', '{"cells": [3, null]}'),
        '{"cells": [{"cell_type": ["code"], "source": {"a": 1}, "metadata": 3}]}',
        '{"cells": [{"cell_type": "code", "source": [1, null], "metadata": {}}]}',
        '{"worksheets": [3]}',
        "[" * 100_000,
        '{"a": ' * 50_000,
        '{"cells": ' + "9" * 10_000 + "}",
        '{"cells": [{"cell_type": "code", "source": "\\ud800"}]}',
    ],
)
def test_anything_is_survived(text):
    for cell in parse_notebook(text).cells:
        cell.source.encode()
        assert cell.grade_id == ""


def test_long_ones_are_cut_with_a_note():
    cells = [CODE | {"source": "x" * 300_000}, CODE | {"source": "y = 1"}]
    read = parse_notebook(json.dumps({"cells": cells}))
    assert sources(read) == ["y = 1"]
    assert "too long" in read.note


def test_a_notebook_full_of_pictures_is_read_cell_by_cell():
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 9_000_000}}
    text = json.dumps({"cells": [CODE | {"outputs": [picture], "source": "x = 1"}]})
    assert sources(parse_notebook(text)) == ["x = 1"]


def test_a_script():
    cells = read_script("import os\n# %%\nx = 1\n# %% [markdown]\n# text\n").cells
    assert [cell.kind for cell in cells] == ["code", "code", "markdown"]


def test_files(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    assert read_notebook(path).note == ""
    path.write_bytes(WHOLE.encode("utf-16"))
    assert read_notebook(path).note == ""
    path.write_bytes(b"\xff\xfe\x00\x01\xff")
    assert read_notebook(path).note
    assert "cannot be read" in read_notebook(tmp_path / "none.ipynb").note
    assert "cannot be read" in read_notebook(tmp_path).note


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes, no links")
def test_links_and_pipes_are_not_followed(tmp_path):
    secret = tmp_path / "another.ipynb"
    secret.write_text(WHOLE)
    (tmp_path / "link.ipynb").symlink_to(secret)
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name in ("link", "pipe"):
        read = read_notebook(tmp_path / f"{name}.ipynb")
        assert not read.cells and "cannot be read" in read.note
