"""The results table: complete, aligned, written whole or not at all."""

import pytest

from mmlearn import recipes
from mmlearn.recipes.recipe import Result
from mmlearn.recipes.results import machine
from mmlearn.recipes.summary import RecipeSummary


def run(seed, accuracy):
    return Result(
        "softmax_digits", seed, 0.97, 0.1, accuracy, 360, 2.0, 650, None, None
    )


SUMMARIES = {
    "softmax_digits": RecipeSummary((0.95, 0.96), (0, 1), (run(0, 0.95), run(1, 0.96)))
}


def test_every_figure_is_in_the_table():
    lines = recipes.table(SUMMARIES, "a note").splitlines()
    assert len({len(line) for line in lines[:3]}) == 1
    for cell in ("softmax_digits", "digits", "650", "0.955 ± 0.007 (2 seeds)", "2.0"):
        assert f"| {cell} " in lines[2]
    assert "0.929 to 0.972 (360)" in lines[2] and lines[-1] == "a note"


def test_written_with_the_machine_and_replacing_the_old(tmp_path):
    path = tmp_path / "RESULTS.md"
    path.write_text("old")
    recipes.write_table(path, SUMMARIES)
    text = path.read_text("utf-8")
    assert text.startswith("# Results\n\n| recipe") and machine() in text
    assert [p.name for p in tmp_path.iterdir()] == ["RESULTS.md"]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "RESULTS.md"
    path.write_text("old")

    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        recipes.write_table(path, SUMMARIES)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["RESULTS.md"]
