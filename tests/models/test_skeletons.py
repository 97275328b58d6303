"""Networks of moving bodies: sizes by hand, the body's order, what each one knows."""

import keras
import numpy as np
import pytest

from mmlearn import models

EDGES = np.array([[0, 1, 2, 3, 0, 1, 1, 1, 2, 3], [0, 1, 2, 3, 1, 2, 3, 0, 1, 1]])
TYPES = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])  # 0 – 1, and 1 – 2, 1 – 3
SIZES = {"frames": 8, "joints": 4, "features": 3, "classes": 5}
BODY = SIZES | {"edge_index": EDGES, "edge_type": TYPES}
X = np.random.default_rng(0).normal(size=(3, 8, 4, 3)).astype("float32")


def values(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.fixture(scope="module")
def network():
    return models.skeleton_network(**BODY, units=(4, 6), seed=1)


def test_parameters_counted_by_hand(network):
    first = 3 * 9 * 4 + 5 * 4 * 4 + 9 * 4  # over the body, over time, the shortcut
    second = 3 * 4 * 6 + 5 * 6 * 6 + 4 * 6
    norms = 4 * 9 + 2 * 4 * 4 + 2 * 4 * 6
    assert network.count_params() == first + second + norms + 6 * 5 + 5
    assert network.get_layer("block1").output.shape == (None, 8, 4, 4)
    assert network.get_layer("block2").output.shape == (None, 4, 4, 6)  # half the time
    flat = models.flat_rnn(**BODY, units=7, seed=1)
    assert flat.count_params() == 3 * 7 * (36 + 7 + 2) + 7 * 5 + 5 + 4 * 9


def test_it_is_shown_places_bones_and_velocities(network):
    shown = keras.Model(network.input, network.get_layer("motion").output)
    place, bone, velocity = np.split(values(shown(X)), 3, axis=-1)
    mean = X.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(place, X - mean, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(bone, X - X[:, :, [0, 0, 1, 1]], rtol=1e-6)
    assert not velocity[:, 0].any()
    np.testing.assert_allclose(velocity[:, 1:], np.diff(X, axis=1), rtol=1e-5)


def test_joints_may_be_numbered_otherwise(network):
    """Renumber joints in body and data: the same answer. Of the flat one: another."""
    order = np.array([2, 0, 3, 1])
    moved = BODY | {"edge_index": np.argsort(order)[EDGES]}
    other = models.skeleton_network(**moved, units=(4, 6), seed=1)
    np.testing.assert_allclose(
        values(other(X[:, :, order])), values(network(X)), rtol=1e-4, atol=1e-5
    )
    one = models.flat_rnn(**BODY, units=7, seed=1)
    two = models.flat_rnn(**moved, units=7, seed=1)
    assert np.abs(values(two(X[:, :, order])) - values(one(X))).max() > 1e-3


@pytest.mark.parametrize("kind", ["skeleton_network", "flat_rnn"])
def test_the_seed_decides_weights_and_jitter(kind):
    units = {"skeleton_network": (4,), "flat_rnn": 4}[kind]
    how = {"dropout": 0.2, "jitter": {"turn": 20, "zoom": 0.1, "crop": 0.2}}
    build = getattr(models, kind)
    first, again, other = (build(**BODY, units=units, seed=s, **how) for s in (3, 3, 4))
    np.testing.assert_array_equal(values(first(X)), values(again(X)))
    assert np.abs(values(first(X)) - values(other(X))).max() > 1e-3
    jittered = values(first(X, training=True))
    np.testing.assert_array_equal(jittered, values(again(X, training=True)))
    assert np.abs(jittered - values(first(X, training=True))).max() > 1e-4


def test_flat_units_are_the_nearest():
    for units in (1, 13, 60):
        found = models.flat_rnn(**BODY, units=units, seed=0).count_params()
        for near in (found - 20, found, found + 20):
            assert models.flat_units(4, 3, 5, near) == units
    with pytest.raises(ValueError, match="cell is 'elman'; expected gru, lstm"):
        models.flat_rnn(**BODY, units=4, cell="elman", seed=0)


def test_what_is_read_and_how_time_is_halved():
    each = models.skeleton_network(
        **BODY, units=(4, 6), strides=(2, 2), read="joints", dropout=0.1, seed=1
    )
    assert each.get_layer("block2").output.shape == (None, 2, 4, 6)
    assert each.get_layer("pooled").output.shape == (None, 4 * 6)
    for wrong, told in (
        ({"read": "max"}, "read is 'max'; expected 'mean' or 'joints'"),
        ({"strides": (1,)}, r"strides are \(1,\); expected one for each of"),
    ):
        with pytest.raises(ValueError, match=told):
            models.skeleton_network(**BODY, units=(4, 6), seed=1, **wrong)
