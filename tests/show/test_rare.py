import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from sklearn import metrics

from mmlearn import show
from mmlearn.show import RareClassWidget

SCRIPT = Path(show.__file__).with_name("rare.js")
SETTINGS = [
    {},
    {"share": 0.01, "distance": 1.0, "threshold": 3.5},
    {"share": 0.5, "distance": 0.0, "threshold": -3.0},
]


def test_the_metrics_are_those_of_samples_that_are_drawn():
    widget = RareClassWidget(share=0.1, distance=1.5, threshold=1.2)
    rng = np.random.default_rng(0)
    labels = rng.random(200_000) < widget.share
    called = rng.normal(size=len(labels)) + widget.distance * labels > widget.threshold
    expected = {
        "accuracy": metrics.accuracy_score(labels, called),
        "balanced": metrics.balanced_accuracy_score(labels, called),
        "f1": metrics.f1_score(labels, called, average="macro"),
    }
    assert widget.metrics == pytest.approx(expected, abs=0.01)


def test_accuracys_best_threshold_moves_with_the_frequency_the_balanced_one_not():
    even, rare = (RareClassWidget(share=s, distance=2).best for s in (0.5, 0.02))
    assert even["balanced"] == rare["balanced"] == even["accuracy"] == pytest.approx(1)
    # Where both densities are alike: exp(−t²/2) (1 − s) = exp(−(t − d)²/2) s.
    assert rare["accuracy"] == pytest.approx(1 + np.log(49) / 2, abs=0.05)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    widgets = [RareClassWidget(**setting) for setting in SETTINGS]
    names = ("share", "distance", "threshold")
    cases = [{name: getattr(w, name) for name in names} for w in widgets]
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"const cases = {json.dumps(cases)};"
    program += (
        "console.log(JSON.stringify(cases.map((c) => [judge(c), sweep(c).best])))"
    )
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for widget, (found, best) in zip(widgets, json.loads(done.stdout), strict=True):
        for name, value in widget.metrics.items():
            assert found[name] == pytest.approx(value, abs=1e-6)
        assert best == pytest.approx(widget.best, abs=0.051)


@pytest.mark.parametrize("setting", [{"share": 0}, {"distance": 5}, {"threshold": 8}])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        RareClassWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = RareClassWidget()._repr_mimebundle_()
    assert data["image/png"]
    assert "balanced accuracy" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_sliders_change_the_figures(show_in_page):
    page = show_in_page(RareClassWidget(share=0.02, threshold=7))
    status = page.locator(".status")
    assert "0 rare ones found, 20 missed" in status.inner_text()
    page.get_by_role("slider", name="threshold").fill("1")
    assert "17 rare ones found" in status.inner_text()
