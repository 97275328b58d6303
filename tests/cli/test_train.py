"""`mmlearn train` lists, runs, selects, and writes the table."""

import dataclasses

import pytest

from mmlearn import recipes
from mmlearn.cli import main


@pytest.fixture(autouse=True)
def one_epoch(monkeypatch):
    short = dataclasses.replace(
        recipes.get("softmax_digits"),
        epochs={"quick": 1, "full": 1},
        grid=({"learning_rate": 1e-3}, {"learning_rate": 1e-2}),
    )
    monkeypatch.setattr(recipes, "get", {"softmax_digits": short}.__getitem__)
    monkeypatch.setattr(recipes, "names", lambda: ["softmax_digits"])


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main(["train", *words])
    return ended.value.code


def test_without_a_name_it_lists(capsys):
    assert run() in (0, None)
    assert "softmax_digits   softmax regression" in capsys.readouterr().out


@pytest.mark.slow
def test_all_with_a_table(tmp_path, capsys):
    assert run("--all", "--seeds", "2", "--table", str(tmp_path / "R.md")) in (0, None)
    out = capsys.readouterr().out
    assert (
        "(2 seeds); 360 test samples leave" in out and "parameters           650" in out
    )
    assert "| softmax_digits" in (tmp_path / "R.md").read_text("utf-8")


@pytest.mark.slow
def test_select(capsys):
    assert run("softmax_digits", "--select") in (0, None)
    out = capsys.readouterr().out
    assert (
        "learning_rate=0.01" in out and "chosen" in out and "test accuracy" not in out
    )


@pytest.mark.slow
def test_a_table_has_the_recipes_own_number_of_seeds(tmp_path, capsys, monkeypatch):
    short = dataclasses.replace(recipes.get("softmax_digits"), seeds=3)
    monkeypatch.setattr(recipes, "get", {"softmax_digits": short}.__getitem__)
    path = tmp_path / "R.md"
    assert run("softmax_digits", "--table", str(path)) in (0, None)
    assert "(3 seeds)" in capsys.readouterr().out
    assert "(quick)" in path.read_text("utf-8")


def test_a_table_without_a_folder_is_refused_before_training(tmp_path, capsys):
    assert run("softmax_digits", "--table", str(tmp_path / "no" / "R.md")) == 1
    captured = capsys.readouterr()
    assert "to write the table to" in captured.err and not captured.out


def test_an_unknown_profile_is_refused(capsys):
    assert run("softmax_digits", "--profile", "slow") == 1
    assert "expected quick or full" in capsys.readouterr().err
