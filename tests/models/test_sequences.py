"""Classifiers of sequences: their sizes by hand, what they read, what they refuse."""

import numpy as np
import pytest
from keras import ops

from mmlearn import models

X = np.random.default_rng(0).normal(size=(2, 8, 1)).astype("float32")


def values(tensor):
    return ops.convert_to_numpy(tensor)


def test_parameters_counted_by_hand():
    rnn = models.recurrent_classifier((40, 1), 10, 12, seed=0)
    assert rnn.count_params() == 12 + 12 * 12 + 12 + 40 * 12 * 10 + 10
    gru = models.recurrent_classifier(
        (40, 1), 10, 6, cell="gru", bidirectional=True, seed=0
    )
    one = 3 * 6 * (1 + 6) + 2 * 3 * 6  # of the published network, in one direction
    assert gru.count_params() == 2 * one + 40 * 12 * 10 + 10 == 5134
    cnn = models.conv1d_classifier((40, 1), 10, seed=0)
    taps = 5 * 25 + 2 * 3 * 25 * 25 + 3 * 25
    assert cnn.count_params() == taps + 5 * 25 * 10 + 10 == 5210


def test_the_last_state_alone_or_all_in_a_row():
    last = models.recurrent_classifier((8, 1), 3, 4, read="last", seed=1)
    every = models.recurrent_classifier((8, 1), 3, 4, seed=1)
    assert every.get_layer("states").output.shape == (None, 32)
    layers = [m.get_layer("recurrent") for m in (last, every)]
    np.testing.assert_allclose(
        values(layers[0](X)), values(layers[1](X))[:, -1], atol=1e-6
    )


def test_the_seed_decides_the_weights():
    for build in (
        lambda seed: models.recurrent_classifier((8, 1), 3, 4, seed=seed),
        lambda seed: models.conv1d_classifier((8, 1), 3, 4, seed=seed),
    ):
        first, again, other = (build(s)(X) for s in (3, 3, 4))
        np.testing.assert_array_equal(values(first), values(again))
        assert np.abs(values(first) - values(other)).max() > 1e-3


@pytest.mark.parametrize(
    ("shape", "changes", "told"),
    [
        ((40,), {}, "expected \\(T, F\\)"),
        ((40, 1), {"cell": "elman"}, "cell is 'elman'; expected simple_rnn, gru"),
        ((40, 1), {"read": "first"}, "read is 'first'; expected 'all' or 'last'"),
    ],
)
def test_what_cannot_be_is_told(shape, changes, told):
    with pytest.raises(ValueError, match=told):
        models.recurrent_classifier(shape, 10, 4, seed=0, **changes)
