import json
import math

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from mmlearn.axes import ShapeError
from mmlearn.show import KERNELS, ConvolutionWidget

IMAGE = np.arange(42.0).reshape(6, 7) % 5 - 1
KERNEL = [[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]

structure = {
    "strides": st.integers(1, 3),
    "padding": st.sampled_from(["valid", "same"]),
    "dilation_rate": st.integers(1, 2),
}


def keras_map(widget):
    """Keras' own arithmetic, one channel, float64; strides and dilation apart."""
    import keras

    x = np.array(widget.image)[None, :, :, None]
    kernel = np.array(widget.kernel)[:, :, None, None]
    y = keras.ops.conv(
        x,
        kernel,
        strides=widget.strides,
        padding=widget.padding,
        dilation_rate=widget.dilation_rate,
        data_format="channels_last",
    )
    return np.asarray(y)[0, :, :, 0] + widget.bias


def test_output_is_scipys_correlation():
    widget = ConvolutionWidget(IMAGE, KERNEL, bias=0.25)
    expected = correlate2d(IMAGE, KERNEL, mode="valid") + 0.25
    np.testing.assert_allclose(widget.output, expected, atol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("strides", "dilation"), [(1, 1), (2, 1), (3, 1), (1, 2)])
def test_output_is_keras(padding, strides, dilation):
    widget = ConvolutionWidget(IMAGE, KERNEL, 0.5, strides, padding, dilation)
    np.testing.assert_allclose(widget.output, keras_map(widget), atol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
def test_output_is_the_reference_operators(padding, strides, dilation):
    from mmlearn.reference import conv2d

    how = {"strides": strides, "padding": padding, "dilation_rate": dilation}
    kernel = np.array(KERNEL)[:, :, None, None]
    y, _ = conv2d(IMAGE[None, :, :, None], kernel, np.array([0.5]), **how)
    widget = ConvolutionWidget(IMAGE, KERNEL, 0.5, **how)
    np.testing.assert_allclose(widget.output, y[0, :, :, 0], atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(5, 9),
    columns=st.integers(5, 9),
    high=st.integers(1, 3),
    wide=st.integers(1, 3),
    **structure,
)
def test_size_is_the_lessons_formula(rows, columns, high, wide, **how):
    widget = ConvolutionWidget(np.ones((rows, columns)), np.ones((high, wide)), **how)
    s, d = how["strides"], how["dilation_rate"]
    if how["padding"] == "same":
        expected = math.ceil(rows / s), math.ceil(columns / s)
    else:
        sizes = ((rows, high), (columns, wide))
        expected = tuple((n - d * (k - 1) - 1) // s + 1 for n, k in sizes)
    assert widget.output.shape == expected


def test_state_may_be_read_and_set_and_goes_to_the_browser():
    widget = ConvolutionWidget(IMAGE[:, :, None], KERNEL)
    widget.kernel = np.eye(3)
    widget.selected = [3, 4]
    assert widget.kernel == np.eye(3).tolist()
    synced = widget.get_state()
    names = ("image", "kernel", "strides", "padding", "dilation_rate", "selected")
    json.dumps({name: synced[name] for name in names})  # what cannot go raises here
    assert "yours" in widget.presets


def test_selected_stays_inside_a_shrinking_output():
    widget = ConvolutionWidget(IMAGE, KERNEL)
    widget.selected = [4, 4]
    widget.strides = 3
    assert widget.selected == [1, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"strides": 0}, "strides"),
        ({"strides": 4}, "strides"),
        ({"padding": "full"}, "padding"),
        ({"dilation_rate": 9}, "dilation_rate"),
    ],
)
def test_a_value_outside_its_range_is_refused(change, message):
    with pytest.raises(traitlets.TraitError, match=message):
        ConvolutionWidget(IMAGE, KERNEL, **change)


def test_a_window_larger_than_the_image_is_refused_and_nothing_changes():
    widget = ConvolutionWidget(np.ones((4, 4)), np.ones((3, 3)))
    with pytest.raises(traitlets.TraitError, match=r"spans \(5, 5\) cells"):
        widget.dilation_rate = 2
    assert widget.dilation_rate == 1
    widget.padding = "same"
    widget.dilation_rate = 2
    assert widget.output.shape == (4, 4)


@pytest.mark.parametrize("image", [np.ones(5), np.ones((5, 5, 3)), np.ones((65, 5))])
def test_a_wrong_image_is_refused(image):
    with pytest.raises(ShapeError, match="ConvolutionWidget: image is"):
        ConvolutionWidget(image, KERNEL)


