"""The axis alphabet: sizes are found, a wrong shape is named in the user's terms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmlearn.axes import AXES, ShapeError, expect_array, expect_shape

LETTERS = st.lists(st.sampled_from(sorted(AXES)), min_size=1, max_size=5, unique=True)


@given(LETTERS, st.data())
def test_finds_the_size_of_every_letter(letters, data):
    shape = tuple(data.draw(st.integers(0, 4)) for _ in letters)
    sizes = expect_shape("op", "x", np.zeros(shape), " ".join(letters))
    assert sizes == dict(zip(letters, shape, strict=True))


@given(LETTERS, st.integers(1, 3))
def test_refuses_another_number_of_axes(letters, more):
    array = np.zeros((1,) * (len(letters) + more))
    with pytest.raises(ShapeError, match=r"op: x is \(1.*expected \("):
        expect_shape("op", "x", array, " ".join(letters))


def test_a_letter_met_twice_must_agree():
    assert expect_shape("op", "x", np.zeros((3, 3)), "N N") == {"N": 3}
    with pytest.raises(ShapeError):
        expect_shape("op", "x", np.zeros((3, 4)), "N N")


def test_sizes_known_before_bind_and_are_named():
    with pytest.raises(ShapeError, match=r"expected \(F, U\) with F = 5"):
        expect_shape("dense", "kernel", np.zeros((4, 2)), "F U", sizes={"F": 5})


def test_numbers_wildcards_and_leading_axes():
    assert expect_shape("op", "x", np.zeros((2, 9)), "2 E") == {"E": 9}
    assert expect_shape("op", "x", np.zeros((7, 9)), "* E") == {"E": 9}
    assert expect_shape("op", "x", np.zeros((7, 8, 9)), "... F") == {"F": 9}
    with pytest.raises(ShapeError, match=r"x is \(3, 40\); expected \(2, E\): edges"):
        expect_shape("gcn_conv", "x", np.zeros((3, 40)), "2 E")
    with pytest.raises(ShapeError):
        expect_shape("op", "x", np.zeros(()), "... F")


def test_what_is_no_array_is_named():
    with pytest.raises(ShapeError, match=r"op: x is a list; expected \(B, F\)"):
        expect_shape("op", "x", [[1, 2]], "B F")


def test_a_hint_replaces_the_axes_names():
    with pytest.raises(ShapeError, match="row 0 source nodes, row 1 target nodes"):
        hint = "row 0 source nodes, row 1 target nodes"
        expect_shape("op", "x", np.zeros((3, 4)), "2 E", hint=hint)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "op: x is a NoneType; expected numbers"),
        ("five", "op: x is a str; expected numbers"),
        (["a", "b"], "op: x is of <U1; expected numbers"),
        (np.array([1, None]), "op: x is of object; expected numbers"),
        (np.zeros(2, complex), "op: x is of complex128; expected numbers"),
        ([[1, 2], [3]], "op: x is a list of parts that differ in shape; .* one size"),
    ],
)
def test_what_is_no_array_of_numbers_is_named(value, told):
    with pytest.raises(ValueError, match=told):
        expect_array("op", "x", value)


@pytest.mark.parametrize("value", [3, [1.5, 2], [[True]], np.zeros((0, 2), "f4")])
def test_numbers_become_an_array_unchanged(value):
    array = expect_array("op", "x", value)
    assert isinstance(array, np.ndarray)
    np.testing.assert_array_equal(array, value)
