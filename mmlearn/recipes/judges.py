"""Who looks at a film and says what it sees: trained once, kept, and asked by window.

`fights` is the recipe `fused_fights` on all sixty clips: how fast pixels move, how it
sounds. `storyboard` is lesson 19's whole model, from simulated clips: it needs no data
and no network, and knows no world but its own.
"""

import os
import warnings
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import platformdirs

from mmlearn.recipes.recipe import RecipeError

NAMES = ("fights", "storyboard")
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)
FIGHTS = """\
Trained on 60 clips, and no figure of it is clear of chance. In five folds 40 of the 60
were judged rightly, 0.67 ± 0.17, 95 % of the mean 0.46 to 0.87; knowing only whether a
file has sound gives 0.55. Take it for an exercise, never for an alarm."""
STORYBOARD = """\
Trained on simulated clips: digits that move before painted scenes. Of any other film it
says what comes nearest in its own small world, however sure it sounds."""


class Answer(NamedTuple):
    """What is said to one question.

    Args:
        label: in words. probability: of it, as the model believes; NaN of a score.
    """

    label: str
    probability: float


class Judge(Protocol):
    """Anyone who can be asked, window by window.

    Attributes:
        name: how it is called. caution: what to know before one believes it.
        frames, hop, rate: of a window, and per second. size: (H, W), px.
        sound_rate: Hz. alarm: (task, label) that `alarms` watches for, or None.
    """

    name: str
    caution: str
    frames: int
    hop: int
    rate: float
    size: tuple[int, int]
    sound_rate: int
    alarm: tuple[str, str] | None

    def answers(self, window, caption) -> dict[str, Answer]:
        """Of a `preprocess.video.Window` and what is written meanwhile."""
        ...


def judge(name, *, fresh=False, progress=True):
    """A judge by its name: from the folder of models, else trained now and put there.

    Args:
        name: one of `NAMES`.
        fresh: train anew, even if one is kept.
        progress: show the training.

    Returns:
        Judge.

    Raises:
        RecipeError: for another name. DataError: the clips that it learns from are not
        here, and cannot be fetched.
    """
    if _expect_known(name) == "storyboard":
        from mmlearn.recipes.storyboard_judge import storyboard_judge

        return storyboard_judge(fresh=fresh, progress=progress)
    path = model_folder() / "fights.npz"
    kept = None if fresh else FightsJudge.read(path)
    if kept is None:
        kept = FightsJudge.trained(progress)
        keep(path, lambda part: np.savez(part, **kept.arrays()))
    return kept


def is_kept(name):
    """Whether a judge has been trained on this machine already."""
    found = {"fights": "fights.npz", "storyboard": "storyboard.keras"}
    return (model_folder() / found[_expect_known(name)]).is_file()


def _expect_known(name):
    if name not in NAMES:
        raise RecipeError(f"no judge {name!r}; there are {', '.join(NAMES)}")
    return name


def model_folder():
    """Where trained judges are kept: `$MMLEARN_MODELS`, else in the user's cache."""
    chosen = os.environ.get("MMLEARN_MODELS", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_cache_dir("mmlearn", appauthor=False)) / "models"


def keep(path, write):
    """Write a file whole or not at all; where that cannot be, go on without.

    Args:
        path: of the file. write: called with the path of a part to be written.
    """
    part = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@dataclass(frozen=True, eq=False)
class FightsJudge:
    """Two seconds at a time: motion and sound to the logits of a fight.

    Args:
        center, scale, kernel: (50,), of the features and their logit; bias: float.
    """

    center: np.ndarray
    scale: np.ndarray
    kernel: np.ndarray
    bias: float
    name: str = "fights"
    caution: str = FIGHTS
    frames: int = 20
    hop: int = 10
    rate: float = 10
    size: tuple[int, int] = (72, 96)
    sound_rate: int = 16_000
    alarm: tuple[str, str] | None = ("fight", "fight")

    @classmethod
    def trained(cls, progress=True):
        """On all sixty clips, as the recipe `fused_fights` trains on its folds."""
        from tqdm import tqdm

        from mmlearn.datasets import load_fights
        from mmlearn.recipes import fights

        clips = load_fights()
        rows = [
            _features(clips.read(n, size=fights.SIZE))
            for n in tqdm(range(len(clips)), "reading clips", disable=not progress)
        ]
        center = np.nanmean(rows, axis=0)
        x = np.where(np.isnan(rows), center, rows)
        scale = np.maximum(x.std(axis=0), 1e-6)
        one = _fitted(np.clip((x - center) / scale, -4, 4), clips.y)
        return cls(center, scale, *one)

    @classmethod
    def read(cls, path):
        """From a file, or None where there is none that can be read."""
        try:
            # numpy leaves a path open that is no zip file: so it gets an open file
            with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
                arrays = {name: found[name] for name in found.files}
            return cls(**arrays | {"bias": float(arrays["bias"])})
        except FileNotFoundError:
            return None
        except UNREADABLE as error:
            told = f"{path} cannot be read: trained anew. {error}"
            warnings.warn(told, stacklevel=2)
            return None

    def arrays(self) -> dict[str, Any]:
        """What a file keeps."""
        names = ("center", "scale", "kernel", "bias")
        return {name: np.asarray(getattr(self, name)) for name in names}

    def answers(self, window, caption=""):
        """p(fight) of a window: "fight" or "no fight"; {} of a single frame."""
        if window.mask.sum() < 2:
            return {}
        x = _features(_as_clip(window))
        x = np.where(np.isnan(x), self.center, x)
        z = np.clip((x - self.center) / self.scale, -4, 4)
        p = float(1 / (1 + np.exp(-(z @ self.kernel + self.bias))))
        said = Answer("fight", p) if p >= 0.5 else Answer("no fight", 1 - p)
        return {"fight": said}


def _fitted(x, y):
    """Logistic regression by `train.fit`: the difference of both classes' weights."""
    import keras

    from mmlearn import recipes, train

    recipe = recipes.get("fused_fights")
    batches = -(-len(y) // recipe.batch_size)
    epochs = recipe.epochs["quick"]
    model = recipe.model(0, epochs * batches)
    how = {"batch_size": recipe.batch_size, "seed": 0, "jit_compile": False}
    train.fit(model, (x.astype(np.float32), y), epochs=epochs, progress=False, **how)
    found = [keras.ops.convert_to_numpy(w) for w in model.trainable_variables]
    kernel, bias = (w[..., 1] - w[..., 0] for w in found)
    return kernel, float(bias)


def _features(clip):
    from mmlearn.recipes import fights

    told = fights.features(clip)
    return np.concatenate([told["motion"], told["sound"]])


def _as_clip(window):
    """A window as `media.Clip`; sound only where it was there for most of it."""
    from mmlearn import media

    seen = window.mask
    heard = window.sound is not None and window.sound_mask.mean() > 0.5
    how = {"sound": window.sound[window.sound_mask, None]} if heard else {}
    how |= {"sound_rate": 16_000} if heard else {}
    return media.Clip(window.frames[seen], window.times[seen], 10.0, **how)
