import json

import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.show import BlueprintWidget
from mmlearn.show.blueprint import BLOCKS

block = st.fixed_dictionaries(
    {
        "units": st.sampled_from([2, 3]),
        "kernel": st.sampled_from([1, 2, 3, 5]),
        "padding": st.sampled_from(["valid", "same"]),
        "pool": st.sampled_from([1, 2, 3]),
    }
)
blueprints = st.builds(
    dict,
    size=st.integers(4, 20),
    channels=st.sampled_from([1, 3]),
    blocks=st.lists(block, min_size=1, max_size=3),
    ending=st.sampled_from(["flatten", "rows"]),
    units=st.integers(1, 5),
)


def in_keras(size, channels, blocks, ending, units):
    """The same blueprint built by Keras: its layers, as far as they could be built."""
    import keras
    from keras import layers

    h, built, last = keras.Input((size, size, channels)), [], "channels_last"
    plan = []
    for b in blocks:
        how = {"padding": b["padding"], "data_format": last}
        plan.append(layers.Conv2D(b["units"], b["kernel"], **how))
        if b["pool"] > 1:
            plan.append(layers.MaxPooling2D(b["pool"], data_format=last))
    plan.append(layers.Flatten() if ending == "flatten" else "rows")
    plan += [layers.LSTM(units), layers.Dense(10)]
    for layer in plan:
        if layer == "rows":
            layer = layers.Reshape((h.shape[1], h.shape[2] * h.shape[3]))
        try:
            h = layer(h)
        except ValueError:
            return built, False
        built.append((tuple(h.shape[1:]), layer.count_params()))
    return built, True


@given(blueprints)
@settings(max_examples=5, deadline=None)
def test_shapes_weights_and_the_first_fault_are_keras(blueprint):
    stages = BlueprintWidget(**blueprint).stages
    built, whole = in_keras(**blueprint)
    ours = [(stage.shape, stage.weights) for stage in stages if not stage.fault]
    # Keras pools a map of nothing into nothing without a word; we call that a fault.
    assert ours == built[: len(ours)]
    assert whole == (not stages[-1].fault) or 0 in built[len(ours)][0]


def test_the_blueprint_of_lesson_05_breaks_twice():
    widget = BlueprintWidget()
    assert [s.name for s in widget.stages][-1] == "conv 4"
    assert widget.stages[-1].fault == "a 3 × 3 kernel does not fit on 1 × 1"
    widget.blocks = [b | {"padding": "same"} for b in widget.blocks]
    assert widget.stages[-1].name == "LSTM"
    assert "no steps" in widget.stages[-1].fault
    widget.ending = "rows"
    assert [s.shape for s in widget.stages[-3:]] == [(1, 256), (128,), (10,)]


def test_state_goes_to_the_browser():
    """What the browser gets, as JSON, is the blueprint of lesson 05."""
    state = BlueprintWidget().get_state()
    names = ("size", "channels", "blocks", "ending", "units")
    sent = json.loads(json.dumps({name: state[name] for name in names}))
    rest = {"kernel": 3, "padding": "valid", "pool": 2}
    blocks = [{"units": units, **rest} for units in (32, 64, 128, 256)]
    values = (28, 3, blocks, "flatten", 128)
    assert sent == dict(zip(names, values, strict=True))


@pytest.mark.parametrize(
    "change",
    [
        {"size": 3},
        {"channels": 2},
        {"ending": "columns"},
        {"units": 0},
        {"blocks": []},
        {"blocks": [{"kernel": 3}]},
        {"blocks": [BLOCKS[0] | {"kernel": 4}]},
        {"blocks": [BLOCKS[0] | {"padding": "full"}]},
    ],
)
def test_what_is_no_blueprint_is_refused(change):
    with pytest.raises(traitlets.TraitError):
        BlueprintWidget(**change)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = BlueprintWidget()._repr_mimebundle_()
    assert data["image/png"].startswith("iVBOR")
    assert "conv 4: a 3 × 3 kernel does not fit on 1 × 1" in data["text/plain"]
    assert metadata["image/png"]["alt"] == data["text/plain"]


# --------------------------------------------------------------- in a real browser


def javascript_stages(page):
    script = """() => window.module.trace(Object.fromEntries(
      ["size", "channels", "blocks", "ending", "units"]
        .map((name) => [name, window.model.get(name)])))"""
    return [
        (s["name"], tuple(s["shape"]), s["weights"], s["fault"])
        for s in page.evaluate(script)
    ]


@pytest.mark.browser
@pytest.mark.parametrize("ending", ["flatten", "rows"])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("pool", [1, 2, 3])
def test_the_browser_traces_the_same(show_in_page, padding, pool, ending):
    blocks = [b | {"padding": padding, "pool": pool} for b in BLOCKS]
    widget = BlueprintWidget(20, 1, blocks, ending, 7)
    page = show_in_page(widget)
    assert javascript_stages(page) == [tuple(stage) for stage in widget.stages]


@pytest.mark.browser
def test_changing_a_layer_mends_the_blueprint(show_in_page):
    page = show_in_page(BlueprintWidget())
    assert "breaks at conv 4" in page.locator(".result").inner_text()
    names = page.locator(".stage b").all()
    below = page.locator(".stage .map").all()
    for name, picture in zip(names, below, strict=True):  # side by side, names below
        bottom = picture.bounding_box()["y"] + picture.bounding_box()["height"]
        assert name.bounding_box()["y"] >= bottom - 1
    for i in range(1, 5):
        page.get_by_label(f"padding of conv {i}").select_option("same")
    page.get_by_label("ending").select_option("rows as steps")
    page.get_by_label("pooling 4").select_option("no pooling")
    assert "It can be built" in page.locator(".result").inner_text()
    assert page.locator(".stage.sequence").inner_text().split("\n")[1] == "3 × 768"
    page.get_by_label("one convolution less").click()
    assert page.evaluate("model.get('blocks').length") == 3
    page.get_by_label("image side").fill("2")
    page.get_by_label("image side").press("Tab")
    assert page.evaluate("model.get('size')") == 28
