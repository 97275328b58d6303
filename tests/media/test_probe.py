"""What a header says is what decoding finds."""

import struct

import numpy as np
import pytest

from mmlearn.media import MediaError, probe, read_video, write_video, write_wav

IDENTITY = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
QUARTER = struct.pack(">9I", 0, 1 << 16, 0, 0xFFFF0000, 0, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_a_header_agrees_with_the_frames(tmp_path, name):
    path = tmp_path / name
    sound = np.zeros((8000, 2), np.float32)
    write_video(path, np.zeros((10, 46, 62, 3), np.uint8), 10, sound, 8000)
    info, clip = probe(path), read_video(path)
    assert info.size == clip.frames.shape[1:3] == (46, 62)
    assert info.frames in (len(clip.frames), None)
    assert info.frame_rate == pytest.approx(clip.frame_rate)
    assert info.seconds == pytest.approx(1.0, abs=0.1)
    assert (info.has_sound, info.channels, info.sound_rate) == (
        True,
        2,
        clip.sound_rate,
    )


def test_the_size_is_that_of_the_picture_upright(tmp_path):
    path = tmp_path / "a.mp4"
    write_video(path, np.zeros((3, 48, 64, 3), np.uint8), 10)
    data = path.read_bytes()
    at = data.index(IDENTITY, data.index(b"tkhd"))
    path.write_bytes(data[:at] + QUARTER + data[at + len(QUARTER) :])
    info = probe(path)
    assert info.size == (64, 48) == read_video(path).frames.shape[1:3]
    assert info.turns == 3 and not info.has_sound and info.sound_rate is None


def test_what_is_no_video_is_refused(tmp_path):
    write_wav(tmp_path / "a.wav", np.zeros(800, np.float32), 8000)
    with pytest.raises(MediaError, match="no video stream"):
        probe(tmp_path / "a.wav")
    with pytest.raises(MediaError, match="does not exist"):
        probe(tmp_path / "b.mp4")
