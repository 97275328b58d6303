"""The whole video model as a judge of films: windows of a second and a half."""

import warnings
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from mmlearn.recipes.judges import STORYBOARD, Answer, keep, model_folder


def storyboard_judge(*, fresh=False, progress=True):
    """The judge from its file, else trained on simulated clips and put there."""
    import keras

    from mmlearn import models  # noqa: F401 — Keras finds its classes by name

    path = model_folder() / "storyboard.keras"
    if not fresh and path.is_file():
        try:
            return StoryboardJudge(keras.saving.load_model(path, compile=False))
        except (OSError, ValueError, TypeError, KeyError) as error:
            reason = str(error).partition("\n")[0]
            warnings.warn(
                f"{path} cannot be read: trained anew. {reason}", stacklevel=2
            )
    model = trained(progress)
    keep(path, model.save)
    return StoryboardJudge(model)


def trained(progress=True):
    """The model of clips, of seed 0 in the quick profile."""
    from mmlearn.recipes import (
        shipped_readers,
        storyboard_whole,
        video_model,
        video_readings,
    )

    splits = {"train": video_readings.world("quick")["train"]}
    result = video_model.RECIPES[0].run_on(splits, 0, "quick", progress=progress)
    model = storyboard_whole.whole(shipped_readers.shipped(), result.model)
    model.predict_on_batch(batch(_grey()))  # only a built model's weights are saved
    return model


def _grey():
    """A window in which nothing is to be seen, and nothing heard."""
    frames = np.zeros((12, 24, 24, 3), np.uint8)
    silence = {"sound": None, "sound_mask": np.zeros(12_000, bool)}
    return SimpleNamespace(frames=frames, mask=np.ones(12, bool), **silence)


@dataclass(frozen=True, eq=False)
class StoryboardJudge:
    """Frames, sound and words to six answers; a file has no scene graph.

    Args:
        model: MultimodalModel of what `recipes.storyboard.inputs` gives.
    """

    model: Any
    name: str = "storyboard"
    caution: str = STORYBOARD
    frames: int = 12
    hop: int = 12
    rate: float = 8
    size: tuple[int, int] = (24, 24)
    sound_rate: int = 8_000
    alarm: tuple[str, str] | None = ("anomaly", "does not fit")

    def answers(self, window, caption=""):
        """Six answers; a modality that a window lacks is said to be missing."""
        from mmlearn.datasets import storyboard

        x = batch(window, caption)
        said = {
            task: np.asarray(answer)[0]
            for task, answer in self.model.predict_on_batch(x).items()
        }
        found = {}
        for task, logits in said.items():
            if task == "sentiment":
                found[task] = Answer(f"{logits[0]:+.2f}", float("nan"))
                continue
            p = np.exp(logits - logits.max())
            best, p = int(p.argmax()), p / p.sum()
            (variable,) = storyboard.TASKS[task]
            label = storyboard.VARIABLES[variable].values[best]
            found[task] = Answer(str(label), float(p[best]))
        return found


def batch(window, caption=""):
    """A window as a batch of one: what `recipes.storyboard.inputs` gives of a clip."""
    from mmlearn.datasets import storyboard
    from mmlearn.recipes.storyboard import log_mels, word_numbers

    frames = window.frames.copy()
    last = int(window.mask.sum())
    frames[last:] = frames[last - 1]  # a film that ends stands still
    heard = window.sound is not None and window.sound_mask.mean() > 0.5
    sound = window.sound if heard else np.zeros(12_000, np.float32)
    levels, ids = log_mels(sound[None]), word_numbers([_clean(caption)])
    known = len(storyboard.RELATIONS) * len(storyboard.KINDS) + len(storyboard.KINDS)
    graph = np.zeros((1, len(storyboard.KINDS), known + 2), np.float32)
    return {
        **{"graph": graph, "graph_available": np.array([False])},
        **{"sound": levels, "sound_mask": np.ones(levels.shape[:2], bool)},
        **{"sound_available": np.array([heard]), "text": ids, "text_mask": ids > 0},
        "text_available": np.array([bool((ids > 1).any())]),
        **{
            "video": frames[None] / np.float32(255),
            "video_available": np.array([True]),
        },
    }


def _clean(caption):
    """Lower case, no signs: as the simulated world writes."""
    return "".join(c if c.isalnum() else " " for c in caption.lower())
