import struct
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from mmlearn.media import MediaError, frames, read_video, video, write_video, write_wav


def moving_bar(count=20, height=48, width=64):
    clip = np.full((count, height, width, 3), 30, np.uint8)
    for t, frame in enumerate(clip):
        frame[:, 2 * t : 2 * t + 16] = (220, 60, 40)  # red, and not blue
    return clip


def chirp(seconds=2.0, rate=16000):
    t = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * (200 + 300 * t) * t)).astype(np.float32)


def test_size_start_stop_and_max_frames(tmp_path):
    path = tmp_path / "a.mp4"
    write_video(path, moving_bar(), 10, chirp(), 16000)
    whole = read_video(path)
    part = read_video(path, size=(24, 40), start=0.5, stop=1.2)
    assert part.frames.shape == (7, 24, 40, 3)
    np.testing.assert_allclose(part.times, whole.times[5:12])
    assert part.sound_start == 0.5
    np.testing.assert_array_equal(part.sound, whole.sound[8000:19200])
    few = read_video(path, start=0.5, max_frames=3)
    np.testing.assert_array_equal(few.frames, whole.frames[5:8])
    np.testing.assert_array_equal(few.sound, whole.sound[8000:12800])
    for wrong in ({"size": (0, 4)}, {"start": 2, "stop": 1}, {"max_frames": 0}):
        with pytest.raises(MediaError, match="expected"):
            read_video(path, **wrong)
    with pytest.raises(MediaError, match="no frames from 9 to None s"):
        read_video(path, start=9)


def test_frames_are_read_one_by_one(tmp_path):
    write_video(tmp_path / "a.webm", moving_bar(), 10)
    reader = frames(tmp_path / "a.webm")
    assert next(reader)[0] == 0
    time, frame = next(reader)
    assert (round(time, 2), frame.shape) == (0.1, (48, 64, 3))


def test_more_than_memory_allows_is_refused(tmp_path, monkeypatch):
    write_video(tmp_path / "a.mp4", moving_bar(), 10)
    monkeypatch.setattr(video, "MAX_BYTES", 10 * 48 * 64 * 3)
    with pytest.raises(MediaError, match="give size=, stop= or max_frames="):
        read_video(tmp_path / "a.mp4")


def test_a_variable_frame_rate_keeps_its_times(tmp_path):
    times = [0.0, 0.1, 0.15, 0.6, 0.62, 1.4]
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=1000)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for time, pixels in zip(times, moving_bar(), strict=False):
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = round(1000 * time), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    np.testing.assert_allclose(read_video(tmp_path / "a.mkv").times, times)


IDENTITY = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
MATRICES = {  # a, b, c, d of the track header: how the player turns the picture
    "90": (0, 1 << 16, 0xFFFF0000, 0),
    "180": (0xFFFF0000, 0, 0, 0xFFFF0000),
    "270": (0, 0xFFFF0000, 1 << 16, 0),
}


@pytest.mark.parametrize("angle", MATRICES)
def test_rotation_metadata_is_applied_as_opencv_does(tmp_path, angle):
    path = tmp_path / "a.mp4"
    write_video(path, moving_bar(), 10)
    data = path.read_bytes()
    a, b, c, d = MATRICES[angle]
    turned = struct.pack(">9I", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    at = data.index(IDENTITY, data.index(b"tkhd"))
    path.write_bytes(data[:at] + turned + data[at + len(turned) :])
    capture = cv2.VideoCapture(str(path))
    theirs = cv2.cvtColor(capture.read()[1], cv2.COLOR_BGR2RGB)
    ours = read_video(path).frames[0]
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs).mean() < 4
    tall = read_video(path, size=(30, 20)).frames
    assert tall.shape[1:] == (30, 20, 3)


def test_a_container_without_video_is_refused(tmp_path):
    write_wav(tmp_path / "a.wav", chirp(), 16000)
    with pytest.raises(MediaError, match="no video stream"):
        read_video(tmp_path / "a.wav")


def test_text_and_pictures_are_no_videos(tmp_path):
    (tmp_path / "a.txt").write_text("FFmpeg would draw these words\n" * 50)
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((8, 8, 3), np.uint8))
    for name in ("a.txt", "a.png"):
        with pytest.raises(MediaError, match="not a video"):
            read_video(tmp_path / name)


def test_a_video_without_frames_is_refused(tmp_path):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), "i2"), "s16", "mono")
        silence.sample_rate, silence.pts = 8000, 0
        container.mux(sound.encode(silence))
    with pytest.raises(MediaError, match="no frames"):
        read_video(path)


@pytest.mark.parametrize("name", ["a.webm", "a.mp4"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.8])
def test_a_truncated_video_is_refused_quietly(tmp_path, capfd, name, part):
    path = tmp_path / name
    write_video(path, moving_bar(), 10, chirp(), 16000)
    path.write_bytes(path.read_bytes()[: int(part * path.stat().st_size)])
    with pytest.raises(MediaError, match="truncated"):
        read_video(path)
    assert capfd.readouterr() == ("", "")


def test_an_undecodable_stream_is_refused_quietly(tmp_path, capfd):
    path = tmp_path / "a.mp4"
    write_video(path, moving_bar(), 10)
    data = bytearray(path.read_bytes())
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[begin:end] = b"\xa5" * (end - begin)
    path.write_bytes(data)
    with pytest.raises(MediaError, match=r"cannot be decoded|no frames"):
        read_video(path)
    assert capfd.readouterr() == ("", "")


def test_a_picture_damaged_in_the_middle_is_not_passed_off_as_whole(tmp_path, capfd):
    path = tmp_path / "a.mp4"
    noise = np.random.default_rng(0).integers(0, 255, (12, 16, 3), np.uint8)
    texture = noise.repeat(4, axis=0).repeat(4, axis=1)
    write_video(path, np.stack([np.roll(texture, t, axis=1) for t in range(40)]), 10)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 200] = noise.tobytes()[:200]
    path.write_bytes(data)
    seen = []
    with pytest.raises(MediaError, match=r"is damaged at \d.\d\d s: a part") as caught:
        for time, _ in frames(path):
            seen.append(time)
    at = float(str(caught.value).split(" at ")[1].split(" s")[0])
    assert 1 < at < 3.5 and seen == [t / 10 for t in range(round(10 * at))]
    assert len(read_video(path, stop=at).frames) == len(seen)
    assert capfd.readouterr() == ("", "")
