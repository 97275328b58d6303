"""UCF101 as a CNN saw it: 25 frames of each video, 4,096 numbers a frame."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmlearn.datasets import archive, registry, storage
from mmlearn.datasets.card import DataError
from mmlearn.datasets.download import obtain

NAME = "ucf101-vgg16"
FRAMES, WIDTH = 25, 4096
CLASSES = (  # those of the original that are in the subset
    *("ApplyLipstick", "Archery", "BalanceBeam", "BandMarching"),
    *("Basketball", "BenchPress", "Biking", "BodyWeightSquats"),
)
TAKEN = {"train": 20, "test": 10}  # videos of each class


@dataclass(frozen=True)
class FrameFeatures:
    """Videos as sequences of feature vectors, one a frame.

    Args:
        features: (N, T, F) float16, none negative (a ReLU comes last).
        y: (N,) int64.
        video: (N,) str, numbers in the order of the data set's own list: neighbours
            of one class are often cut from the same recording.
        test: (N,) bool, split 1 of UCF101's authors.
        class_names: K names.
    """

    features: np.ndarray
    y: np.ndarray
    video: np.ndarray
    test: np.ndarray
    class_names: tuple[str, ...]

    def __len__(self):
        return len(self.y)

    def rows(self, *, block=None, blocks=4):
        """Row numbers of the parts.

        Which videos were cut from one recording is not said, but their numbers follow
        each other: so a block of each class's training videos, in the order of their
        numbers, is kept back, and at most its two neighbours share a recording with it.

        Args:
            block: which to keep back to choose by, 0 … blocks − 1; None: none.
            blocks: into how many each class is cut.

        Returns:
            dict "train", "validation" (if any), "test" → (n,) int64.

        Raises:
            DataError: for a block that does not exist.
        """
        parts = {"train": ~self.test, "test": self.test}
        if block is not None:
            if not 0 <= block < blocks:
                raise DataError(
                    f"ucf101: no block {block}; there are 0 to {blocks - 1}"
                )
            held = np.zeros(len(self), bool)
            for k in np.unique(self.y):
                known = np.flatnonzero((self.y == k) & ~self.test)
                known = known[np.argsort(self.video[known], kind="stable")]
                held[np.array_split(known, blocks)[block]] = True
            parts = {"train": ~self.test & ~held, "validation": held, "test": self.test}
        return {name: np.flatnonzero(mask) for name, mask in parts.items()}


def load_ucf101_features(*, download=True):
    """Load features of 240 videos of UCF101: 8 actions, 25 frames of each.

    Origin: tyagi-iiitv put VGG-16's 4,096 activations after relu6, of 25 frames of each
        of 2,009 videos, on GitHub (UCF101_release, commit 08e3b1d); of 8 of its 15
        classes every fourth or so is taken: 20 train, 10 test, rounded to float16.
    Licence: unclear (derived from UCF101; the repository states none).
    Citation: Soomro, Zamir, Shah (2012), UCF101, CRCV-TR-12-01.

    Args:
        download: makes no difference yet: nobody offers the file whole.
            `pack_ucf101_features` makes it from the repository.

    Returns:
        `FrameFeatures`, 160 that train and 80 that test. To beat: logistic regression
        on the mean of the frames, 75 of the 80.

    Raises:
        DataError: with the way to make the file, and `simulate_skeletons()` as actions
            without a network.
    """
    (path,) = obtain(NAME, download)
    (file,) = registry.entry(NAME).files
    members = archive.read_members(path, archive.manifest(file.manifest), file.largest)
    arrays = {
        name.removesuffix(".npy"): np.load(io.BytesIO(data), allow_pickle=False)
        for name, data in members.items()
    }
    both = {k: [arrays[f"{part}_{k}"] for part in TAKEN] for k in ("x", "y", "id")}
    return FrameFeatures(
        np.concatenate(both["x"]),
        np.concatenate(both["y"]).astype(np.int64),
        np.concatenate(both["id"]),
        np.repeat([False, True], [len(y) for y in both["y"]]),
        tuple(str(name) for name in arrays["class_names"]),
    )


def pack_ucf101_features(folder):
    """Make the file that `load_ucf101_features` reads from the authors' .mat files.

    Args:
        folder: a clone of https://github.com/tyagi-iiitv/UCF101_release; read are
            annos/*.txt and 240 of the files vgg16_relu6/v_*.mat.

    Returns:
        the Path of the file, under `data_home()`; the loader checks its arrays' hashes.

    Raises:
        DataError: if a file is missing, or is not of 25 frames of 4,096 numbers.
    """
    folder = Path(folder)
    try:
        listed = (folder / "annos" / "videos_labels_subsets.txt").read_text("utf-8")
        actions = (folder / "annos" / "actions.txt").read_text("utf-8").split()
    except OSError as error:
        raise DataError(
            f"ucf101: {error}; expected a clone of the repository"
        ) from None
    arrays: dict[str, np.ndarray] = {"class_names": np.array(CLASSES)}
    for part, videos in chosen_videos(listed, actions[1::2]).items():
        ids, y = zip(*videos, strict=True)
        paths = [folder / "vgg16_relu6" / f"{video}.mat" for video in ids]
        arrays[f"{part}_x"] = np.stack([read_mat(path) for path in paths])
        arrays[f"{part}_y"] = np.array(y, np.int64)
        arrays[f"{part}_id"] = np.array(ids)
    (file,) = registry.entry(NAME).files
    path = storage.data_home() / NAME / file.name
    with storage.new_file(path, file.size) as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)
    return path


def chosen_videos(listed, actions):
    """Which videos are in the subset: of n in a class, number ⌊k n / m⌋ for k < m.

    Args:
        listed: lines `v_000001 1 2`: video, class from 1, 1 train or 2 test.
        actions: the names of the classes, from 1 on.

    Returns:
        dict "train", "test" -> list of (video, class from 0), class by class.
    """
    rows = [line.split() for line in listed.splitlines() if line.strip()]
    found: dict[str, list[tuple[str, int]]] = {}
    for subset, (part, count) in enumerate(TAKEN.items(), start=1):
        found[part] = []
        for label, name in enumerate(CLASSES):
            wanted = actions.index(name) + 1, subset
            known = [v for v, k, s in rows if (int(k), int(s)) == wanted]
            some = [known[k * len(known) // count] for k in range(count)]
            found[part] += [(video, label) for video in some]
    return found


def read_mat(path):
    """One of the authors' files: MATLAB 5, a variable `Feature`.

    Args:
        path: v_000200.mat.

    Returns:
        (25, 4096) float16.

    Raises:
        DataError: if it is missing, damaged or holds something else.
    """
    from scipy.io import loadmat

    try:
        found = loadmat(path, variable_names=["Feature"]).get("Feature")
    except Exception as error:  # of damaged files SciPy raises many kinds
        raise DataError(
            f"{path}: no MATLAB 5 file that can be read ({error})"
        ) from None
    shape = getattr(found, "shape", None)
    if shape != (FRAMES, WIDTH) or not np.isfinite(found).all():
        raise DataError(
            f"{path}: Feature is {shape}; expected ({FRAMES}, {WIDTH}) finite numbers"
        )
    return np.asarray(found).astype(np.float16)
