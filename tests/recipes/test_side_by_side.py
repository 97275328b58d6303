"""Recipes compared on the same samples: what is kept of a run, and what is said."""

import dataclasses

import numpy as np
import pytest

from mmlearn import recipes
from mmlearn.evaluate import compare
from mmlearn.recipes import results, side_by_side
from mmlearn.recipes.recipe import Result
from mmlearn.recipes.records import read_records, record
from mmlearn.recipes.summary import RecipeSummary

RNG = np.random.default_rng(0)
VIDEO = np.repeat([f"v{n}" for n in RNG.permutation(20)], 5)  # of 100 test samples
Y = np.arange(100) % 2


class Answers:
    """A model that is right where it is told to be."""

    def __init__(self, right):
        self.right = right

    def __call__(self, x, training):
        guess = np.where(self.right[x], Y[x], 1 - Y[x])
        return np.eye(2, dtype="float32")[guess]


def runs(name, rights):
    """The summary of a recipe whose seeds got these samples right, (S, N)."""
    results_ = tuple(
        Result(name, s, 0.9, 0.1, row.mean(), 100, 2.0, 9, None, Answers(row))
        for s, row in enumerate(rights)
    )
    seeds = tuple(range(len(rights)))
    return RecipeSummary(tuple(row.mean() for row in rights), seeds, results_)


@pytest.fixture
def catalogue(monkeypatch):
    """Two recipes, the first compared with the second, by video."""

    class ByVideo(recipes.Recipe):
        def test_groups(self):
            return VIDEO

    base = recipes.get("softmax_digits")
    how = {f.name: getattr(base, f.name) for f in dataclasses.fields(base) if f.init}
    how |= {"load": lambda profile: {"test": (np.arange(100), Y)}, "goal": None}
    both = {
        "fused": ByVideo(**how | {"name": "fused", "against": ("alone", "gone")}),
        "alone": ByVideo(**how | {"name": "alone", "tried": "it alone."}),
    }
    for module in (results, side_by_side):
        monkeypatch.setattr(module, "get", both.__getitem__)
        monkeypatch.setattr(module, "names", lambda: list(both))
    return both


def test_what_each_seed_got_right_is_kept_and_compared(catalogue, tmp_path):
    fused, alone = RNG.random((3, 100)) < 0.9, RNG.random((5, 100)) < 0.5
    path = tmp_path / "T.md"
    summaries = {"fused": runs("fused", fused), "alone": runs("alone", alone)}
    recipes.write_table(path, summaries, "full")
    kept = read_records(tmp_path / "T.json")
    for name, table in (("fused", fused), ("alone", alone)):
        stored = [side_by_side.unpacked(row, 100) for row in kept[name].right]
        np.testing.assert_array_equal(stored, table)
    ((first, second, found),) = side_by_side.pairs(kept)
    assert (first, second) == ("fused", "alone")
    assert found == compare(fused, alone, groups=VIDEO)
    text = path.read_text("utf-8")
    assert f"| {100 * found.value:+.1f} " in text and "| above" in text
    assert "20 groups of 100 samples" in text
    assert "## What did not work\n\n- alone: it alone.\n" in text


def test_only_what_is_compared_is_kept(catalogue):
    catalogue["fused"] = dataclasses.replace(catalogue["fused"], against=())
    summary = runs("alone", [Y == 1])
    assert side_by_side.kept("alone", summary, "full") == {}
    assert results.sides({"alone": record("alone", summary, "full")}) == ""


def test_profiles_are_not_mixed(catalogue):
    summary = runs("alone", [Y == 1])
    full, quick = (
        record("alone", summary, profile, right=["aa" * 12 + "a0"])
        for profile in ("full", "quick")
    )
    assert side_by_side.difference(full, quick) is None
    assert side_by_side.difference(full, full).sign == 0
    assert side_by_side.drawn(full) == "100 samples"
