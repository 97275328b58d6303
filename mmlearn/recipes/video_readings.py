"""Clips, and what the readers make of them: lesson 19's data.

A film comes frame by frame. So every clip is met whole, and a second time cut at a
random frame; of a cut clip one label counts, what happens next.
"""

from functools import lru_cache

import numpy as np

from mmlearn.recipes.recipe import current_profile
from mmlearn.recipes.storyboard_clips import SIZE, in_bytes
from mmlearn.recipes.storyboard_tasks import TASKS

SAMPLES = {
    "quick": {"train": 2500, "validation": 300, "test": 600},
    "full": {"train": 6000, "validation": 1000, "test": 2000},
}
WORLD = 19  # the clips' seed


@lru_cache(maxsize=1)
def world(profile):
    """Clips of the default dials: {"train" | "validation" | "test": `Clips`}."""
    from mmlearn.datasets import storyboard

    return {
        part: storyboard.simulate(n, seed=WORLD, part=part, size=SIZE)
        for part, n in SAMPLES[current_profile(profile)].items()
    }


def readings(readers, clips):
    """What the readers make of whole clips: the input of the model that is fused.

    Args:
        readers: `storyboard_readers.Readers`. clips: N `Clips`.

    Returns:
        dict: "graph" (N, 5, 52), "sound" (N, F), "text" and "text_mask" (N, 9), "video"
        (N, T, F).
    """
    return readers.read(in_bytes(clips))


def cut_readings(readers, clips, read, seen):
    """Readings of clips of which only the first frames have come.

    Args:
        readers: `storyboard_readers.Readers`. clips: N `Clips`. read: their `readings`.
        seen: (N,) frames, 1 to T.

    Returns:
        dict like `read`: later frames black, later sound silent, and where the digit
        had not turned yet caption and graph leave open where it heads.
    """
    from mmlearn.datasets import storyboard

    seen = np.asarray(seen)
    groups = [clips.select(seen == s).until(int(s)) for s in np.unique(seen)]
    back = np.argsort(np.argsort(seen, kind="stable"), kind="stable")
    known = in_bytes(storyboard.joined(groups))
    x = {name: a[back] for name, a in known.items() if name != "video"}
    x["video"] = np.zeros((len(seen), 1, *clips.frames.shape[2:]), np.uint8)
    found = readers.read(x)
    dark = found["video"][:1]  # (1, 1, F), what is read in a black frame
    late = np.arange(read["video"].shape[1]) >= seen[:, None]  # (N, T)
    return found | {"video": np.where(late[..., None], dark, read["video"])}


def lessons(readers, clips, read, seed=0, cut=True):
    """Readings, labels and their weights: each clip whole, and once more cut.

    Args:
        readers: `storyboard_readers.Readers`. clips: N `Clips`. read: their `readings`.
        seed: int, of where they are cut. cut: False: whole clips alone.

    Returns:
        x, y, weights: dicts; weights task -> (2 N,) 1 where the label counts, else 0.
    """
    n, y = len(clips), six(clips.labels)
    ones = np.ones(n, np.float32)
    if not cut:
        return read, y, dict.fromkeys(TASKS, ones)
    seen = np.random.default_rng([seed, WORLD]).integers(1, clips.frames.shape[1], n)
    part = cut_readings(readers, clips, read, seen)
    weights = {task: np.r_[ones, ones * (task == "next")] for task in TASKS}
    twice = {task: np.concatenate([labels, labels]) for task, labels in y.items()}
    return {k: np.concatenate([read[k], part[k]]) for k in read}, twice, weights


def six(labels):
    """The labels of the six tasks."""
    return {task: labels[task] for task in TASKS}
