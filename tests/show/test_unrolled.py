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
