"""MNIST: the handwritten digits that half of the field's papers start from."""

import numpy as np

from mmlearn.datasets.download import obtain
from mmlearn.datasets.idx import read_idx
from mmlearn.datasets.splits import stratified_split

VALIDATION = 5_000  # images held out of the 60,000 to train on


def load_mnist(*, seed=0, download=True):
    """Load MNIST: 70,000 grey images of handwritten digits.

    Origin: census employees and high-school students, from NIST's special databases 3
        and 1, scaled and centred by mass; about 250 writers for training, others for
        the test.
    Licence: none formal by its authors; commonly cited as CC BY-SA 3.0.
    Citation: LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to
        document recognition, Proceedings of the IEEE 86(11).

    Args:
        seed: fixes which 5,000 of the 60,000 training images validate (stratified).
        download: whether missing or damaged files may be fetched (11.6 MB).

    Returns:
        dict "train", "validation", "test" → (x, y): x (N, 28, 28, 1) uint8, 0 paper to
        255 ink; y (N,) int64, the digit. N = 55,000, 5,000, 10,000.

    Raises:
        DataError: with the command to run, and `load_digits()` as the way without
            a network.
    """
    images, labels, test_images, test_labels = obtain("mnist", download)
    x, y = _pair(images, labels)
    sizes = [len(y) - VALIDATION, VALIDATION]
    train, validation = stratified_split(y, sizes, seed)
    return {
        "train": (x[train], y[train]),
        "validation": (x[validation], y[validation]),
        "test": _pair(test_images, test_labels),
    }


def _pair(images, labels):
    x = read_idx(images, axes=3)[..., None]  # (N, H, W, 1)
    return x, read_idx(labels, axes=1).astype(np.int64)
