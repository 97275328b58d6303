"""Digits seen and heard, ready for networks: grey levels and log-mel frames.

Noise is added where it would be in the world, before any feature is made: to the
picture's pixels and to the sound's samples.
"""

import numpy as np

from mmlearn.recipes.speech import FRAMES, HOP, features

TOPS = {8: 16, 28: 255}  # ink, by the image's height


def load_small_av_features(
    profile="quick", *, image_noise=0.0, sound_noise=0.0, seed=0
):
    """scikit-learn's digits and the shipped voices' log-mel frames, paired by label.

    Args:
        profile: both profiles see the same.
        image_noise: s.d. added to grey levels that go from 0 to 1.
        sound_noise: s.d. of the white noise added, over the recording's root mean
            square: 1 is 0 dB.
        seed: of the pairs, the speakers' parts and the noise.

    Returns:
        dict "train", "validation", "test" → ({"image": (B, 8, 8, 1) float32, "sound":
        (B, T, 40) float32, "sound_mask": (B, T) bool}, y (B,) int64).
    """
    from mmlearn.datasets import load_small_av_digits

    return _all_ready(load_small_av_digits(seed=seed), image_noise, sound_noise, seed)


def load_av_features(
    profile="full", *, image_noise=0.0, sound_noise=0.0, repeats=1, seed=0
):
    """MNIST and FSDD's log-mel frames, paired by label.

    Args:
        repeats: how often a recording is used, each time with another image.
        profile, image_noise, sound_noise, seed: as of `load_small_av_features`.

    Returns:
        as of `load_small_av_features`, the images (B, 28, 28, 1).
    """
    from mmlearn.datasets import load_av_digits

    splits = load_av_digits(seed=seed, repeats=repeats)
    return _all_ready(splits, image_noise, sound_noise, seed)


def _all_ready(splits, image_noise, sound_noise, seed):
    """Each part with noise of its own."""
    arrays = {}
    for number, (part, (x, y)) in enumerate(splits.items()):
        rng = np.random.default_rng([seed, number])
        arrays[part] = ready(x, image_noise, sound_noise, rng), y
    return arrays


def ready(x, image_noise=0.0, sound_noise=0.0, rng=None):
    """Pictures and waveforms of digits as networks take them, with noise.

    Args:
        x: {"image": (B, H, W, 1) uint8, "sound": (B, S), "sound_mask": (B, S)}.
        image_noise, sound_noise: as of `load_small_av_features`.
        rng: what draws the noise.

    Returns:
        {"image": (B, H, W, 1) float32, "sound": (B, T, 40) float32, "sound_mask":
        (B, T) bool}, T what the longest needs.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    image = x["image"] / np.float32(TOPS[x["image"].shape[1]])
    image += image_noise * rng.standard_normal(image.shape, np.float32)
    waveforms = [
        row[mask] for row, mask in zip(x["sound"], x["sound_mask"], strict=True)
    ]
    if sound_noise:
        waveforms = [_noisy(w, sound_noise, rng) for w in waveforms]
    longest = 1 + x["sound"].shape[1] // HOP
    frames = min(FRAMES, longest + longest % 2)  # even: encoders halve it
    return {"image": image, **features(waveforms, 8_000, frames)}


def _noisy(samples, level, rng):
    noise = rng.standard_normal(len(samples), np.float32)
    return samples + level * np.sqrt(np.mean(samples**2)) * noise
