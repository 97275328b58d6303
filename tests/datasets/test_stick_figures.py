"""Stick figures: bodies with bones, labels in the movement and nowhere else."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mmlearn import datasets
from mmlearn.datasets import DataError, skeletons, stick_figures


@pytest.fixture(scope="module")
def bodies():
    return datasets.simulate_skeletons()


def features(part, ordered):
    """Positions against the pelvis: eight moments in order, or mean and s.d. only."""
    rows = []
    for x in part.positions:
        x = x - x[:, 6:7]
        moments = x[np.linspace(0, len(x) - 1, 8).round().astype(int)]
        rows.append(moments if ordered else np.stack([x.mean(axis=0), x.std(axis=0)]))
    return np.array(rows).reshape(len(rows), -1)


def test_sizes_order_and_seed(bodies):
    assert len(bodies) == 240 and bodies.subjects == list(range(1, 11))
    assert np.bincount(bodies.action).tolist() == [40] * 6
    lengths = [len(x) for x in bodies.positions]
    assert 24 <= min(lengths) < 30 and 42 < max(lengths) <= 48
    assert all(x.shape[1:] == (20, 3) and x.dtype == "f4" for x in bodies.positions)
    again, other = (datasets.simulate_skeletons(takes=1, seed=s) for s in (0, 1))
    np.testing.assert_array_equal(again.positions[0], bodies.positions[0])
    assert (
        len(other.positions[0]) != len(again.positions[0])
        or (other.positions[0] != again.positions[0]).any()
    )
    parts = bodies.splits()
    assert [p.subjects for p in parts.values()] == [[1, 3, 5, 7, 9], [2, 4, 6, 8, 10]]


def test_bones_keep_their_length_and_joints_their_places():
    still = datasets.simulate_skeletons(noise=0, takes=1)
    for x in still.positions:
        for inner, outer in still.bones:
            length = np.linalg.norm(x[:, inner] - x[:, outer], axis=-1)
            assert np.ptp(length) < 1e-5 and 0.05 < length[0] < 0.6
        at = {name: x[:, j] for j, name in enumerate(still.joint_names)}
        assert (at["head"][:, 1] > at["pelvis"][:, 1] + 0.4).all()
        assert np.ptp(at["left ankle"], axis=0).max() < 1e-5, "feet stay"
        assert (at["right hip"][:, 0] > at["left hip"][:, 0]).all()


def test_actions_are_what_they_are_called():
    still = datasets.simulate_skeletons(noise=0, view=0, takes=1)
    hand, pelvis = (still.joint_names.index(n) for n in ("right hand", "pelvis"))
    for x, action in zip(still.positions, still.action, strict=True):
        risen = x[-1, hand, 1] - x[0, hand, 1]
        sunk = x[0, pelvis, 1] - x[-1, pelvis, 1]
        name = still.action_names[action]
        assert risen > 0.9 or name != "raise arm"
        assert risen < -0.9 or name != "lower arm"
        assert (sunk > 0.1) == (name == "sit down")
        assert (sunk < -0.1) == (name == "stand up")
        if name.startswith("circle"):
            turn = np.diff(np.unwrap(np.arctan2(*(x[:, hand] - x[:, 1])[:, :2].T)))
            assert (turn.sum() > 5) == (name == "circle")


def test_poses_do_not_tell_the_action_but_their_order_does(bodies):
    parts = bodies.splits()
    scores = {}
    for ordered in (False, True):
        fitted = LogisticRegression(max_iter=200, tol=1e-2).fit(
            features(parts["train"], ordered), parts["train"].action
        )
        test = parts["test"]
        scores[ordered] = fitted.score(features(test, ordered), test.action)
    assert scores[False] < 0.6, "the pair, and then a coin"
    assert scores[True] > 0.75


def test_dials():
    quick = datasets.simulate_skeletons(takes=1, speed=2)
    assert max(len(x) for x in quick.positions) <= 24
    flat = datasets.simulate_skeletons(takes=1, dimensions=2)
    deep = datasets.simulate_skeletons(takes=1)
    np.testing.assert_array_equal(flat.positions[7], deep.positions[7][..., :2])
    still = datasets.simulate_skeletons(takes=1, amplitude=0, noise=0)
    hand = still.joint_names.index("right hand")
    assert max(np.ptp(x[:, hand], axis=0).max() for x in still.positions) < 1e-5
    noisy = datasets.simulate_skeletons(takes=1, noise=0.1)
    steps = [np.diff(b.positions[0], axis=0).std() for b in (deep, noisy)]
    assert steps[1] > 3 * steps[0]
    with pytest.raises(DataError, match="dimensions 4, .* expected 2 or 3"):
        datasets.simulate_skeletons(dimensions=4)


def test_the_body_is_a_tree_of_all_joints():
    bones = np.array(skeletons.BONES)
    assert bones.shape == (19, 2) and len(skeletons.JOINTS) == 20
    assert sorted(bones[:, 1]) == [j for j in range(20) if j != 6], "but the pelvis"
    reached = {6}
    for inner, outer in skeletons.BONES:
        assert inner in reached
        reached.add(outer)
    index = datasets.simulate_skeletons(takes=1, subjects=1).edge_index
    assert index.shape == (2, 38)
    assert {*map(tuple, index.T)} == {*map(tuple, index[::-1].T)}
    assert len(stick_figures.ACTIONS) == 6
