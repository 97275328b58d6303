"""The script: what happens, and what each modality will show of it.

A script has seven variables. Each modality that carries one gets a copy of its own,
true or, with the probability `noise[modality]`, wrong; pictures, sounds, words and
graphs are drawn from the copies, the labels from the truth. So nothing in a clip tells
more than its copies do, and the best possible accuracy is a sum over their values.
"""

from dataclasses import dataclass, replace

import numpy as np

from mmlearn.datasets.storyboard.dials import MODALITIES, SAID, SEEN

FRAMES, FRAME_RATE = 12, 8  # 1.5 s
DIGITS = (
    *("zero", "one", "two", "three", "four"),
    *("five", "six", "seven", "eight", "nine"),
)
MOTIONS = ("slide", "bounce", "shake", "spin", "pulse", "blink")
SHAPES = ("circle", "square", "triangle")
SCENES = ("meadow", "sea", "town", "night")
TONES = (-1.0, 0.0, 1.0)
WORDS = (-1.0, -0.5, 0.5, 1.0)
TURNS = range(2, 8)  # the frame after which the digit heads for its target
LANDINGS = range(5, 10)  # the frame at which the visitor lands
SPEED = 0.028  # of the frame's width, each frame
PLACES = (5 / 6 * np.pi, 1 / 6 * np.pi, 3 / 2 * np.pi)  # left, right and above: rad
AWAY = 0.36  # of its width, from the middle to the shapes


@dataclass(frozen=True)
class Variable:
    """One thing that a script says.

    Args:
        values: its values' names or numbers.
        carriers: the modalities that have a copy.
        home: the one that keeps it when `uniqueness` takes it from the others.
        enciphered: whether it is always told in two halves, whatever `synergy` is.
    """

    values: tuple
    carriers: tuple[str, ...]
    home: str
    enciphered: bool = False

    @property
    def divisible(self):
        """Whether both halves of a cipher have someone to tell them."""
        seen, said = (set(self.carriers) & set(half) for half in (SEEN, SAID))
        return bool(seen and said)


VARIABLES = {
    "digit": Variable(DIGITS, ("sound", "text", "video"), "sound"),
    "motion": Variable(MOTIONS, MODALITIES, "video"),
    "tone": Variable(TONES, ("sound", "video"), "sound"),
    "word": Variable(WORDS, ("text",), "text"),
    "scene": Variable(SCENES, ("video",), "video"),
    # Seen is a stone (0) or a bell (1), heard a thud (0) or a ping (1).
    "fit": Variable(("fits", "does not fit"), ("sound", "video"), "video", True),
    "target": Variable(SHAPES, ("graph", "text", "video"), "graph"),
}
TASKS = {
    "class": ("digit",),
    "action": ("motion",),
    "sentiment": ("tone", "word"),
    "scene": ("scene",),
    "anomaly": ("fit",),
    "next": ("target",),
}
SCORES = 0.4 * np.array(TONES)[:, None] + 0.6 * np.array(WORDS)  # (tones, words)


@dataclass(frozen=True)
class Script:
    """Of B clips: what is true, what each modality tells, where and when.

    Args:
        truth: variable → (B,) int64, the index of its value.
        copies: modality → variable → (B,) int64, what this modality shows.
        places: (B, 3, 2), where circle, square and triangle stand; x to the right, y
            down, 0 to 1.
        path: (B, T, 2), where the digit's centre is in each frame.
        scale, angle, visible: (B, T), the digit's size (1 is usual), turn in radians,
            and whether it is shown.
        phase: (B,) from 0 to 1, where in its period the motion begins.
        turn, landing: (B,) frames, when the digit heads for its target, when stone or
            bell lands.
        fall: (B,) where it lands, x.
        spoken: (B,) s, when the voice begins.
    """

    truth: dict[str, np.ndarray]
    copies: dict[str, dict[str, np.ndarray]]
    places: np.ndarray
    path: np.ndarray
    scale: np.ndarray
    angle: np.ndarray
    visible: np.ndarray
    phase: np.ndarray
    turn: np.ndarray
    landing: np.ndarray
    fall: np.ndarray
    spoken: np.ndarray

    def __len__(self):
        return len(self.phase)

    def select(self, chosen):
        """Some of the clips' scripts."""
        arrays = {
            name: value[chosen]
            for name, value in vars(self).items()
            if isinstance(value, np.ndarray)
        }
        truth = {name: value[chosen] for name, value in self.truth.items()}
        copies = {
            modality: {name: value[chosen] for name, value in told.items()}
            for modality, told in self.copies.items()
        }
        return replace(self, truth=truth, copies=copies, **arrays)

    def labels(self):
        """Of each task: (B,) int64 classes; of the sentiment (B,) float32 scores."""
        found = {task: self.truth[names[0]] for task, names in TASKS.items()}
        scores = SCORES[self.truth["tone"], self.truth["word"]]
        return {**found, "sentiment": scores.astype(np.float32)}

    def arrival(self):
        """(B,) s from the first frame: when the digit will be at its target."""
        return (self.turn + AWAY / SPEED) / FRAME_RATE


