"""Storyboard: a simulated world whose best possible accuracy is known.

One script with a seed says what happens; a clip, its sound, its caption and its scene
graph are made from it, each from a copy of its own that may be wrong. Six tasks, and
for each what one could at best reach: alone, with any of the modalities, with all.

    from mmlearn.datasets import storyboard
    clips = storyboard.simulate(1000, storyboard.Dials(noise={"video": 0.3}), seed=1)
    storyboard.ceiling(clips.dials, "class", ["sound", "video"])

>>> round(bayes_gain(Dials(), "scene"), 3), bayes_gain(Dials(), "class") > 0.03
(0.0, True)
"""

from mmlearn.datasets.storyboard.bayes import (
    bayes_gain,
    ceiling,
    ceilings,
    least_error,
    likelihood,
    predict,
)
from mmlearn.datasets.storyboard.clips import Clips, OneClip
from mmlearn.datasets.storyboard.dials import MODALITIES, Dials
from mmlearn.datasets.storyboard.files import Recorded, read, write
from mmlearn.datasets.storyboard.load import load_storyboard
from mmlearn.datasets.storyboard.picture import digit_boxes, visitor_path
from mmlearn.datasets.storyboard.relations import KINDS, RELATIONS
from mmlearn.datasets.storyboard.script import (
    FRAME_RATE,
    FRAMES,
    SCORES,
    TASKS,
    VARIABLES,
    Script,
    draw,
    prior,
)
from mmlearn.datasets.storyboard.words import VOCABULARY
from mmlearn.datasets.storyboard.world import joined, simulate, stream

__all__ = [
    "FRAMES",
    "FRAME_RATE",
    "KINDS",
    "MODALITIES",
    "RELATIONS",
    "SCORES",
    "TASKS",
    "VARIABLES",
    "VOCABULARY",
    "Clips",
    "Dials",
    "OneClip",
    "Recorded",
    "Script",
    "bayes_gain",
    "ceiling",
    "ceilings",
    "digit_boxes",
    "draw",
    "joined",
    "least_error",
    "likelihood",
    "load_storyboard",
    "predict",
    "prior",
    "read",
    "simulate",
    "stream",
    "visitor_path",
    "write",
]
