"""Draw the course's clip: a ball, a square, a bell and a digit, seen, heard and read.

    python data/clip/prepare.py [FOLDER]

Everything happens by one script of events (`EVENTS`), on one clock: what a frame shows,
what sounds and what the subtitles say come from the same times. The spoken word is one
of data/spoken_digits. Drawn at four times the size and averaged down, for smooth edges.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from scipy.signal import resample_poly

from mmlearn.media import read_wav, write_subtitles, write_video, write_wav

HEIGHT, WIDTH, FRAME_RATE, SECONDS = 240, 320, 15, 6.0  # px, px, frames/s, s
SOUND_RATE = 16_000  # Hz
SCALE = 4
FLOOR, RADIUS, SIDE = 206, 21, 46  # px: where things stand, and their sizes
HITS = (0.8, 1.4667, 1.9333)  # s: the ball meets the floor (frames 12, 22, 29)
SLIDE = (2.4, 3.8)  # s: the square comes in
BELL, DRAW, WORD = 4.2, (4.2, 5.0), 5.0667  # s
RED, BLUE, GOLD, INK = (214, 62, 52), (46, 104, 190), (222, 172, 58), (44, 48, 66)
BELL_TONES = ((0.5, 0.3), (1, 1), (1.19, 0.6), (1.5, 0.4), (2, 0.5), (2.74, 0.3))
FIELDS = ("name", "start", "end", "seen", "heard")  # times in s
EVENTS = [
    ("thump", HITS[0], 1.05, "the red ball hits the floor", "a thump"),
    ("thump", HITS[1], 1.7167, "the red ball hits the floor", "a thump"),
    ("thump", HITS[2], 2.1833, "the red ball hits the floor", "a thump"),
    ("slide", *SLIDE, "a blue square slides in", "a tone that rises"),
    ("bell", BELL, 5.7, "the bell swings", "a bell"),
    ("draw", *DRAW, "the digit 3 is drawn", ""),
    ("word", WORD, 5.5667, "the digit 3 stands there", 'the word "three"'),
]
CAPTIONS = [
    (0.3, 2.2, "A red ball falls and hits the floor:\nthump, thump, thump."),
    (SLIDE[0], SLIDE[1] + 0.1, "A blue square slides in,\nand a tone rises."),
    (BELL, 5.9, "The bell rings. How many thumps?\nThree."),
]

ROWS, COLUMNS = np.mgrid[: HEIGHT * SCALE, : WIDTH * SCALE].astype(np.float32) / SCALE


def ball(time):
    """Centre (y, x) in px: free flight between the hits, the same gravity in each."""
    first, second, third = HITS
    gravity = 1300.0  # px/s²
    ground = FLOOR - RADIUS
    x = 40 + 52 * (min(time, 3.4) - 0.3 * max(0, min(time, 3.4) - third))
    if time < first:
        return ground - 152 + gravity / 2 * max(0, time - first + 0.4836) ** 2, x
    for start, end in ((first, second), (second, third)):
        if time < end:
            return ground - gravity / 2 * (time - start) * (end - time), x
    return float(ground), x


def slid(time):
    """How far the square has come, 0 to 1; it slows down towards the end."""
    part = np.clip((time - SLIDE[0]) / (SLIDE[1] - SLIDE[0]), 0, 1)
    return 1 - (1 - part) ** 2.2


def soft(distance, width=0.5):
    """Cover from a signed distance (px, negative inside): 1 inside, 0 outside."""
    return np.clip(0.5 - distance / (2 * width), 0, 1)


def blend(canvas, colour, cover):
    canvas += (np.asarray(colour, np.float32) - canvas) * cover[..., None]


def room():
    """The empty room: paper-like wall, warm light from the left, a wooden floor."""
    rng = np.random.default_rng(0)
    wall = 243 - 20 * np.hypot((COLUMNS - 90) / WIDTH, (ROWS - 60) / HEIGHT)
    canvas = wall[..., None] * np.array([1.0, 0.975, 0.93], np.float32)
    depth = np.clip((ROWS - 176) / (HEIGHT - 176), 0, 1)
    boards = (206 - 22 * depth)[..., None] * np.array([1.0, 0.9, 0.76], np.float32)
    canvas += (boards - canvas) * soft(176 - ROWS, 1.0)[..., None]
    canvas *= 1 - 0.13 * np.exp(-(((ROWS - 176) / 5) ** 2))[..., None]
    for size, strength in ((6, 2.2), (40, 2.5)):
        coarse = rng.normal(0, 1, (HEIGHT // size + 2, WIDTH // size + 2))
        grain = cv2.resize(coarse, canvas.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        canvas += strength * grain[..., None]
    return canvas.astype(np.float32)


def shadow(canvas, x, wide, height_above):
    """A soft shadow on the floor, fainter and wider the higher its thing is."""
    spread = 1 + height_above / 130
    distance = np.hypot((COLUMNS - x - 5) / (wide * spread), (ROWS - FLOOR) / 6.5)
    dark = 0.48 / spread**2 * np.exp(-(distance**2) * 1.4)
    blend(canvas, (92, 70, 52), dark)


def draw_ball(canvas, time):
    y, x = ball(time)
    shadow(canvas, x, RADIUS, FLOOR - RADIUS - y)
    near = min(abs(time - hit) for hit in HITS)
    squash = 0.13 * max(0, 1 - near / 0.07)  # it flattens when it hits
    tall, wide = RADIUS * (1 - squash), RADIUS * (1 + squash)
    y += RADIUS - tall
    u, v = (COLUMNS - x) / wide, (ROWS - y) / tall
    radius = np.hypot(u, v)
    normal = np.sqrt(np.clip(1 - radius**2, 0, 1))
    light = 0.45 + 0.62 * np.clip(-0.5 * u - 0.6 * v + 0.62 * normal, 0, 1)
    shine = 0.75 * np.exp(-((u + 0.36) ** 2 + (v + 0.42) ** 2) / 0.035)
    colour = light[..., None] * np.float32(RED) + 150 * shine[..., None]
    blend(canvas, np.clip(colour, 0, 255), soft((radius - 1) * RADIUS))


def draw_square(canvas, time):
    if time < SLIDE[0]:
        return
    x, y = WIDTH + SIDE - slid(time) * 106, FLOOR - SIDE / 2 + 1
    shadow(canvas, x, SIDE * 0.72, 0)
    corner = 6.0
    across = np.abs(COLUMNS - x) - SIDE / 2 + corner
    along = np.abs(ROWS - y) - SIDE / 2 + corner
    outside = np.hypot(np.maximum(across, 0), np.maximum(along, 0)) - corner
    light = 1.12 - 0.3 * (ROWS - y + SIDE / 2) / SIDE - 0.1 * (COLUMNS - x) / SIDE
    light += 0.22 * np.exp(-(((outside + 3) / 1.6) ** 2)) * (y > ROWS)  # upper edge
    colour = np.clip(light[..., None] * np.float32(BLUE), 0, 255)
    blend(canvas, colour, soft(np.maximum(outside, np.minimum(across, along) - 99)))


def draw_bell(canvas, time):
    """It hangs from the ceiling, and swings after it was struck."""
    after = time - BELL
    turn = 0.42 * np.exp(-2.2 * after) * np.sin(9 * after) if after > 0 else 0.0
    dx, dy = COLUMNS - 268, ROWS + 4  # from the hook
    u = dx * np.cos(turn) - dy * np.sin(turn)
    v = dx * np.sin(turn) + dy * np.cos(turn)
    blend(canvas, (120, 104, 84), soft(np.maximum(np.abs(u) - 0.9, v - 38), 0.6))
    blend(canvas, (128, 92, 30), soft(np.hypot(u + 2 * turn, v - 74) - 4.2))
    part = np.clip((v - 36) / 36, 0, 1)
    profile = 7 + 8 * np.sin(part * np.pi / 2) + 6.5 * part**5
    outside = np.maximum(np.abs(u) - profile, np.abs(v - 54) - 18)
    crown = np.hypot(u, (v - 38) * 1.2) - 7.5
    light = 0.72 + 0.5 * np.exp(-(((u / profile) + 0.38) ** 2) / 0.06)
    light -= 0.28 * np.clip(u / profile, 0, 1) + 0.12 * (np.abs(v - 66) < 1)
    colour = np.clip(light[..., None] * np.float32(GOLD), 0, 255)
    blend(canvas, colour, soft(np.minimum(outside, crown)))


def stroke():
    """The path of a hand-drawn 3: points (x, y) in px, and the pen's width at each."""
    s = np.linspace(0, 1, 260)
    upper = np.radians(205 + s * 235)
    lower = np.radians(275 + s * 240)
    x = np.r_[156 + 25 * np.cos(upper), 153 + 32 * np.cos(lower)]
    y = np.r_[62 + 22 * np.sin(upper), 113.5 + 30 * np.sin(lower)]
    along = np.linspace(0, 1, len(x))
    smooth = np.ones(15) / 15  # round the corner between the two arcs a little
    x, y = (np.convolve(np.pad(c, 7, "edge"), smooth, "valid") for c in (x, y))
    width = 4.6 + 1.1 * np.sin(7 * along) - 1.6 * np.abs(2 * along - 1) ** 4
    return np.stack([x, y], axis=1), width


