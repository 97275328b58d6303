from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn.axes import ShapeError
from mmlearn.show import attributions, mistakes, reliability

X = np.random.default_rng(0).random((4, 6, 5, 1))
LABELS = np.array([0, 1, 1, 2])
SAID = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.9, 0.04, 0.06], [0.2, 0.2, 0.6]])


def test_mistakes_are_the_worst_first():
    figure = mistakes(X, LABELS, SAID)
    titles = [ax.get_title(loc="center") for ax in figure.axes]
    assert titles == ["1 → 0\n90%", "1 → 0\n60%"]
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), X[2, :, :, 0])
    assert figure.alt.startswith("2 of 2 mistakes")
    assert len(mistakes(X, LABELS, SAID, count=1).axes) == 1


def test_no_mistake_to_show_and_wrong_shapes():
    with pytest.raises(ValueError, match="every prediction is right"):
        mistakes(X, SAID.argmax(axis=1), SAID)
    with pytest.raises(
        ShapeError, match=r"labels is \(3,\); expected \(N,\) with N = 4"
    ):
        mistakes(X, LABELS[:3], SAID)


def test_reliability_draws_full_bins_only():
    found = SimpleNamespace(
        edges=np.linspace(0, 1, 5),
        confidence=np.array([np.nan, 0.4, np.nan, 0.9]),
        accuracy=np.array([np.nan, 0.5, np.nan, 0.7]),
        counts=np.array([0, 10, 0, 90]),
        error=0.19,
    )
    figure = reliability(found, title="Too sure")
    dots = figure.axes[0].lines[1].get_xydata()
    np.testing.assert_allclose(dots, [[0.4, 0.5], [0.9, 0.7]])
    assert [bar.get_height() for bar in figure.axes[1].patches] == [0, 10, 0, 90]
    assert "90 at 0.90, right 0.70" in figure.alt
    assert "0.190" in figure.axes[0].get_legend().get_title().get_text()


def test_attributions_have_zero_in_the_middle():
    heat = {"saliency": X[..., 0], "occlusion": X[..., 0] - 2}
    figure = attributions(X, heat, ["a", "b", "c", "d"], unit="logit")
    drawn = [ax.images[0] for ax in figure.axes if ax.images][4:12]
    assert drawn[0].get_clim() == pytest.approx((0, X.max()))  # nothing is negative
    most = np.abs(X - 2).max()
    assert drawn[4].get_clim() == pytest.approx((-most, most))
    assert "saliency, occlusion" in figure.alt
    with pytest.raises(ShapeError, match="attributions: saliency is"):
        attributions(X, {"saliency": X[:2, ..., 0]})
