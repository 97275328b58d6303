"""The storyboard's recipes measured together: what was right, clip by clip, and why.

`python -m mmlearn.recipes.storyboard_measure FOLDER [PROFILE]` runs every recipe from
five seeds, seed after seed, so that a seed's readers serve all of its recipes. What was
right is kept in FOLDER, run by run: after an interruption it goes on with the next run.
At the end `storyboard_tasks.json` in FOLDER says what is compared below.
"""

import json
import sys
from dataclasses import fields
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from mmlearn.recipes import storyboard_readers, storyboard_tasks, storyboard_xor
from mmlearn.recipes.recipe import Result, current_profile
from mmlearn.recipes.summary import RecipeSummary

SEEDS = tuple(range(5))
SHARE, GAIN, MARGIN = 0.95, 0.03, 0.02  # of the ceiling; that is worth showing; equal
XOR_LEAST = 0.99
MUST = ("gated", "tensor", "cross_attention", "deep")
_FIGURES = [f.name for f in fields(Result) if f.name not in ("history", "model")]


@cache
def measured():
    """What was chosen and what was found: "chosen", and by profile "tasks", "xor"."""
    file = resources.files("mmlearn.recipes").joinpath("storyboard_tasks.json")
    return json.loads(file.read_text(encoding="utf-8"))


def run_all(folder, profile, seeds=SEEDS):
    """Run what is not in the folder yet; a run is a file."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        storyboard_readers.trained(profile, seed, folder)
        for recipe in (*storyboard_tasks.RECIPES, *storyboard_xor.RECIPES):
            file = folder / f"{recipe.name}_{profile}_{seed}.npz"
            if not file.exists():
                result = recipe.run(seed, profile, progress=False)
                _write(file, result)
                print(recipe.name, seed, round(result.test_accuracy, 4), flush=True)


def _write(file, result):
    """The figures, and what was right, task by task."""
    figures = {name: getattr(result, name) for name in _FIGURES}
    part = file.with_suffix(".part.npz")
    np.savez(part, figures=np.array(json.dumps(figures)), **result.right)
    part.replace(file)


def summaries(folder, profile, seeds=SEEDS):
    """Recipe name -> RecipeSummary of what the folder holds, for `write_table`."""
    found = {}
    for recipe in (*storyboard_tasks.RECIPES, *storyboard_xor.RECIPES):
        rows = [_read(folder, recipe.name, profile, s)["figures"] for s in seeds]
        runs = [Result(**json.loads(str(r)), history=None, model=None) for r in rows]
        values = tuple(r.test_accuracy for r in runs)
        found[recipe.name] = RecipeSummary(values, tuple(seeds), tuple(runs))
    return found


def _read(folder, name, profile, seed):
    with np.load(Path(folder) / f"{name}_{profile}_{seed}.npz") as file:
        return dict(file)


def _right(folder, name, task, profile, seeds):
    """(S, N) bool: which clips each seed got right."""
    return np.stack([_read(folder, name, profile, s)[task] for s in seeds])


def compare_tasks(folder, profile, seeds=SEEDS):
    """Task -> what was found and what it must be, with intervals.

    Each has "test", model -> accuracies of the seeds; "ceiling", "share", what part of
    the ceiling the fused model's mean is, "low", "high" its 95 % interval (bootstrap
    over clips and seeds); "gain", the script's; "best", the best single modality by
    the test clips; "above", fused less best with its 95 % interval; where the gain is
    0 "equivalent" within ±2 points, with a 90 % interval.
    """
    from mmlearn import evaluate

    table, ceilings = {}, storyboard_tasks.ceilings()
    for task in storyboard_tasks.TASKS:
        right = {
            name: _right(folder, f"storyboard_{name}", task, profile, seeds)
            for name in (*storyboard_tasks.SINGLES, "fused")
        }
        test = {
            name: [round(float(a), 5) for a in r.mean(1)] for name, r in right.items()
        }
        best = max(storyboard_tasks.SINGLES, key=lambda name: right[name].mean())
        fused, top = right["fused"], ceilings[task]["all"]
        over = evaluate.compare(fused, 0.0)
        above = evaluate.compare(fused, right[best])
        gain = ceilings[task]["gain"]
        row = {
            **{"test": test, "ceiling": top, "gain": gain, "best": best},
            **{"share": over.value / top, "low": over.low / top},
            **{"high": over.high / top, "above": _interval(above)},
            **{"reached": over.value >= SHARE * top},
        }
        if gain > GAIN:
            row["fusing pays"] = above.sign > 0
        if gain < 1e-9:
            same = evaluate.equivalence(fused, right[best], MARGIN)
            row["equivalent"] = same.equivalent
            row["equivalence"] = _interval(same)
        table[task] = row
    return table


def compare_xor(folder, profile, seeds=SEEDS):
    """Model -> accuracies of the seeds, interval, and whether they are what they must.

    Single modalities: equivalent to 0.5 within ±2 points; of `MUST` the mean is at
    least 0.99.
    """
    from mmlearn import evaluate

    table = {}
    for how in (*storyboard_xor.SINGLES, *storyboard_xor.FUSIONS):
        right = _right(folder, f"storyboard_xor_{how}", "anomaly", profile, seeds)
        over = evaluate.compare(right, 0.0)
        row = {"test": _means(right), "interval": _interval(over)}
        if how in storyboard_xor.SINGLES:
            same = evaluate.equivalence(right, 0.5, MARGIN)
            row |= {"equivalent": same.equivalent, "equivalence": _interval(same)}
        if how in MUST:
            row["reached"] = over.value >= XOR_LEAST
        table[how] = row
    return table


def _means(right):
    """Accuracy of each seed."""
    return [round(float(a), 5) for a in right.mean(axis=1)]


def _interval(found):
    return [round(float(v), 5) for v in (found.value, found.low, found.high)]


def main(folder, profile=None):
    """Run, compare, write."""
    profile = current_profile(profile)
    run_all(folder, profile)
    found = {
        "tasks": compare_tasks(folder, profile),
        "xor": compare_xor(folder, profile),
    }
    text = json.dumps({**measured(), profile: found}, indent=1, default=_plain)
    Path(folder, "storyboard_tasks.json").write_text(text + "\n", "utf-8")
    print(text)


def _plain(value):
    return value.item()


if __name__ == "__main__":
    main(*sys.argv[1:3])