def prior(name, dials):
    """(K,) how frequent each value of a variable is: p_k ∝ imbalance^(-k/(K-1))."""
    steps = np.linspace(0, 1, len(VARIABLES[name].values))
    weights = dials.imbalance**-steps
    return weights / weights.sum()


def draw(n, dials, rng):
    """Scripts of n clips, independent of each other.

    Args:
        n: B. dials: `Dials`. rng: a NumPy generator.

    Returns:
        `Script`.
    """
    truth: dict[str, np.ndarray] = {}
    copies: dict[str, dict[str, np.ndarray]] = {m: {} for m in MODALITIES}
    for name in VARIABLES:
        weights = prior(name, dials)
        truth[name] = rng.choice(len(weights), n, p=weights)
        for modality, shown in copy(name, truth[name], dials, rng).items():
            copies[modality][name] = shown
    phase = rng.random(n)
    turn = rng.integers(TURNS.start, TURNS.stop, n)
    around = np.array(PLACES) + 0.35 * rng.uniform(-1, 1, (n, 3))  # (B, 3)
    places = 0.5 + AWAY * np.stack([np.cos(around), np.sin(around)], axis=-1)
    shown = copies["video"]
    way = places[np.arange(n), shown["target"]] - 0.5
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    gone = SPEED * np.maximum(np.arange(FRAMES) - turn[:, None], 0)  # (B, T)
    moved, scale, angle, visible = _moves(shown["motion"], phase)
    return Script(
        truth=truth,
        copies=copies,
        places=places,
        path=0.5 + gone[..., None] * way[:, None] + moved,
        scale=scale,
        angle=angle,
        visible=visible,
        phase=phase,
        turn=turn,
        landing=rng.integers(LANDINGS.start, LANDINGS.stop, n),
        fall=rng.uniform(0.12, 0.88, n),
        spoken=rng.uniform(0.05, 0.3, n),
    )


def copy(name, z, dials, rng):
    """What each modality shows of a variable.

    Args:
        name: of the variable. z: (B,) its true values.

    Returns:
        dict, carrier → (B,) int64.
    """
    variable, n = VARIABLES[name], len(z)
    count = len(variable.values)
    cipher = rng.random(n) < (1 if variable.enciphered else dials.synergy)
    cipher &= variable.divisible
    alone = ~cipher & (rng.random(n) < dials.uniqueness)
    together = rng.random(n) < dials.redundancy
    key, any_level = rng.integers(count, size=n), rng.random(n)
    any_step = rng.integers(1, count, n)
    copies = {}
    for modality in variable.carriers:
        half = z - key if modality in SEEN else key
        shown = np.where(cipher, half, z)
        if modality != variable.home:
            shown = np.where(alone, rng.integers(count, size=n), shown)
        level = np.where(together, any_level, rng.random(n))
        step = np.where(together, any_step, rng.integers(1, count, n))
        copies[modality] = (shown + step * (level < dials.noise[modality])) % count
    return copies


def _moves(motion, phase):
    """How the digit moves about its path: (B, T, 2), and its size, turn, presence."""
    frame = np.arange(FRAMES)
    time = frame / FRAME_RATE  # s
    half = (2 * time + phase[:, None]) % 1  # of a period of half a second
    does = {name: (motion == k)[:, None] for k, name in enumerate(MOTIONS)}
    aside = 0.05 * does["shake"] * (-1.0) ** frame
    up = 0.14 * does["bounce"] * 4 * half * (1 - half)
    swell = np.sin(2 * np.pi * (time + phase[:, None]))
    return (
        np.stack(np.broadcast_arrays(aside, -up), axis=-1),
        1 + 0.4 * does["pulse"] * swell,
        does["spin"] * 2 * np.pi * time,
        ~(does["blink"] & (half >= 0.5)),
    )
