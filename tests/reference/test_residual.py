import keras
import numpy as np
import pytest

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import residual


def test_is_keras_add(draw):
    assert proof.agree(residual, keras.ops.add, draw(0, 2, 3), draw(1, 2, 3))


def test_gradients_are_two_arrays(draw):
    _, pullback = residual(draw(0, 2, 3), draw(1, 2, 3))
    dx, dbranch = pullback(draw(2, 2, 3))
    dx += 1
    np.testing.assert_array_equal(dbranch, draw(2, 2, 3))


def test_nothing_broadcasts():
    with pytest.raises(ShapeError, match=r"branch is \(3,\); expected \(2, 3\)"):
        residual(np.ones((2, 3)), np.ones(3))
