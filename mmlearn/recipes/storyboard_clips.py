"""The storyboard's clips as its recipes take them: in bytes, with what is annotated."""

from functools import lru_cache

import numpy as np

SIZE, WORLD = 24, 0  # px; the seed of the clips, the same for every run
END = 3  # frames at either end of a clip that the reader learns from
SAMPLES = {
    "quick": {"train": 160, "validation": 48, "test": 48},
    "full": {"train": 12_000, "validation": 1000, "test": 2000},
}
EVENTS = (
    ("seen", "video", "digit", "digit"),
    ("seen", "video", "target", "target"),
    ("seen", "video", "visitor", "fit"),
    ("heard", "sound", "digit", "digit"),
    ("heard", "sound", "visitor", "fit"),
)


@lru_cache(maxsize=2)
def load(profile):
    """Clips of the default dials: {"train" | "validation" | "test": (x, y)}.

    x is as of `storyboard.inputs`, "video" in bytes; y has the six tasks, and what is
    "seen_…" and "heard_…" of digit, target and visitor, from which only readers learn.
    """
    return {part: clips(part, n) for part, n in SAMPLES[profile].items()}


def clips(part, samples, dials=None, seed=WORLD):
    """Clips as arrays, x and y, made a few at a time."""
    found = list(chunks(part, samples, dials, seed))
    x, y = ({k: [d[j][k] for d in found] for k in found[0][j]} for j in (0, 1))
    return tuple({k: np.concatenate(v) for k, v in d.items()} for d in (x, y))


def chunks(part, samples, dials=None, seed=WORLD):
    """Yield x and y of a few clips at a time, as of `load`."""
    from mmlearn.datasets import storyboard

    for some in storyboard.stream(samples, dials, seed=seed, part=part, size=SIZE):
        shown = some.script.copies
        told = {
            f"{how}_{what}": shown[modality][name]
            for how, modality, what, name in EVENTS
        }
        boxes = 10 * storyboard.digit_boxes(some.script) - 5  # tenths of a width
        told["seen_box"] = boxes.astype(np.float32)
        yield in_bytes(some), some.labels | told


def in_bytes(clips):
    """As `storyboard.inputs`, but the frames as bytes: a quarter of the memory."""
    from mmlearn.recipes.storyboard import inputs

    x = inputs(clips, ("graph", "sound", "text")) | {"video": clips.frames}
    return {name: a for name, a in x.items() if not name.endswith("_available")}


class Stills:
    """Single frames of clips, for `train.fit`: two of each clip an epoch.

    One is of the first `END` frames, before much has moved, one of the last, when all
    has happened; which, follows from (seed, epoch).

    Args:
        frames: (N, T, H, W, 3) uint8. y: dict of (N,) labels, or (N, T, …) of each
            frame. batch_size: B. seed: int.
    """

    def __init__(self, frames, y, *, batch_size, seed):
        self.frames, self.y, self.seed = frames, y, seed
        self.samples, self.batch_size = len(frames), batch_size
        self.steps_per_epoch = -(-2 * len(frames) // batch_size)

    def batches(self, epoch, start=0):
        """The batches of an epoch from number `start` on."""
        rng = np.random.default_rng([self.seed, epoch])
        far = self.frames.shape[1] - END
        clip = rng.permuted(np.repeat(np.arange(self.samples), 2))
        late = np.zeros(len(clip), int)  # a clip's second place is a late frame
        order = np.argsort(clip, kind="stable")
        late[order[1::2]] = 1
        frame = rng.integers(END, size=len(clip)) + far * late
        for first in range(start * self.batch_size, len(clip), self.batch_size):
            rows = slice(first, first + self.batch_size)
            chosen = clip[rows]
            x = self.frames[chosen, frame[rows]] / np.float32(255)
            yield (
                x,
                {
                    name: y[chosen, frame[rows]] if y.ndim == 3 else y[chosen]
                    for name, y in self.y.items()
                },
            )
