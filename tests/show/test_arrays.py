import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import show
from mmlearn.axes import ShapeError
from mmlearn.show.arrays import short

RNG = np.random.default_rng(0)


def pictures(figure):
    return [ax.get_images()[0] for ax in figure.axes if ax.get_images()]


@pytest.mark.parametrize(
    ("shape", "count"),
    [((5, 6), 1), ((5, 6, 1), 1), ((5, 6, 3), 1), ((4, 5, 6), 4), ((12, 5, 6, 3), 12)],
)
def test_images_draws_each_image_as_it_is(shape, count):
    x = RNG.random(shape)
    figure = show.images(x, title="Noise")
    drawn = pictures(figure)
    assert len(drawn) == count
    first = x.reshape(-1, 5, 6, shape[-1] if shape[-1] in (1, 3) else 1)[0].squeeze()
    np.testing.assert_array_equal(drawn[0].get_array(), first)
    assert (figure.get_suptitle() or figure.axes[0].get_title(loc="left")) == "Noise"
    labels = [(ax.get_xlabel(), ax.get_ylabel()) for ax in figure.axes]
    assert ("column (px)", "row (px)") in labels


def test_images_share_one_scale():
    figure = show.images(np.stack([np.zeros((3, 3)), np.full((3, 3), 4.0)]))
    assert {p.get_clim() for p in pictures(figure)} == {(0.0, 4.0)}
    bytes_figure = show.images(np.full((2, 3, 3), 7, np.uint8))
    assert {p.get_clim() for p in pictures(bytes_figure)} == {(0.0, 255.0)}


def test_images_of_unequal_sizes_in_a_list():
    figure = show.images([np.zeros((3, 4)), np.zeros((6, 2))], titles=["a", "b"])
    assert [p.get_array().shape for p in pictures(figure)] == [(3, 4), (6, 2)]
    assert "3 × 4, 6 × 2 pixels: a, b" in figure.alt


def test_images_refuses_what_is_no_image():
    with pytest.raises(ShapeError, match=r"an image is \(4, 4, 2\)"):
        show.images(np.zeros((1, 4, 4, 2)))
    with pytest.raises(ValueError, match="no images"):
        show.images([])
    with pytest.raises(ValueError, match="1 titles for 2 images"):
        show.images(np.zeros((2, 3, 3)), titles=["a"])


def test_kernels_are_centred_at_zero_and_ordered_by_channel():
    kernel = RNG.normal(size=(3, 2, 2, 5)) + 1
    figure = show.kernels(kernel, title="Kernels")
    drawn = pictures(figure)
    most = np.abs(kernel).max()
    assert all(p.get_clim() == (-most, most) for p in drawn[:10])
    np.testing.assert_array_equal(drawn[7].get_array(), kernel[:, :, 1, 2])
    assert figure.axes[-1].get_ylabel() == "weight"


def test_kernels_says_what_it_leaves_out():
    figure = show.kernels(RNG.normal(size=(3, 3, 8, 32)), title="Deep")
    assert figure.get_suptitle() == "Deep (16 of 32 units, 4 of 8 channels)"
    with pytest.raises(ShapeError, match="kernels: kernel is"):
        show.kernels(np.zeros((3, 3, 3)))


def test_feature_maps_use_white_at_zero_only_where_there_are_negative_values():
    maps = RNG.normal(size=(1, 4, 5, 3))
    most = np.abs(maps).max()
    assert pictures(show.feature_maps(maps))[0].get_clim() == (-most, most)
    rectified = np.maximum(maps, 0)
    assert pictures(show.feature_maps(rectified))[0].get_clim()[0] == 0.0


def test_numbers_writes_every_number_and_outlines_the_window():
    values = np.array([[1.0, -0.5, 1 / 3], [0, 20, 3]])
    figure = show.numbers(values, window=(0, 1, 2, 2), title="A window")
    ax = figure.axes[0]
    texts = [t.get_text() for t in ax.texts]
    assert texts == ["1", "−0.5", "0.33", "0", "20", "3"]
    (frame,) = ax.patches
    assert frame.get_xy() == (0.5, -0.5)
    assert (frame.get_width(), frame.get_height()) == (2, 2)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("column", "row")


@settings(max_examples=25)
@given(st.floats(-1e6, 1e6))
def test_short_is_within_half_a_hundredth(value):
    assert abs(float(short(value).replace("−", "-")) - value) <= 0.005 + 1e-9


def test_three_by_three_images_are_images_and_no_colours():
    assert len(pictures(show.images(np.zeros((5, 3, 3))))) == 5
