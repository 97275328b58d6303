"""A fusion kernel and its copies of low rank: the browser's numbers and NumPy's."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.axes import ShapeError
from mmlearn.show import RankWidget

SCRIPT = Path(show.__file__).with_name("rank.js")
RNG = np.random.default_rng(0)
KERNELS = {"any": RNG.normal(size=(5, 5)), "match": np.eye(5)}
KERNELS["product"] = np.outer(RNG.normal(size=5), RNG.normal(size=5))


def test_the_copy_is_numpys_best_of_that_rank():
    u, s, v = np.linalg.svd(KERNELS["any"])
    for rank in (1, 3, 5):
        widget = RankWidget(KERNELS, rank=rank)
        np.testing.assert_allclose(widget.copy(), u[:, :rank] * s[:rank] @ v[:rank])
        share = (s[rank:] ** 2).sum() / (s**2).sum()
        assert widget.left_out == pytest.approx(share, abs=1e-12)


def test_what_rank_a_relation_needs():
    assert RankWidget(KERNELS, "product").left_out == pytest.approx(0, abs=1e-12)
    left = [RankWidget(KERNELS, "match", rank=r).left_out for r in range(1, 6)]
    np.testing.assert_allclose(left, [0.8, 0.6, 0.4, 0.2, 0], atol=1e-12)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    widget = RankWidget(KERNELS, "any", rank=2, modalities=4)
    one = json.dumps(widget.factors["any"])
    program = SCRIPT.read_text(encoding="utf-8") + f"\nconst one = {one};"
    program += "console.log(JSON.stringify([approximate(one, 2), left_out(one, 2),"
    program += " weights(5, 2, 4)]));"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    copy, left_out, weights = json.loads(done.stdout)
    np.testing.assert_allclose(copy, widget.copy(), atol=1e-12)
    assert left_out == pytest.approx(widget.left_out)
    assert list(weights.values()) == list(widget.weights.values()) == [625, 40]


@pytest.mark.parametrize(
    "setting", [{"rank": 0}, {"rank": 6}, {"modalities": 1}, {"relation": "none"}]
)
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        RankWidget(KERNELS, **setting)


def test_kernels_of_other_shapes_are_refused():
    with pytest.raises(ShapeError, match="kernels"):
        RankWidget({"a": np.ones((3, 3)), "b": np.ones((3, 4))})


def test_without_widgets_there_is_a_still_picture():
    data, metadata = RankWidget(KERNELS, "match", rank=2)._repr_mimebundle_()
    assert data["image/png"]
    assert "60.0%" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_sliders_change_what_is_left_out(show_in_page):
    page = show_in_page(RankWidget(KERNELS, "match", rank=1))
    assert "Left out: 80.0 %" in page.locator(".status").inner_text()
    page.get_by_label("rank R").fill("4")
    assert "Left out: 20.0 %" in page.locator(".status").inner_text()
    page.get_by_label("product").check()
    page.get_by_label("modalities M").fill("3")
    assert "125 weights as a tensor, 60" in page.locator(".status").inner_text()
