"""scikit-learn's digits, against scikit-learn's own arrays."""

import hashlib

import numpy as np
import sklearn.datasets

from mmlearn import datasets


def test_sizes_types_and_proportions():
    splits = datasets.load_digits()
    assert {k: len(y) for k, (_, y) in splits.items()} == {
        "train": 1077,
        "validation": 360,
        "test": 360,
    }
    recorded = sklearn.datasets.load_digits()
    counts = np.bincount(recorded.target)
    for x, y in splits.values():
        assert x.shape == (len(y), 8, 8, 1)
        assert (x.dtype, y.dtype) == (np.uint8, np.int64)
        assert (x.min(), x.max()) == (0, 16)
        assert np.abs(np.bincount(y) - counts * len(y) / 1797).max() < 1


def test_every_image_is_there_once_with_its_label():
    recorded = sklearn.datasets.load_digits()
    expected = sorted(
        (image.astype(np.uint8).tobytes(), int(label))
        for image, label in zip(recorded.images, recorded.target, strict=True)
    )
    found = sorted(
        (image.tobytes(), int(label))
        for x, y in datasets.load_digits().values()
        for image, label in zip(x, y, strict=True)
    )
    assert found == expected


def test_the_split_is_the_same_everywhere():
    labels = {
        k: y.astype("<i8").tobytes() for k, (_, y) in datasets.load_digits().items()
    }
    assert {k: hashlib.sha256(v).hexdigest()[:16] for k, v in labels.items()} == PINNED
    other = datasets.load_digits(seed=1)["test"][1].astype("<i8").tobytes()
    assert other != labels["test"]


PINNED = {
    "train": "0fdee83d06451275",
    "validation": "d6d4f06904af8cfd",
    "test": "4e6767946995f450",
}
