"""What is heard: a voice, a tone, a rhythm and a knock, from the sound's copies."""

from functools import lru_cache

import numpy as np

from mmlearn.datasets.speech import RATE, load_spoken_digits
from mmlearn.datasets.storyboard.script import FRAME_RATE, FRAMES, MOTIONS

SAMPLES = RATE * FRAMES // FRAME_RATE  # 12,000: 1.5 s
PITCHES = np.array([165.0, 262.0, 415.0])  # Hz, by tone: sad first
TURN = np.float32(2 * np.pi)
TAKES = {"train": (2, 3, 4), "validation": (1,), "test": (0,)}  # of each voice


def sound_track(script, dials, part, rng):
    """Make the sound of some clips.

    What moves and lands in the picture is heard at its time, where picture and sound
    have the same copy.

    Args:
        script: `Script` of B clips. dials: `Dials`.
        part: "train", "validation" or "test", whose takes of the voices to use.
        rng: a NumPy generator.

    Returns:
        sound: (B, S) float32 at 8 kHz, within ±1; spans: (B, 2) s, when the voice
        begins and ends.
    """
    told, n = script.copies["sound"], len(script)
    time = np.arange(SAMPLES, dtype=np.float32) / RATE
    sound = _pad(told["tone"], time, rng)
    sound += _rhythm(told["motion"], script.phase, time, rng)
    sound += _knock(told["fit"], script.landing / FRAME_RATE, time)
    spans = _speak(sound, told["digit"], script.spoken, dials.shift, part, rng)
    late = round(dials.offset * RATE)
    if late:
        kept = sound[:, max(-late, 0) : SAMPLES - max(late, 0)].copy()
        sound[:] = 0
        sound[:, max(late, 0) : SAMPLES - max(-late, 0)] = kept
    sound += dials.static["sound"] * rng.standard_normal((n, SAMPLES), np.float32)
    return np.clip(sound, -1, 1), spans + dials.offset


@lru_cache(maxsize=3)
def _voices(part):
    """Recordings by digit: waveforms in order, and how many there are of each digit."""
    recordings = load_spoken_digits()
    some = recordings.select(np.isin(recordings.take, TAKES[part]))
    return some.waveforms, np.bincount(some.digit, minlength=10)


def _speak(sound, digit, begins, shift, part, rng):
    """Add a recording of each digit to the sound; return (B, 2) s, when it is heard."""
    waveforms, counts = _voices(part)
    first = np.cumsum(counts) - counts
    chosen = first[digit] + (rng.random(len(digit)) * counts[digit]).astype(int)
    level = rng.uniform(0.4, 0.55, len(digit))
    spans = np.zeros((len(digit), 2))
    for row, which in enumerate(chosen):
        word = waveforms[which]
        if shift:  # slower, and deeper with it
            longer = np.arange(0, len(word) - 1, 1 / (1 + 0.3 * shift))
            word = np.interp(longer, np.arange(len(word)), word)
        place = round(begins[row] * RATE)
        word = word[: SAMPLES - place]
        sound[row, place : place + len(word)] += level[row] * word / np.abs(word).max()
        spans[row] = place, place + len(word)
    return spans / RATE


def _pad(tone, time, rng):
    """Two low partials throughout: the mood."""
    pitch = PITCHES[tone] * rng.uniform(0.97, 1.03, len(tone))
    begin = rng.random((2, len(tone), 1), np.float32)
    angles = [
        TURN * (part * pitch[:, None].astype(np.float32) * time + phase)
        for part, phase in zip((1, 2), begin, strict=True)
    ]
    return 0.07 * np.sin(angles[0]) + 0.03 * np.sin(angles[1])


def _rhythm(motion, phase, time, rng):
    """What the digit's movement sounds like."""
    sound = np.zeros((len(motion), len(time)), np.float32)
    for kind, name in enumerate(MOTIONS):
        some = np.flatnonzero(motion == kind)
        begin = phase[some, None].astype(np.float32)
        if name in ("spin", "blink"):
            whirr = 2200 * time + 25 * np.sin(TURN * 4 * time)
            carrier = np.sin(TURN * (whirr if name == "spin" else 2800 * time))
        else:
            noise = rng.random((len(some), len(time) + 1), np.float32)
            carrier = 2 * np.diff(noise)
        sound[some] = 0.16 * _envelope(name, time, begin) * carrier
    return sound


def _envelope(name, time, begin):
    """How loud a movement is, at each time: a number, (S,) or (B, S)."""
    if name in ("slide", "spin"):
        return 0.25 if name == "slide" else 0.5
    if name == "shake":
        return np.exp(-(time * FRAME_RATE % 1) / FRAME_RATE / 0.02)
    if name == "pulse":
        return 0.4 * (1 + np.sin(TURN * (time + begin)))
    half = (2 * time + begin) % 1  # of a period of half a second
    if name == "bounce":
        return np.exp(-half * 0.5 / 0.04)  # it lands where half is 0
    return 0.6 * (half < 0.5)  # blink


def _knock(fit, landing, time):
    """A thud (0) or a ping (1) when the visitor lands."""
    since = np.maximum(time - landing[:, None].astype(np.float32), 0)
    sound = np.zeros_like(since)
    for kind, (level, pitch, fades) in enumerate(((0.5, 85, 0.07), (0.25, 1500, 0.09))):
        past = since[fit == kind]
        sound[fit == kind] = level * np.sin(TURN * pitch * past) * np.exp(-past / fades)
    return sound
