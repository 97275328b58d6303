import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.preprocess.video import sample_frames
from mmlearn.show import SamplerWidget

SCRIPT = Path(show.__file__).with_name("sampler.js")
SETTINGS = [
    {},
    {"n": 7, "how": "random", "period": 5, "flash": 1, "place": 47, "draw": 3},
    {"n": 12, "how": "dense", "period": 3, "flash": 12, "place": 0, "draw": 998},
    {"n": 1, "how": "uniform", "period": 24},
    {"n": 48, "how": "random", "draw": 7},
]


@pytest.mark.parametrize("n", [1, 5, 8, 48])
def test_uniform_frames_are_those_of_the_library(n):
    _, index = sample_frames(np.arange(48), n)
    np.testing.assert_array_equal(SamplerWidget(n=n).index, index)


def test_random_ones_lie_in_their_segments_and_dense_ones_in_a_row():
    for draw in range(5):
        index = SamplerWidget(n=6, how="random", draw=draw).index
        np.testing.assert_array_equal(index // 8, np.arange(6))
        index = SamplerWidget(n=6, how="dense", draw=draw).index
        assert (np.diff(index) == 1).all() and index[0] >= 0 and index[-1] < 48


def test_what_is_missed_and_how_the_hand_seems_to_turn():
    widget = SamplerWidget(n=8, period=6, flash=3)  # every sixth frame, from 3 on
    assert widget.steps == pytest.approx(0)  # it seems to stand
    seen = sum(any(p <= i < p + 3 for i in range(3, 48, 6)) for p in range(46))
    assert widget.missed == pytest.approx(1 - seen / 46)
    assert SamplerWidget(n=48).missed == 0
    assert (SamplerWidget(n=8, period=7).steps < 0).all()  # 6 of 7: backward
    assert (SamplerWidget(n=8, period=13).steps > 0).all()


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_computes_the_same():
    widgets = [SamplerWidget(**setting) for setting in SETTINGS]
    names = ("n", "how", "period", "flash", "place", "draw")
    cases = [{name: getattr(w, name) for name in names} for w in widgets]
    program = SCRIPT.read_text(encoding="utf-8")
    program += f"console.log(JSON.stringify({json.dumps(cases)}.map(sample)))"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for widget, found in zip(widgets, json.loads(done.stdout), strict=True):
        assert found["index"] == widget.index.tolist()
        assert found["missed"] == pytest.approx(widget.missed)
        assert found["steps"] == pytest.approx(widget.steps.tolist())


@pytest.mark.parametrize("setting", [{"n": 0}, {"how": "all"}, {"period": 2}])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        SamplerWidget(**setting)


def test_without_widgets_there_is_a_still_picture():
    data, metadata = SamplerWidget(n=2, flash=1)._repr_mimebundle_()
    assert data["image/png"]
    assert "missed at 96% of all places" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_sliders_change_what_is_seen(show_in_page):
    page = show_in_page(SamplerWidget(n=2, flash=1, place=20))
    status = page.locator(".status")
    assert "The flash is missed" in status.inner_text()
    page.get_by_role("slider", name="frames chosen").fill("48")
    assert "The flash is seen; it would be missed at 0 %" in status.inner_text()
    page.get_by_role("radio", name="dense").check()
    assert page.get_by_role("button", name="draw again").is_enabled()
