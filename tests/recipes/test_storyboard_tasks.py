"""The storyboard's recipes: readers first, then fusions; what is kept and compared."""

import json
from dataclasses import replace

import numpy as np
import pytest

from mmlearn import recipes
from mmlearn.datasets import storyboard as world
from mmlearn.recipes import (
    storyboard_clips,
    storyboard_measure,
    storyboard_readers,
    storyboard_table,
    storyboard_tasks,
    storyboard_whole,
    storyboard_xor,
)
from mmlearn.recipes.recipe import Result
from mmlearn.recipes.storyboard import inputs

FEW = {"quick": {"train": 16, "validation": 16, "test": 16}}


@pytest.fixture(scope="module")
def run():
    """The fused recipe on a handful of clips, untrained: all of it but the steps."""
    patch = pytest.MonkeyPatch()
    patch.setattr(storyboard_clips, "SAMPLES", FEW)
    patch.setattr(storyboard_readers, "FILTERS", (2, 2, 4))
    patch.setattr(storyboard_readers, "EPOCHS", {"quick": {"frame": 0, "sound": 0}})
    storyboard_clips.load.cache_clear()
    storyboard_readers._TRAINED.clear()
    recipe = replace(recipes.get("storyboard_fused"), epochs={"quick": 0})
    yield recipe.run(1, "quick", progress=False)
    patch.undo()
    storyboard_clips.load.cache_clear()
    storyboard_readers._TRAINED.clear()


def test_a_run_has_every_task_and_the_whole_model_says_the_same(run):
    assert set(run.right) == set(run.tasks) == set(world.TASKS)
    assert run.test_accuracy == np.mean(list(run.tasks.values()))
    assert run.test_size == 16 and run.validation.keys() == run.tasks.keys()
    readers = storyboard_readers.trained("quick", 1)
    model = storyboard_whole.whole(readers, run.model)
    clips = world.simulate(16, part="test", size=24)
    right = storyboard_tasks.rights(model, inputs(clips), clips.labels)
    for task, same in right.items():
        np.testing.assert_array_equal(same, run.right[task])


def test_stills_are_frames_of_their_clips_the_same_for_the_same_epoch():
    frames = np.arange(5 * 9, dtype=np.uint8).reshape(5, 9, 1, 1, 1)
    stills = storyboard_clips.Stills(
        frames, {"clip": np.arange(5)}, batch_size=4, seed=3
    )
    found = list(stills.batches(0))
    assert stills.steps_per_epoch == len(found) == 3
    x = np.rint(255 * np.concatenate([x for x, _ in found]).ravel()).astype(int)
    clip = np.concatenate([y["clip"] for _, y in found])
    np.testing.assert_array_equal(x // 9, clip)
    assert sorted(zip(clip.tolist(), (x % 9 // 3).tolist(), strict=True)) == [
        (k, third) for k in range(5) for third in (0, 2)
    ]
    again = list(stills.batches(0, start=1))
    np.testing.assert_array_equal(again[0][0], found[1][0])
    assert not np.array_equal(next(stills.batches(1))[0], found[0][0])


def test_xor_clips_can_be_told_from_both_and_from_neither_alone():
    dials = storyboard_xor.dials()
    assert world.ceiling(dials, "anomaly") == pytest.approx(1)
    for modality in world.MODALITIES:
        assert world.ceiling(dials, "anomaly", [modality]) == pytest.approx(0.5)
    x, y = storyboard_clips.clips("train", 16, dials)
    np.testing.assert_array_equal(y["seen_visitor"] ^ y["heard_visitor"], y["anomaly"])
    landed = max(world.script.LANDINGS)
    assert landed <= world.FRAMES - storyboard_xor.LAST


def test_xor_fusions_are_matched():
    for how in (*storyboard_xor.SINGLES, *storyboard_xor.FUSIONS):
        model = storyboard_xor.build(how, 0)
        count = model.fusion.count_params() + model.head.count_params()
        assert abs(count - 2500) < 200


def test_what_is_compared(tmp_path, monkeypatch):
    """Right by hand: 96 % of fused, 90 % of video, all else at random."""
    rng, n = np.random.default_rng(0), 1500
    figures = dict.fromkeys((f for f in storyboard_measure._FIGURES), 0)
    every = (*storyboard_tasks.RECIPES, *storyboard_xor.RECIPES)
    share = {"storyboard_fused": 0.96, "storyboard_video": 0.9}
    share |= {f"storyboard_xor_{how}": 0.995 for how in storyboard_measure.MUST}
    for recipe in every:
        tasks = world.TASKS if recipe.name.count("_") == 1 else ["anomaly"]
        for seed in range(2):
            right = rng.permuted(np.arange(n) < n * share.get(recipe.name, 0.5))
            result = Result(**figures, history=None, model=None)
            object.__setattr__(result, "right", dict.fromkeys(tasks, right))
            file = tmp_path / f"{recipe.name}_quick_{seed}.npz"
            storyboard_measure._write(file, result)
    table = storyboard_measure.compare_tasks(tmp_path, "quick", range(2))
    assert table["class"]["best"] == "video" and table["class"]["reached"]
    assert table["class"]["share"] == pytest.approx(0.96 / table["class"]["ceiling"])
    assert table["class"]["fusing pays"] and not table["scene"]["equivalent"]
    xor = storyboard_measure.compare_xor(tmp_path, "quick", range(2))
    assert xor["video"]["equivalent"] and xor["deep"]["reached"]
    assert "reached" not in xor["concatenate"]
    text = json.dumps([table, xor], default=storyboard_measure._plain)
    assert "NaN" not in text
    summary = storyboard_measure.summaries(tmp_path, "quick", range(2))
    assert len(summary) == len(every) and summary["storyboard_fused"].seeds == (0, 1)


def test_what_is_stored_is_whole_and_says_what_was_reached():
    found = storyboard_measure.measured()
    assert set(found["chosen"]) >= {"fused", "fused taken", "xor taken"}
    for task, row in found["full"]["tasks"].items():
        ceiling = world.ceiling(world.Dials(), task)
        assert row["ceiling"] == pytest.approx(ceiling)
        mean = np.mean(row["test"]["fused"])
        assert row["reached"] == (mean >= storyboard_measure.SHARE * ceiling)
        assert all(len(one) == 5 for one in row["test"].values())
        assert ("fusing pays" in row) == (row["gain"] > storyboard_measure.GAIN)
    for how, row in found["full"]["xor"].items():
        low, high = recipes.get(f"storyboard_xor_{how}").expected
        assert low <= np.mean(row["test"]) <= high


def test_the_tables_say_what_is_stored():
    found = storyboard_measure.measured()["full"]
    lines = storyboard_table.tables().splitlines()
    rows = {line.split("|")[1].strip(): line for line in lines if "|" in line}
    for task, row in found["tasks"].items():
        test, best = row["test"], row["best"]
        assert f"{np.mean(test['fused']):.3f} ±" in rows[task]
        assert f"{best} {np.mean(test[best]):.3f} ±" in rows[task]
        assert f"| {row['share']:.3f} ({row['low']:.3f} to" in rows[task]
        bar = storyboard_measure.SHARE * row["ceiling"]
        over = sum(one >= bar for one in test["fused"])
        said = "reached" if row["reached"] else "not reached"
        assert f"| {said} ({over} of 5 seeds)" in rows[task]
    for how, row in found["xor"].items():
        assert f"| {np.mean(row['test']):.3f} ±" in rows[how]
        assert ("equivalent to 0.5" in rows[how]) == row.get("equivalent", False)
        assert ("reached" in rows[how]) == ("reached" in row)
