"""UCF101's features: the real file where it is, files of its formats elsewhere."""

import hashlib
import io
import zipfile

import numpy as np
import pytest
from scipy.io import savemat

from mmlearn import datasets
from mmlearn.datasets import DataError, archive, ucf101


@pytest.fixture(scope="module")
def seen():
    try:
        return datasets.load_ucf101_features(download=False)
    except DataError:
        pytest.skip("needs the real UCF101 features: set MMLEARN_DATA to their folder")


def test_the_real_features(seen):
    assert seen.features.shape == (240, 25, 4096) and seen.features.dtype == np.float16
    assert seen.class_names[:2] == ("ApplyLipstick", "Archery")
    assert np.bincount(seen.y[~seen.test]).tolist() == [20] * 8
    assert np.bincount(seen.y[seen.test]).tolist() == [10] * 8
    assert len(set(seen.video)) == 240 and seen.features[::40].min() == 0


def test_a_block_of_neighbours_is_kept_back(seen):
    held = [seen.rows(block=block)["validation"] for block in range(4)]
    assert sorted(np.concatenate(held)) == np.flatnonzero(~seen.test).tolist()
    parts = seen.rows(block=1)
    assert [len(rows) for rows in parts.values()] == [120, 40, 80]
    for k in range(8):
        inside = seen.video[held[1]][seen.y[held[1]] == k]
        others = seen.video[parts["train"]][seen.y[parts["train"]] == k]
        assert not [v for v in others if min(inside) < v < max(inside)]
    with pytest.raises(DataError, match="no block 4; there are 0 to 3"):
        seen.rows(block=4)


def test_the_subset_is_that_of_the_rule(seen, real):
    notes = real("ucf101-vgg16") / "annos"
    actions = (notes / "actions.txt").read_text().split()[1::2]
    listed = (notes / "videos_labels_subsets.txt").read_text()
    chosen = ucf101.chosen_videos(listed, actions)
    videos, labels = zip(*(chosen["train"] + chosen["test"]), strict=True)
    assert list(videos) == seen.video.tolist() and list(labels) == seen.y.tolist()


def test_a_real_mat_file(real):
    x = ucf101.read_mat(real("ucf101-vgg16") / "vgg16_relu6" / "v_000200.mat")
    assert x.shape == (25, 4096) and x.min() == 0 and 0.05 < (x > 0).mean() < 0.9


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A repository of two classes, three videos each, of 2 frames of 3 numbers."""
    monkeypatch.setattr(ucf101, "CLASSES", ("Run", "Sit"))
    monkeypatch.setattr(ucf101, "TAKEN", {"train": 2, "test": 1})
    monkeypatch.setattr(ucf101, "FRAMES", 2)
    monkeypatch.setattr(ucf101, "WIDTH", 3)
    folder = tmp_path / "clone"
    (folder / "annos").mkdir(parents=True)
    (folder / "vgg16_relu6").mkdir()
    (folder / "annos" / "actions.txt").write_text("  1  Other\n  2  Run\n  3  Sit\n")
    lines = []
    for n in range(8):
        lines.append(f"v_{n:06}\t{2 + n // 4}\t{1 if n % 4 < 3 else 2}\n")
        x = np.full((2, 3), n + 1 / 3, np.float32)
        savemat(folder / "vgg16_relu6" / f"v_{n:06}.mat", {"Feature": x})
    (folder / "annos" / "videos_labels_subsets.txt").write_text("".join(lines))
    return folder


def test_the_file_is_made_from_a_clone_and_checked(clone, home, monkeypatch):
    path = datasets.pack_ucf101_features(clone)
    assert path == home / "ucf101-vgg16" / "ucf101_vgg16_relu6_8class.npz"
    with pytest.raises(DataError, match="train_x.npy: altered"):
        datasets.load_ucf101_features(download=False)
    with zipfile.ZipFile(path) as made:
        names = {n: hashlib.sha256(made.read(n)).hexdigest() for n in made.namelist()}
    monkeypatch.setattr(archive, "manifest", lambda name: names)
    found = datasets.load_ucf101_features()
    assert found.video.tolist() == [
        *("v_000000", "v_000001", "v_000004", "v_000005"),
        *("v_000003", "v_000007"),
    ]
    assert found.y.tolist() == [0, 0, 1, 1, 0, 1] and found.test.sum() == 2
    values = [0, 1, 4, 5, 3, 7] + np.float32(1 / 3)
    np.testing.assert_array_equal(found.features[:, 0, 0], values.astype(np.float16))
    (clone / "vgg16_relu6" / "v_000005.mat").unlink()
    with pytest.raises(DataError, match=r"v_000005.mat: no MATLAB 5 file"):
        datasets.pack_ucf101_features(clone)


def test_a_damaged_mat_file_is_named(tmp_path):
    path = tmp_path / "a.mat"
    for content in (b"", b"MATLAB 5.0 MAT-file" + bytes(200), b"\x80\x04junk" * 99):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"a.mat: (no MATLAB 5|Feature is None)"):
            ucf101.read_mat(path)
    savemat(path, {"Feature": np.ones((25, 3))})
    with pytest.raises(DataError, match=r"Feature is \(25, 3\); expected \(25, 4096\)"):
        ucf101.read_mat(path)


def test_an_array_that_needs_a_pickle_is_refused(home, monkeypatch):
    (home / "ucf101-vgg16").mkdir(parents=True)
    stream = io.BytesIO()
    np.savez(stream, train_x=np.array([{"a": 1}], object))
    path = home / "ucf101-vgg16" / "ucf101_vgg16_relu6_8class.npz"
    path.write_bytes(stream.getvalue())
    with zipfile.ZipFile(path) as made:
        names = {n: hashlib.sha256(made.read(n)).hexdigest() for n in made.namelist()}
    monkeypatch.setattr(archive, "manifest", lambda name: names)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        datasets.load_ucf101_features()


def test_without_the_file_the_way_to_make_it_is_named(home):
    for download in (True, False):
        with pytest.raises(DataError) as caught:
            datasets.load_ucf101_features(download=download)
        assert "pack_ucf101_features(its folder) makes the file" in str(caught.value)
        assert "Without a network: simulate_skeletons()" in str(caught.value)
