import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import reference, show
from mmlearn.axes import ShapeError
from mmlearn.show import WritingWidget

SCRIPT = Path(show.__file__).with_name("writing.js")
TOKENS = ["<pad>", "<unknown>", " ", "a", "b", "c"]
V, F, U = len(TOKENS), 3, 4


@pytest.fixture(scope="module")
def weights():
    rng = np.random.default_rng(9)
    shapes = [(V, F), (F, 3 * U), (U, 3 * U), (2, 3 * U), (U, V), (V,)]
    return [rng.normal(size=shape).astype("float32") for shape in shapes]


def test_it_is_the_reference_network(weights):
    widget = WritingWidget(TOKENS, weights, text="ab ca", temperature=0.5)
    ids = [[3, 4, 2, 5, 3]]
    x, _ = reference.embedding(weights[0], ids=ids)
    states, _ = reference.gru(x, *weights[1:4], return_sequences=True)
    states = np.concatenate([np.zeros((1, U)), states[0]])
    logits = (states @ weights[4] + weights[5])[:, 2:]
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    found = widget.answers
    came = log_p[np.arange(5), np.array(ids[0]) - 2]
    np.testing.assert_allclose(found["surprise"], -came, rtol=1e-5)
    p = np.exp(2 * log_p[-1])
    np.testing.assert_allclose(found["p"][2:], p / p.sum(), rtol=1e-5)
    assert not found["p"][:2].any()


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same(weights):
    widgets = [
        WritingWidget(TOKENS, weights),
        WritingWidget(TOKENS, weights, "ab ?ca", 0.3),
    ]
    names = ("tokens", "parameters", "features", "units", "text", "temperature")
    cases = [{name: getattr(w, name) for name in names} for w in widgets]
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"""
    console.log(JSON.stringify({json.dumps(cases)}.map((c) => {{
      const net = unpack(c), read = reader(net);
      read(c.text.slice(0, 3) + "bbb");  // typed otherwise first
      const {{ h, surprise }} = read(c.text);
      const p = next(net, h, c.temperature);
      return {{ p: [...p], surprise, token: pick(p, 0.999999) }};
    }})));"""
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for widget, found in zip(widgets, json.loads(done.stdout), strict=True):
        expected = widget.answers
        np.testing.assert_allclose(found["p"], expected["p"], atol=1e-6)
        surprise = np.array(found["surprise"], float)  # null is NaN
        np.testing.assert_allclose(surprise, expected["surprise"], atol=1e-5)
        assert found["token"] == V - 1


def test_cold_is_sure_and_hot_is_open(weights):
    p = [WritingWidget(TOKENS, weights, "a", t).answers["p"][2:] for t in (0.1, 1, 3)]
    assert p[0].max() > p[1].max() > p[2].max()


def test_what_does_not_fit_is_refused(weights):
    with pytest.raises(ShapeError, match="embeddings"):
        WritingWidget(TOKENS[:-1], weights)
    with pytest.raises(ValueError, match="5 weights; expected 6: embeddings, kernel"):
        WritingWidget(TOKENS, weights[:-1])
    with pytest.raises(traitlets.TraitError):
        WritingWidget(TOKENS, weights, temperature=0)


def test_without_widgets_there_is_a_still_picture(weights):
    data, metadata = WritingWidget(TOKENS, weights, "ab")._repr_mimebundle_()
    assert data["image/png"]
    assert "the likeliest next letter is" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_typing_and_choosing_and_writing(show_in_page, weights):
    page = show_in_page(WritingWidget(TOKENS, weights))
    page.get_by_label("the text").fill("ab")
    assert "perplexity" in page.locator(".status").inner_text()
    page.locator(".token").first.click()
    assert len(page.get_by_label("the text").input_value()) == 3
    page.get_by_role("button", name="write 60").click()
    assert len(page.get_by_label("the text").input_value()) == 63
    page.get_by_role("button", name="empty").click()
    assert page.get_by_label("the text").input_value() == ""
