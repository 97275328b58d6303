"""The four backgrounds: textures with a random place, colour and light."""

import numpy as np

BASE = np.array([(58, 96, 44), (36, 72, 110), (104, 84, 74), (22, 20, 48)], np.float32)
SPREAD = 14  # how far a scene's colour varies, grey levels


def backgrounds(scene, size, rng):
    """Draw the backgrounds of some clips.

    Args:
        scene: (B,) 0 meadow, 1 sea, 2 town, 3 night.
        size: height and width, px.
        rng: a NumPy generator.

    Returns:
        (B, H, W, 3) float32, 0 to 255, dark enough for bright things in front.
    """
    n = len(scene)
    y, x = (np.mgrid[:size, :size] / size).astype(np.float32)
    begin = rng.random((n, 2, 1, 1), np.float32)
    grain = rng.random((n, size, size), np.float32)
    wide = rng.uniform(0.8, 1.25, (n, 1, 1)).astype(np.float32)
    colour = BASE[scene] + SPREAD * rng.uniform(-1, 1, (n, 3))
    light = np.zeros((n, size, size), np.float32)
    for kind, texture in enumerate((_meadow, _sea, _town, _night)):
        some = scene == kind
        place = x + begin[some, 0], y + begin[some, 1]
        light[some] = texture(*place, wide[some], grain[some])
    return (np.maximum(colour[:, None, None] + light[..., None], 0)).astype(np.float32)


def _meadow(x, y, wide, grain):
    """Blades of grass: upright stripes that lean, and are not alike."""
    blades = np.sin(2 * np.pi * 9 * wide * (x + 0.12 * np.sin(2 * np.pi * y)))
    return 16 * blades + 26 * (grain - 0.5)


def _sea(x, y, wide, grain):
    """Waves: level stripes that swing."""
    waves = np.sin(2 * np.pi * 5 * wide * (y + 0.05 * np.sin(2 * np.pi * 2 * x)))
    return 22 * waves + 6 * (grain - 0.5)


def _town(x, y, wide, grain):
    """Bricks: every second row is moved by half a brick."""
    row = 6 * wide * y
    along = 3 * wide * x + 0.5 * (np.floor(row) % 2)
    joint = (row % 1 < 0.18) | (along % 1 < 0.1)
    return np.where(joint, -38, 6) + 8 * (grain - 0.5)


def _night(x, y, wide, grain):
    """Stars: few pixels, bright ones."""
    return 150 * np.clip((grain - 0.965) / 0.035, 0, 1) * np.ones_like(wide)
