"""What is seen: frames, drawn from what the picture's copies of the script say.

Lengths are in frames' widths, so that any size shows the same.
"""

from functools import lru_cache

import numpy as np

from mmlearn.datasets.digits import load_digits
from mmlearn.datasets.storyboard.scenes import backgrounds
from mmlearn.datasets.storyboard.script import FRAMES

INK = np.array([(100, 160, 255), (238, 238, 238), (255, 176, 32)])  # by tone: sad first
SHAPE, VISITOR = 0.1, 0.1  # half of their widths
STONE, BELL = (10, 10, 10), (255, 60, 200)  # their colours
DIGIT = 0.21  # half of the width of the picture of a digit, 8 × 8 cells
GROUND = 0.9  # where the visitor lands, y
FALL = 3  # frames that its fall takes


def draw_frames(script, dials, size, part, rng):
    """Draw the frames of some clips.

    Args:
        script: `Script` of B clips. dials: `Dials`. size: height and width, px.
        part: "train", "validation" or "test", whose handwritten digits to use.
        rng: a NumPy generator.

    Returns:
        (B, T, H, W, 3) uint8.
    """
    shown = script.copies["video"]
    handwriting = _handwriting(shown["digit"], part, rng)
    ground = backgrounds(shown["scene"], size, rng)  # (B, H, W, 3)
    ground = _with_shapes(ground, script.places, size, rng)
    film = np.repeat(ground[:, None], FRAMES, axis=1)  # (B, T, H, W, 3)
    _paste_visitor(film, script, size)
    ink = INK[shown["tone"]] * (1 + 0.06 * rng.uniform(-1, 1, (len(script), 1)))
    _paste_digit(film, script, handwriting, ink.astype(np.float32))
    film = _shifted(film, dials.shift)
    if dials.static["video"]:
        noise = rng.standard_normal(film.shape, np.float32)
        noise *= 255 * dials.static["video"]
        film += noise
    return np.clip(film, 0, 255, out=film).astype(np.uint8)


def digit_boxes(script):
    """(B, T, 4) where the digit is: left, top, right, bottom, 0 to 1."""
    half = 0.8 * DIGIT * script.scale[..., None]
    return np.concatenate([script.path - half, script.path + half], axis=-1)


def visitor_path(script):
    """(B, T, 2) where stone or bell is; above the frame before it falls."""
    left = np.maximum(script.landing[:, None] - np.arange(FRAMES), 0)  # frames to go
    y = GROUND - (GROUND + VISITOR) * (left / FALL) ** 2
    return np.stack(np.broadcast_arrays(script.fall[:, None], y), axis=-1)


@lru_cache(maxsize=3)
def _digits(part):
    """Handwritten digits, sorted by what they are, and how many of each there are."""
    x, y = load_digits()[part]
    order = np.argsort(y, kind="stable")
    ink = np.pad(x[order, :, :, 0] / np.float32(16), ((0, 0), (1, 1), (1, 1)))
    return ink, np.bincount(y, minlength=10)


def _handwriting(digit, part, rng):
    """(B, 10, 10) ink from 0 to 1, with an empty margin of a cell."""
    ink, counts = _digits(part)
    first = np.cumsum(counts) - counts
    return ink[first[digit] + (rng.random(len(digit)) * counts[digit]).astype(int)]


def reaches(dx, dy):
    """How far out a place lies of circle, square, triangle: 1 is at their edge.

    Args:
        dx, dy: from a shape's middle, to the right and down, in units of its size.

    Returns:
        three arrays.
    """
    return (
        np.hypot(dx, dy),
        np.maximum(abs(dx), abs(dy)) * 1.1,
        np.maximum(1.75 * abs(dx) - dy, dy) * 0.95,
    )


def _with_shapes(ground, places, size, rng):
    """Circle, square and triangle at their places, each in any muted colour."""
    y, x = (np.mgrid[:size, :size] + 0.5) / size
    for kind in range(3):
        dx, dy = (
            x - places[:, kind, 0, None, None],
            y - places[:, kind, 1, None, None],
        )
        reach = reaches(dx, dy)[kind]
        cover = np.clip((SHAPE - reach) * size + 0.5, 0, 1)[..., None]
        colour = rng.uniform(110, 220, (len(places), 1, 1, 3))
        ground = ground * (1 - cover) + colour * cover
    return ground.astype(np.float32)


