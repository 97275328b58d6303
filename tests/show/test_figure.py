import base64

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from mmlearn import show


@pytest.fixture
def published(monkeypatch):
    """What would have been put into the notebook: (data, metadata) pairs."""
    sent = []

    def display(*objects, metadata=None, raw=False):
        data = objects[0] if raw else {"text/html": objects[0].data}
        sent.append((data, metadata or {}))

    monkeypatch.setattr("IPython.display.display", display)
    return sent


def test_a_figure_shows_itself_with_its_alt_text(published):
    figure = show.images(np.zeros((2, 4, 4)), title="Two nights", alt="All <black>.")
    figure._ipython_display_()
    (picture, metadata), (text, _) = published
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "Two nights. All <black>."
    assert picture["text/plain"] == "Two nights. All <black>."
    assert "<details" in text["text/html"]
    assert "All &lt;black&gt;." in text["text/html"]


def test_the_same_figure_gives_the_same_bytes():
    pictures = [show.numbers(np.eye(3), title="Ones").png() for _ in range(2)]
    assert pictures[0] == pictures[1]
    assert b"Software" not in pictures[0]


def test_no_figure_is_left_in_pyplot():
    before = plt.get_fignums()
    show.curves({"loss": [1.0, 0.5]})
    assert plt.get_fignums() == before


def test_pyplots_figure_is_shown_and_closed(published):
    with mpl.rc_context({"backend": "agg"}):
        fig, ax = plt.subplots()
        ax.plot([1, 2])
        show.figure(fig, "A rising line.")
    assert published[0][1]["image/png"]["alt"] == "A rising line."
    assert fig.number not in plt.get_fignums()


def test_an_empty_alt_text_is_refused():
    figure, _ = show.new(size=(2, 2))
    with pytest.raises(ValueError, match="say in words"):
        show.figure(figure, " ")


def test_style_sets_the_house_style_for_pyplot_too():
    with mpl.rc_context():
        mpl.rcParams["axes.titlelocation"] = "center"
        show.style()
        assert mpl.rcParams["axes.titlelocation"] == "left"
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"][0] == "#0173b2"


def test_drawing_leaves_the_readers_own_settings_alone():
    before = dict(mpl.rcParams)
    show.waveform(np.zeros(10), 10).png()
    assert dict(mpl.rcParams) == before
