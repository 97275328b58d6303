"""CMU-MOSI: people on camera say what they think of a film, sentence by sentence."""

import csv
from dataclasses import dataclass, replace

import numpy as np

from mmlearn.datasets import splits
from mmlearn.datasets.card import DataError
from mmlearn.datasets.download import obtain

MODALITIES = ("audio", "text", "video")
WIDTHS = {"audio": 73, "text": 100, "video": 100}


@dataclass(frozen=True)
class Opinions:
    """Utterances, each as it was said, with features that others computed from it.

    Args:
        texts: N str, transcripts in capitals, without punctuation.
        features: {"audio" | "text" | "video": (N, F) float32}, as shipped.
        y: (N,) int64, 0 negative, 1 positive.
        video: (N,) str, whose video. utterance: (N,) int64, its number there.
        test: (N,) bool, the release's own division.
    """

    texts: tuple[str, ...]
    features: dict[str, np.ndarray]
    y: np.ndarray
    video: np.ndarray
    utterance: np.ndarray
    test: np.ndarray
    label_names: tuple[str, ...] = ("negative", "positive")

    def __len__(self):
        return len(self.texts)

    def select(self, chosen):
        """Some of the utterances, as another `Opinions`.

        Args:
            chosen: indices, or a mask (N,) bool.
        """
        index = np.arange(len(self))[np.asarray(chosen)]
        return replace(
            self,
            texts=tuple(self.texts[i] for i in index),
            features={name: x[index] for name, x in self.features.items()},
            y=self.y[index],
            video=self.video[index],
            utterance=self.utterance[index],
            test=self.test[index],
        )

    def rows(self, *, validation=0, seed=0):
        """Row numbers of the parts; nobody's video is in two of them.

        Args:
            validation: how many of the training videos to keep back to choose by.
            seed: fixes which.

        Returns:
            dict "train", "validation" (if any), "test" → (n,) int64.

        Raises:
            DataError: for more validation videos than there are to train with.
        """
        known = np.flatnonzero(~self.test)
        videos = len(np.unique(self.video[known]))
        if not 0 <= validation < videos:
            raise DataError(
                f"mosi: {validation} videos to validate; expected 0 to {videos - 1},"
                " so that some are left to train"
            )
        sizes = [videos - validation, validation]
        train, held = splits.group_split(self.video[known], sizes, seed)
        parts = {"train": known[train], "validation": known[held]}
        parts["test"] = np.flatnonzero(self.test)
        return {name: rows for name, rows in parts.items() if len(rows)}

    def splits(self, *, validation=0, seed=0):
        """The parts of `rows`, as `Opinions`.

        >>> words = ("fine", "bad", "good", "dull")
        >>> four = Opinions(words, {}, np.array([1, 0, 1, 0]), np.array(list("aabc")),
        ...                 np.array([1, 2, 1, 1]), np.array([0, 0, 0, 1], bool))
        >>> {n: p.texts for n, p in four.splits(validation=1, seed=0).items()}
        {'train': ('good',), 'validation': ('fine', 'bad'), 'test': ('dull',)}
        """
        parts = self.rows(validation=validation, seed=seed)
        return {name: self.select(rows) for name, rows in parts.items()}


def load_mosi(*, download=True):
    """Load CMU-MOSI: 2,199 utterances of 93 videos, transcribed, for or against.

    Origin: A. Zadeh and others took monologues on films from YouTube; the release of
        S. Poria and others has transcripts, and features of text (100), sound (73,
        openSMILE) and picture (100). Careful: *the text and video features were fitted
        on the training labels*. Validated by video, the recipes shipped_text_mosi and
        shipped_video_mosi get .98 and .92, and .75 and .54 on the test videos: no
        validation set shows it. The sound and the transcripts are clean.
    Licence: for academic research; the release states none.
    Citation: Zadeh et al. (2016), MOSI, arXiv:1606.06259; Poria et al. (2017), ACL.

    Args:
        download: whether missing or damaged files may be fetched (11 MB).

    Returns:
        `Opinions`: 1,447 train (62 videos), then 752 test (31), of which .62 positive;
        `.splits(validation=12)` keeps twelve training videos back.

    Raises:
        DataError: with the command to run, and `load_reviews()` as the way without a
            network.
    """
    names = ("transcripts.csv", "text_train.csv", "text_test.csv")
    files = {path.name: path for path in obtain("cmu-mosi-bclstm", download)}
    said = _table(files[names[0]])
    lines = [[int(row[0]) for row in _table(files[name])] for name in names[1:]]
    features, labels = {}, {}
    for name in MODALITIES:
        parts = [files[f"{name}_{part}0.csv"] for part in ("train", "test")]
        features[name], labels[name] = _features(name, parts)
    return assemble(said, lines, features, labels)


def assemble(said, lines, features, labels):
    """Put transcripts and features together, and see that they are of the same.

    Args:
        said: rows [video_utterance, text, number, label] of all utterances.
        lines: two lists, numbers of the rows of `said` that train, and that test.
        features: dict, modality -> (N, F). labels: dict, modality -> (N,).

    Returns:
        `Opinions`, those that train first.

    Raises:
        DataError: if a modality has other rows or labels than the transcripts.
    """
    order = [line for part in lines for line in part]
    if sorted(order) != list(range(len(said))):
        raise DataError(f"mosi: {len(order)} rows name {len(said)} transcripts")
    y = np.array([int(said[line][3]) for line in order], np.int64)
    for name, found in labels.items():
        if not np.array_equal(found, y):
            raise DataError(f"mosi: the labels of {name} are not the transcripts'")
    places = [said[line][0].rpartition("_") for line in order]
    return Opinions(
        tuple(said[line][1] for line in order),
        features,
        y,
        np.array([video for video, _, _ in places]),
        np.array([int(number) for _, _, number in places], np.int64),
        np.repeat([False, True], [len(part) for part in lines]),
    )


def _table(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _features(name, paths):
    """(N, F) float32 and labels (N,) of a modality: the last column is the label."""
    table = np.array([row for path in paths for row in _table(path)], np.float64)
    if table.shape[1] != WIDTHS[name] + 1 or not np.isfinite(table).all():
        raise DataError(f"mosi: {name} is {table.shape}; expected {WIDTHS[name]} + 1")
    return table[:, :-1].astype(np.float32), table[:, -1].astype(np.int64)
