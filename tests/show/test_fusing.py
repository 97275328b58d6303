import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from scipy.special import expit

from mmlearn import show
from mmlearn.show import FusingWidget

FOLDER = Path(show.__file__).parent
CASES = [([1, 1, 1], 0), ([0.5, 1, 4], 0), ([1, 2, 2], 0.9), ([0.3, 5, 2], 0.5)]


@pytest.mark.parametrize(("noise", "rho"), CASES)
def test_accuracies_against_draws(noise, rho):
    widget = FusingWidget(noise, rho)
    rng = np.random.default_rng(1)
    s = np.array(noise)
    x = 1 + rng.multivariate_normal(np.zeros(3), widget.covariance, 200_000)
    p = expit(2 * x / s**2)
    product = (x / s**2).sum(axis=1)
    best = x @ np.linalg.inv(widget.covariance).sum(axis=1)
    drawn = [
        (x > 0).mean(axis=0).max(),
        ((x > 0).sum(axis=1) > 1).mean(),
        (x.sum(axis=1) > 0).mean(),
        (p.mean(axis=1) > 0.5).mean(),
        (product > 0).mean(),
        (best > 0).mean(),
    ]
    np.testing.assert_allclose(list(widget.accuracies.values()), drawn, atol=5e-3)
    confidence = expit(2 * np.abs(product)).mean()
    assert widget.confidence == pytest.approx(confidence, abs=5e-3)


def test_what_the_lesson_says_of_it():
    equal = FusingWidget([1, 1, 1]).accuracies
    assert equal["product of experts"] == pytest.approx(equal["best possible"])
    assert equal["sum of features"] == pytest.approx(equal["best possible"])
    noisy = FusingWidget([0.8, 1, 5])
    assert noisy.accuracies["sum of features"] < noisy.accuracies["best alone"]
    meant = noisy.accuracies["product of experts"]  # the rule errs where |x| has a kink
    assert noisy.confidence == pytest.approx(meant, abs=1e-5)
    shared = FusingWidget([1, 2, 2], 0.9)
    assert shared.accuracies["product of experts"] < shared.accuracies["best alone"]
    assert shared.accuracies["best possible"] > shared.accuracies["best alone"] + 0.05
    assert shared.confidence > shared.accuracies["product of experts"] + 0.05


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    program = (FOLDER / "fusing.js").read_text(encoding="utf-8")
    program += f"""
    console.log(JSON.stringify({json.dumps(CASES)}.map(([s, r]) => fuse(s, r))));
    """
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for case, found in zip(CASES, json.loads(done.stdout), strict=True):
        widget = FusingWidget(*case)
        ours = list(widget.accuracies.values())
        np.testing.assert_allclose(found["accuracies"], ours, atol=5e-4)
        assert found["confidence"] == pytest.approx(widget.confidence, abs=1e-4)


@pytest.mark.parametrize(
    "setting", [{"noise": [1, 1]}, {"noise": [0, 1, 1]}, {"correlation": 1}]
)
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        FusingWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = FusingWidget([0.8, 1, 5])._repr_mimebundle_()
    assert data["image/png"]
    assert "best alone 0.894" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_moving_the_noise_moves_the_bars(show_in_page):
    page = show_in_page(FusingWidget())
    status = page.locator(".status")
    assert "it means what it says" in status.inner_text()
    page.get_by_label("noise they share").fill("0.9")
    assert page.evaluate("model.get('correlation')") == 0.9
    assert "too sure by" in status.inner_text()
    page.get_by_label("noise of text").fill("5")
    assert page.evaluate("model.get('noise')") == [1, 1, 5]
    assert "below the best alone" in page.locator("svg").text_content()
