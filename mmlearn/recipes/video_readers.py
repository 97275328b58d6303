"""Readers of lesson 19: a network of one frame and one of the sound, that learn first.

A reader is told what its own modality shows of each clip (`Clips.events`), not what is
true: so it learns to read, and leaves it to the fusion whom to believe. The frame's
meets single frames of either end of a clip. What a reader says, probabilities of
everything it was told, is all that the model hears of it. Trained once on 3,000 clips
(about two minutes) their weights ship with the course:
`python -m mmlearn.recipes.video_readers FILE` makes them anew.
"""

import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

SIZE, WORLD, CLIPS = 24, 0, 3000  # px; the seed and number of the readers' clips
END = 3  # frames at either end of a clip that the reader learns from
EPOCHS = {"frame": 8, "sound": 8}
RATES = {"frame": 2e-3, "sound": 4e-3}
BATCH = 64
SEEN = {"digit": 10, "target": 3, "fit": 2, "scene": 4, "tone": 3}  # of a frame
HEARD = {"digit": 10, "motion": 6, "fit": 2, "tone": 3}  # of the sound
FEATURES, VECTOR = sum(SEEN.values()), sum(HEARD.values())  # what they say


@dataclass(frozen=True)
class Readers:
    """Both readers, trained or about to be.

    Args:
        frame: keras.Model (B, H, W, 3) from 0 to 1 -> (B, F).
        sound: keras.Model {"sound", "sound_mask"} -> (B, F).
    """

    frame: Any
    sound: Any

    def read(self, x, rows=100):
        """What they make of clips: x with "video" (B, T, F) and "sound" (B, F).

        Args:
            x: dict as of `recipes.storyboard.inputs`; "video" in bytes.
            rows: clips at a time.
        """
        film, names = x["video"], ("sound", "sound_mask")
        places = range(0, len(film), rows)
        seen = [
            self.frame.predict_on_batch(pictures(film[i : i + rows])) for i in places
        ]
        heard = [
            self.sound.predict_on_batch({n: x[n][i : i + rows] for n in names})
            for i in places
        ]
        found = {n: a for n, a in x.items() if n not in (*names, "video")}
        found["video"] = np.concatenate(seen).reshape(*film.shape[:2], -1)
        return found | {"sound": np.concatenate(heard)}


def pictures(frames):
    """(B, T, H, W, 3) bytes as (B T, H, W, 3) from 0 to 1."""
    return frames.reshape(-1, *frames.shape[2:]) / np.float32(255)


class Stills:
    """Single frames for `train.fit`: of each clip and epoch an early and a late one.

    Args:
        frames: (N, T, H, W, 3) uint8. y: dict of (N,) labels. seed: int.
    """

    def __init__(self, frames, y, seed):
        self.frames, self.y, self.seed = frames, y, seed
        self.samples, self.batch_size = len(frames), BATCH
        self.steps_per_epoch = -(-2 * len(frames) // BATCH)

    def batches(self, epoch, start=0):
        """The batches of an epoch from number `start` on."""
        rng = np.random.default_rng([self.seed, epoch])
        n, late = len(self.frames), self.frames.shape[1] - END
        place = rng.permutation(2 * n)
        clip, frame = place % n, rng.integers(END, size=2 * n) + late * (place // n)
        for first in range(start * BATCH, 2 * n, BATCH):
            rows = slice(first, first + BATCH)
            x = self.frames[clip[rows], frame[rows]] / np.float32(255)
            yield x, {name: y[clip[rows]] for name, y in self.y.items()}


def new_readers(seed=0):
    """Both readers, untrained."""
    from mmlearn.models import storyboard

    frame = storyboard.frame_encoder(SIZE, seed=4 * seed + 3)
    sound = storyboard.storyboard_encoders(["sound"], 48, seed=seed)["sound"]
    return Readers(_told(frame, SEEN, seed), _told(sound, HEARD, seed))


def _told(encoder, told, seed):
    """An encoder with a linear head for each thing; their probabilities in a row."""
    import keras

    logits = []
    for k, (what, outputs) in enumerate(told.items()):
        init = keras.initializers.GlorotUniform(seed=1000 * seed + k)
        head = keras.layers.Dense(outputs, kernel_initializer=init, name=what)
        logits.append(head(encoder.output))
    said = keras.ops.concatenate([keras.ops.softmax(z) for z in logits], axis=-1)
    return keras.Model(
        encoder.input, said, name=encoder.name.replace("encoder", "reader")
    )


def teach(name, reader, clips, seed=0, epochs=None):
    """Train a reader to say what its modality shows.

    Args:
        name: "frame" or "sound". reader: of `new_readers`; it learns.
        clips: `Clips`. seed: int, of the order. epochs: None: as chosen.

    Returns:
        `train.History`.
    """
    import keras

    from mmlearn import train
    from mmlearn.recipes.storyboard import log_mels

    told, copies = (SEEN, "video") if name == "frame" else (HEARD, "sound")
    y = {what: clips.script.copies[copies][what] for what in told}
    if name == "frame":
        data: Any = Stills(clips.frames, y, seed)
    else:
        levels = log_mels(clips.sound)
        x = {"sound": levels, "sound_mask": np.ones(levels.shape[:2], bool)}
        data = x, y
    logits = {what: reader.get_layer(what).output for what in told}
    model = keras.Model(reader.input, logits, name=f"{name}_heads")
    epochs = EPOCHS[name] if epochs is None else epochs
    count = (2 if name == "frame" else 1) * len(clips)
    rate = cosine(RATES[name], epochs * -(-count // BATCH))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), dict.fromkeys(told, loss))
    how = {"batch_size": BATCH, "seed": seed, "progress": False, "jit_compile": False}
    return train.fit(model, data, epochs=epochs, **how)


def cosine(rate, steps):
    """Up from a tenth of the rate in a tenth of the steps, then half a cosine to 0."""
    import keras

    warm = steps // 10
    return keras.optimizers.schedules.CosineDecay(
        rate / 10, steps - warm, warmup_target=rate, warmup_steps=warm
    )


@lru_cache(maxsize=1)
def shipped():
    """The readers that ship with the course, trained by `main`."""
    readers = new_readers()
    file = resources.files("mmlearn.recipes").joinpath("video_readers.npz")
    with file.open("rb") as stream, np.load(stream) as kept:
        for name in ("frame", "sound"):
            reader = getattr(readers, name)
            weights = [kept[f"{name}{k}"] for k in range(len(reader.weights))]
            reader.set_weights([w.astype(np.float32) for w in weights])
    return readers


def main(path, names=("frame", "sound")):
    """Train both readers and write their weights, as float16."""
    from mmlearn.datasets import storyboard

    clips = storyboard.simulate(CLIPS, seed=WORLD, part="train", size=SIZE)
    readers, kept = new_readers(), {}
    for name in names:
        reader = getattr(readers, name)
        history = teach(name, reader, clips)
        print(name, [round(v, 3) for v in history.history["loss"]], flush=True)
        for k, w in enumerate(reader.get_weights()):
            kept[f"{name}{k}"] = w.astype(np.float16)
    np.savez_compressed(path, **kept)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:] or ("frame", "sound"))