def test_nan_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        ConvolutionWidget([[1.0, np.nan]], [[1.0]])


def test_without_widgets_there_is_a_still_picture():
    widget = ConvolutionWidget(IMAGE, KERNEL, padding="same")
    data, metadata = widget._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert data["image/png"].startswith("iVBOR")
    assert "window of output pixel [0, 0]" in metadata["image/png"]["alt"]
    still = widget.still()
    assert [ax.get_title() for ax in still.axes][1:] == ["kernel", "output"]
    texts = [t.get_text() for t in still.axes[1].texts]
    assert texts == ["1", "−2", "0.5", "0", "3", "−1"]


# --------------------------------------------------------------- in a real browser


def javascript_map(page):
    script = """() => { const [m, g] = [window.module, (n) => window.model.get(n)];
      const how = { strides: g("strides"), padding: g("padding"),
                    dilation_rate: g("dilation_rate") };
      return m.convolve(g("image"), g("kernel"), g("bias"), how); }"""
    return np.array(page.evaluate(script))


def hover(page, row, column, widget):
    box = page.locator("svg.output").bounding_box()
    rows, columns = widget.output.shape
    x = box["x"] + 3 + (column + 0.5) * (box["width"] - 6) / columns
    page.mouse.move(x, box["y"] + 3 + (row + 0.5) * (box["height"] - 6) / rows)


@pytest.mark.browser
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_browser_computes_the_same_numbers(
    show_in_page, padding, strides, dilation
):
    widget = ConvolutionWidget(IMAGE, KERNEL, 0.5, strides, padding, dilation)
    page = show_in_page(widget)
    np.testing.assert_allclose(javascript_map(page), widget.output, atol=1e-12)


@pytest.mark.browser
def test_hovering_shows_window_products_and_sum(show_in_page):
    widget = ConvolutionWidget(IMAGE, KERNEL, bias=0.5)
    page = show_in_page(widget)
    hover(page, 2, 3, widget)
    assert page.evaluate("model.get('selected')") == [2, 3]
    expected = f"{widget.output[2, 3]:g}".replace("-", "−")
    assert page.locator(".result strong").inner_text() == expected
    window = IMAGE[2:4, 3:6].ravel()
    terms = page.locator(".work span").all_inner_texts()
    assert [t.split(" × ")[0].lstrip("+ ") for t in terms] == [
        f"{x:g}".replace("-", "−") for x in window
    ]
    assert page.locator(".marks rect.window:not(.halo)").count() == 1


@pytest.mark.browser
def test_arrow_keys_move_the_pixel_and_stop_at_the_border(show_in_page):
    page = show_in_page(ConvolutionWidget(IMAGE, KERNEL))
    page.locator("svg.output").focus()
    for key in ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"]:
        page.keyboard.press(key)
    assert page.evaluate("model.get('selected')") == [0, 2]


@pytest.mark.browser
def test_controls_change_the_structure(show_in_page):
    page = show_in_page(ConvolutionWidget(np.eye(6), KERNELS["blur"]))
    page.get_by_label("strides 2").check()
    page.get_by_label("padding same").check()
    page.get_by_label("dilation 2").check()
    assert page.evaluate("model.get('strides')") == 2
    assert page.locator("svg.output rect.cell").count() == 9
    assert "Keras refuses" in page.locator(".note").inner_text()
    assert "⌈6 / 2⌉ = 3" in page.locator(".formula").inner_text()
    assert page.locator(".marks rect.tap:not(.halo)").count() == 9
    page.locator("select").select_option("edge x")
    assert page.evaluate("model.get('kernel')[1]") == [-2, 0, 2]
    page.get_by_role("button").click()
    assert page.evaluate("model.get('kernel')[1]") == [2, 0, -2]


@pytest.mark.browser
def test_a_kernel_cell_may_be_edited(show_in_page):
    page = show_in_page(ConvolutionWidget(np.eye(5), KERNELS["identity"]))
    field = page.get_by_label("kernel row 1, column 3")
    field.fill("4.5")
    field.press("Tab")
    assert page.evaluate("model.get('kernel')[0]") == [0, 0, 4.5]
    assert page.locator("select").input_value() == "custom"
    field.fill("")
    field.press("Tab")
    assert page.evaluate("model.get('kernel')[0]") == [0, 0, 4.5]


@pytest.mark.browser
def test_what_does_not_fit_is_disabled_and_says_so(show_in_page):
    page = show_in_page(ConvolutionWidget(np.eye(4), np.ones((3, 3))))
    assert page.get_by_label("dilation 2").is_disabled()
    assert "dilation 2, dilation 3" in page.locator(".note").inner_text()
