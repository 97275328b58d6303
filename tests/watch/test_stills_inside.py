import numpy as np
import pytest

from mmlearn import watch


def test_maps_before_and_after(inside_dir):
    figure = watch.still_maps(inside_dir, "late", title="Edges appear")
    first, last = figure.axes
    assert (first.get_xlabel(), last.get_xlabel()) == (
        "after 0 epochs",
        "after 3 epochs",
    )
    written = watch.read(inside_dir)["images"]["samples/late/feature_maps"]
    np.testing.assert_array_equal(last.get_images()[0].get_array(), written[-1].value)
    assert figure.alt.startswith("Edges appear. Feature maps of late")
    assert "conv" in watch.still_maps(inside_dir).alt  # the first that there is


def test_the_confusion_matrix_before_and_after(inside_dir):
    figure = watch.still_confusion(inside_dir)
    assert len(figure.axes) == 2
    assert "after 0 and after 3 epochs" in figure.alt


def test_histograms_of_every_layer(inside_dir):
    figure = watch.still_histograms(inside_dir)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == ["conv", "late: 25% not finite"]
    assert "late is not finite in 25% of places" in figure.alt
    figure = watch.still_histograms(inside_dir, "gradient", ["late"])
    assert [ax.get_title() for ax in figure.axes] == ["late"]
    assert figure.axes[0].get_xlabel() == "gradient"
    assert "conv" not in figure.alt


def test_health_of_every_layer(inside_dir):
    dead, moved = watch.still_health(inside_dir).axes
    assert [line.get_label() for line in dead.lines] == ["conv", "late"]
    np.testing.assert_allclose(dead.lines[0].get_ydata(), [0, 0.25, 0.5, 0.75])
    labels = [line.get_label() for line in moved.lines]
    assert labels == ["conv/kernel", "late/kernel"]
    np.testing.assert_allclose(moved.lines[0].get_ydata(), [-1, -2, -3])
    marks = [line.get_marker() for line in moved.lines]
    assert len(set(marks)) == 2  # told apart by more than colour
    assert (
        "conv: dead units (fraction) ends at 0.75" in watch.still_health(inside_dir).alt
    )


@pytest.mark.parametrize("kind", ["maps", "confusion", "histograms", "health"])
def test_a_log_without_a_microscope_says_what_to_do(log_dir, kind):
    with pytest.raises(watch.LogError, match=rf"still_{kind}: no .*watch.Microscope"):
        getattr(watch, f"still_{kind}")(log_dir)


def test_what_was_not_logged_lists_what_was(inside_dir):
    with pytest.raises(watch.LogError, match="of 'pool' were logged; there are: conv"):
        watch.still_maps(inside_dir, "pool")
    with pytest.raises(watch.LogError, match="there are: conv, late"):
        watch.still_histograms(inside_dir, layers=["conv", "pool"])
    with pytest.raises(ValueError, match="expected 'activation' or 'gradient'"):
        watch.still_histograms(inside_dir, "weights")
