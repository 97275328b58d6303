import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.reference import adam, momentum, sgd
from mmlearn.show.descent import OPTIMIZERS, DescentWidget

SCRIPT = Path(show.__file__).with_name("descent.js")
SETTINGS = [
    {"optimizer": "gradient descent", "learning_rate": 0.07},
    {"optimizer": "gradient descent", "learning_rate": 0.5},  # explodes
    {"optimizer": "momentum", "learning_rate": 0.03, "momentum": 0.85},
    {"optimizer": "Adam", "learning_rate": 0.3, "momentum": 0.9},
]


def by_reference(widget):
    """The same path with the optimizers of the reference."""
    w, state, path = np.array(widget.start), (), [np.array(widget.start)]
    for _ in range(len(widget.path) - 1):
        g, rate = np.array(widget.curvature) * w, widget.learning_rate
        if widget.optimizer == "Adam":
            options = {"beta_1": widget.momentum, "epsilon": 1e-7}
            w, state = adam(w, g, state, learning_rate=rate, **options)
        elif widget.optimizer == "momentum":
            options = {"momentum": widget.momentum}
            w, state = momentum(w, g, state, learning_rate=rate, **options)
        else:
            w, state = sgd(w, g, state, learning_rate=rate)
        path.append(w)
    return np.array(path)


@pytest.mark.parametrize("setting", SETTINGS)
def test_path_is_that_of_the_reference(setting):
    widget = DescentWidget(**setting)
    np.testing.assert_allclose(widget.path, by_reference(widget), rtol=1e-4, atol=1e-5)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize("setting", SETTINGS)
def test_the_browser_walks_the_same_path(setting):
    widget = DescentWidget(**setting)
    names = ("optimizer", "learning_rate", "momentum", "curvature", "start", "steps")
    how = json.dumps({name: getattr(widget, name) for name in names})
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"\nconsole.log(JSON.stringify(walk({how})));"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(json.loads(done.stdout), widget.path, rtol=1e-9)


@pytest.mark.parametrize("curvature", [(1.0, 25.0), (0.5, 4.0)])
def test_gradient_descent_turns_at_two_over_the_largest_curvature(curvature):
    edge = 2 / max(curvature)
    settings = {"curvature": curvature, "steps": 400}
    below = DescentWidget(learning_rate=0.98 * edge, **settings)
    above = DescentWidget(learning_rate=1.02 * edge, **settings)
    assert below.losses[-1] < below.losses[0] < above.losses[-1]


def test_a_path_that_explodes_is_cut_short():
    widget = DescentWidget(learning_rate=1.0)
    assert len(widget.path) < 61
    assert np.isfinite(widget.path).all()


@pytest.mark.parametrize(
    "setting",
    [{"optimizer": "Newton"}, {"learning_rate": 0}, {"momentum": 1}, {"steps": 0}],
)
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        DescentWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = DescentWidget(optimizer="Adam")._repr_mimebundle_()
    assert data["image/png"]
    assert "Adam" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_choices_change_the_path(show_in_page):
    page = show_in_page(DescentWidget(learning_rate=0.05))
    assert page.get_by_label("momentum").nth(1).is_disabled()
    assert "it is on its way" in page.locator(".status").inner_text()
    page.get_by_label(OPTIMIZERS[2]).check()
    assert page.evaluate("model.get('optimizer')") == "Adam"
    page.get_by_label(OPTIMIZERS[0]).check()
    page.get_by_label("learning rate").fill("-0.5")
    assert "it diverges" in page.locator(".status").inner_text()
