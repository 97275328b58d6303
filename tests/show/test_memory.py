import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.axes import ShapeError
from mmlearn.show import MemoryWidget

SCRIPT = Path(show.__file__).with_name("memory.js")
NAMES = ("forget", "input", "output", "candidate", "looking")
SETTINGS = [
    {},
    {"forget": 0.99, "input": 0.1, "candidate": -0.7},
    {"forget": 0.9, "input": 1.0, "output": 0.2, "looking": True},
]


def test_a_cell_by_hand():
    widget = MemoryWidget(forget=0.5, input=0.25, output=1, candidate=0.8)
    found, g = widget.states, 0.25 + 0.4 * np.cos(1.7 * np.arange(1, 5))
    assert found["cell"][1] == pytest.approx(0.5 * 0.25 * g[0] + 0.25 * g[1])
    assert found["share"][2:6] == pytest.approx([0, 0.2, 0.1, 0.05])
    np.testing.assert_allclose(found["hidden"], np.tanh(found["cell"]))


def test_constant_gates_cannot_keep_the_event_alone_and_gates_that_look_can():
    grid, kept = np.linspace(0, 1, 11), []
    for f in grid:
        for i in grid:
            found = MemoryWidget(forget=f, input=i).states
            share = found["share"][-1]
            kept.append(share > 0.5 and abs(found["cell"][-1] - share) < 0.1)
    assert not any(kept)
    looking = MemoryWidget(forget=1, input=1, looking=True).states
    assert looking["share"][-1] == looking["cell"][-1] == 0.9


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    widgets = [MemoryWidget(**setting) for setting in SETTINGS]
    cases = [{name: getattr(w, name) for name in NAMES} for w in widgets]
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"console.log(JSON.stringify({json.dumps(cases)}.map(remember)));"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for widget, states in zip(widgets, json.loads(done.stdout), strict=True):
        for name, short in (("cell", "cell"), ("share", "share"), ("candidate", "g")):
            found = [state[short] for state in states]
            np.testing.assert_allclose(found, widget.states[name], atol=1e-12)


@pytest.mark.parametrize("setting", [{"forget": 1.1}, {"input": -1}, {"candidate": 2}])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        MemoryWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = MemoryWidget()._repr_mimebundle_()
    assert data["image/png"]
    assert "of the event" in metadata["image/png"]["alt"]


def test_gates_stand_under_the_sound_at_their_moments():
    z, times = np.linspace(0, 1, 12).reshape(4, 3), np.array([0.1, 0.3, 0.5, 0.7])
    levels = np.arange(40.0).reshape(8, 5)
    figure = show.gates({"update": z}, times, np.zeros(80), 100, levels=levels)
    drawn = [image for ax in figure.axes for image in ax.get_images()]
    np.testing.assert_array_equal(drawn[1].get_array(), z.T)
    assert drawn[1].get_extent()[:2] == pytest.approx((0.0, 0.8))
    assert drawn[0].get_extent()[:2] == pytest.approx((0.0, 0.8))
    assert "4 steps" in figure.alt
    with pytest.raises(ShapeError, match="opened"):
        show.gates({"update": z[:3]}, times, np.zeros(80), 100)


@pytest.mark.browser
def test_sliders_and_the_box_change_what_is_left(show_in_page):
    page = show_in_page(MemoryWidget())
    assert "holds 0.00 of the event" in page.locator(".status").inner_text()
    page.get_by_label("the gates look").check()
    page.get_by_label("input gate i").fill("1")
    assert "holds 0.90 of the event and 0.00" in page.locator(".status").inner_text()
