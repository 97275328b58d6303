"""MSR Action3D: the real archive where it is, texts of its format elsewhere."""

import zipfile

import numpy as np
import pytest

from mmlearn import datasets
from mmlearn.datasets import DataError, archive, skeletons


@pytest.fixture(scope="module")
def recorded():
    try:
        return datasets.load_skeletons(every=True, download=False)
    except DataError:
        pytest.skip("needs the real MSR Action3D: set MMLEARN_DATA to a folder with it")


def used(recorded):
    names = [
        f"a{a + 1:02}_s{s:02}_e{e:02}"
        for a, s, e in zip(
            recorded.action, recorded.subject, recorded.take, strict=True
        )
    ]
    return names, np.array([n not in skeletons.LEFT_OUT for n in names])


def test_the_557_are_those_of_the_papers(recorded, real):
    names, chosen = used(recorded)
    listed = real("msr-action3d") / "files_used_in_cvpr12_paper.txt"
    assert [n for n, use in zip(names, chosen, strict=True) if use] == sorted(
        listed.read_text().split()
    )
    assert (len(names), chosen.sum()) == (567, 557)


def test_statistics(recorded):
    _, chosen = used(recorded)
    papers = recorded.select(chosen)
    assert [len(p) for p in papers.splits().values()] == [284, 273]
    assert papers.splits()["train"].subjects == [1, 3, 5, 7, 9]
    assert len(set(papers.action)) == 20 == len(papers.action_names)
    lengths = [len(x) for x in papers.positions]
    assert (min(lengths), max(lengths)) == (13, 76)
    empty = [(x == 0).all(axis=(1, 2)).sum() for x in papers.positions]
    assert np.count_nonzero(empty) == 13 and max(empty) == 33
    everyone = np.concatenate([x[x.any(axis=(1, 2))] for x in papers.positions])
    assert everyone.dtype == np.float32 and everyone.shape[1:] == (20, 3)
    assert 1.5 < np.median(everyone[..., 2]) < 4, "m from the camera"


def test_the_sequences_that_hold_little_of_a_body(recorded):
    names, _ = used(recorded)
    nothing = recorded.positions[names.index("a13_s09_e02")]
    assert nothing.shape == (38, 20, 3) and not nothing.any()
    long = recorded.positions[names.index("a13_s09_e03")]
    assert len(long) == 936 and (~long.any(axis=(1, 2))).sum() == 740


def test_bones_and_names_fit_the_recordings(recorded):
    at = recorded.joint_names.index
    x = recorded.positions[0]
    assert x[:, at("head"), 1].mean() > x[:, at("neck"), 1].mean()
    assert x[:, at("left foot"), 1].mean() < x[:, at("pelvis"), 1].mean() - 0.5
    # the limbs' own bones stay as long as they are
    for inner, outer in recorded.bones:
        length = np.linalg.norm(x[:, inner] - x[:, outer], axis=-1)
        assert length.std() < 0.13 * length.mean(), recorded.joint_names[outer]
    # who waves an arm or kicks with a leg was told to take the right one
    for action, limb in [("high arm wave", "hand"), ("forward kick", "foot")]:
        some = recorded.select(recorded.action == recorded.action_names.index(action))
        paths = [np.abs(np.diff(x, axis=0)).sum(axis=(0, 2)) for x in some.positions]
        moved = np.median(paths, axis=0)
        assert moved[at(f"right {limb}")] > 1.5 * moved[at(f"left {limb}")]


def test_one_subject_out(recorded):
    parts = recorded.leave_one_subject_out(7)
    assert parts["test"].subjects == [7] and 7 not in parts["train"].subjects
    assert len(parts["train"]) + len(parts["test"]) == 567
    with pytest.raises(DataError, match=r"no subject 11; there are \[1, 2, 3"):
        recorded.leave_one_subject_out(11)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds 0 numbers; expected 4 for each of 20 joints"),
        (b"0.1 0.2 2.5 1\n" * 39, "holds 156 numbers.*it is cut"),
        (b"0.1 0.2 two 1\n" * 20, "expected numbers"),
        (b"0.1 0.2 nan 1\n" * 20, "NaN or infinity"),
        (b"\xff\xfe\x00" * 40, "expected numbers"),
    ],
)
def test_a_damaged_text_is_named(content, told):
    with pytest.raises(DataError, match=f"a01_s01_e01: .*{told}"):
        skeletons.read_skeleton("a01_s01_e01", content)


def test_positions_are_read_line_by_line():
    lines = "".join(f"{n} {n}.5 -{n} 1.0\n" for n in range(40))
    x = skeletons.read_skeleton("toy", lines.encode())
    np.testing.assert_array_equal(x[1, 3], [23, 23.5, -23])


def test_without_the_archive_the_way_round_is_named(home):
    with pytest.raises(DataError) as caught:
        datasets.load_skeletons(download=False)
    assert "mmlearn data fetch msr-action3d" in str(caught.value)
    assert "Without a network: simulate_skeletons()" in str(caught.value)


def test_a_zip_without_one_member_is_not_used(home):
    (home / "msr-action3d").mkdir(parents=True)
    name = next(iter(archive.manifest("msr-action3d.txt")))
    path = home / "msr-action3d" / "covMSRAction3D.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"top/data/{name}", b"0 0 0 1\n" * 20)
    with pytest.raises(DataError, match=f"566 more|{name}: altered|0 of 567"):
        datasets.load_skeletons(download=False)
