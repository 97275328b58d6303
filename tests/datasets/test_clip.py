"""The course's clip: what ships, and what is said when it is not there."""

import numpy as np
import pytest

from mmlearn import course, datasets, media
from mmlearn.datasets import DataError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A clip of our own in the place of the shipped one."""
    monkeypatch.setattr(course, "data_folder", lambda: tmp_path)
    folder = tmp_path / "clip"
    folder.mkdir()
    frames = np.zeros((10, 32, 48, 3), np.uint8)
    sound = np.zeros((8000, 1), np.float32)
    media.write_video(folder / "clip.webm", frames, 10, sound, 8000)
    media.write_subtitles(folder / "clip.srt", [(0.1, 0.5, "a ball falls")])
    (folder / "script.json").write_text('{"events": [{"time": 0.4, "what": "bounce"}]}')
    return folder


def test_three_modalities_and_the_truth(folder):
    clip, captions, events = datasets.load_clip()
    assert clip.frames.shape == (10, 32, 48, 3)
    assert captions == [media.Caption(0.1, 0.5, "a ball falls")]
    assert events == [{"time": 0.4, "what": "bounce"}]


@pytest.mark.parametrize("name", ["clip.webm", "clip.srt", "script.json"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe nonsense"])
def test_a_missing_or_damaged_file_is_named(folder, name, content):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(DataError, match=f"{name}.*; reinstall mmlearn"):
        datasets.load_clip()


@pytest.mark.parametrize("text", ["[]", "{}", '{"events": '])
def test_another_script_is_refused(folder, text):
    (folder / "script.json").write_text(text)
    with pytest.raises(DataError, match="script.json cannot be read"):
        datasets.load_clip()


def test_what_ships():
    clip, captions, events = datasets.load_clip()
    length = clip.times[-1]
    assert clip.frames.ndim == 4 and clip.sound is not None and clip.sound.size
    assert captions and all(0 <= c.start < c.end <= length + 1 for c in captions)
    assert events and all(isinstance(event, dict) for event in events)
    assert all(f.ok for f in datasets.verify("clip"))
