"""The results table: complete, aligned, put together piece by piece, honest."""

import dataclasses
import json

import pytest

from mmlearn import recipes
from mmlearn.recipes import results
from mmlearn.recipes.folds import FoldResult, FoldSummary
from mmlearn.recipes.recipe import RecipeError, Result
from mmlearn.recipes.records import machine, read_records, record
from mmlearn.recipes.results import goals, verdict
from mmlearn.recipes.summary import RecipeSummary


def run(seed, accuracy, name="softmax_digits"):
    return Result(name, seed, 0.97, 0.1, accuracy, 360, 2.0, 650, None, None)


def summary(*values, name="softmax_digits"):
    runs = tuple(run(seed, value, name) for seed, value in enumerate(values))
    return RecipeSummary(values, tuple(range(len(values))), runs)


def folded(*seeds):
    """A summary over two folds, of the accuracies of each for each seed."""
    found = []
    for seed, values in enumerate(seeds):
        folds = tuple(run(seed, v) for v in values)
        mean = sum(values) / len(values)
        figures = ("p", seed, 0.9, 0.1, mean, 720, 4.0, 650, None, None)
        found.append(FoldResult(*figures, folds, ("ann", "bob"), "speaker"))
    means = tuple(r.test_accuracy for r in found)
    return FoldSummary(means, tuple(range(len(seeds))), tuple(found))


SUMMARIES = {"softmax_digits": summary(0.95, 0.96)}


def of(*values, name="softmax_digits"):
    return record(name, summary(*values, name=name), "full")


def test_every_figure_is_in_the_table():
    lines = recipes.table({"softmax_digits": of(0.95, 0.96)}).splitlines()
    assert len({len(line) for line in lines[:3]}) == 1
    for cell in ("softmax_digits", "digits", "650", "0.955 ± 0.007 (2 seeds)", "2.0"):
        assert f"| {cell} " in lines[2]
    assert "0.929 to 0.972 (360)" in lines[2]
    assert "0.891 to 1.019" in lines[2]  # t = 12.7 with one degree of freedom


def test_folds_are_the_spread_and_all_samples_the_test_set():
    one, two = folded((0.8, 0.9)), folded((0.8, 0.9), (0.82, 0.92))
    assert one.text == "0.850 ± 0.071 (2 speakers)"
    assert two.text == "0.860 ± 0.071 (2 speakers, 2 seeds each)"
    assert two.over_folds.values == pytest.approx((0.81, 0.91))
    assert two.over_folds.seeds == ("ann", "bob") and two.sd == pytest.approx(
        0.0141, 1e-2
    )
    kept = record("p", two, "full")
    assert kept.test == two.text and kept.test_size == 720
    assert (kept.low, kept.high) == pytest.approx(two.over_folds.mean_interval)


def test_written_with_the_machine_and_the_rows_kept(tmp_path):
    path = tmp_path / "RESULTS.md"
    path.write_text("old")
    recipes.write_table(path, SUMMARIES, "full")
    text = path.read_text("utf-8")
    assert text.startswith("# Results\n\n| recipe") and machine() in text
    assert sorted(p.name for p in tmp_path.iterdir()) == ["RESULTS.json", "RESULTS.md"]
    assert read_records(tmp_path / "RESULTS.json") == {"softmax_digits": of(0.95, 0.96)}


def test_another_recipe_is_put_beside_and_the_same_one_in_place(tmp_path):
    path = tmp_path / "RESULTS.md"
    recipes.write_table(path, {"cnn_digits": summary(0.98, name="cnn_digits")}, "quick")
    recipes.write_table(path, SUMMARIES, "full")
    recipes.write_table(path, {"softmax_digits": summary(0.5)}, "full")
    rows = [line for line in path.read_text().splitlines() if "digits |" in line]
    assert ["softmax_digits" in row for row in rows] == [True, False]
    assert "0.500 (1 seed)" in rows[0] and "cnn_digits (quick)" in rows[1]
    assert " – " in rows[0]  # one run has no interval


def test_machines_are_told_apart(tmp_path):
    here = of(0.95)
    there = dataclasses.replace(of(0.95, name="cnn_digits"), machine="an abacus")
    assert results._machines({"a": here}) == f"Measured on {here.machine}.\n"
    both = results._machines({"softmax_digits": here, "cnn_digits": there})
    assert "- cnn_digits: measured on an abacus." in both.splitlines()


@pytest.mark.parametrize(
    "values, goal, expected",
    [
        ((0.80, 0.81), recipes.Goal(0.86, "A"), "as published"),  # two runs: ± 0.064
        ((0.80, 0.801), recipes.Goal(0.90, "A"), "not reproduced"),
        ((0.80, 0.801), recipes.Goal(0.70, "A"), "above"),
        ((0.80,), recipes.Goal(0.81, "A"), "not reproduced"),
        ((0.80,), recipes.Goal(least=0.8, aim=0.9), "aim not reached"),
        ((0.80,), recipes.Goal(least=0.81), "promise not kept"),
        ((0.80,), recipes.Goal(0.80, "A", aim=0.8), "as published, aim reached"),
    ],
)
def test_a_verdict_follows_from_the_interval(values, goal, expected):
    assert verdict(of(*values), goal) == expected


def test_what_falls_short_is_listed_with_both_figures(monkeypatch):
    short = {
        "gru_mnist1d": of(0.80, 0.801, name="gru_mnist1d"),
        "softmax_digits": of(0.96, 0.961),
    }
    text = goals(short)
    assert "- gru_mnist1d: expected 0.910 (Greydanus and Kobak (2024)), found" in text
    assert "95 % of the mean 0.794 to 0.807" in text
    assert "- gru_mnist1d: promised 0.891" in text and "aimed at 0.910" in text
    assert "- gru_mnist1d: its band is 0.870 to 0.930" in text
    assert "- softmax_digits" not in text
    assert "Expected and not measured yet: cnn_mnist1d" in text
    fine = goals({"softmax_digits": of(0.96, 0.961)})
    assert "Of what was measured: nothing." in fine
    outside = goals({"softmax_digits": of(0.5, 0.501)})
    assert "- softmax_digits: its band is 0.950 to 0.975, found 0.500" in outside


def test_goals_are_shares_and_have_a_source():
    with pytest.raises(ValueError, match="expected source="):
        recipes.Goal(0.8)
    with pytest.raises(ValueError, match="expected 0 to 1, not per cent"):
        recipes.Goal(81.5, "Kipf and Welling (2017)")


@pytest.mark.parametrize("text", ["no json", "[1]", '{"a": {"b": 1}}'])
def test_rows_that_cannot_be_read_stop_the_table_and_stay(tmp_path, text):
    kept = tmp_path / "RESULTS.json"
    kept.write_text(text)
    with pytest.raises(RecipeError, match="RESULTS.json: .* measure again"):
        recipes.write_table(tmp_path / "RESULTS.md", SUMMARIES)
    assert kept.read_text() == text


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


def test_the_committed_table_is_made_of_the_committed_rows(pytestconfig):
    folder = pytestconfig.rootpath
    rows = json.loads((folder / "RESULTS.json").read_text("utf-8"))
    records = read_records(folder / "RESULTS.json")
    assert list(records) == list(rows) == [n for n in recipes.names() if n in rows]
    text = (folder / "RESULTS.md").read_text("utf-8")
    assert recipes.table(records) in text
