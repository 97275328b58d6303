"""Raw clips with sound: fights before surveillance cameras, and spoken sentences."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.download import obtain
from mmlearn.datasets.splits import stratified_split

if TYPE_CHECKING:
    from mmlearn import media

FOLDS = 5
DIGITS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
)
# The words of a GRID sentence by their letters; the letter of the alphabet is itself.
GRAMMAR = (
    ("command", {"b": "bin", "l": "lay", "p": "place", "s": "set"}),
    ("colour", {"b": "blue", "g": "green", "r": "red", "w": "white"}),
    ("preposition", {"a": "at", "b": "by", "i": "in", "w": "with"}),
    ("letter", {c: c for c in "abcdefghijklmnopqrstuvxyz"}),  # w has too many sounds
    ("digit", dict(zip("z123456789", DIGITS, strict=True))),
    ("adverb", {"a": "again", "n": "now", "p": "please", "s": "soon"}),
)


@dataclass(frozen=True)
class Fights:
    """Clips of surveillance cameras, dealt into folds; frames are read when asked for.

    Args:
        paths: N files.
        y: (N,) int64, 1 where people fight.
        fold: (N,) int64, the fold that each clip tests in.
        has_sound: (N,) bool, whether there is a sound track. Control for it.
        frames: (N,) int64. frame_rate: (N,) float64, per second.
        size: (N, 2) int64, H and W, px.
        bytes: (N,) int64, of the file.
    """

    paths: tuple[Path, ...]
    y: np.ndarray
    fold: np.ndarray
    has_sound: np.ndarray
    frames: np.ndarray
    frame_rate: np.ndarray
    size: np.ndarray
    bytes: np.ndarray
    label_names: tuple[str, ...] = ("no fight", "fight")

    def __len__(self):
        return len(self.paths)

    def rows(self, fold):
        """Test on one fold, train on the others.

        Args:
            fold: 0 … 4.

        Returns:
            dict "train", "test" → (n,) int64.

        Raises:
            DataError: for a fold that does not exist.
        """
        folds = int(self.fold.max()) + 1
        if not 0 <= fold < folds:
            raise DataError(f"no fold {fold}; there are 0 to {folds - 1}")
        test = self.fold == fold
        return {"train": np.flatnonzero(~test), "test": np.flatnonzero(test)}

    def read(self, n, **how):
        """Clip n: a `media.Clip`; `how` as of `media.read_video` (size=, …)."""
        from mmlearn import media

        return media.read_video(self.paths[n], **how)


def load_fights(*, seed=0, download=True):
    """Load 60 clips of surveillance cameras, 30 with a fight: raw mp4, most with sound.

    Origin: Ş. Aktı and others cut clips of about 2 s from YouTube. Of their 300 the
        course takes a fifth, of files below 500 kB: small data, say so. Whether two
        clips show one scene is not said, so folds by clip may flatter.
    Licence: the repository is MIT; the rights in the clips are unclear.
    Citation: Aktı, Tataroğlu, Ekenel (2019), Vision-based fight detection from
        surveillance cameras, IPTA.

    Args:
        seed: deals the clips into five folds, stratified.
        download: whether missing or damaged clips may be fetched (13 MB).

    Returns:
        `Fights`. Sound tracks are in 29 of 30 fights and 26 of 30 others: whether there
        is one at all already tells something, and so do size and length.

    Raises:
        DataError: with the command to run, and `load_clip()` as the way without a
            network.
    """
    from mmlearn import media  # here: it brings the video decoder

    paths = sorted(obtain("surv-fight", download), key=lambda path: path.name)
    y = np.array([path.name.startswith("fi") for path in paths], np.int64)
    told = [media.probe(path) for path in paths]
    fold = np.zeros(len(y), np.int64)
    sizes = [len(y) // FOLDS + (k < len(y) % FOLDS) for k in range(FOLDS)]
    for k, members in enumerate(stratified_split(y, sizes, seed)):
        fold[members] = k
    return Fights(
        tuple(paths),
        y,
        fold,
        np.array([info.has_sound for info in told]),
        np.array([info.frames or 0 for info in told], np.int64),
        np.array([info.frame_rate or 0.0 for info in told]),
        np.array([info.size for info in told], np.int64),
        np.array([path.stat().st_size for path in paths], np.int64),
    )


@dataclass(frozen=True)
class SpokenSentences:
    """Clips of people who say a sentence of six words.

    Args:
        paths: N files.
        words: (N, 6) str: command, colour, preposition, letter, digit, adverb.
    """

    paths: tuple[Path, ...]
    words: np.ndarray

    def __len__(self):
        return len(self.paths)

    def sentence(self, n):
        """What is said in clip n."""
        return " ".join(self.words[n])

    def read(self, n, **how) -> "media.Clip":
        """Clip n, frames and sound; `how` as of `media.read_video` (size=, …)."""
        from mmlearn import media

        return media.read_video(self.paths[n], **how)


def load_grid(*, download=True):
    """Load eleven clips of GRID: a face, its voice, and the sentence that it says.

    Origin: M. Cooke and others had 34 people read sentences such as "bin blue at f two
        now"; these eleven came with LipNet's code. For looking and listening, and for
        alignment: too few to train on, and who speaks is not said.
    Licence: unclear; the corpus is for research.
    Citation: Cooke, Barker, Cunningham, Shao (2006), JASA 120(5).

    Args:
        download: whether missing or damaged clips may be fetched (5 MB).

    Returns:
        `SpokenSentences`: 75 frames of 288×360 at 25 a second, sound at 44.1 kHz;
        `.read(n)` decodes one, `.sentence(n)` says what was said.

    Raises:
        DataError: with the command to run, and `load_clip()` as the way without a
            network.
    """
    paths = sorted(obtain("grid-av", download), key=lambda path: path.name)
    return SpokenSentences(tuple(paths), np.array([parse(p.stem) for p in paths]))


def parse(code):
    """The six words of a GRID sentence from the name of its file.

    Args:
        code: six letters, with or without the speaker's number before them.

    Raises:
        DataError: for a name that is none.

    >>> " ".join(parse("id2_vcd_bbaf2n"))
    'bin blue at f two now'
    """
    letters = code.rpartition("_")[2].lower()
    words = [known.get(c) for (_, known), c in zip(GRAMMAR, letters, strict=False)]
    if len(letters) != len(GRAMMAR) or None in words:
        raise DataError(
            f"{code}: no sentence of GRID; expected six letters for"
            f" {', '.join(part for part, _ in GRAMMAR)}, like bbaf2n"
        )
    return words