def draw_digit(canvas, time):
    part = np.clip((time - DRAW[0]) / (DRAW[1] - DRAW[0]), 0, 1)
    part = part * part * (3 - 2 * part)
    points, widths = stroke()
    ink = np.zeros(canvas.shape[:2], np.uint8)
    drawn = int(part * len(points))
    for (x, y), width in zip(points[:drawn], widths[:drawn], strict=True):
        centre = (round(x * SCALE * 16), round(y * SCALE * 16))
        cv2.circle(ink, centre, round(width * SCALE * 16), 255, -1, cv2.LINE_AA, 4)
    cover = ink.astype(np.float32) / 255
    lifted = cv2.GaussianBlur(np.roll(cover, (10, 8), (0, 1)), (0, 0), 9)
    blend(canvas, (150, 136, 116), 0.4 * lifted)
    blend(canvas, INK, 0.96 * cover)


def picture(number, empty):
    """Frame `number` as (H, W, 3) uint8."""
    time, canvas = number / FRAME_RATE, empty.copy()
    for draw in (draw_bell, draw_digit, draw_square, draw_ball):
        draw(canvas, time)
    small = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)


def soundtrack(word, word_rate):
    """All that is heard, (S,) float64 at SOUND_RATE."""
    track = np.zeros(round(SECONDS * SOUND_RATE))
    rng = np.random.default_rng(1)

    def add(start, samples):
        at = round(start * SOUND_RATE)
        samples = samples[: len(track) - at]
        track[at : at + len(samples)] += samples

    t = np.arange(SOUND_RATE // 4) / SOUND_RATE
    for hit, loud in zip(HITS, (0.8, 0.56, 0.4), strict=True):
        body = np.sin(2 * np.pi * (70 * t + 2.5 * (1 - np.exp(-t / 0.03))))
        knock = rng.normal(0, 0.35, len(t)) * np.exp(-t / 0.006)
        add(hit, loud * (body * np.exp(-t / 0.06) + knock) * np.minimum(1, t / 0.002))
    length = SLIDE[1] - SLIDE[0]
    t = np.arange(round(length * SOUND_RATE)) / SOUND_RATE
    pitch = 220 * 4 ** slid(SLIDE[0] + t)  # two octaves, as far as the square has come
    phase = 2 * np.pi * np.cumsum(pitch) / SOUND_RATE
    envelope = np.minimum(1, t / 0.08) * np.minimum(1, (length - t) / 0.15)
    add(SLIDE[0], 0.2 * envelope * (np.sin(phase) + 0.25 * np.sin(2 * phase)))
    t = np.arange(round(1.7 * SOUND_RATE)) / SOUND_RATE
    for ratio, loud in BELL_TONES:
        fade = np.exp(-t * (1.8 + 1.1 * ratio)) * np.minimum(1, t / 0.003)
        add(BELL, 0.13 * loud * fade * np.sin(2 * np.pi * 830 * ratio * t))
    add(WORD, 0.75 * resample_poly(word, SOUND_RATE, word_rate) / np.abs(word).max())
    return track * 0.9 / max(0.9, np.abs(track).max())


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    digits = Path(__file__).parents[1] / "spoken_digits"
    sound = soundtrack(*read_wav(digits / "3_diana_2.wav"))
    empty, count = room(), round(SECONDS * FRAME_RATE)
    pictures = np.stack([picture(n, empty) for n in range(count)])  # (T, H, W, 3)
    write_wav(folder / "clip.wav", sound, SOUND_RATE)
    write_video(
        folder / "clip.webm", pictures, FRAME_RATE, sound, SOUND_RATE, bit_rate=300_000
    )
    write_subtitles(folder / "clip.srt", CAPTIONS)
    tracks = {"ball": [ball(n / FRAME_RATE) for n in range(count)]}
    script = {
        "size": [HEIGHT, WIDTH],
        "frame_rate": FRAME_RATE,
        "seconds": SECONDS,
        "events": [dict(zip(FIELDS, event, strict=True)) for event in EVENTS],
        "tracks": {name: np.round(t, 1).tolist() for name, t in tracks.items()},
    }
    text = json.dumps(script, indent=1)
    (folder / "script.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
