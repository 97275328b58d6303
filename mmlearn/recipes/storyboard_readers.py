"""The storyboard's readers: a network of one frame and one of the sound, trained first.

The frame's reader meets single frames, each with what its clip shows: twelve times as
many lessons for the same work as whole clips, and no frame hides behind the mean of the
others. That is what makes the small handwritten digit legible. Readers learn from the
annotation of a training clip's events (`Clips.events`: which digit is seen and heard,
where it is and heads, a stone or a bell, a thud or a ping), and from its task labels
where the events say nothing: scene, action, the sentiment's score. Then they are
frozen, and what they make of a clip is computed once. Those of seed 0 in the full
profile ship with the course (`shipped_readers.py`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mmlearn.recipes import storyboard_clips
from mmlearn.recipes.storyboard_clips import SIZE, Stills

FEATURES, VECTOR = 64, 48  # of a frame, of the sound
FILTERS = (16, 32, 48)
EPOCHS = {"quick": {"frame": 1, "sound": 1}, "full": {"frame": 12, "sound": 8}}
RATES = {"frame": 4e-3, "sound": 4e-3}
LEARNED = 3000  # of the training clips: what readers learn from
BATCH = {"frame": 32, "sound": 64}
ROWS = 250  # clips, frames, sounds read at a time
TOLD = {  # outputs of each reader's heads while it learns
    "frame": {
        **{"seen_digit": 10, "seen_box": 4, "seen_target": 3, "seen_visitor": 2},
        **{"scene": 4, "sentiment": 1},
    },
    "sound": {"heard_digit": 10, "heard_visitor": 2, "action": 6, "sentiment": 1},
}
SCORES = ("seen_box", "sentiment")  # numbers, no classes


@dataclass(frozen=True)
class Readers:
    """Both readers of one seed.

    Args:
        frame: keras.Model (B, H, W, 3) from 0 to 1 -> (B, F).
        sound: keras.Model {"sound", "sound_mask"} -> (B, F).
        asked: "frame", "sound" -> the same layers as they learn: to a dict of logits.
    """

    frame: Any
    sound: Any
    asked: dict[str, Any]

    def read(self, x):
        """What they make of clips: x with "video" (B, T, F) and "sound" (B, F).

        Args:
            x: dict as of `recipes.storyboard.inputs`; "video" in bytes.
        """
        film, names = x["video"], ("sound", "sound_mask")
        seen = [
            self.frame.predict_on_batch(stills)
            for i in range(0, len(film), ROWS)
            for stills in _rows(pictures(film[i : i + ROWS]))
        ]
        heard = [
            self.sound.predict_on_batch({n: x[n][i : i + ROWS] for n in names})
            for i in range(0, len(film), ROWS)
        ]
        found = {n: a for n, a in x.items() if n not in (*names, "video")}
        found["video"] = np.concatenate(seen).reshape(*film.shape[:2], -1)
        return found | {"sound": np.concatenate(heard)}


def _rows(array):
    return (array[i : i + ROWS] for i in range(0, len(array), ROWS))


def pictures(frames):
    """(B, T, H, W, 3) uint8 clips as (B T, H, W, 3) from 0 to 1."""
    return frames.reshape(-1, *frames.shape[2:]) / np.float32(255)


def new_readers(seed=0):
    """Both readers, untrained."""
    made = {name: new_reader(name, seed) for name in TOLD}
    frame, sound = (made[name][1] for name in ("frame", "sound"))
    return Readers(frame, sound, {name: learner for name, (learner, _) in made.items()})


_TRAINED: dict[tuple, Any] = {}


def trained(profile, seed, folder=None):
    """The readers of a seed, trained on the training clips of the profile, once.

    Args:
        profile: "quick" or "full". seed: int.
        folder: keeps their weights, each when it is trained, and has them next time.

    Returns:
        Readers.
    """
    if (profile, seed) not in _TRAINED:
        readers = new_readers(seed)
        for name in TOLD:
            _train(name, readers, profile, seed, folder)
        _TRAINED[profile, seed] = readers
    return _TRAINED[profile, seed]


def _train(name, readers, profile, seed, folder):
    """Train one of the readers, or take its weights from the folder."""
    reader = getattr(readers, name)
    file = folder and Path(folder, f"{name}_{profile}_{seed}.npz")
    if file and file.exists():
        with np.load(file) as kept:
            reader.set_weights([kept[f"w{i}"] for i in range(len(kept))])
        return
    x, y = storyboard_clips.load(profile)["train"]
    teach(name, readers.asked[name], x, y, seed, profile)
    if file:
        weights = {f"w{i}": w for i, w in enumerate(reader.get_weights())}
        np.savez(file.with_suffix(".part.npz"), **weights)
        file.with_suffix(".part.npz").replace(file)


def new_reader(name, seed):
    """An untrained reader, as it learns and as it reads: two models, the same layers.

    Args:
        name: "frame" or "sound". seed: int, fixes the initial weights.

    Returns:
        keras.Model to a dict of logits, one for each thing of `TOLD`; keras.Model to
        all answers in a row, as log probabilities; of a frame, after its features.
    """
    import keras
    from keras import ops

    from mmlearn import models
    from mmlearn.models import storyboard

    if name == "frame":
        encoder = storyboard.frame_encoder(
            SIZE, FEATURES, FILTERS, normalize=True, seed=4 * seed + 3
        )
    else:
        encoder = storyboard.storyboard_encoders(["sound"], VECTOR, seed=seed)["sound"]
    answers = {
        task: models.dense_head(outputs, seed=100 * seed + k, name=task)(encoder.output)
        for k, (task, outputs) in enumerate(TOLD[name].items())
    }
    row = [z if n in SCORES else ops.log_softmax(z) for n, z in answers.items()]
    row = [encoder.output, *row] if name == "frame" else row
    return (
        keras.Model(encoder.input, answers, name=f"{name}_learner"),
        keras.Model(
            encoder.input, ops.concatenate(row, axis=-1), name=f"{name}_reader"
        ),
    )


def width(name):
    """How many numbers a reader gives."""
    return sum(TOLD[name].values()) + (FEATURES if name == "frame" else 0)


def places(name):
    """What a reader gives, where: dict "features" or of `TOLD` -> slice."""
    sizes = ({"features": FEATURES} if name == "frame" else {}) | TOLD[name]
    ends = np.cumsum(list(sizes.values())).tolist()
    return {
        what: slice(end - sizes[what], end)
        for what, end in zip(sizes, ends, strict=True)
    }


def teach(name, learner, x, y, seed, profile):
    """Train a reader.

    Args:
        name, learner: of `new_reader`, the first of its two models.
        x, y: clips, as of `storyboard_clips.load`. seed: int.
        profile: "quick" or "full".

    Returns:
        History.
    """
    import keras

    from mmlearn import train

    x, y = ({n: a[:LEARNED] for n, a in part.items()} for part in (x, y))
    told, batch = {task: y[task] for task in TOLD[name]}, BATCH[name]
    data: Any = {n: x[n] for n in ("sound", "sound_mask")}, told
    steps, epochs = -(-len(y["action"]) // batch), EPOCHS[profile][name]
    if name == "frame":
        data = Stills(x["video"], told, batch_size=batch, seed=seed)
        steps = data.steps_per_epoch
    rate = cosine(RATES[name], epochs * steps)
    learner.compile(keras.optimizers.Adam(rate), losses(TOLD[name]))
    how = {"batch_size": batch, "seed": seed, "progress": False, "jit_compile": False}
    return train.fit(learner, data, epochs=epochs, **how)


def losses(tasks, reduction="sum_over_batch_size"):
    """A loss for each task: cross-entropy; of the score the squared error."""
    import keras

    entropy = keras.losses.SparseCategoricalCrossentropy
    return {
        task: keras.losses.MeanSquaredError(reduction=reduction)
        if task in SCORES
        else entropy(from_logits=True, reduction=reduction)
        for task in tasks
    }


def cosine(rate, steps):
    """Up from a tenth of the rate in a tenth of the steps, then half a cosine to 0."""
    import keras

    steps = max(steps, 1)
    warm = steps // 10
    return keras.optimizers.schedules.CosineDecay(
        rate / 10, steps - warm, warmup_target=rate, warmup_steps=warm
    )
