"""When two answers are the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.exercises.compare import differences


def kinds(expected, yours, tolerance=1e-4, parts=()):
    found = differences(expected, yours, tolerance=tolerance, parts=parts)
    return [(difference.part, difference.kind) for difference in found]


@pytest.mark.parametrize(
    ("expected", "yours"),
    [
        (np.ones(3), np.ones(3, np.float32)),
        (np.ones(3), [1, 1, 1]),
        (np.ones((1, 1)), [[True]]),
        (np.array(2.0), 2),
        (26, 26.0),
        (3.0, 3 + 0j),
        ((1, 2.0), [1, 2]),
        ({"a": np.ones(2)}, {"a": [1, 1]}),
        (np.array([-np.inf, 1.0]), np.array([-np.inf, 1.0])),
        ("yes", "yes "),
        (None, None),
    ],
)
def test_same(expected, yours):
    assert kinds(expected, yours) == []


@pytest.mark.parametrize(
    ("expected", "yours", "kind"),
    [
        (np.ones(3), np.ones((3, 1)), "shape"),
        (np.ones(3), None, "junk"),
        (np.ones(3), "text", "dtype"),
        ("text", 3, "dtype"),
        (np.ones(3), [1, np.nan, 1], "nan"),
        (np.ones(3), [1, np.inf, 1], "value"),
        (584_064, 584_065, "value"),  # a whole number is met exactly
        (584_064, 584_064.4, "value"),
        (np.array([1e-9, 2e-9]), np.zeros(2), "value"),  # small, but not nothing
        ((1, 2), (1, 2, 3), "structure"),
        ((1, 2), 1, "structure"),
        ({"a": 1}, {"b": 1}, "structure"),
        ({"a": 1}, [1], "structure"),
        (None, 3, "junk"),
    ],
)
def test_not_same(expected, yours, kind):
    assert [k for _, k in kinds(expected, yours)] == [kind]


def test_parts_are_named():
    expected = (np.ones(2), np.ones(3), np.ones(4))
    yours = (np.ones(2), np.zeros(3), np.ones(5))
    parts = ("y", "dx", "dkernel")
    assert kinds(expected, yours, parts=parts) == [
        ("dx", "value"),
        ("dkernel", "shape"),
    ]
    assert kinds({"a": 1, "b": 2}, {"a": 1, "b": 3}) == [("b", "value")]


def test_first_place():
    yours = np.zeros((2, 3))
    yours[1, 2] = 5
    (found,) = differences(np.zeros((2, 3)), yours, tolerance=1e-4)
    assert found.index == (1, 2)


@settings(max_examples=25)
@given(st.floats(1e-6, 1e6), st.integers(0, 1000))
def test_tolerance_is_a_share_of_the_largest_number(scale, seed):
    right = scale * np.random.default_rng(seed).normal(size=(4, 5))
    largest = np.abs(right).max()
    assert kinds(right, right + 0.9e-4 * largest) == []
    assert kinds(right, right + 2.1e-4 * largest) == [("", "value")]
