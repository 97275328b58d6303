import json
import shutil
import subprocess
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import traitlets

from mmlearn import show
from mmlearn.axes import ShapeError
from mmlearn.show.skeleton_widget import ALONG, SkeletonWidget

HERE = Path(show.__file__).parent
BONES = [(2, 0), (0, 1), (2, 3), (3, 4)]  # an arm 1–0–2 and another 2–3–4
FILM = np.random.default_rng(0).normal(size=(12, 5, 3))
SETTINGS = [
    {"along": along, "joint": joint, "frame": 7, "layers": layers, "kernel_size": size}
    for along in ALONG
    for joint, layers, size in ((1, 0, 3), (4, 3, 3), (0, 2, 5), (1, 1, 9))
]


def widget(**setting):
    names = ["elbow", "hand", "centre", "other elbow", "other hand"]
    return SkeletonWidget([FILM, FILM[:9]], BONES, joint_names=names, **setting)


@pytest.mark.parametrize("setting", SETTINGS)
def test_it_covers_what_a_walk_on_the_graph_of_joints_in_frames_reaches(setting):
    """An oracle of its own: one big graph, joint n of frame t being (t, n)."""
    bones = nx.Graph(BONES) if setting["along"] != "time" else nx.empty_graph(5)
    half = (setting["kernel_size"] - 1) // 2 if setting["along"] != "bones" else 0
    reached = {(setting["frame"], setting["joint"])}
    for _ in range(setting["layers"]):
        reached |= {(t, u) for t, n in reached for u in bones[n]}
        reached |= {(u, n) for t, n in reached for u in range(12) if abs(u - t) <= half}
    covered = {tuple(pair) for pair in np.argwhere(widget(**setting).covered)}
    assert covered == reached


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_browser_covers_the_same():
    widgets = [widget(**setting) for setting in SETTINGS]
    hows = [
        setting | {"bones": BONES, "joints": 5, "frames": 12} for setting in SETTINGS
    ]
    names = ("sliders.js", "skeleton_widget.js")
    program = "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
    program += f"\nconsole.log(JSON.stringify({json.dumps(hows)}.map(needed)));"
    node = ["node", "--input-type=module"]
    done = subprocess.run(node, input=program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for found, one in zip(json.loads(done.stdout), widgets, strict=True):
        np.testing.assert_array_equal(np.array(found, float), nan_for_inf(one.needed))


def nan_for_inf(x):
    return np.where(np.isfinite(x), x, np.nan)


@pytest.mark.parametrize(
    "setting", [{"joint": 5}, {"frame": 12}, {"film": 2}, {"layers": 9}, {"along": "x"}]
)
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(traitlets.TraitError):
        widget(**setting)


def test_films_that_are_none_are_refused():
    with pytest.raises(ShapeError, match=r"SkeletonWidget: film 0"):
        SkeletonWidget([FILM[0]], BONES)
    with pytest.raises(ShapeError, match="one film at least"):
        SkeletonWidget([], BONES)


def test_rows_go_limb_by_limb():
    assert widget().rows == [2, 0, 1, 3, 4]


def test_the_still_says_in_words_what_is_covered():
    data, metadata = widget(joint=4, frame=3, layers=1)._repr_mimebundle_()
    assert data["image/png"]
    told = "the other hand in frame 3 depends on 2 of 5 joints in 3 of 12 frames"
    assert told in metadata["image/png"]["alt"]


def test_a_strip_has_a_panel_for_each_film_with_its_frames():
    figure = show.skeletons([FILM, FILM[:9]], BONES, frames=4, names="ab", columns=2)
    first, second = figure.axes
    assert [t.get_text() for t in first.get_xticklabels()] == ["0", "4", "7", "11"]
    assert second.get_title() == "b"
    assert len(first.collections) == 4
    with pytest.raises(ShapeError, match="a film"):
        show.skeletons([FILM[0]], BONES)


def test_larger_values_are_larger_dots_and_marked_joints_have_rings():
    _, axes = show.new(size=(2, 2))
    values = [0, 0.5, 1, 0, 0]
    show.draw_skeleton(axes[0, 0], FILM[0], BONES, values=values, marked=(1,))
    (dots,) = axes[0, 0].collections
    sizes = dots.get_sizes()
    assert sizes[0] < sizes[1] < sizes[2]
    assert np.argmax(dots.get_linewidths()) == 1
    np.testing.assert_allclose(dots.get_offsets(), FILM[0][:, :2])


@pytest.mark.browser
def test_a_click_chooses_a_joint_and_the_film_plays(show_in_page):
    page = show_in_page(widget(joint=1, frame=0, layers=1))
    status = page.locator(".status")
    assert "hand in frame 0 depends on 2 of 5 joints, in 2 of 12 frames" in (
        status.inner_text()
    )
    page.get_by_label("frame", exact=True).fill("5")
    page.get_by_label("other elbow").press("Enter")
    assert page.evaluate("[model.get('joint'), model.get('frame')]") == [3, 5]
    page.get_by_label("messages along time").check()
    assert "1 of 5 joints, in 3 of 12 frames" in status.inner_text()
    page.get_by_role("button", name="play").click()
    page.wait_for_function("document.querySelector('output').textContent !== '5'")
    page.get_by_label("film", exact=True).select_option("1")
    assert "of 9 frames" in status.inner_text()
