"""Modality dropout: how often what is kept, never all, nothing that was not there."""

import numpy as np
import pytest
from keras import ops

from mmlearn.layers import ModalityDropout

MANY = 20_000


def kept(rate, there, seed=0):
    """(B, M) of bool."""
    names = "abcd"[: there.shape[1]]
    layer = ModalityDropout(rate, seed=seed)
    given = {name: ops.convert_to_tensor(there[:, i]) for i, name in enumerate(names)}
    found = layer(given, training=True)
    assert list(found) == list(names)
    return np.stack([ops.convert_to_numpy(found[n]) for n in names], axis=1)


@pytest.mark.parametrize(("rate", "count"), [(0.3, 3), (0.5, 2), (1.0, 4), (0.7, 1)])
def test_as_often_as_it_says(rate, count):
    found = kept(rate, np.ones((MANY, count), bool))
    expected = 1 - rate + rate**count / count
    np.testing.assert_allclose(found.mean(axis=0), expected, atol=0.015)
    assert found.any(axis=1).all()
    if rate == 1:
        assert (found.sum(axis=1) == 1).all()


def test_what_was_not_there_stays_away_and_the_last_one_stays():
    there = np.random.default_rng(0).random((MANY, 3)) < 0.4
    found = kept(0.9, there)
    assert not (found & ~there).any()
    np.testing.assert_array_equal(found.any(axis=1), there.any(axis=1))
    alone = there.sum(axis=1) == 1
    np.testing.assert_array_equal(found[alone], there[alone])


def test_draws_differ_and_repeat_with_the_seed():
    there = np.ones((50, 2), bool)
    np.testing.assert_array_equal(kept(0.5, there), kept(0.5, there))
    assert not np.array_equal(kept(0.5, there), kept(0.5, there, seed=1))
    layer = ModalityDropout(0.5, seed=0)
    given = {"a": ops.ones((50,), "bool"), "b": ops.ones((50,), "bool")}
    one, two = (ops.convert_to_numpy(layer(given, training=True)["a"]) for _ in "ab")
    assert not np.array_equal(one, two)
    assert layer(given)["a"] is not None
    assert ops.convert_to_numpy(layer(given)["a"]).all()
    again = ModalityDropout.from_config(layer.get_config())
    assert (again.rate, again.seed) == (0.5, 0)


@pytest.mark.parametrize("rate", [-0.1, 1.1, True])
def test_rates(rate):
    with pytest.raises(ValueError, match="expected 0 to 1"):
        ModalityDropout(rate)
