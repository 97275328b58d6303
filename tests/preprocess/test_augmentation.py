"""Seeded augmentation: warps against scipy.ndimage, the same again from a seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from mmlearn.axes import ShapeError
from mmlearn.preprocess import images
from mmlearn.preprocess.augmentation import warp

SEED = st.integers(0, 999)
EVERYTHING = {
    "shift": 2.0,
    "rotate": 20.0,
    "zoom": 0.2,
    "flip": True,
    "brightness": 0.1,
    "noise": 0.05,
}


def smooth(seed, height=15, width=18, channels=3):
    """Images without sharp edges: OpenCV reads between pixels at 1/32 px."""
    noise = np.random.default_rng(seed).random((height, width, channels))
    return ndimage.gaussian_filter(noise, (2, 2, 0))


@given(st.integers(-4, 4), st.integers(-4, 4), SEED)
@settings(max_examples=25, deadline=None)
def test_a_shift_by_whole_pixels_is_scipys(down, across, seed):
    x = np.random.default_rng(seed).random((9, 11, 5))
    ours = warp(x, down, across, 0, 1, value=0.25)
    theirs = ndimage.shift(x, (down, across, 0), order=1, cval=0.25)
    # SciPy fades the border in; inside, both only move numbers.
    inside = np.s_[
        max(down, 0) : 9 + min(down, 0), max(across, 0) : 11 + min(across, 0)
    ]
    np.testing.assert_allclose(ours[inside], theirs[inside], atol=1e-6)
    outside = np.ones((9, 11), bool)
    outside[inside] = False
    np.testing.assert_allclose(ours[outside], 0.25, atol=1e-6)


@given(st.floats(-40, 40), st.floats(-2, 2), st.floats(0.8, 1.25), SEED)
@settings(max_examples=25, deadline=None)
def test_a_rotation_zoom_and_shift_is_scipys(degrees, down, scale, seed):
    x = smooth(seed)
    ours = warp(x, down, 1.5, degrees, scale)
    angle = np.deg2rad(degrees)
    # Rows first, and from the result back to the image: R⁻¹ (p − middle − shift) / z.
    back = (
        np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        / scale
    )
    middle = (np.array(x.shape[:2]) - 1) / 2
    offset = middle - back @ (middle + [down, 1.5])
    for c in range(3):
        theirs = ndimage.affine_transform(x[..., c], back, offset, order=1)
        inside = ndimage.affine_transform(np.ones(x.shape[:2]), back, offset, order=1)
        kept = ndimage.binary_erosion(inside > 0.999)
        np.testing.assert_allclose(ours[..., c][kept], theirs[kept], atol=5e-3)


@given(SEED, st.integers(0, 5), st.sampled_from([np.uint8, np.float32, np.float64]))
@settings(max_examples=15, deadline=None)
def test_the_same_again_and_alone(seed, epoch, dtype):
    x = (np.random.default_rng(seed).random((5, 8, 9, 2)) * 200).astype(dtype)
    before = x.copy()
    how = {"seed": seed, "epoch": epoch, **EVERYTHING, "noise": 9.0}
    y = images.augment(x, **how)
    assert (y.dtype, y.shape) == (x.dtype, x.shape)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(images.augment(x, **how), y)
    np.testing.assert_array_equal(images.augment(x[3:], **how, first=3), y[3:])
    for other in ({"epoch": epoch + 1}, {"seed": seed + 1}):
        assert (images.augment(x, **(how | other)) != y).any()


def test_amounts_stay_within_what_was_asked():
    x = np.zeros((200, 1, 1, 1))
    y = images.augment(x, seed=0, brightness=0.5).ravel()
    assert -0.5 <= y.min() < -0.45 < 0.45 < y.max() <= 0.5
    noisy = images.augment(np.zeros((4, 40, 40, 1)), seed=0, noise=0.3)
    assert noisy.std() == pytest.approx(0.3, rel=0.05)
    flipped = images.augment(
        np.tile([[[1.0], [0.0]]], (200, 1, 1, 1)), seed=0, flip=True
    )
    assert 70 < flipped[:, 0, 0, 0].sum() < 130
    grey = images.augment(np.full((50, 3, 3, 1), 250, np.uint8), seed=0, brightness=20)
    assert grey.max() == 255
    shifted = images.augment(dot(), seed=3, shift=2)
    rows = (shifted * np.arange(11).reshape(1, 11, 1, 1)).sum(axis=(1, 2, 3))
    assert rows.min() >= 4.99 - 2
    assert rows.max() <= 5.01 + 2
    assert rows.std() > 0.8


def dot():
    x = np.zeros((100, 11, 11, 1))
    x[:, 5, 5] = 1
    return x


def test_nothing_asked_nothing_changed():
    x = np.random.default_rng(0).random((3, 5, 6, 1))
    np.testing.assert_array_equal(images.augment(x, seed=0), x)


def test_one_amount_more_changes_no_other_one():
    x = dot()[:20]
    moved = images.augment(x, seed=1, shift=2)
    brighter = images.augment(x, seed=1, shift=2, brightness=0.5)
    differences = (brighter - moved).reshape(20, -1)
    np.testing.assert_allclose(differences.std(axis=1), 0, atol=1e-6)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"shift": -1}, "shift is -1; expected a number, 0 or above"),
        ({"rotate": np.nan}, "rotate is nan"),
        ({"noise": [1, 2]}, "noise is"),
        ({"zoom": 1.5}, "zoom is 1.5; expected below 1"),
    ],
)
def test_bad_amounts(change, message):
    with pytest.raises(ValueError, match=message):
        images.augment(np.zeros((1, 4, 4, 1)), seed=0, **change)


def test_bad_images():
    with pytest.raises(ShapeError, match=r"augment: x is \(4, 4\)"):
        images.augment(np.zeros((4, 4)), seed=0)
    with pytest.raises(ValueError, match="x is int64"):
        images.augment(np.zeros((1, 4, 4, 1), int), seed=0)
