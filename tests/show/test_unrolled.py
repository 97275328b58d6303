import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError


def labels(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_every_step_has_its_input_its_state_and_the_same_two_matrices():
    figure = show.unrolled(3, title="The same")
    found = labels(figure)
    assert {"$h_0$", "$h_3$", "$x_1$", "$x_3$", "$L$"} <= set(found)
    assert "$x_0$" not in found and found.count("$R$") == found.count("$W$") == 3
    assert "over 3 steps" in figure.alt


def test_the_way_back_ends_at_the_cut():
    whole, cut = show.unrolled(4, backward=True), show.unrolled(4, backward=True, cut=3)
    ways = [sum("partial" in text for text in labels(f)) for f in (whole, cut)]
    assert ways == [4, 1] and "cut" in labels(cut)
    assert "It stops before step 3" in cut.alt


@pytest.mark.parametrize("setting", [{"steps": 0}, {"cut": 1}, {"cut": 5}])
def test_what_cannot_be_drawn_is_refused(setting):
    with pytest.raises(ValueError, match="expected"):
        show.unrolled(**setting)


def test_states_stand_below_what_was_read():
    h = np.tanh(np.random.default_rng(0).normal(size=(5, 3)))
    figure = show.states(h, x=np.arange(5.0))
    picture = figure.axes[1].images[0]
    np.testing.assert_array_equal(picture.get_array(), h.T)
    assert picture.get_clim() == (-1, 1)
    assert "3 units over 5 steps" in figure.alt
    assert len(show.states(h).axes) == 2  # the states, and their scale
    with pytest.raises(ShapeError, match="x"):
        show.states(h, x=np.arange(4.0))


def test_gradients_are_compared_with_their_own_start():
    panels = {"linear": {"a": [4, 2, 1], "b": [1, 3, 0]}, "tanh": {"a": [1, 1, 1]}}
    figure = show.gradient_lengths(panels, legend="radius", title="Fading")
    left, right = figure.axes
    np.testing.assert_allclose(left.lines[0].get_ydata(), [1, 0.5, 0.25])
    assert left.lines[1].get_ydata()[-1] > 0  # a zero is still drawn
    assert left.get_yscale() == "log" and right.get_legend() is not None
    assert left.lines[0].get_marker() != left.lines[1].get_marker()
    assert "linear, a: 0.2 after 2 steps" in figure.alt
    later = show.gradient_lengths(panels, first=1)
    assert later.axes[0].lines[0].get_xdata().tolist() == [1, 2, 3]
    assert "linear, a: 0.2 after 3 steps" in later.alt


@pytest.mark.parametrize("panels", [{}, {"linear": {}}, {"linear": {"a": [0, 1]}}])
def test_nothing_to_compare_is_refused(panels):
    with pytest.raises(ValueError, match="expected"):
        show.gradient_lengths(panels)
