import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax

from mmlearn import show
from mmlearn.reference import softmax_cross_entropy
from mmlearn.show import SoftmaxWidget

FOLDER = Path(show.__file__).parent


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(-6, 6), min_size=3, max_size=3),
    st.floats(0.1, 5),
    st.integers(0, 2),
)
def test_probabilities_loss_and_gradient(logits, temperature, label):
    widget = SoftmaxWidget(logits, temperature, label)
    scaled = np.array(logits) / temperature
    np.testing.assert_allclose(widget.probabilities, softmax(scaled), atol=1e-12)
    assert widget.loss == pytest.approx(-log_softmax(scaled)[label], abs=1e-9)
    loss, pullback = softmax_cross_entropy(scaled[None], labels=[label])
    assert widget.loss == pytest.approx(float(loss), abs=1e-9)
    expected = pullback(1.0)[0][0] / temperature  # z / T, so the chain rule adds 1 / T
    np.testing.assert_allclose(widget.gradient, expected, atol=1e-9)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    cases = [([0, 1, 2], 1, 0), ([-6, 6, 0.5], 0.1, 0), ([3, 3, -2], 5, 2)]
    program = (FOLDER / "softmax.js").read_text(encoding="utf-8")
    program += f"""
    console.log(JSON.stringify({json.dumps(cases)}.map(([z, t, k]) =>
      [softmax(z, t), surprise(z, t, k), gradient(z, t, k)])));
    """
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for case, (p, loss, slope) in zip(cases, json.loads(done.stdout), strict=True):
        widget = SoftmaxWidget(*case)
        np.testing.assert_allclose(p, widget.probabilities, rtol=1e-9, atol=1e-15)
        assert loss == pytest.approx(widget.loss)
        np.testing.assert_allclose(slope, widget.gradient, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(
    "setting",
    [
        {"logits": [1, 2]},
        {"logits": [0, 0, 9]},
        {"temperature": 0},
        {"label": 3},
    ],
)
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        SoftmaxWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = SoftmaxWidget(np.log([1, 2, 5]), label=2)._repr_mimebundle_()
    assert data["image/png"]
    assert "0.125, 0.250, 0.625" in metadata["image/png"]["alt"]
    assert "0.125, 0.250, -0.375" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_moving_a_logit_moves_loss_and_slopes(show_in_page):
    page = show_in_page(SoftmaxWidget([0, 0, 0]))
    status = page.locator(".status")
    assert "1.099 nats" in status.inner_text()  # ln 3
    page.get_by_label("logit 0").fill("6")
    assert page.evaluate("model.get('logits')") == [6, 0, 0]
    assert "0.005 nats" in status.inner_text()
    page.get_by_label("true class 2").check()
    assert "6.005 nats; the three slopes add up to 0.000" in status.inner_text()
    page.get_by_label("temperature").fill("2")
    assert "gradient (p − y) / T" in page.locator("svg").nth(1).text_content()
