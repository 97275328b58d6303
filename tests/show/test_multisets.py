import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.reference import sage_conv
from mmlearn.show.multisets import MultisetWidget

SCRIPT = Path(show.__file__).with_name("multisets.js")
BAGS = [
    ((1, 0, 1), (2, 0, 2), ["sum", "sum of squares"]),
    ((1, 0, 1), (1, 0, 2), ["mean", "sum", "sum of squares"]),
    ((1, 0, 1), (0, 2, 0), ["max", "sum of squares"]),
    ((2, 0, 2), (1, 2, 1), ["sum of squares"]),
    ((0, 0, 0), (0, 0, 0), []),
]


@pytest.mark.parametrize(("first", "second", "apart"), BAGS)
def test_who_tells_which_apart(first, second, apart):
    assert MultisetWidget(first=first, second=second).apart == apart


def test_the_numbers_are_those_of_the_layer():
    counts = (2, 0, 3)
    x = np.repeat([0.0, 1, 2, 3], [1, *counts])[:, None]
    edges = np.array([[1, 2, 3, 4, 5], [0] * 5])
    found = MultisetWidget(first=counts).read
    for name in ("mean", "max", "sum"):
        zero, structure = np.zeros((1, 1)), {"edge_index": edges, "aggregate": name}
        y, _ = sage_conv(x, np.eye(1), zero, **structure)
        assert found[name][0] == y[0, 0]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_reads_the_same():
    widgets = [MultisetWidget(first=a, second=b) for a, b, _ in BAGS]
    hows = json.dumps([[w.first, w.second] for w in widgets])
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"\nconst all = {hows};"
    program += "console.log(JSON.stringify(all.map(([a, b]) => "
    program += "[read(a), read(b), apart(a, b)])));"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for (a, b, apart), one in zip(json.loads(done.stdout), widgets, strict=True):
        assert {n: (a[n], b[n]) for n in a} == one.read
        assert apart == one.apart


@pytest.mark.parametrize("counts", [(5, 0, 0), (-1, 0, 0), (1, 1)])
def test_a_count_out_of_range_is_refused(counts):
    with pytest.raises(traitlets.TraitError):
        MultisetWidget(first=counts)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = MultisetWidget()._repr_mimebundle_()
    assert data["image/png"]
    assert "max 3 and 2" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_sliders_change_what_is_told_apart(show_in_page):
    page = show_in_page(MultisetWidget(first=(1, 0, 1), second=(2, 0, 2)))
    status = page.locator(".status")
    assert "Seen by: sum, sum of squares" in status.inner_text()
    page.get_by_label("how many 1s in B").fill("1")
    assert "Seen by: mean, sum, sum of squares" in status.inner_text()
    page.get_by_label("how many 3s in B").fill("1")
    assert "the same neighbourhood" in status.inner_text()
    assert page.evaluate("model.get('second')") == [1, 0, 1]
