"""Arguments of the proofs: nested, copied to float64 wherever they lie."""

import numpy as np
import pytest

from mmlearn import proof, reference
from mmlearn.proof.tree import as_float64


class OnGPU:
    """As PyTorch's tensors on a GPU: NumPy gets them by way of the host only."""

    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        raise TypeError("can't convert cuda:0 device type tensor to numpy")

    def detach(self):
        return self

    def cpu(self):
        return self.array


def test_tensors_on_a_gpu_come_to_the_host():
    x = np.linspace(-1, 1, 6, dtype="float32").reshape(2, 3)
    tree = as_float64("agree", {"a": OnGPU(x), "b": (x, None)}, "x")
    assert tree["a"].dtype == tree["b"][0].dtype == np.float64
    np.testing.assert_array_equal(tree["a"], x)
    assert tree["b"][1] is None
    assert proof.gradients(reference.tanh, OnGPU(x))


def test_copies_leave_the_callers_array_alone():
    x = np.ones(3)
    as_float64("agree", x, "x")[0] = 7
    assert x[0] == 1


def test_integers_are_structure():
    with pytest.raises(TypeError, match="x has dtype int64; expected floating point"):
        as_float64("agree", np.arange(3), "x")
