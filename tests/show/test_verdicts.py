"""What a model says of a clip: the browser looks the same up as Python."""

import json
import shutil
import subprocess
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.show import VerdictWidget

SCRIPT = Path(show.__file__).with_name("verdicts.js")
NAMES, LABELS = ("sound", "video"), {"class": ["zero", "one", "two"], "score": []}
SUBSETS = [s for k in range(3) for s in combinations(NAMES, k)]


@pytest.fixture
def parts():
    rng = np.random.default_rng(0)
    answers = {
        (subset, seen): {
            "class": rng.dirichlet(np.ones(3)),
            "score": rng.uniform(-1, 1, 1),
        }
        for subset in SUBSETS
        for seen in (1, 2, 3)
    }
    film = rng.integers(0, 255, (3, 4, 6, 3), np.uint8)
    return film, answers, LABELS, {"class": 2, "score": -0.4}, ["a", "b", "c"]


def test_what_is_said_is_what_was_answered(parts):
    for subset in SUBSETS:
        for seen in (1, 2, 3):
            widget = VerdictWidget(*parts, kept=subset, seen=seen)
            given = parts[1][subset, seen]
            best = int(given["class"].argmax())
            label, p, right = widget.said["class"]
            assert (label, right) == (LABELS["class"][best], best == 2)
            assert p == pytest.approx(given["class"].max(), abs=1e-4)
            text, p, right = widget.said["score"]
            assert text == f"{given['score'][0]:+.2f}" and np.isnan(p)
            assert right == (given["score"][0] < 0)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_says_the_same(parts):
    widget = VerdictWidget(*parts)
    cases = [(list(subset)[::-1], seen) for subset in SUBSETS for seen in (1, 3)]
    program = SCRIPT.read_text(encoding="utf-8")
    told = (widget.table, widget.heads, cases)
    program += "\nconst [table, heads, cases] = " + json.dumps(told) + ";"
    program += (
        "console.log(JSON.stringify(cases.map(([k, s]) => said(table, heads, k, s))));"
    )
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for (kept, seen), found in zip(cases, json.loads(done.stdout), strict=True):
        widget.kept, widget.seen = kept, seen
        for task, (label, p, right) in widget.said.items():
            theirs = found[task]
            assert theirs[0].replace("−", "-") == label and theirs[2] == right
            assert theirs[1] == (None if np.isnan(p) else p)


def test_settings_out_of_range_are_refused(parts):
    for wrong in ({"kept": ["smell"]}, {"seen": 4}, {"seen": 0}):
        with pytest.raises(traitlets.TraitError):
            VerdictWidget(*parts, **wrong)


def test_an_answer_that_is_missing_is_named(parts):
    del parts[1][("sound",), 2]
    with pytest.raises(ValueError, match="after 2 frames are missing"):
        VerdictWidget(*parts)


def test_without_widgets_there_is_a_still_picture(parts):
    data, metadata = VerdictWidget(*parts, kept=["sound"], seen=2)._repr_mimebundle_()
    assert data["image/png"]
    assert "After 2 of 3 frames, with sound" in metadata["image/png"]["alt"]


@pytest.mark.browser
def test_switches_change_the_verdict(parts, show_in_page):
    page = show_in_page(VerdictWidget(*parts))
    page.get_by_label("video").uncheck()
    page.get_by_label("frames seen").fill("1")
    said = VerdictWidget(*parts, kept=["sound"], seen=1).said
    told = page.locator("svg[role=img]").get_attribute("aria-label")
    assert f"class: {said['class'][0]}" in told
    assert page.locator(".strip img.hidden").count() == 3
