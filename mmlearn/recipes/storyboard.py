"""Storyboard's clips, ready for networks: grey levels, log-mel frames, word numbers."""

import numpy as np

BANDS, FRAME, HOP = 32, 256, 200  # samples at 8 kHz: 32 ms every 25 ms
WORDS = 9  # the longest caption


def inputs(clips, modalities=None):
    """A batch of clips as `MultimodalModel` takes it; zeros where something is missing.

    Args:
        clips: `datasets.storyboard.Clips`.
        modalities: which to give; by default all four.

    Returns:
        dict of "graph" (B, N, F + R N), each node's features and its edges to others
        by type; "sound" (B, 61, 32) log-mel, with "sound_mask"; "text" (B, 9) int32
        word numbers, 0 is none, with "text_mask"; "video" (B, T, H, W, 3) from 0 to 1;
        and "…_available" (B,) bool for each.
    """
    from mmlearn.datasets import storyboard

    make = {"graph": _graph, "sound": _sound, "text": _text, "video": _video}
    found: dict[str, np.ndarray] = {}
    for name in modalities or storyboard.MODALITIES:
        found |= make[name](clips)
        found[f"{name}_available"] = clips.available[name]
    return found


def _video(clips):
    return {"video": clips.frames / np.float32(255)}


def _graph(clips):
    """Edges out of a node and into it, beside its own features."""
    n, nodes = clips.nodes.shape[:2]
    out = np.moveaxis(clips.relations, 2, 1).reshape(n, nodes, -1)  # (B, N, R N)
    return {"graph": np.concatenate([clips.nodes, out], axis=2).astype(np.float32)}


def _sound(clips):
    sound = log_mels(clips.sound)
    sound[~clips.available["sound"]] = 0
    return {"sound": sound, "sound_mask": np.ones(sound.shape[:2], bool)}


def _text(clips):
    ids = word_numbers(clips.captions)
    return {"text": ids, "text_mask": ids > 0}


def log_mels(sounds):
    """(B, S) samples at 8 kHz -> (B, T, 32) float32 log-mel frames, about 0 ± 1."""
    from mmlearn.preprocess import audio

    how = {"frame_length": FRAME, "hop_length": HOP, "bands": BANDS, "floor": 1e-5}
    levels = np.stack([audio.log_mel(row, 8_000, **how) for row in sounds])
    return ((levels + 25) / 15).astype(np.float32)


def word_numbers(captions):
    """B texts -> (B, 9) int32: 0 is no word, 1 one that the world does not know."""
    from mmlearn.datasets import storyboard

    number = {word: k for k, word in enumerate(storyboard.VOCABULARY, start=2)}
    ids = np.zeros((len(captions), WORDS), np.int32)
    for row, caption in zip(ids, captions, strict=True):
        found = [number.get(word, 1) for word in caption.split()][:WORDS]
        row[: len(found)] = found
    return ids
