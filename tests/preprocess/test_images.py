import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from mmlearn.axes import ShapeError
from mmlearn.preprocess import NotFittedError, images

SIDE = st.integers(1, 20)
SEED = st.integers(0, 999)


def pixels(seed, *shape):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@given(SIDE, SIDE, SEED)
@settings(max_examples=25, deadline=None)
def test_scale_is_undone_by_255(height, width, seed):
    x = pixels(seed, 2, height, width, 3)
    y = images.scale(x)
    assert y.dtype == np.float32
    assert 0 <= y.min() <= y.max() <= 1
    np.testing.assert_array_equal(np.rint(y * 255), x)


def test_scale_with_a_top_of_its_own():
    x = np.array([0, 4, 16], np.uint8)
    np.testing.assert_array_equal(images.scale(x, top=16), [0, 0.25, 1])
    np.testing.assert_array_equal(images.scale(np.array([0.0, 2.0]), top=2), [0, 1])
    with pytest.raises(ValueError, match="say which value is to be 1"):
        images.scale(x / 16)
    with pytest.raises(ValueError, match="from 0 to 16; expected 0 to 15"):
        images.scale(x, top=15)
    with pytest.raises(ValueError, match="from -1 to"):
        images.scale(np.array([-1.0]), top=1)
    with pytest.raises(ValueError, match="top is 0"):
        images.scale(x, top=0)


@given(SIDE, SIDE, SIDE, SIDE, st.sampled_from([1, 3, 5]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_resize_shapes_dtypes_and_constant_images(h, w, new_h, new_w, channels, floats):
    x = np.full((2, 3, h, w, channels), 77, np.float64 if floats else np.uint8)
    y = images.resize(x, (new_h, new_w))
    assert (y.shape, y.dtype) == ((2, 3, new_h, new_w, channels), x.dtype)
    np.testing.assert_allclose(y, 77)


def test_resize_is_opencvs_and_a_mean_when_halved():
    x = pixels(0, 12, 20, 3)
    theirs = cv2.resize(x, (7, 5), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(images.resize(x, (5, 7)), theirs)
    larger = cv2.resize(x, (33, 25), interpolation=cv2.INTER_LINEAR)
    np.testing.assert_array_equal(images.resize(x, (25, 33)), larger)
    halves = x.astype(float).reshape(6, 2, 10, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(images.resize(x.astype(float), (6, 10)), halves)
    with pytest.raises(ValueError, match="x is int64"):
        images.resize(x.astype(np.int64), (5, 7))


@given(SIDE, SIDE, st.integers(0, 9), st.integers(0, 9), SEED)
@settings(max_examples=25, deadline=None)
def test_crop_undoes_pad(height, width, more_rows, more_columns, seed):
    x = pixels(seed, 2, height, width, 3)
    size = (height + more_rows, width + more_columns)
    padded, mask = images.pad_to(x, size, value=9)
    assert padded.shape == (2, *size, 3)
    assert mask.sum() == height * width
    assert (padded[:, ~mask] == 9).all()
    np.testing.assert_array_equal(padded[:, mask].reshape(x.shape), x)
    np.testing.assert_array_equal(images.crop(padded, (height, width)), x)


def test_crop_where_one_says():
    x = np.arange(20).reshape(4, 5, 1)
    assert images.crop(x, (2, 2), top=1, left=3).ravel().tolist() == [8, 9, 13, 14]
    with pytest.raises(
        ShapeError, match=r"row 3, column 0 leaves the image of \(4, 5\)"
    ):
        images.crop(x, (2, 2), top=3, left=0)
    with pytest.raises(ShapeError, match="larger than"):
        images.pad_to(x, (4, 4))
    for call in (images.crop, images.pad_to, images.resize):
        for size in (3, (0, 2), "ab", (1, 2, 3)):
            with pytest.raises(ValueError, match=r"expected \(H, W\)"):
                call(x.astype(np.uint8), size)


@given(SIDE, SIDE, SEED)
@settings(max_examples=25, deadline=None)
def test_gray_is_opencvs(height, width, seed):
    x = pixels(seed, height, width, 3)
    theirs = cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)[..., None].astype(int)
    assert np.abs(images.to_gray(x) - theirs).max() <= 1
    same = np.repeat(x[..., :1], 3, axis=-1)
    np.testing.assert_array_equal(images.to_gray(same), x[..., :1])
    assert images.to_gray(x.astype(np.float32)).dtype == np.float32
    with pytest.raises(ShapeError, match="red green blue"):
        images.to_gray(x[..., :1])


@given(st.sampled_from(["channel", "pixel"]), SIDE, SIDE, SEED)
@settings(max_examples=25, deadline=None)
def test_standardize_is_scikit_learns(per, height, width, seed):
    train, test = (
        pixels(seed, 9, height, width, 3),
        pixels(seed + 1, 4, height, width, 3),
    )
    flat = (-1, 3) if per == "channel" else (-1, height * width * 3)
    oracle = StandardScaler().fit(train.reshape(flat).astype(float))
    ours = images.Standardize(per).fit(train)
    expected = oracle.transform(test.reshape(flat).astype(float)).reshape(test.shape)
    np.testing.assert_allclose(ours.transform(test.astype(float)), expected, atol=1e-9)
    assert ours.transform(test).dtype == np.float32
    back = ours.inverse(ours.transform(test.astype(float)))
    np.testing.assert_allclose(back, test, atol=1e-9)


def test_standardize_never_divides_by_zero():
    z = images.Standardize("pixel").fit(np.full((5, 2, 2, 1), 7.0))
    np.testing.assert_array_equal(z.transform(np.full((1, 2, 2, 1), 9.0)), 2)


def test_standardize_before_fit_and_on_other_shapes():
    x = np.zeros((2, 3, 4, 1))
    for call in (images.Standardize().transform, images.Standardize().inverse):
        with pytest.raises(NotFittedError, match="call fit"):
            call(x)
    with pytest.raises(ValueError, match="per is 'row'"):
        images.Standardize("row")
    with pytest.raises(ShapeError, match="Standardize.fit"):
        images.Standardize().fit(x[0])
    with pytest.raises(ShapeError, match="W = 4"):
        images.Standardize("pixel").fit(x).transform(x[:, :, :3])
    with pytest.raises(ShapeError, match="C = 1"):
        images.Standardize().fit(x).transform(np.zeros((2, 3, 4, 3)))
