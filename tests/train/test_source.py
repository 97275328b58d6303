"""Sources: their order follows from (seed, epoch), and bad data is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import train
from mmlearn.train.source import as_source, identity


@settings(max_examples=25, deadline=None)
@given(
    samples=st.integers(1, 60),
    batch_size=st.integers(1, 20),
    seed=st.integers(0, 2**31),
    epoch=st.integers(0, 1000),
    data=st.data(),
)
def test_order_is_a_permutation_that_follows_from_seed_and_epoch(
    samples, batch_size, seed, epoch, data
):
    source = train.ArraySource(
        np.arange(samples), np.arange(samples), batch_size=batch_size, seed=seed
    )
    batches = list(source.batches(epoch, 0))
    seen = np.concatenate([x for x, _ in batches])
    assert sorted(seen) == list(range(samples))
    assert (seen == source.order(epoch)).all()
    assert len(batches) == source.steps_per_epoch
    assert all(len(x) == batch_size for x, _ in batches[:-1])
    start = data.draw(st.integers(0, len(batches) - 1))
    again = train.ArraySource(
        np.arange(samples), np.arange(samples), batch_size=batch_size, seed=seed
    )
    rest = [x for x, _ in again.batches(epoch, start)]
    assert all((a == b).all() for a, (b, _) in zip(rest, batches[start:], strict=True))


def test_epochs_and_seeds_have_different_orders():
    orders = [
        tuple(train.ArraySource(np.arange(50), seed=seed).order(epoch))
        for seed in range(3)
        for epoch in range(4)
    ]
    assert len(set(orders)) == 12


def test_rows_stay_together():
    x = {"a": np.arange(10), "b": np.arange(10.0).reshape(10, 1) * 2}
    source = train.ArraySource(x, np.arange(10), np.arange(10) * 3.0, batch_size=4)
    for parts, y, weights in source.batches(5, 1):
        assert (parts["a"] == y).all()
        assert (parts["b"][:, 0] == 2 * y).all()
        assert (weights == 3 * y).all()


def test_without_shuffling_rows_keep_their_order():
    source = train.ArraySource(np.arange(5), batch_size=2, shuffle=False)
    assert [x.tolist() for x, _ in source.batches(3, 0)] == [[0, 1], [2, 3], [4]]


def test_identity_tells_runs_apart():
    x = np.arange(10)
    first = identity(train.ArraySource(x, seed=0))
    assert first == identity(train.ArraySource(x.copy(), seed=0))
    others = [
        train.ArraySource(x, seed=1),
        train.ArraySource(x, batch_size=4),
        train.ArraySource(x[:9]),
        train.ArraySource(x, shuffle=False),
    ]
    assert all(identity(other) != first for other in others)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((np.zeros((0, 3)), np.zeros(0)), "x is empty"),
        ((np.zeros((4, 3)), np.zeros(3)), "x has 4, y has 3 rows"),
        (({"a": np.zeros(4), "b": np.zeros(5)}, np.zeros(4)), r"x\['b'\] has 5"),
        ((np.zeros((4, 3)), np.zeros(4), np.zeros(2)), "sample_weight has 2"),
        ((np.float32(3), np.zeros(3)), "x is a single number"),
    ],
)
def test_arrays_that_do_not_fit_are_named(arguments, told):
    with pytest.raises(ValueError, match=told):
        train.ArraySource(*arguments)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"batch_size": 0}, "batch_size is 0; expected at least 1"),
        ({"batch_size": 2.5}, "batch_size is 2.5; expected an int"),
        ({"batch_size": True}, "batch_size is True"),
        ({"seed": -1}, "seed is -1; expected at least 0"),
        ({"seed": None}, "seed is None"),
    ],
)
def test_settings_that_do_not_fit_are_named(settings, told):
    with pytest.raises(ValueError, match=told):
        train.ArraySource(np.zeros(3), **settings)


class Own:
    steps_per_epoch = 2

    def batches(self, epoch, start):
        yield from [(np.zeros((2, 1)), np.zeros(2))] * (2 - start)


def test_as_source_takes_sources_and_tuples():
    own = Own()
    assert as_source(own, batch_size=4, seed=0) is own
    made = as_source((np.zeros(3), np.zeros(3)), batch_size=2, seed=5)
    assert (made.batch_size, made.seed, made.samples) == (2, 5, 3)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (np.zeros(3), "data is a ndarray; expected a tuple"),
        ([np.zeros(3), np.zeros(3)], "data is a list of 2"),
        ((np.zeros(3),), "data is a tuple of 1"),
        (None, "data is a NoneType"),
    ],
)
def test_as_source_says_what_it_takes(data, told):
    with pytest.raises(ValueError, match=told):
        as_source(data, batch_size=2, seed=0)


def test_a_source_without_a_length_is_refused():
    own = Own()
    own.steps_per_epoch = None
    with pytest.raises(ValueError, match="steps_per_epoch is None"):
        as_source(own, batch_size=2, seed=0)


def test_endless_and_empty_datasets_are_refused():
    tf = pytest.importorskip("tensorflow")
    data = tf.data.Dataset.from_tensor_slices(np.zeros((4, 2), "float32")).batch(2)
    with pytest.raises(ValueError, match=r"endless .* data.take\(steps\)"):
        as_source(data.repeat(), batch_size=2, seed=0)
    with pytest.raises(ValueError, match="is empty"):
        as_source(data.take(0), batch_size=2, seed=0)
