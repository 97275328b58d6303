import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import reference, show
from mmlearn.show import ContrastWidget

SCRIPT = Path(show.__file__).with_name("contrast.js")
SETTINGS = [
    {},
    {"temperature": 0.02, "batch": 64, "doubles": 8, "query": 90.0},
    {"temperature": 2.0, "batch": 2, "doubles": 8, "query": 0.0},
    {"temperature": 0.5, "batch": 5, "doubles": 3, "query": 12.0},
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_loss_is_a_cross_entropy_and_the_push_its_gradient(setting):
    widget = ContrastWidget(**setting)
    angle = np.deg2rad(np.append(widget.angles, widget.query))
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    s = points[-1:] @ points[:-1].T / widget.temperature
    loss, pullback = reference.softmax_cross_entropy(s, labels=[0])
    assert widget.figures["loss"] == pytest.approx(float(loss), abs=1e-12)
    np.testing.assert_allclose(widget.chances[1:], pullback(1.0)[0][0, 1:], atol=1e-12)
    assert 1 <= widget.figures["pushing"] <= widget.batch - 1 + 1e-9


def test_a_low_temperature_leaves_one_that_pushes_and_doubles_take_it():
    warm, cold = (ContrastWidget(temperature=t, batch=64).figures for t in (2, 0.02))
    assert warm["pushing"] > 50 and cold["pushing"] < 3
    doubled = [
        ContrastWidget(temperature=t, batch=64, doubles=4, query=15).figures["doubled"]
        for t in (2, 0.2, 0.02)
    ]
    assert doubled[0] < 0.2 < doubled[1] and doubled[2] > 0.9


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    widgets = [ContrastWidget(**setting) for setting in SETTINGS]
    names = ("temperature", "batch", "doubles", "query")
    cases = [{name: getattr(w, name) for name in names} for w in widgets]
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"const cases = {json.dumps(cases)};"
    program += "console.log(JSON.stringify(cases.map((c) => [angles(c), judge(c)])))"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for widget, (places, found) in zip(widgets, json.loads(done.stdout), strict=True):
        np.testing.assert_allclose(places, widget.angles)
        for name, value in widget.figures.items():
            assert found[name] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("setting", [{"temperature": 0}, {"batch": 1}, {"query": 91}])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        ContrastWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = ContrastWidget(doubles=2)._repr_mimebundle_()
    assert data["image/png"]
    assert "of the push from doubles" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_sliders_change_the_figures(show_in_page):
    page = show_in_page(ContrastWidget(temperature=2, batch=64))
    status = page.locator(".status")
    before = status.inner_text()
    page.get_by_role("slider", name="temperature τ").fill("0.02")
    assert "of 63 other keys push" in status.inner_text() != before
