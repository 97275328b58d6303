"""`mmlearn lab`: in place or on a copy, here only, and only with the token."""

import sys

import pytest

from mmlearn import cli, course
from mmlearn.cli import lab


def test_what_jupyter_is_told(tmp_path):
    notebook = tmp_path / "lessons" / "03_conv.ipynb"
    words = lab.command(tmp_path, notebook, 8899, browser=False)
    assert words[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in words and "--no-browser" in words
    assert "--LabApp.default_url=/lab/tree/lessons/03_conv.ipynb" in words
    assert not [w for w in words if "token" in w or "password" in w]
    assert "--no-browser" not in lab.command(tmp_path, notebook, 8899)


def test_a_clone_is_used_in_place_and_a_folder_is_filled(tmp_path, capsys):
    assert lab.prepare(None) == course.checkout()
    mine = tmp_path / "my course"
    assert lab.prepare(mine) == mine
    assert "new" in capsys.readouterr().out
    assert (mine / "lessons" / "README.md").is_file()


def test_lab_copy_only_copies_and_stops(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lab, "serve", lambda words: pytest.fail("served"))
    with pytest.raises(SystemExit) as stop:
        cli.main(["lab", "--copy-only", "--folder", str(tmp_path / "mine")])
    assert stop.value.code == 0
    assert (tmp_path / "mine" / "data" / "README.md").is_file()
