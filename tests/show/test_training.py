from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError

HISTORY = {
    "loss": [2.3, 1.5, 1.1],
    "accuracy": [0.1, 0.4, 0.6],
    "val_loss": [2.2, 1.4, 1.2],
}


def test_curves_draw_the_history():
    figure = show.curves(
        SimpleNamespace(history=HISTORY),
        title="The loss falls",
        units={"loss": "nats"},
        levels={"loss": (2.303, "ln 10")},
    )
    loss, accuracy = figure.axes
    assert figure.get_suptitle() == "The loss falls"
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("epoch", "loss (nats)")
    assert accuracy.get_ylabel() == "accuracy (fraction correct)"
    training, validation, level = loss.lines
    np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3])
    np.testing.assert_array_equal(training.get_ydata(), HISTORY["loss"])
    np.testing.assert_array_equal(validation.get_ydata(), HISTORY["val_loss"])
    assert validation.get_linestyle() == "--"  # told apart without its colour
    assert level.get_label() == "ln 10"
    assert "val_loss goes from 2.2 to 1.2 in 3 epochs" in figure.alt


def test_the_last_batch_has_no_panel_of_its_own():
    figure = show.curves({**HISTORY, "last_batch_loss": [2.0, 1.4, 1.3]})
    assert len(figure.axes) == 2
    assert "last_batch" not in figure.alt


def test_curves_of_nothing_are_refused():
    with pytest.raises(ValueError, match="train an epoch first"):
        show.curves({"loss": []})


def test_confusion_writes_the_counts():
    matrix = np.array([[8, 2, 0], [0, 9, 1], [0, 0, 10]])
    figure = show.confusion(matrix, ["cat", "dog", "owl"], title="Cats are dogs")
    ax = figure.axes[0]
    assert [int(t.get_text()) for t in ax.texts] == matrix.ravel().tolist()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["cat", "dog", "owl"]
    assert "27 of 30" in figure.alt
    assert "cat was taken for dog (2 times)" in figure.alt


def test_confusion_refuses_a_rectangle_and_too_few_names():
    with pytest.raises(ShapeError, match="confusion: matrix is"):
        show.confusion(np.zeros((2, 3), int))
    with pytest.raises(ValueError, match="1 classes"):
        show.confusion(np.zeros((2, 2), int), ["a"])


def test_interval_draws_runs_mean_and_sample_deviation():
    runs = {"dense": [0.90, 0.92], "cnn": SimpleNamespace(values=[0.95, 0.97, 0.99])}
    figure = show.interval(runs, title="The CNN is better")
    ax = figure.axes[0]
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [0.90, 0.92])
    deviation = np.std([0.95, 0.97, 0.99], ddof=1)
    segments = ax.containers[1].lines[2][0].get_segments()
    np.testing.assert_allclose(segments[0][:, 0], [0.97 - deviation, 0.97 + deviation])
    assert ax.get_xlabel() == "accuracy (fraction correct)"
    assert "dense: 0.910 ± 0.014 (2 runs)" in figure.alt


def test_interval_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no runs"):
        show.interval({"dense": []})
    with pytest.raises(ValueError, match="no results"):
        show.interval({})


def test_one_run_has_no_spread():
    assert show.interval({"mean image": [0.9]}).alt == "mean image: 0.900 (one run)."
