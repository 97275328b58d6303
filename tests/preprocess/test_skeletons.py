"""Skeletons: gaps, origin, size and length, against NumPy's own interpolation."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.preprocess import skeletons

BONES = [(0, 1), (1, 2)]


def walk(frames, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(2, 1, (frames, 3, 2)).astype(np.float32)


@given(st.lists(st.booleans(), min_size=1, max_size=12).filter(any), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_gaps_are_filled_as_numpy_interpolates(seen, seed):
    whole = walk(len(seen), seed)
    x = whole * np.array(seen)[:, None, None]
    filled, found = skeletons.fill(x)
    assert found.tolist() == seen and filled.dtype == np.float32
    np.testing.assert_array_equal(skeletons.tracked(x), seen)
    times = np.flatnonzero(seen)
    for joint in range(3):
        line = np.interp(np.arange(len(seen)), times, whole[times, joint, 1])
        np.testing.assert_allclose(filled[:, joint, 1], line, rtol=1e-5)


@given(st.integers(1, 9), st.integers(1, 15))
@settings(max_examples=20, deadline=None)
def test_resampling_is_numpys(frames, length):
    x = walk(frames)
    found = skeletons.resample(x, length)
    assert found.shape == (length, 3, 2) and found.dtype == np.float32
    place = np.linspace(0, frames - 1, length)
    line = np.interp(place, np.arange(frames), x[:, 1, 0])
    np.testing.assert_allclose(found[:, 1, 0], line, rtol=1e-5)
    np.testing.assert_array_equal(skeletons.resample(x, frames), x)


def test_place_and_size_are_taken_out_and_the_way_stays():
    x = walk(6)
    moved = 3 * x + 5
    for each_frame in (True, False):
        one, other = (
            skeletons.scale(skeletons.centre(a, 1, each_frame=each_frame), BONES)
            for a in (x, moved)
        )
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
        assert not one[0, 1].any() and one[1:, 1].any() != each_frame
    lengths = [np.linalg.norm(one[:, a] - one[:, b], axis=-1) for a, b in BONES]
    assert np.mean(lengths) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("resampled", [True, False])
def test_a_batch_of_one_length_with_a_mask(resampled):
    sequences = [walk(4, 1), walk(9, 2), walk(6, 3)]
    sequences[0][1:3] = 0
    x, mask = skeletons.batch(
        sequences, bones=BONES, length=8, resampled=resampled, joint=0
    )
    assert x.shape == (3, 8, 3, 2) and x.dtype == np.float32
    assert not x[:, 0, 0].any(), "the first frame's joint 0 is the origin"
    if resampled:
        assert (
            mask[1:].all() and mask[0].tolist() == [True] * 2 + [False] * 4 + [True] * 2
        )
        assert x[0, 3].any(), "filled all the same"
    else:
        assert mask[0].tolist() == [True, False, False, True] + [False] * 4
        assert mask.sum(axis=1).tolist() == [2, 8, 6] and not x[2, 6:].any()
    assert skeletons.batch(sequences, bones=BONES, joint=0)[0].shape[1] == 9


def test_what_cannot_be_mended_is_named():
    with pytest.raises(ValueError, match="batch: sequence 1: fill: all 5 frames are z"):
        skeletons.batch([walk(3), np.zeros((5, 3, 2))], bones=BONES, joint=0)
    with pytest.raises(ValueError, match="batch: no sequences"):
        skeletons.batch([], bones=BONES)
    other = np.arange(24.0).reshape(3, 4, 2)
    with pytest.raises(ValueError, match=r"bodies are \[\(3, 2\), \(4, 2\)\]; expec"):
        skeletons.batch([walk(3), other], bones=BONES, joint=0)
    with pytest.raises(ValueError, match="batch: length is 0"):
        skeletons.batch([walk(3)], bones=BONES, joint=0, length=0, resampled=False)
    broken = walk(4)
    broken[2, 1, 0] = np.nan
    with pytest.raises(ValueError, match="fill: x is NaN or infinite in 1 of 24"):
        skeletons.fill(broken)
    with pytest.raises(ValueError, match=r"tracked: x is \(4, 6\) float64; expected"):
        skeletons.tracked(np.ones((4, 6)))
    with pytest.raises(ValueError, match="is empty"):
        skeletons.fill(np.zeros((0, 3, 2)))
    with pytest.raises(ValueError, match="joint is 6; expected 0 to 2"):
        skeletons.centre(walk(2))
    with pytest.raises(ValueError, match="joints 0 to 7; expected 0 to 2"):
        skeletons.scale(walk(2), [(0, 7)])
    with pytest.raises(ValueError, match="fill zero frames before"):
        skeletons.scale(np.zeros((2, 3, 2)), BONES)
    with pytest.raises(ValueError, match="bones is .3,.; expected"):
        skeletons.scale(walk(2), [0, 1, 2])
    with pytest.raises(ValueError, match="length is 0"):
        skeletons.resample(walk(2), 0)


@given(st.integers(1, 12), st.integers(0, 999))
@settings(max_examples=20, deadline=None)
def test_edges_lead_inward_and_outward_as_networkx_counts_distances(joints, seed):
    rng = np.random.default_rng(seed)
    tree = nx.random_labeled_tree(joints, seed=seed)
    bones = [tuple(rng.permutation(bone).tolist()) for bone in tree.edges]
    bones = bones or np.zeros((0, 2), int)
    centre = int(rng.integers(joints))
    (source, target), kind = skeletons.skeleton_edges(
        bones, centre if joints > 1 else 0
    )
    far = nx.single_source_shortest_path_length(tree, centre)
    step = np.array([far[t] - far[s] for s, t in zip(source, target, strict=True)])
    np.testing.assert_array_equal(step, np.array([0, 1, -1])[kind])
    assert len(kind) == joints + 2 * (joints - 1)
    both = {(s, t) for s, t in zip(source.tolist(), target.tolist(), strict=True)}
    assert both == {(j, j) for j in range(joints)} | {
        pair for a, b in tree.edges for pair in ((a, b), (b, a))
    }


@pytest.mark.parametrize(
    ("bones", "message"),
    [
        ([(0, 1), (2, 3)], "2 bones reach 2 joints from joint 0; expected 3 bones"),
        ([(0, 1), (1, 2), (2, 0)], "3 bones reach 3 joints .* expected 2 bones"),
        ([(0, 1, 2)], "bones is"),
    ],
)
def test_bones_that_are_no_tree_are_refused(bones, message):
    with pytest.raises(ValueError, match=message):
        skeletons.skeleton_edges(bones, centre=0)
