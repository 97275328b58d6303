"""MNIST: the real files where they are, tiny ones in their format elsewhere."""

import gzip
import hashlib
import struct

import numpy as np
import pytest

from mmlearn import datasets
from mmlearn.datasets import DataError, registry

TRAIN_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_the_real_files_are_as_published(real):
    real("mnist")
    findings = datasets.verify("mnist")
    assert len(findings) == 4
    assert [str(f) for f in findings if not f.ok] == []


def test_the_real_images(real):
    real("mnist")
    splits = datasets.load_mnist(download=False)
    assert [len(y) for _, y in splits.values()] == [55_000, 5_000, 10_000]
    for x, y in splits.values():
        assert x.shape == (len(y), 28, 28, 1) and x.dtype == np.uint8
        assert y.dtype == np.int64 and x.min() == 0 and x.max() == 255
    train, validation = (np.bincount(splits[n][1]) for n in ("train", "validation"))
    np.testing.assert_array_equal(train + validation, TRAIN_COUNTS)
    np.testing.assert_array_equal(np.bincount(splits["test"][1]), TEST_COUNTS)
    assert np.abs(validation - np.array(TRAIN_COUNTS) / 12).max() < 1
    assert splits["test"][1][:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    # the grey of an average pixel, known from the field's usual normalization (0.1307)
    pixels = np.concatenate([splits["train"][0], splits["validation"][0]])
    assert abs(pixels.mean() / 255 - 0.1307) < 1e-4
    assert abs(pixels.std() / 255 - 0.3081) < 1e-4


def test_the_real_split_is_fixed_and_the_seed_changes_it(real):
    real("mnist")
    images = [
        {
            hashlib.sha256(x).digest()
            for x in datasets.load_mnist(seed=s)["validation"][0]
        }
        for s in (0, 0, 1)
    ]
    assert images[0] == images[1]
    assert len(images[0] & images[2]) < 1_000  # one in twelve by chance


@pytest.fixture
def tiny(home, monkeypatch):
    """MNIST's own file names, with a few images that have the hashes they claim."""
    rng = np.random.default_rng(0)
    files = []
    (home / "mnist").mkdir(parents=True)
    for file, n in zip(registry.entry("mnist").files, (40, 40, 10, 10), strict=True):
        images = "images" in file.name
        array = rng.integers(0, 256, (n, 28, 28)) if images else np.arange(n) % 10
        head = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
        content = gzip.compress(head + array.astype(np.uint8).tobytes())
        (home / "mnist" / file.name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        files.append(registry.File(file.name, file.urls, digest, len(content)))
    entry = registry.entry("mnist")
    entry = registry.Entry(**{**vars(entry), "files": tuple(files)})
    monkeypatch.setattr(registry, "_ENTRIES", (entry,))
    monkeypatch.setattr("mmlearn.datasets.mnist.VALIDATION", 10)
    return home / "mnist"


def test_parts_share_no_image(tiny):
    splits = datasets.load_mnist(download=False)
    (train, y), (validation, _) = splits["train"], splits["validation"]
    assert train.shape == (30, 28, 28, 1) and validation.shape == (10, 28, 28, 1)
    seen = {x.tobytes() for x in train}
    assert len(seen) == 30 and not seen & {x.tobytes() for x in validation}
    assert np.bincount(y).tolist() == [3] * 10


@pytest.mark.parametrize("damage", ["missing", "truncated", "altered"])
def test_a_damaged_file_is_not_used(tiny, damage):
    path = tiny / "train-images-idx3-ubyte.gz"
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        middle = len(content) // 2
        flipped = (
            content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        )
        path.write_bytes(content[:-100] if damage == "truncated" else flipped)
    with pytest.raises(DataError) as caught:
        datasets.load_mnist(download=False)
    text = str(caught.value)
    assert f"train-images-idx3-ubyte.gz: {damage}" in text
    assert "mmlearn data fetch mnist" in text and "load_digits()" in text
    assert "t10k" not in text
