"""Splits: nothing in two parts, nothing lost, proportions kept, order fixed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.datasets import few_labels_split, group_split, stratified_split
from mmlearn.datasets.splits import round_table


@st.composite
def labels_and_sizes(draw, groups=False):
    y = np.array(draw(st.lists(st.integers(0, 6), max_size=80)), np.int64)
    total = len(np.unique(y)) if groups else len(y)
    cuts = draw(st.lists(st.integers(0, total), max_size=4))
    sizes = np.diff([0, *sorted(cuts), total])
    return y, sizes, draw(st.integers(0, 2**32))


def assert_partition(parts, total):
    joined = np.concatenate(parts)
    assert joined.dtype == np.int64
    np.testing.assert_array_equal(np.sort(joined), np.arange(total))
    assert all((np.diff(part) > 0).all() for part in parts)


@settings(max_examples=100, deadline=None)
@given(labels_and_sizes())
def test_stratified(case):
    y, sizes, seed = case
    parts = stratified_split(y, sizes, seed)
    assert_partition(parts, len(y))
    assert [len(part) for part in parts] == sizes.tolist()
    for k in np.unique(y):
        for part, size in zip(parts, sizes, strict=True):
            exact = (y == k).sum() * size / len(y)
            assert abs((y[part] == k).sum() - exact) < 1
    again = stratified_split(y, sizes, seed)
    assert all(np.array_equal(a, b) for a, b in zip(parts, again, strict=True))


@settings(max_examples=50, deadline=None)
@given(labels_and_sizes(groups=True))
def test_groups(case):
    groups, sizes, seed = case
    parts = group_split(groups, sizes, seed)
    assert_partition(parts, len(groups))
    members = [set(groups[part].tolist()) for part in parts]
    assert [len(m) for m in members] == sizes.tolist()
    assert len(set().union(*members)) == sum(len(m) for m in members)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=12),
    st.lists(st.integers(1, 1000), min_size=1, max_size=8),
)
def test_rounding_keeps_all_sums(rows, columns):
    total = sum(columns)
    rows = np.array([*rows, -sum(rows) % total])  # then total divides every sum
    table = np.outer(rows, columns)
    rounded = round_table(table, total)
    assert (np.abs(rounded * total - table) < total).all()
    np.testing.assert_array_equal(rounded.sum(axis=1), rows)
    np.testing.assert_array_equal(rounded.sum(axis=0) * total, table.sum(axis=0))


def test_the_seed_chooses_the_members():
    y = np.arange(100) % 5
    first, other = (stratified_split(y, [50, 50], seed)[0] for seed in (0, 1))
    assert not np.array_equal(first, other)
    chosen = [stratified_split(y, [50, 50], seed)[0] for seed in range(200)]
    often = np.bincount(np.concatenate(chosen), minlength=100)
    assert often.min() > 60 and often.max() < 140  # each sample half of the time


def test_the_order_is_fixed_for_good():
    parts = stratified_split(np.repeat([0, 1], 5), [6, 4], seed=0)
    assert [part.tolist() for part in parts] == [[1, 2, 3, 6, 7, 8], [0, 4, 5, 9]]
    assert group_split(list("abcab"), [1, 2], seed=0)[0].tolist() == [2]


def test_labels_may_be_names():
    train, test = stratified_split(["cat", "dog"] * 4, [6, 2])
    assert len(train) == 6 and len(test) == 2


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([5, 4], "sizes sum to 9; there are 10 samples"),
        ([11, -1], "none negative"),
        ([0.5, 0.5], "expected whole numbers"),
        ([[5, 5]], "expected whole numbers"),
    ],
)
def test_bad_sizes(sizes, message):
    with pytest.raises(ValueError, match=message):
        stratified_split(np.zeros(10), sizes)
    with pytest.raises(ValueError, match=message.replace("samples", "groups")):
        group_split(np.arange(10), sizes)


def test_bad_labels():
    with pytest.raises(ValueError, match=r"y is \(10, 2\); expected \(N,\)"):
        stratified_split(np.zeros((10, 2)), [10])
    with pytest.raises(ValueError, match=r"groups is \(10, 2\); expected \(N,\)"):
        group_split(np.zeros((10, 2)), [1])


def test_few_labels_of_each_class_and_the_rest_apart():
    y = np.repeat([3, 5, 9], [30, 12, 18])
    masks = few_labels_split(y, 4, 10, 20, seed=1)
    assert masks.sum(axis=1).tolist() == [12, 10, 20]
    assert masks.sum(axis=0).max() == 1
    assert np.unique(y[masks[0]], return_counts=True)[1].tolist() == [4, 4, 4]
    np.testing.assert_array_equal(masks, few_labels_split(y, 4, 10, 20, seed=1))
    assert (masks != few_labels_split(y, 4, 10, 20, seed=2)).any()
    assert few_labels_split(y, 4, 10).sum() == 60
    with pytest.raises(ValueError, match="labels is 13; expected 1 to 12"):
        few_labels_split(y, 13, 0)
    with pytest.raises(ValueError, match="40 to validate and 20 to test; there are 48"):
        few_labels_split(y, 4, 40, 20)
