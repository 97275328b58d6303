import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.reference import simple_rnn
from mmlearn.show import RecurrenceWidget

FOLDER = Path(show.__file__).parent
SETTINGS = [
    {},
    {"recurrent_weight": 1.5, "input_weight": 2.0},  # latches
    {"recurrent_weight": -1.25, "bias": 0.5, "steps": 7},
    {"recurrent_weight": 0.5, "initial_state": -0.75, "input_weight": 0.0},
]
NAMES = ("recurrent_weight", "input_weight", "bias", "initial_state", "steps")


@pytest.mark.parametrize("setting", SETTINGS)
def test_states_and_gradients_are_those_of_the_reference(setting):
    widget = RecurrenceWidget(**setting)
    x = np.zeros((1, widget.steps, 1))
    x[0, 0] = 1
    weights = (
        np.full((1, 1), widget.input_weight),
        np.array([[widget.recurrent_weight]]),
    )
    start = np.array([[widget.initial_state]])
    arrays = (x, *weights, np.array([widget.bias]))
    h, _ = simple_rnn(*arrays, initial_state=start, return_sequences=True)
    np.testing.assert_allclose(widget.states[1:], h.ravel())
    for k in (0, widget.steps // 2, widget.steps - 1):  # a message to h_{T−k} alone
        tail = x[:, widget.steps - k :]
        if not k:
            continue
        moved = [
            simple_rnn(tail, *arrays[1:], initial_state=h[:, -k - 1] + d)[0].item()
            for d in (1e-6, -1e-6)
        ]
        slope = abs(moved[0] - moved[1]) / 2e-6
        assert slope == pytest.approx(widget.gradients[k], rel=1e-4, abs=1e-8)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    widgets = [RecurrenceWidget(**setting) for setting in SETTINGS]
    cases = [{name: getattr(w, name) for name in NAMES} for w in widgets]
    program = (FOLDER / "recurrence.js").read_text(encoding="utf-8")
    program += f"""
    const found = {json.dumps(cases)}.map((how) => [states(how), gradients(how)]);
    console.log(JSON.stringify(found));
    """
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for widget, (h, lengths) in zip(widgets, json.loads(done.stdout), strict=True):
        np.testing.assert_allclose(h, widget.states, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(lengths, widget.gradients, rtol=1e-9, atol=1e-30)


@pytest.mark.parametrize(
    "setting", [{"recurrent_weight": 3}, {"bias": -2}, {"steps": 0}]
)
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        RecurrenceWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = RecurrenceWidget(recurrent_weight=0.5)._repr_mimebundle_()
    assert data["image/png"]
    alt = metadata["image/png"]["alt"]
    assert "recurrent weight 0.5" in alt and "the gradient over 40 steps" in alt


@pytest.mark.browser
def test_a_slider_changes_memory_and_gradient(show_in_page):
    page = show_in_page(RecurrenceWidget(recurrent_weight=0.5))
    status = page.locator(".status")
    assert (
        "The pulse is forgotten, and the gradient has vanished" in status.inner_text()
    )
    page.get_by_label("recurrent weight").fill("1.5")
    assert "settled at a value of its own" in status.inner_text()
    assert page.evaluate("model.get('recurrent_weight')") == 1.5
    page.get_by_label("input weight").fill("0")
    assert "The pulse is forgotten, and the gradient explodes" in status.inner_text()
