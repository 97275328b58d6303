"""Skeletons: bodies as twenty joints that move, recorded by a depth camera."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mmlearn.datasets import archive, registry
from mmlearn.datasets.card import DataError
from mmlearn.datasets.download import obtain

# In the order of MSR Action3D's files, which is not that of the Kinect's own software;
# sides are the person's. Which is which follows from the lengths of bones that stay
# the same, and from the arm that waves and the leg that kicks (the right ones).
JOINTS = (
    *("left shoulder", "right shoulder", "neck", "spine"),
    *("left hip", "right hip", "pelvis"),
    *("left elbow", "right elbow", "left wrist", "right wrist"),
    *("left hand", "right hand", "left knee", "right knee"),
    *("left ankle", "right ankle", "left foot", "right foot", "head"),
)
# From the pelvis outward: 19 bones, each joint but the pelvis is the end of one.
_CHAINS = (
    ("pelvis", "spine", "neck", "head"),
    ("neck", "left shoulder", "left elbow", "left wrist", "left hand"),
    ("neck", "right shoulder", "right elbow", "right wrist", "right hand"),
    ("pelvis", "left hip", "left knee", "left ankle", "left foot"),
    ("pelvis", "right hip", "right knee", "right ankle", "right foot"),
)
BONES = tuple(
    (JOINTS.index(inner), JOINTS.index(outer))
    for chain in _CHAINS
    for inner, outer in zip(chain[:-1], chain[1:], strict=True)
)
ACTIONS = (
    *("high arm wave", "horizontal arm wave", "hammer", "hand catch", "forward punch"),
    *("high throw", "draw x", "draw tick", "draw circle", "hand clap"),
    *("two hand wave", "side boxing", "bend", "forward kick", "side kick"),
    *("jogging", "tennis swing", "tennis serve", "golf swing", "pick up and throw"),
)
# The ten of 567 that files_used_in_cvpr12_paper.txt leaves out. In seven the tracker
# lost the body (a13_s09_e02: all the time, a13_s09_e03: in 740 of 936 frames).
LEFT_OUT = (
    *("a02_s03_e02", "a04_s03_e01", "a07_s04_e01", "a13_s09_e01", "a13_s09_e02"),
    *("a13_s09_e03", "a14_s03_e01", "a20_s07_e01", "a20_s07_e03", "a20_s10_e03"),
)


@dataclass(frozen=True)
class Skeletons:
    """Sequences of skeletons, of unequal length.

    Args:
        positions: list of N arrays (T, J, D) float32, m; D = 3: x to the right of the
            picture, y up, z away from the camera; a frame of zeros was not tracked.
        action: (N,) int64, counting from 0.
        subject: (N,) int64, who; take: (N,) int64, counting repetitions. From 1.
        action_names: K names.
        joint_names: J names; bones: pairs (inner joint, outer joint).
    """

    positions: list[np.ndarray]
    action: np.ndarray
    subject: np.ndarray
    take: np.ndarray
    action_names: tuple[str, ...]
    joint_names: tuple[str, ...] = JOINTS
    bones: tuple[tuple[int, int], ...] = BONES

    def __len__(self):
        return len(self.positions)

    @property
    def subjects(self):
        """The subjects' numbers, ascending."""
        return np.unique(self.subject).tolist()

    @cached_property
    def edge_index(self):
        """(2, 2 bones) int64: the body as a graph, every bone in both directions."""
        bones = np.array(self.bones, np.int64).T
        return np.concatenate([bones, bones[::-1]], axis=1)

    def select(self, chosen):
        """Some of the sequences, as another `Skeletons`.

        Args:
            chosen: indices, or a mask (N,) bool.
        """
        index = np.arange(len(self))[np.asarray(chosen)]
        return replace(
            self,
            positions=[self.positions[i] for i in index],
            action=self.action[index],
            subject=self.subject[index],
            take=self.take[index],
        )

    def splits(self):
        """Cross-subject: the odd subjects train, the even ones test.

        Returns:
            dict "train", "test" → `Skeletons`.
        """
        return self._apart(self.subject % 2 == 0)

    def leave_one_subject_out(self, subject):
        """Train on all subjects but one, test on that one.

        Args:
            subject: the number of the one to leave out.

        Returns:
            dict "train", "test" → `Skeletons`.

        Raises:
            DataError: for an unknown subject.
        """
        if subject not in self.subjects:
            raise DataError(f"no subject {subject!r}; there are {self.subjects}")
        return self._apart(self.subject == subject)

    def _apart(self, test):
        return {"train": self.select(~test), "test": self.select(test)}


def load_skeletons(*, every=False, download=True):
    """Load MSR Action3D: 20 actions by 10 people, as twenty joints in space.

    Origin: W. Li and others had people act in front of a Kinect, 15 frames a second,
        each action two or three times; the right arm or leg where one does.
    Licence: unclear; research data, published without a licence text.
    Citation: Li, Zhang, Liu (2010), Action recognition based on a bag of 3D points,
        CVPR Workshops.

    Args:
        every: whether to load all 567, not only the 557 that papers use since Wang and
            others (CVPR 2012). The other ten hold little of a body: a13_s09_e02
            nothing but zeros, a13_s09_e03 zeros in 740 of its 936 frames.
        download: whether a missing or damaged archive may be fetched (about 12 MB).

    Returns:
        `Skeletons`, 13 to 76 frames long, ordered by action, subject and take;
        `.splits()` is the cross-subject one, 284 to train (subjects 1, 3, 5, 7, 9)
        and 273 to test. In 13 of the 557 some frames are zeros, up to 33 of 53:
        `preprocess.skeletons.fill` mends them.

    Raises:
        DataError: with the command to run, and `simulate_skeletons()` as the way
            without a network.
    """
    (path,) = obtain("msr-action3d", download)
    (file,) = registry.entry("msr-action3d").files
    members = archive.read_members(path, archive.manifest(file.manifest))
    names = [n for n in sorted(members) if every or n[:11] not in LEFT_OUT]
    numbers = np.array([_numbers(name) for name in names], np.int64)  # (N, 3)
    return Skeletons(
        [read_skeleton(name, members[name]) for name in names],
        numbers[:, 0] - 1,
        numbers[:, 1],
        numbers[:, 2],
        ACTIONS,
    )


def read_skeleton(name, content):
    """One of MSR Action3D's text files: a line `x y z confidence` for each joint.

    Args:
        name: of the file, for messages. content: its bytes.

    Returns:
        (T, 20, 3) float32, m; the confidence is left out.

    Raises:
        DataError: for what is no table of numbers, or not of whole frames.

    >>> read_skeleton("toy", b"0.1 0.2 2.5 1\\n" * 40).shape
    (2, 20, 3)
    """
    try:
        table = np.array(content.split(), np.float32)
    except ValueError as error:
        raise DataError(f"{name}: {error}; expected numbers") from None
    if table.size == 0 or table.size % (len(JOINTS) * 4):
        raise DataError(
            f"{name}: holds {table.size} numbers; expected 4 for each of"
            f" {len(JOINTS)} joints in each frame: it is cut, or another format"
        )
    if not np.isfinite(table).all():
        raise DataError(f"{name}: holds NaN or infinity; expected positions in m")
    return np.ascontiguousarray(table.reshape(-1, len(JOINTS), 4)[..., :3])


def _numbers(name):
    found = re.match(r"a(\d\d)_s(\d\d)_e(\d\d)_", name)
    if not found:
        raise DataError(f"{name}: expected a name like a01_s02_e03_skeleton3D.txt")
    return [int(number) for number in found.groups()]
