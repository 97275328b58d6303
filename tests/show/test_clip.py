from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn import show
from mmlearn.axes import ShapeError

CAPTIONS = [(0.2, 0.8, "a dot"), (1.0, 2.5, "moves")]


def film(sound=True):
    frames = np.zeros((20, 6, 8, 3), np.uint8)
    frames[np.arange(20), 3, np.arange(20) % 8] = 255
    samples = np.zeros((1000, 2), np.float32) if sound else None
    rate = 500 if sound else None
    times = np.arange(20) / 10
    return SimpleNamespace(frames=frames, times=times, sound=samples, sound_rate=rate)


def test_all_three_stand_on_one_clock():
    figure = show.clip(film(), CAPTIONS, title="One clock", frames=4)
    frames, sound, captions = figure.axes
    assert sound.get_shared_x_axes().joined(frames, captions)
    assert captions.get_xlabel() == "time (s)"
    assert captions.get_xlim() == (0, 2.5)
    pictures = frames.get_images()
    starts = [p.get_extent()[0] for p in pictures]
    assert starts == pytest.approx([0.0, 0.4, 0.9, 1.4])
    np.testing.assert_array_equal(pictures[1].get_array(), film().frames[4])
    bars = [(b.get_x(), b.get_x() + b.get_width()) for b in captions.patches]
    np.testing.assert_allclose(bars, [(0.2, 0.8), (1.0, 2.5)])
    assert [t.get_text() for t in captions.texts] == ["a dot", "moves"]
    assert figure.get_suptitle() == "One clock"
    assert "“moves”" in figure.alt


def test_a_silent_clip_without_captions_is_one_strip():
    figure = show.clip(film(sound=False))
    assert len(figure.axes) == 1
    assert figure.axes[0].get_xlim() == pytest.approx((0, 2.0))


def test_no_frames_and_grey_frames_are_refused():
    empty = film()
    empty.frames, empty.times = empty.frames[:0], empty.times[:0]
    with pytest.raises(ValueError, match="no frames"):
        show.clip(empty)
    grey = film()
    grey.frames = grey.frames[..., 0]
    with pytest.raises(ShapeError, match="clip: frames is"):
        show.clip(grey)


def test_the_course_map_has_every_lesson_once():
    figure = show.course_map(ready=2, here=1)
    texts = [t.get_text() for t in figure.axes[0].texts]
    numbers = [t[:2] for t in texts if t[:2].isdigit()]
    assert numbers == [f"{n:02d}" for n in range(28)]
    boxes = [p for p in figure.axes[0].patches if type(p).__name__ == "FancyBboxPatch"]
    white = (1.0, 1.0, 1.0, 1.0)
    assert [b.get_facecolor() != white for b in boxes[:4]] == [True, True, False, False]
    assert [b.get_linewidth() for b in boxes[:3]] == [1.2, 3, 1.2]
