"""Moving shapes: tiny clips of which one knows what lies in a frame, and what in order.

A shape goes round and round between two lamps, each of which lights up once. Three
questions about one clip:

- *what* moves? Any frame tells.
- *which way*? Two frames tell, if one knows which of them comes first.
- which lamp was *first*? No five frames in a row tell: the lamps are six frames apart.
"""

from dataclasses import dataclass

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.storyboard.picture import reaches

SHAPES, WAYS, LAMPS = (
    ("circle", "square", "triangle"),
    ("right", "left"),
    ("top", "low"),
)
QUESTIONS = {"what": SHAPES, "way": WAYS, "first": LAMPS}
FRAMES, SIZE = 16, 12  # frames; px
PERIOD = 6  # frames for one round, and from one lamp to the other
SPEED = SIZE / PERIOD  # px a frame
HALF = 2.6  # px, half of a shape's width
EARLY = (4, 5)  # frames at which the first lamp may light up


@dataclass(frozen=True)
class Moves:
    """Clips and what is true of them.

    Args:
        x: (N, T, H, W, 1) float32, black 0, shapes and lamps 1, noise on top.
        what, way, first: (N,) int64, places in SHAPES, WAYS and LAMPS.
    """

    x: np.ndarray
    what: np.ndarray
    way: np.ndarray
    first: np.ndarray

    def __len__(self):
        return len(self.x)

    @property
    def y(self):
        """(N,) int64: all three answers as one of twelve classes."""
        return (self.what * len(WAYS) + self.way) * len(LAMPS) + self.first


def answers(classes):
    """Take the twelve classes apart: {"what", "way", "first"} -> (N,).

    >>> {name: int(value) for name, value in answers(7).items()}
    {'what': 1, 'way': 1, 'first': 1}
    """
    what, way, first = np.unravel_index(
        classes, [len(names) for names in QUESTIONS.values()]
    )
    return {"what": what, "way": way, "first": first}


def simulate_moves(samples, *, noise=0.1, frames=FRAMES, seed=0):
    """Make clips of a shape that goes round and of two lamps that light up.

    The shape leaves the picture at one side and comes in at the other: one round takes
    six frames, from wherever it begins. One lamp lights up in frame 4 or 5, the other
    one six frames, a whole round, later, both for one frame. So (tested):

    - played backward a clip has the same frames, and the other *way* and *first*;
    - with its lamps exchanged it has the same windows of five frames, in another order.

    Origin: simulated. Licence: CC BY 4.0. Citation: the mmlearn authors.

    Args:
        samples: N. The answers are independent, each value as frequent as the others.
        noise: standard deviation of what is added to each pixel.
        frames: T, 16 or more; what comes after the second lamp goes on as before.
        seed: of everything drawn.

    Returns:
        `Moves`.

    Raises:
        DataError: for no samples, or fewer than 16 frames.

    >>> moves = simulate_moves(5)
    >>> moves.x.shape, moves.y.tolist()
    ((5, 16, 12, 12, 1), [0, 8, 9, 1, 1])
    """
    if samples < 1 or frames < FRAMES:
        raise DataError(
            f"simulate_moves: {samples} samples of {frames} frames; expected 1 or more "
            f"of {FRAMES} or more"
        )
    rng = np.random.default_rng([seed, 18])
    truth = {
        name: rng.integers(len(values), size=samples)
        for name, values in QUESTIONS.items()
    }
    start = rng.uniform(0, SIZE, samples)
    height = SIZE / 2 + rng.uniform(-1, 1, samples)
    early = rng.choice(EARLY, samples)
    sign = 1 - 2 * truth["way"]  # right 1, left −1
    across = start[:, None] + sign[:, None] * SPEED * np.arange(frames)  # (N, T)
    x = _shapes(truth["what"], across, height)
    rows = np.where(truth["first"][:, None] == 0, [0, SIZE - 1], [SIZE - 1, 0])
    n = np.arange(samples)
    for lamp in (0, 1):
        x[n, early + lamp * PERIOD, rows[:, lamp]] = 1
    x = x[..., None].astype(np.float32)
    x += noise * rng.standard_normal(x.shape, np.float32)
    return Moves(x, **truth)


def _shapes(what, across, height):
    """(N, T, H, W) pictures of shapes that come in again where they went out."""
    pixel = np.arange(SIZE) + 0.5
    dx = (pixel - across[..., None] + SIZE / 2) % SIZE - SIZE / 2  # (N, T, W)
    dx = dx[:, :, None, :]
    dy = (pixel - height[:, None])[:, None, :, None]  # (N, 1, H, 1), down
    kinds = [what[:, None, None, None] == k for k in range(len(SHAPES))]
    reach = np.select(kinds, np.broadcast_arrays(*reaches(dx, dy)))
    return np.clip(HALF - reach + 0.5, 0, 1)
