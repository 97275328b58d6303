import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import reference, show
from mmlearn.axes import ShapeError
from mmlearn.show.messages import WEIGHTINGS, MessagesWidget

SCRIPT = Path(show.__file__).with_name("messages.js")
EDGES = np.array([[0, 1, 1, 2, 3, 3, 3], [1, 2, 2, 0, 1, 3, 2]])  # 1 → 2 twice, a loop
SETTINGS = [
    {"weighting": weighting, "node": node, "steps": steps}
    for weighting in WEIGHTINGS
    for node, steps in ((2, 1), (1, 3))
] + [{"node": 4, "steps": 2}, {"node": 0, "steps": 0}]


def widget(**setting):
    return MessagesWidget(EDGES, names="abcde", **setting)


@pytest.mark.parametrize("weighting", ["sum", "GCN"])
def test_one_step_is_the_layer_of_the_reference(weighting):
    op = {"sum": reference.sum_conv, "GCN": reference.gcn_conv}[weighting]
    y, _ = op(np.eye(5), np.eye(5), edge_index=EDGES)
    np.testing.assert_allclose(widget(weighting=weighting).matrix, y)


def test_the_mean_adds_up_to_one_where_somebody_speaks():
    matrix = widget(weighting="mean").matrix
    np.testing.assert_allclose(matrix.sum(axis=1), [1, 1, 1, 1, 0])


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_counts_the_same():
    widgets = [widget(**setting) for setting in SETTINGS]
    traits = ("edges", "names", "node", "steps", "weighting")
    hows = json.dumps([{n: getattr(w, n) for n in traits} for w in widgets])
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"\nconsole.log(JSON.stringify({hows}.map(arrived)));"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for found, one in zip(json.loads(done.stdout), widgets, strict=True):
        np.testing.assert_allclose(found, one.arrived, rtol=1e-12)


def test_the_same_places_each_time_inside_the_picture():
    first, again = widget(), widget()
    assert first.places == again.places
    assert np.min(first.places) >= 0 and np.max(first.places) <= 1


@pytest.mark.parametrize("setting", [{"node": 5}, {"steps": 9}, {"weighting": "max"}])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        widget(**setting)


def test_edges_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError, match="row 0 source nodes"):
        MessagesWidget(EDGES.T)
    with pytest.raises(ValueError, match=r"expected nodes 0 … 1"):
        MessagesWidget(EDGES, names="ab")


def test_without_widgets_there_is_a_still_picture():
    data, metadata = widget(node=1)._repr_mimebundle_()
    assert data["image/png"]
    assert "node b marked" in metadata["image/png"]["alt"]


def test_what_arrived_is_written_and_not_only_coloured():
    figure = widget(node=2).still(steps=(1, 2))
    told = {t.get_text() for t in figure.axes[0].texts}
    assert {"b\n2", "d\n1", "c", "e"} <= told
    assert figure.axes[1].get_title(loc="left") == "2 steps: 2 of 5 heard"


@pytest.mark.browser
def test_a_click_chooses_who_listens(show_in_page):
    page = show_in_page(widget(node=2, steps=1))
    assert (
        "has heard of 2 of 5 nodes; loudest: b" in page.locator(".status").inner_text()
    )
    page.get_by_role("button", name="step", exact=True).click()
    assert page.evaluate("model.get('steps')") == 2
    page.get_by_label("node b,").click()
    assert page.evaluate("model.get('node')") == 1
    page.get_by_label("GCN").check()
    assert page.evaluate("model.get('weighting')") == "GCN"
    page.get_by_label("node e,").press("Enter")
    assert "loudest: e (1)" in page.locator(".status").inner_text()