def _paste_visitor(film, script, size):
    """A black stone with a bright rim, or a pink bell with a dark one.

    Nothing but the ground is in these frames yet: where it lies still, all are alike.
    """
    path = visitor_path(script)
    y, x = (np.mgrid[:size, :size] + 0.5) / size
    bell = script.copies["video"]["fit"][:, None, None] == 1
    for t in range(FRAMES):
        lies = np.flatnonzero(t > script.landing)
        film[lies, t] = film[lies, t - 1]
        here = np.flatnonzero((path[:, t, 1] > -VISITOR) & (t <= script.landing))
        away = np.hypot(
            x - path[here, t, 0, None, None], y - path[here, t, 1, None, None]
        )
        disc, core = (
            np.clip((radius - away) * size + 0.5, 0, 1)
            for radius in (VISITOR, 0.75 * VISITOR)
        )
        fill = np.where(bell[here, ..., None], BELL, STONE)
        rim = np.where(bell[here, ..., None], 10, 250)
        ink = rim * (1 - core[..., None]) + fill * core[..., None]
        film[here, t] += disc[..., None] * (ink - film[here, t])


def _paste_digit(film, script, handwriting, ink):
    """The digit in its colour over a dark halo, frame by frame.

    Only a square around its centre is computed: each of its pixels is looked up in the
    handwriting's cells, moved, turned and scaled.
    """
    size = film.shape[2]
    reach = int(np.ceil(1.45 * DIGIT * size)) + 1  # px from the centre
    beside = np.arange(-reach, reach + 1)
    row = np.arange(len(film))[:, None, None]
    for t in range(FRAMES):
        middle = (script.path[:, t] * size - 0.5).astype(np.float32)  # (B, 2) px
        corner = np.rint(middle).astype(int)
        across = corner[:, 0, None] + beside  # (B, P) columns of pixels
        down = corner[:, 1, None] + beside
        cell = DIGIT * size / 4 * script.scale[:, t, None, None].astype(np.float32)
        dx = (across - middle[:, :1])[:, None, :] / cell  # cells are as many px
        dy = (down - middle[:, 1:])[:, :, None] / cell
        turned = script.angle[:, t, None, None].astype(np.float32)
        cos, sin = np.cos(turned), np.sin(turned)
        u, v = cos * dx + sin * dy, cos * dy - sin * dx  # in cells
        shown = script.visible[:, t, None, None]
        cover = _looked_up(handwriting, v, u) * shown
        halo = np.clip(1.35 - np.hypot(u, v) / 4.2, 0, 1) * 0.55 * shown
        inside = (across >= 0) & (across < size), (down >= 0) & (down < size)
        keep = inside[1][:, :, None] & inside[0][:, None, :]
        b, i, j = (
            a[keep]
            for a in np.broadcast_arrays(row, down[:, :, None], across[:, None, :])
        )
        under = film[b, t, i, j] * (1 - halo[keep])[:, None]
        cover = np.clip(1.7 * cover[keep] - 0.3, 0, 1)[:, None]  # sharper
        film[b, t, i, j] = under * (1 - cover) + ink[b] * cover


def _looked_up(cells, v, u):
    """Bilinear values of (B, 10, 10) cells at (B, P, P) places, 0 at the middle."""
    v, u = np.clip(v + 4.5, 0, 8.999), np.clip(u + 4.5, 0, 8.999)
    i, j = v.astype(int), u.astype(int)
    v, u = v - i, u - j
    row = np.arange(len(cells))[:, None, None]
    top = cells[row, i, j] * (1 - u) + cells[row, i, j + 1] * u
    low = cells[row, i + 1, j] * (1 - u) + cells[row, i + 1, j + 1] * u
    return top * (1 - v) + low * v


def _shifted(film, shift):
    """Colours turned from red towards green, and darker."""
    if not shift:
        return film
    return (film * (1 - shift) + film[..., [1, 2, 0]] * shift) * (1 - 0.3 * shift)
