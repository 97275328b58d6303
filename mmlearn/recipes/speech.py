"""The recipes on spoken digits: a GRU that reads log-mel frames, and its baseline.

Two questions are asked of the same recordings. By take: does it know the speakers'
other recordings? By speaker, `leave_one_speaker_out`: does it know a stranger's?
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mmlearn.recipes.recipe import Recipe, current_profile

BANDS, CLASSES, RATE = 40, 10, 8_000  # Hz
FRAME, HOP, FRAMES = 256, 128, 64  # samples at 8 kHz: 32 ms every 16 ms; 1.02 s
RATES = tuple({"learning_rate": rate} for rate in (1e-3, 3e-3, 1e-2))


@dataclass(frozen=True)
class Stranger:
    """One training without one speaker, and the two questions it answers."""

    known: float  # accuracy on the others' first takes, never heard
    stranger: float  # accuracy on all recordings of the one left out
    history: Any = field(repr=False)
    model: Any = field(repr=False)


def features(waveforms, rate, frames=FRAMES, by_band=False):
    """Log-mel frames of recordings, levelled, padded to one length, with their mask.

    Each recording's own mean level and spread are taken out: how loud it was recorded
    says nothing about the digit.

    Args:
        waveforms: list of N arrays (S,).
        rate: 8,000 Hz.
        frames: T; longer recordings are cut.
        by_band: take out each band's own mean, and with it the microphone's curve (and
            a part of what makes a vowel).

    Returns:
        {"sound": (N, T, F) float32, "sound_mask": (N, T) bool}, F = 40.

    Raises:
        ValueError: for another rate: its frames would be of another length.
    """
    from mmlearn.preprocess import audio

    if rate != RATE:
        raise ValueError(
            f"features: rate is {rate} Hz; expected {RATE}: "
            f"preprocess.audio.resample(samples, {rate}, {RATE})"
        )
    how = {"frame_length": FRAME, "hop_length": HOP, "bands": BANDS, "floor": 1e-6}
    levels = [audio.log_mel(w, rate, **how) for w in waveforms]  # (T, F) each, dB
    if by_band:
        levels = [x - x.mean(axis=0) for x in levels]
    levels = [(x - x.mean()) / (x.std() + 1e-3) for x in levels]
    sound, mask = audio.fit_length(levels, frames)
    return {"sound": sound.astype(np.float32), "sound_mask": mask}


def by_take(recordings):
    """Train, validation and test by take: every speaker is in all three.

    Test: the data set's own test takes; validation: as many takes after them.
    """
    test = recordings.test_takes
    parts = {
        "train": recordings.take >= 2 * test,
        "validation": (recordings.take >= test) & (recordings.take < 2 * test),
        "test": recordings.take < test,
    }
    return _parted(_frames(recordings), recordings.digit, parts)


def by_speaker(recordings, speaker, frames=None):
    """Test on one speaker's recordings, all of them; train on the others'.

    Validation: the others' first takes. It says nothing about strangers; it is only
    watched. `frames` are those of all recordings, if they are there already.
    """
    stranger, first = recordings.speaker == speaker, recordings.take < 1
    parts = {
        "train": ~stranger & ~first,
        "validation": ~stranger & first,
        "test": stranger,
    }
    frames = _frames(recordings) if frames is None else frames
    return _parted(frames, recordings.digit, parts)


def leave_one_speaker_out(recipe, recordings, callbacks=None):
    """A recipe's network, trained anew for every speaker who is left out.

    Each has another seed. Nothing is chosen, so nothing is watched while training.

    Args:
        recipe: Recipe of this file.
        recordings: `SpokenDigits`.
        callbacks: dict, speaker -> callbacks for that training; None: none.

    Returns:
        dict, speaker -> Stranger.
    """
    frames = _frames(recordings)
    return {
        speaker: _left_out(
            recipe,
            by_speaker(recordings, speaker, frames),
            seed,
            (callbacks or {}).get(speaker, ()),
        )
        for seed, speaker in enumerate(recordings.speakers)
    }


def _left_out(recipe, splits, seed, callbacks):
    import keras

    from mmlearn import train

    epochs = recipe.epochs[current_profile()]
    (known, known_digits), (strange, digits) = splits["validation"], splits["test"]
    steps = epochs * -(-len(splits["train"][1]) // recipe.batch_size)
    model = recipe.model(seed, steps)
    history = train.fit(
        model,
        splits["train"],
        epochs=epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        callbacks=callbacks,
        progress=False,
        global_clipnorm=recipe.global_clipnorm,
        graphs=recipe.graphs,
    )
    both = {name: np.concatenate([known[name], strange[name]]) for name in known}
    logits = keras.ops.convert_to_numpy(model(both, training=False))
    right = logits.argmax(axis=-1) == np.concatenate([known_digits, digits])
    cut = len(known_digits)
    return Stranger(
        float(right[:cut].mean()), float(right[cut:].mean()), history, model
    )


def _frames(recordings):
    """Features of all recordings: each one's own, so no part learns of another."""
    longest = 1 + max(map(len, recordings.waveforms)) // HOP
    frames = min(FRAMES, longest + longest % 2)  # even: the encoder halves it
    return features(recordings.waveforms, recordings.rate, frames)


def _parted(x, digits, parts):
    return {
        part: ({name: array[chosen] for name, array in x.items()}, digits[chosen])
        for part, chosen in parts.items()
    }


def _load_spoken(profile):
    from mmlearn.datasets import load_spoken_digits

    return by_take(load_spoken_digits())


def _build_gru(seed):
    from mmlearn import models

    return models.spoken_digit_classifier(BANDS, CLASSES, 24, (8,), seed=seed)


def _build_mean(seed):
    """Means over time, and as many weights as the GRU's network to within one unit."""
    from mmlearn import models

    hidden = models.hidden_units((BANDS,), CLASSES, _build_gru(0).count_params())
    return models.mean_over_time(BANDS, CLASSES, hidden, seed=seed)


RECIPES = (
    Recipe(
        name="gru_spoken_digits",
        description="a GRU on log-mel frames of the shipped spoken digits (lesson 08)",
        dataset="spoken_digits",
        load=_load_spoken,
        build=_build_gru,
        epochs={"quick": 10, "full": 30},
        batch_size=40,
        learning_rate=1e-2,
        global_clipnorm=1.0,
        expected=(0.97, 1.0),
        grid=RATES,
    ),
    Recipe(
        name="mean_spoken_digits",
        description="each band's mean over time: gru_spoken_digits' baseline (08)",
        dataset="spoken_digits",
        load=_load_spoken,
        build=_build_mean,
        epochs={"quick": 15, "full": 60},
        batch_size=40,
        learning_rate=1e-2,
        expected=(0.95, 1.0),
        grid=RATES,
    ),
)
