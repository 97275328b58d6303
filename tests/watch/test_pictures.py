import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmlearn.watch.pictures import map_picture, rescaled, weight_picture


def test_a_tile_per_unit_blue_white_orange():
    kernel = np.zeros((3, 3, 1, 2), np.float32)
    kernel[0, 0, 0, 0], kernel[2, 2, 0, 1] = -1, 1
    picture = weight_picture(kernel)
    height, width, _ = picture.shape
    assert width > 1.8 * height  # two tiles beside each other
    blue, orange = picture[5, 5].astype(int), picture[-6, -6].astype(int)
    assert blue[2] > blue[0] + 50
    assert orange[0] > orange[2] + 50
    np.testing.assert_array_equal(picture[height // 2, width // 4], [255, 255, 255])


def test_dense_weights_become_images_of_the_given_shape():
    weights = np.zeros((12, 2), np.float32)
    weights[1 * 4 + 2, 0] = 1.0  # row 1, column 2 of a 3 × 4 image
    picture = weight_picture(weights, image_shape=(3, 4)).astype(int)
    orange = np.argwhere(picture[..., 0] > picture[..., 2] + 100)
    zoom = 12  # 48 px along the longer side of 4
    np.testing.assert_array_equal(orange.min(axis=0), [3 + zoom, 3 + 2 * zoom])
    np.testing.assert_array_equal(orange.max(axis=0), [2 + 2 * zoom, 2 + 3 * zoom])


def test_channels_are_rows():
    picture = weight_picture(np.ones((3, 3, 4, 2), np.float32))
    assert picture.shape[0] > 1.8 * picture.shape[1]


@pytest.mark.parametrize(
    ("shape", "image_shape"), [((12, 2), None), ((12, 2), (5, 5)), ((3, 4, 5), None)]
)
def test_what_is_no_image_gives_none(shape, image_shape):
    assert weight_picture(np.ones(shape), image_shape) is None


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_zeros_and_what_is_not_finite_are_white(value):
    picture = weight_picture(np.full((3, 3, 1, 1), value))
    assert set(np.unique(picture)) == {128, 255}


def test_full_colour_is_the_largest_weight_drawn_or_not():
    weights = np.full((2, 2, 1, 70), 1.0)  # 64 of the 70 units are drawn
    weights[..., 69] = 4.0
    drawn = weight_picture(np.full((2, 2, 1, 64), 1.0))
    assert weight_picture(weights)[5, 5, 2] > drawn[5, 5, 2] + 50  # paler orange


@given(st.floats(0.02, 1.0), st.integers(0, 2**32 - 1))
def test_a_rescaled_picture_is_the_picture_on_the_wider_scale(ratio, seed):
    weights = np.random.default_rng(seed).uniform(-1, 1, (3, 3, 1, 4))
    weights[0, 0, 0, 0] = 1.0
    found = rescaled(weight_picture(weights), ratio)
    wider = np.concatenate([weights * ratio, np.ones((3, 3, 1, 1))], axis=-1)
    expected = weight_picture(wider)[: found.shape[0], : found.shape[1] - 6]
    difference = found[:, : expected.shape[1]].astype(int) - expected
    assert np.abs(difference).max() <= 4  # of 255: two steps of the colour map


def test_feature_maps_are_rows_of_eight_units_behind_their_sample():
    maps = np.zeros((2, 6, 6, 11), np.float32)
    maps[1, 0, 0, 9] = 2.0  # the second sample's second line, second tile
    given_ = np.zeros((2, 8, 8, 1), np.uint8)
    given_[1] = 255
    picture = map_picture(maps, given_).astype(int)
    tile = 51  # 6 px drawn 8 times as large, and a gap
    assert picture.shape == (4 * tile + 3, 9 * tile + 3, 3)
    orange = np.argwhere(picture[..., 0] > picture[..., 2] + 100)
    np.testing.assert_array_equal(orange.min(axis=0), [3 * tile + 3, 2 * tile + 3])
    corners = picture[5::tile, 5][:4, 0]
    assert corners.tolist() == [0, 128, 255, 128]  # sample, nothing, sample, nothing


def test_what_is_not_finite_in_a_map_is_magenta():
    maps = np.ones((1, 2, 2, 1))
    maps[0, 1, 1, 0] = np.nan
    colours = map_picture(maps)[4:-4:24, 4:-4:24]
    assert colours[1, 1].tolist() == [194, 24, 91]
    assert colours[0, 0].tolist() != [194, 24, 91]


def test_a_sequence_is_one_tile_of_its_units():
    assert map_picture(np.ones((1, 24, 12))).shape == (12 * 2 + 6, 24 * 2 + 6, 3)
    assert map_picture(np.ones((3, 4))) is None
