import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import reference, show
from mmlearn.axes import ShapeError
from mmlearn.show import AttentionWidget

SCRIPT = Path(show.__file__).with_name("attention.js")
WORDS = ["the", "plot", "is", "not", "cold"]


def weights(heads=3, L=5, S=5, seed=0):
    rng = np.random.default_rng(seed)
    q, k = rng.normal(size=(2, heads, max(L, S), 4)) * 2
    return reference.attention_weights(q[:, :L], k[:, :S])[0]


def test_each_head_has_its_panel_and_its_names():
    w = weights(heads=2, S=4)
    figure = show.attention_maps(w, WORDS, list("abcd"), title="Found")
    panels = [ax for ax in figure.axes if ax.get_images()]
    for ax, expected in zip(panels, w, strict=True):
        np.testing.assert_array_equal(ax.get_images()[0].get_array(), expected)
        assert [t.get_text() for t in ax.get_xticklabels()] == list("abcd")
        assert f"{expected[1, 2]:.2f}" in [t.get_text() for t in ax.texts]
    assert [t.get_text() for t in panels[0].get_yticklabels()] == WORDS
    l, s = np.unravel_index(w[1].argmax(), w[1].shape)
    assert f"head 2: {WORDS[l]} reads {'abcd'[s]}" in figure.alt
    assert figure.alt.startswith("Found. ")


def test_large_maps_carry_no_numbers():
    figure = show.attention_maps(weights(1, 12, 12))
    assert not figure.axes[0].texts


def test_the_row_of_a_head_or_their_mean():
    w = weights()
    widget = AttentionWidget(w, WORDS, query=2, head=3)
    np.testing.assert_allclose(widget.looked, w[2, 2], atol=1e-6)
    widget.head = 0
    np.testing.assert_allclose(widget.looked, w[:, 2].mean(axis=0), atol=1e-6)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_answers_the_same():
    settings = [{"query": q, "head": h} for q, h in ((0, 0), (3, 1), (4, 3))]
    widgets = [AttentionWidget(weights(), WORDS, **setting) for setting in settings]
    traits = ("weights", "query", "head")
    cases = json.dumps([{n: getattr(w, n) for n in traits} for w in widgets])
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"\nconsole.log(JSON.stringify({cases}.map(looked)));"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for found, widget in zip(json.loads(done.stdout), widgets, strict=True):
        np.testing.assert_allclose(found, widget.looked, rtol=1e-9)


@pytest.mark.parametrize("setting", [{"query": 5}, {"head": 4}, {"head": -1}])
def test_who_is_not_there_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        AttentionWidget(weights(), WORDS, **setting)


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ((weights() * 3, WORDS), ValueError, "softmax of the scores"),
        ((weights(), WORDS[:4]), ShapeError, "4 queries and 4 keys are named"),
        ((weights(1, 41, 41),), ShapeError, "at most 40 tokens"),
        ((np.zeros((2, 2, 2, 2)),), ShapeError, "heads, L, S"),
        ((weights() * np.nan,), ValueError, "not finite"),
    ],
)
def test_what_does_not_fit_is_told(given, error, told):
    with pytest.raises(error, match=told):
        AttentionWidget(*given)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = AttentionWidget(weights(), WORDS)._repr_mimebundle_()
    assert data["image/png"]
    assert "5 queries by 5 keys" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_pointing_and_tabbing_choose_who_asks(show_in_page):
    widget = AttentionWidget(weights(), WORDS)
    page = show_in_page(widget)
    page.get_by_label("query not, place 4").hover()
    best = WORDS[int(weights()[0, 3].argmax())]
    assert (
        page.locator(".status").inner_text().startswith(f"not reads most of all {best}")
    )
    page.get_by_label("mean of the heads").check()
    page.get_by_label("query the, place 1").focus()
    page.keyboard.press("Tab")
    top = weights()[:, 1].mean(axis=0).max()
    assert f"{top:.3f}" in page.locator(".status").inner_text()
    assert page.locator(".chosen").get_attribute("aria-label") == "query plot, place 2"
