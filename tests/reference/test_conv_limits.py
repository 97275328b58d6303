"""conv1d, conv2d, convolve2d: refusals in the user's words, empty batches, dtypes."""

import numpy as np
import pytest

from mmlearn.axes import ShapeError
from mmlearn.reference import conv1d, conv2d, convolve2d

TWO = [conv2d, convolve2d]


def name(op):
    return op.__name__


X, KERNEL = (2, 8, 9, 4), (3, 3, 4, 6)
REFUSED = {
    "channels": (X, (3, 3, 3, 6), {}, ShapeError, r"kernel is \(3, 3, 3, 6\); expected "
                 r"\(\*, \*, 4, \*\): taps along H and W, channels of x / groups"),
    "channels of a group": (X, KERNEL, {"groups": 2}, ShapeError, r"\(\*, \*, 2, \*\)"),
    "groups and C": (X, KERNEL, {"groups": 3}, ValueError, "divisor of C = 4"),
    "groups and U": (X, (3, 3, 1, 6), {"groups": 4}, ValueError, "divisor of U = 6"),
    "groups of 0": (X, KERNEL, {"groups": 0}, ValueError, "groups is 0; expected a"),
    "large kernel": (X, (9, 3, 4, 6), {}, ShapeError, r"9 taps covers 9 px, and x "
                     r"\(8, 9\) has only 8"),
    "wide dilation": (X, KERNEL, {"dilation_rate": (1, 5)}, ShapeError, "covers 11 px"),
    "padding": (X, KERNEL, {"padding": "full"}, ValueError, "padding is 'full'; "
                "expected 'valid' or 'same'"),
    "stride 0": (X, KERNEL, {"strides": 0}, ValueError, "strides is 0; expected a "
                 "positive integer, or a tuple of 2"),
    "stride −1": (X, KERNEL, {"strides": (1, -1)}, ValueError, r"strides is \(1, -1\)"),
    "stride ½": (X, KERNEL, {"strides": 0.5}, ValueError, "strides is 0.5"),
    "three strides": (X, KERNEL, {"strides": (1, 1, 1)}, ValueError, "a tuple of 2"),
    "dilation 0": (X, KERNEL, {"dilation_rate": 0}, ValueError, "dilation_rate is 0"),
    "no batch axis": (X[1:], KERNEL, {}, ShapeError, r"x is \(8, 9, 4\); expected "
                      r"\(B, H, W, C\)"),
    "kernel of 3 axes": (X, KERNEL[1:], {}, ShapeError, r"kernel is \(3, 4, 6\)"),
    "no taps": (X, (0, 3, 4, 6), {}, ShapeError, "expected no axis of size 0"),
    "no pixels": ((2, 0, 9, 4), KERNEL, {"padding": "same"}, ShapeError, "has only 0"),
}  # fmt: skip


@pytest.mark.parametrize("op", TWO, ids=name)
@pytest.mark.parametrize("what", REFUSED)
def test_refused(draw, op, what):
    x, kernel, structure, error, message = REFUSED[what]
    with pytest.raises(error, match=f"^{op.__name__}: .*{message}"):
        op(draw(0, *x), draw(1, *kernel), **structure)


@pytest.mark.parametrize("op", TWO, ids=name)
def test_a_bias_that_would_broadcast_is_refused(draw, op):
    with pytest.raises(ShapeError, match=r"bias is \(1,\); expected \(U,\) with U = 6"):
        op(draw(0, *X), draw(1, *KERNEL), draw(2, 1))


@pytest.mark.parametrize(
    ("x", "kernel", "structure", "message"),
    [
        ((2, 8), (3, 8, 4), {}, r"x is \(2, 8\); expected \(B, T, C\)"),
        ((2, 8, 3), (3, 2, 4), {}, r"expected \(\*, 3, \*\): taps along T, channels"),
        ((2, 8, 3), (9, 3, 4), {}, r"9 taps covers 9 px, and x \(8,\) has only 8"),
        ((2, 8, 3), (3, 3, 4), {"strides": (1, 1)}, "expected a positive integer$"),
    ],
)
def test_conv1d_refuses_in_its_own_words(draw, x, kernel, structure, message):
    with pytest.raises(ValueError, match=f"^conv1d: .*{message}"):
        conv1d(draw(0, *x), draw(1, *kernel), **structure)


@pytest.mark.parametrize("op", TWO, ids=name)
@pytest.mark.parametrize("groups", [1, 2])
def test_batch_of_none(draw, op, groups):
    x, kernel, bias = draw(0, 0, 8, 9, 4), draw(1, 3, 3, 4 // groups, 6), draw(2, 6)
    y, pullback = op(x, kernel, bias, groups=groups, padding="same")
    dx, dkernel, dbias = pullback(y)
    assert y.shape == (0, 8, 9, 6)
    assert dx.shape == x.shape
    assert dkernel.shape == kernel.shape
    assert not dkernel.any()
    assert not dbias.any()


@pytest.mark.parametrize("op", TWO, ids=name)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("groups", [1, 2])
def test_keeps_the_dtype(draw, op, dtype, groups):
    arrays = [draw(0, *s, dtype=dtype) for s in [X, (3, 3, 4 // groups, 6), (6,)]]
    y, pullback = op(*arrays, groups=groups)
    assert {a.dtype for a in (y, *pullback(y))} == {np.dtype(dtype)}


def test_the_widest_dtype_wins(draw):
    arrays = (
        draw(0, *X, dtype=np.float32),
        draw(0, *KERNEL, dtype=np.float32),
        draw(0, 6),
    )
    assert conv2d(*arrays)[0].dtype == np.float64


def test_integers_are_numbers(draw):
    x, kernel = np.arange(16).reshape(1, 4, 4, 1), np.ones((2, 2, 1, 1), int)
    y, pullback = conv2d(x, kernel)
    np.testing.assert_array_equal(
        y[0, :, :, 0], [[10, 14, 18], [26, 30, 34], [42, 46, 50]]
    )
    (dx, _, _) = pullback(np.full(y.shape, 0.5))
    assert dx.sum() == 0.5 * 4 * 9


def test_nan_reaches_the_windows_that_see_it_and_no_other(draw):
    x = np.ones((1, 5, 5, 1))
    x[0, 1, 1] = np.nan
    y, _ = conv2d(x, np.ones((2, 2, 1, 1)))
    seen = np.zeros((4, 4), bool)
    seen[:2, :2] = True
    np.testing.assert_array_equal(np.isnan(y[0, :, :, 0]), seen)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_any_memory_order(draw, padding):
    x, kernel = draw(0, *X), draw(1, *KERNEL)
    y, pullback = conv2d(x, kernel, padding=padding)
    turned = np.asfortranarray(x), np.asfortranarray(kernel)
    y2, pullback2 = conv2d(*turned, padding=padding)
    np.testing.assert_allclose(y2, y, atol=1e-12)
    dy = np.asfortranarray(draw(2, *y.shape))
    for a, b in zip(pullback(dy)[:2], pullback2(dy)[:2], strict=True):
        np.testing.assert_allclose(a, b, atol=1e-11)
