"""The verses that ship are in the form that their program writes."""

import importlib.util
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "data" / "verses"


def test_prepare_changes_nothing_more(tmp_path):
    spec = importlib.util.spec_from_file_location("prepare", FOLDER / "prepare.py")
    prepare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prepare)
    (tmp_path / "verses.txt").write_bytes((FOLDER / "verses.txt").read_bytes())
    prepare.main(tmp_path)
    for name in ("verses.txt", "SHA256SUMS"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
    assert (
        prepare.tidy("\u201cA\u2014b\u2019s\u201d  \n\n\n\n\nc") == '"A--b\'s"\n\n\nc\n'
    )
    with pytest.raises(SystemExit, match="not ASCII"):
        prepare.tidy("caf\u00e9")


def test_the_card_lists_every_poem_in_order():
    card = (FOLDER / "README.md").read_text("utf-8")
    listed = [line for line in card.splitlines() if line[:1].isdigit()]
    poems = (FOLDER / "verses.txt").read_text("ascii").split("\n\n\n")
    assert len(listed) == len(poems) == 19
    assert f"{len((FOLDER / 'verses.txt').read_bytes()):,} characters" in card
    for number, words in [(1, "brillig"), (9, "dreary"), (12, "Ozymandias")]:
        assert words in poems[number - 1]
