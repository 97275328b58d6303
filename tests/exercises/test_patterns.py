"""General patterns of wrong answers: recognized, and never by chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.exercises.compare import differences
from mmlearn.exercises.patterns import pattern

SHAPES = [(4, 4), (5, 5), (4, 4)]


def arrays(seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in SHAPES]


def said(change, seed=0):
    wrong = {}
    for k, right in enumerate(arrays(seed)):
        found = differences(right, change(right), tolerance=1e-4)
        if found:
            wrong[k] = found
    return pattern(next(iter(wrong.values())), wrong)


CHANGES = {
    "The sign is wrong": lambda r: -r,
    "is 2.5 times the expected": lambda r: 2.5 * r,
    "zero everywhere": np.zeros_like,
    "divided by a size": lambda r: r / len(r),
    "plus 3, everywhere": lambda r: r + 3,
    "plus a constant, which changes": lambda r: r + len(r),
    "is the transpose": np.transpose,
    "reverse order along axis 0": lambda r: r[::-1],
    "reverse order along axis 1": lambda r: r[:, ::-1],
    "shifted by one step along axis 0": lambda r: np.roll(r, 1, axis=0),
    "shifted by one step along axis 1": lambda r: np.roll(r, -1, axis=1),
    "whole numbers": lambda r: r.astype(int),
    "The first entry along axis 0": lambda r: np.concatenate([r[:1], r[1:] ** 2]),
    "Only the last entry": lambda r: np.concatenate([r[:-1], r[-1:] ** 2]),
    "`keepdims`": lambda r: r[:, None],
    "number of axes": lambda r: r.sum(axis=0),
    "stop one step too early": lambda r: r[:-1],
    "one step too far": lambda r: np.pad(r, ((0, 1), (0, 0))),
}


def test_swapped_axes_have_their_sizes_named():
    right = np.ones((2, 3))
    found = differences(right, right.T, tolerance=1e-4)
    assert "two axes are swapped" in pattern(found, {0: found})


@pytest.mark.parametrize("words", CHANGES)
def test_pattern_is_named(words):
    assert words in said(CHANGES[words])


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_noise_has_no_pattern(seed):
    noise = np.random.default_rng(seed + 1)
    assert said(lambda right: right + noise.normal(size=right.shape), seed) == ""


def test_one_number_is_no_pattern():
    found = differences(np.array(6.0), 7.0, tolerance=1e-4)
    assert pattern(found, {0: found}) == ""


def test_nan_and_text_have_no_pattern():
    for right, yours in [(np.ones(3), np.full(3, np.nan)), ("yes", "no")]:
        found = differences(right, yours, tolerance=1e-4)
        assert pattern(found, {0: found}) == ""
