"""Winograd's way through conv2d gives the numbers of the plain sum, where it goes."""

import numpy as np
import pytest

from mmlearn import proof
from mmlearn.reference import conv2d, winograd
from mmlearn.reference.windows import slide


@pytest.fixture
def always(monkeypatch):
    """Taken however few channels there are; how often, in a list."""
    taken = []
    in_pairs = winograd.in_pairs
    monkeypatch.setattr(winograd, "MANY", 0)
    monkeypatch.setattr(winograd, "WINDOWS", 1)
    monkeypatch.setattr(
        winograd, "in_pairs", lambda *args: taken.append(1) or in_pairs(*args)
    )
    return taken


def plainly(x, kernel, bias, **structure):
    """The sum over taps, one after another, valid windows only."""
    height, width = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - 2
    y = np.zeros((len(x), height, width, kernel.shape[-1])) + bias
    for p, q in np.ndindex(kernel.shape[:2]):
        y += x[:, p : p + height, q : q + width] @ kernel[p, q]
    return y


@pytest.mark.parametrize("taps", [1, 2, 3])
@pytest.mark.parametrize("width", [3, 4, 7, 8])
def test_is_the_plain_sum(draw, always, taps, width):
    x, kernel, bias = draw(0, 2, 6, width, 3), draw(1, taps, 3, 3, 4), draw(2, 4)
    y, _ = conv2d(x, kernel, bias)
    assert always
    np.testing.assert_allclose(y, plainly(x, kernel, bias), atol=1e-13)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_value_and_gradients_agree_numerically(draw, always, padding):
    arrays = draw(0, 2, 5, 6, 3), draw(1, 3, 3, 3, 4), draw(2, 4)
    assert proof.gradients(conv2d, *arrays, padding=padding)
    assert always


def test_other_windows_go_the_plain_way(draw, always):
    x, wide = draw(0, 2, 7, 9, 4), draw(1, 3, 5, 4, 6)
    kernel = wide[:, :3]
    conv2d(x, wide)
    conv2d(x, kernel, strides=2)
    conv2d(x, kernel, strides=(2, 1))
    conv2d(x, kernel, dilation_rate=(1, 2))
    conv2d(x.astype(np.float16), kernel.astype(np.float16))
    assert not always


def test_it_is_taken_where_it_pays():
    way = slide("conv2d", (32, 32), (3, 3), (1, 1), "valid", (1, 1))
    single = np.dtype(np.float32)
    assert winograd.pays(single, (3, 3, 64, 128), way)
    assert not winograd.pays(single, (3, 3, 3, 128), way)
    assert not winograd.pays(single, (3, 3, 64, 10), way)
    assert not winograd.pays(single, (1, 3, 64, 128), way)


def test_single_precision_and_nan_stay_where_they_belong(draw):
    x, kernel = draw(0, 1, 20, 20, 64), draw(1, 3, 3, 64, 64)
    exact = plainly(x, kernel, 0)
    y, _ = conv2d(x.astype(np.float32), kernel.astype(np.float32))
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, exact, atol=1e-5 * np.abs(exact).max())
    x = x.astype(np.float32)
    mixed = conv2d(x, kernel)[0]
    np.testing.assert_allclose(mixed, plainly(x.astype(float), kernel, 0), atol=1e-11)
    broken = np.array(x)
    broken[0, 9, 10, 5] = np.nan
    here = np.isnan(conv2d(broken, kernel)[0]).any(axis=-1)[0]
    assert here[7:10, 8:11].all() and here.sum() == 9
