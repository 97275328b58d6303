from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError


def one(**other):
    clip = {
        "frames": np.arange(12 * 6 * 8 * 3, dtype=np.uint8).reshape(12, 6, 8, 3),
        "frame_rate": 8,
        "sound": np.zeros(300, np.float32),
        "sound_rate": 200,
        "caption": "a nice seven",
        "node_names": ["digit", "circle", "ground"],
        "node_places": np.array([[0.5, 0.5], [0.9, 0.2], [0.5, 0.95]]),
        "edges": [(0, 1, "heads for"), (0, 1, "left of"), (0, 2, "spins on")],
        "events": [
            {"what": "seven", "modality": "sound", "start": 0.2, "end": 0.6},
            {"what": "bell", "modality": "video", "start": 0.75, "end": 1.5},
            {"what": "seven", "modality": "video", "start": 0.0, "end": 1.5},
        ],
    }
    return SimpleNamespace(**clip | other)


def test_film_and_sound_are_on_one_clock_and_all_is_named():
    figure = show.storyboard(one(), title="Four ways", frames=4)
    film, graph, sound, caption = figure.axes
    pictures = film.get_images()
    starts = [p.get_extent()[0] for p in pictures]
    assert starts == pytest.approx([0, 0.375, 0.75, 1.125])
    np.testing.assert_array_equal(pictures[1].get_array(), one().frames[3])
    assert film.get_xlim() == sound.get_xlim() == (0, 1.5)
    assert [t.get_text() for t in film.texts] == ["bell"], "what begins later"
    assert [t.get_text() for t in sound.texts] == ["seven"]
    named = [t.get_text() for t in graph.texts if t.get_text()]
    assert named == ["heads for", "spins on", "digit", "circle", "ground"]
    assert len(graph.texts) - len(named) == 3, "an arrow for each edge"
    assert caption.texts[0].get_text() == "“a nice seven”"
    assert figure.get_suptitle() == "Four ways"
    for words in ("digit heads for circle", "bell (video, 0.75 s)", "a nice seven"):
        assert words in figure.alt
    assert "left of" not in figure.alt


def test_what_is_missing_is_said():
    none = {"node_names": [], "node_places": np.zeros((0, 2)), "edges": []}
    figure = show.storyboard(one(caption="", events=[], **none), alt="nothing much")
    _, graph, _, caption = figure.axes
    assert caption.texts[0].get_text() == "(no caption)"
    assert graph.texts[0].get_text() == "(no graph)"
    assert figure.alt == "nothing much" and figure.png()


def test_other_frames_are_refused():
    with pytest.raises(ShapeError, match="storyboard: frames is"):
        show.storyboard(one(frames=np.zeros((12, 6, 8), np.uint8)))
    with pytest.raises(ValueError, match="no frames"):
        show.storyboard(one(frames=np.zeros((0, 6, 8, 3), np.uint8)))
