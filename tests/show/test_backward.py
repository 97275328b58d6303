import json

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.axes import ShapeError
from mmlearn.show import BackwardWidget

DY = np.arange(42.0).reshape(6, 7) % 5 - 1
KERNEL = [[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]
HOW = [(s, p) for s in (1, 2, 3) for p in ("valid", "same")]


def keras_gradient(widget):
    """Keras' own gradient of the picture, one channel, float64."""
    import keras

    tf = pytest.importorskip("tensorflow")
    kernel = np.array(widget.kernel)[:, :, None, None]
    x = tf.zeros((1, *np.shape(widget.dy), 1), tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.ops.conv(x, kernel, widget.strides, widget.padding)
    dy = np.array(widget.dy)[None, : y.shape[1], : y.shape[2], None]
    return tape.gradient(y, x, tf.constant(dy)).numpy()[0, :, :, 0]


@pytest.mark.parametrize(("strides", "padding"), HOW)
def test_gradient_is_keras(strides, padding):
    widget = BackwardWidget(DY, KERNEL, strides, padding)
    np.testing.assert_allclose(widget.gradient, keras_gradient(widget), atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    high=st.integers(1, 4),
    wide=st.integers(1, 4),
    strides=st.integers(1, 3),
    padding=st.sampled_from(["valid", "same"]),
)
def test_every_product_is_one_message(high, wide, strides, padding):
    widget = BackwardWidget(np.ones((5, 6)), np.ones((high, wide)), strides, padding)
    widget.counts = True
    rows, columns = widget._geometry()[-1]
    if padding == "valid":
        assert widget.gradient.sum() == rows * columns * high * wide
    else:  # products with the zeros around reach no pixel
        assert 0 < widget.gradient.sum() <= rows * columns * high * wide


def test_state_goes_to_the_browser_and_selected_stays_inside():
    widget = BackwardWidget(DY[:, :, None], KERNEL)
    names = ("dy", "kernel", "strides", "padding", "counts", "selected", "presets")
    json.dumps({name: widget.get_state()[name] for name in names})
    assert "yours" in widget.presets
    widget.selected = [40, 3]
    assert widget.selected == [5, 3]


def test_what_fits_nowhere_is_refused_and_nothing_changes():
    widget = BackwardWidget(np.ones((3, 3)), np.ones((3, 3)))
    with pytest.raises(traitlets.TraitError, match="fits nowhere"):
        widget.kernel = np.ones((4, 4))
    assert np.shape(widget.kernel) == (3, 3)
    with pytest.raises(ShapeError, match="BackwardWidget: dy is"):
        BackwardWidget(np.ones(3), np.ones((1, 1)))


def test_without_widgets_there_is_a_still_picture_that_says_the_sum():
    widget = BackwardWidget(np.ones((5, 5)), np.ones((3, 3)), strides=2)
    data, metadata = widget._repr_mimebundle_()
    assert data["image/png"].startswith("iVBOR")
    alt = metadata["image/png"]["alt"]
    assert "[2, 2] gets 4 messages: dy[0, 0] · k[2, 2] + dy[0, 1] · k[2, 0]" in alt
    widget.selected = [1, 1]
    assert "1 message: dy[0, 0] · k[1, 1] = 1." in widget.still().alt


# --------------------------------------------------------------- in a real browser


def hover(page, row, column, widget):
    box = page.locator("svg.pixels").bounding_box()
    rows, columns = np.shape(widget.dy)
    x = box["x"] + 3 + (column + 0.5) * (box["width"] - 6) / columns
    page.mouse.move(x, box["y"] + 3 + (row + 0.5) * (box["height"] - 6) / rows)


@pytest.mark.browser
def test_the_browser_computes_the_same_numbers(show_in_page):
    page = show_in_page(BackwardWidget(DY, KERNEL))
    script = """([strides, padding, counts]) => window.module.backward(
      window.model.get("dy"), window.model.get("kernel"),
      { strides, padding, dilation_rate: 1 }, counts)"""
    for strides, padding in HOW:
        for counts in (False, True):
            widget = BackwardWidget(DY, KERNEL, strides, padding, counts)
            theirs = page.evaluate(script, [strides, padding, counts])
            np.testing.assert_allclose(theirs, widget.gradient, atol=1e-12)


@pytest.mark.browser
def test_hovering_marks_outputs_and_taps_and_writes_the_sum(show_in_page):
    widget = BackwardWidget(DY, KERNEL, strides=2, padding="same")
    page = show_in_page(widget)
    hover(page, 2, 3, widget)
    assert page.evaluate("model.get('selected')") == [2, 3]
    messages = widget.messages(2, 3)
    assert len(messages) == 2
    assert page.locator(".work span").count() == len(messages)
    assert page.locator(".marks rect.tap:not(.halo)").count() == 2 * len(messages)
    expected = f"{sum(value for *_, value in messages):g}".replace("-", "−")
    assert page.locator(".result strong").inner_text() == expected


@pytest.mark.browser
def test_controls_keys_and_the_count_of_messages(show_in_page):
    page = show_in_page(BackwardWidget(np.ones((6, 6)), np.ones((3, 3))))
    page.get_by_label("strides 2").check()
    page.get_by_label("picture number of messages").check()
    assert page.evaluate("model.get('counts')") is True
    assert page.locator("svg.pixels text").nth(14).text_content() == "4"
    page.locator("select").select_option("2 × 2")
    assert page.evaluate("model.get('kernel')") == [[1, 2], [3, 4]]
    page.locator("svg.pixels").focus()
    for key in ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowUp"]:
        page.keyboard.press(key)
    assert page.evaluate("model.get('selected')") == [2, 4]
