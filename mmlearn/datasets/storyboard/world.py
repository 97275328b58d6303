"""The world at work: scripts drawn, and clips made from them, batch by batch."""

from dataclasses import fields, replace

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.storyboard import words
from mmlearn.datasets.storyboard.clips import Clips
from mmlearn.datasets.storyboard.dials import MODALITIES, Dials
from mmlearn.datasets.storyboard.picture import draw_frames
from mmlearn.datasets.storyboard.relations import scene_graphs
from mmlearn.datasets.storyboard.script import draw
from mmlearn.datasets.storyboard.track import sound_track

PARTS = ("train", "validation", "test")
CHUNK = 16  # clips made at a time: the memory that making them takes


def simulate(samples, dials=None, *, seed=0, part="train", size=32):
    """Make clips of the simulated world (see `datasets.load_storyboard`).

    Args:
        samples: B, how many; the first of many are the same clips as of few.
        dials: `Dials`, by default `Dials()`.
        seed: of everything drawn.
        part: "train", "validation" or "test": whose handwriting and whose recordings
            are used, and another stream of the seed.
        size: height and width of the frames, px, 16 or more.

    Returns:
        `Clips`; of a default clip, frames and sound take 85 kB.

    Raises:
        DataError: for an unknown part, or no samples.

    >>> clips = simulate(2)
    >>> clips.frames.shape, clips.sound.shape, clips.captions[0]
    ((2, 12, 32, 32, 3), (2, 12000), 'towards the square spins a grim five')
    """
    if samples < 1:
        raise DataError(f"simulate: samples is {samples}; expected 1 or more")
    batches = list(stream(samples, dials, seed=seed, part=part, size=size))
    return joined(batches)


def stream(samples=None, dials=None, *, seed=0, part="train", size=32, batch=CHUNK):
    """Yield clips, a batch at a time: any number in the memory of a batch.

    Args:
        samples: how many in all; None: without end.
        dials, seed, part, size: as of `simulate`.
        batch: clips in a `Clips`; another number gives other clips.

    Yields:
        `Clips`; the last batch may be shorter.
    """
    if part not in PARTS or size < 16 or batch < 1:
        raise DataError(
            f"storyboard: part {part!r}, size {size}, batch {batch}; expected one of"
            f" {', '.join(PARTS)}, 16 px or more, 1 or more"
        )
    dials = Dials() if dials is None else dials
    number, left = 0, np.inf if samples is None else samples
    while left > 0:
        rngs = {
            name: np.random.default_rng([seed, PARTS.index(part), batch, number, k])
            for k, name in enumerate(("script", "missing", *MODALITIES))
        }
        yield _chunk(dials, rngs, part, size, batch, int(min(batch, left)))
        number, left = number + 1, left - batch


def _chunk(dials, rngs, part, size, batch, kept):
    """The first clips of a batch; each modality has random numbers of its own."""
    script = draw(batch, dials, rngs["script"])
    there = {m: rngs["missing"].random(batch) >= dials.missing[m] for m in MODALITIES}
    frames = draw_frames(script, dials, size, part, rngs["video"])
    sound, spoken = sound_track(script, dials, part, rngs["sound"])
    texts = words.captions(script, dials, rngs["text"])
    nodes, relations = scene_graphs(script, dials, rngs["graph"])
    texts = [t if here else "" for t, here in zip(texts, there["text"], strict=True)]
    frames[~there["video"]] = 0
    sound[~there["sound"]] = 0
    nodes[~there["graph"]] = 0
    relations[~there["graph"]] = False
    clips = Clips(
        frames,
        sound,
        np.array(texts, object),
        nodes,
        relations,
        script.labels(),
        there,
        spoken,
        script,
        dials,
    )
    return clips if kept == batch else clips.select(np.arange(kept))


def joined(batches):
    """Several `Clips` of the same dials as one."""
    first = batches[0]
    if len(batches) == 1:
        return first
    return replace(
        first,
        **{
            f.name: _concatenated([getattr(b, f.name) for b in batches])
            for f in fields(first)
            if f.name != "dials"
        },
    )


def _concatenated(parts):
    """Arrays end to end; of dicts and scripts, each of their arrays."""
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    if isinstance(parts[0], dict):
        return {k: _concatenated([p[k] for p in parts]) for k in parts[0]}
    return replace(
        parts[0],
        **{
            f.name: _concatenated([getattr(p, f.name) for p in parts])
            for f in fields(parts[0])
        },
    )
