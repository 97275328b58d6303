import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from mmlearn.media import (
    Clip,
    MediaError,
    frames,
    read_video,
    read_wav,
    video,
    write_video,
    write_wav,
)

DATA = Path(os.environ.get("MMLEARN_DATA", "no-such-folder"))
REAL = sorted(DATA.glob("av-samples/*.[mw]*")) + sorted(DATA.glob("grid-av/*.mpg"))[:3]
SMALL = [path for path in REAL if path.name[0] in "rnb" and "_" not in path.stem[:4]]
real = pytest.mark.skipif(
    not REAL, reason="no av-samples or grid-av under $MMLEARN_DATA"
)


def moving_bar(count=20, height=48, width=64):
    clip = np.full((count, height, width, 3), 30, np.uint8)
    for t, frame in enumerate(clip):
        frame[:, 2 * t : 2 * t + 16] = (220, 60, 40)  # red, and not blue
    return clip


def chirp(seconds=2.0, rate=16000):
    t = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * (200 + 300 * t) * t)).astype(np.float32)


@pytest.mark.parametrize("name", ["a.webm", "a.mp4"])
@pytest.mark.parametrize("rate", [10, 12.5, 30000 / 1001])
def test_round_trip_of_pictures(tmp_path, name, rate):
    written = moving_bar()
    write_video(tmp_path / name, written, rate)
    clip = read_video(tmp_path / name)
    assert isinstance(clip, Clip)
    assert (clip.frames.shape, clip.frames.dtype) == (written.shape, np.uint8)
    assert np.abs(clip.frames.astype(int) - written).mean() < 8
    np.testing.assert_allclose(clip.times, np.arange(20) / rate, atol=1e-3)
    assert clip.frame_rate == pytest.approx(rate, rel=1e-3)
    assert (clip.sound, clip.sound_rate) == (None, None)


@pytest.mark.parametrize(
    ("name", "rate", "channels"),
    [("a.mp4", 16000, 1), ("a.mp4", 48000, 2), ("a.mp4", 10000, 1)]
    + [("a.webm", 16000, 2), ("a.webm", 8000, 1), ("a.webm", 48000, 1)],
)
def test_round_trip_of_sound(tmp_path, name, rate, channels):
    sound = np.stack([chirp(rate=rate)] * channels, axis=1)
    write_video(tmp_path / name, moving_bar(), 10, sound, rate)
    clip = read_video(tmp_path / name)
    # The codec's padding is gone: as long as it was, and not a sample late.
    assert clip.sound_start == pytest.approx(0, abs=1e-3)
    seconds = len(clip.sound) / clip.sound_rate
    assert seconds == pytest.approx(len(sound) / rate, abs=2 / rate)
    assert (clip.sound.dtype, clip.sound.shape[1]) == (np.float32, channels)
    expected = chirp(rate=clip.sound_rate)
    middle = slice(len(expected) // 8, -len(expected) // 8)
    ours = clip.sound[: len(expected), 0][middle]
    assert np.corrcoef(ours, expected[middle])[0, 1] > 0.98


def test_frames_may_come_from_an_iterator_and_have_odd_sizes(tmp_path):
    for name in ("a.webm", "a.mp4"):
        odd = moving_bar(5, 33, 47)
        write_video(tmp_path / name, iter(odd), 5)
        assert read_video(tmp_path / name).frames.shape == odd.shape


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
        sound = container.add_stream("flac", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), "i2"), "s16", "mono")
        silence.sample_rate = 8000
        container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
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


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"frames": np.zeros((4, 8, 8), np.uint8)}, r"\(4, 8, 8\)"),
        ({"frames": np.zeros((4, 8, 8, 1), np.uint8)}, r"frame 0 is \(8, 8, 1\)"),
        ({"frames": np.zeros((4, 8, 8, 3))}, "float64; expected uint8"),
        ({"frames": []}, "no frames"),
        ({"frames": None}, "NoneType"),
        (
            {"frames": [np.zeros((8, 8, 3), "u1"), np.zeros((8, 9, 3), "u1")]},
            "one size",
        ),
        ({"frame_rate": 0}, "frame_rate is 0"),
        ({"frame_rate": float("nan")}, "frame_rate is nan"),
        ({"sound": chirp()}, "sound_rate is missing"),
        ({"sound": 3 * chirp(), "sound_rate": 16000}, "sound reaches 1.5"),
        ({"sound": np.full(9, np.nan), "sound_rate": 16000}, "NaN"),
        ({"sound": np.zeros((9, 3)), "sound_rate": 16000}, r"\(9, 3\)"),
        ({"path": "a.avi"}, r"\.avi; expected one of \.webm, \.mp4"),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_written(tmp_path, wrong, message):
    call = {"path": "a.mp4", "frames": moving_bar(3), "frame_rate": 10} | wrong
    call["path"] = tmp_path / call["path"]
    with pytest.raises(MediaError, match=message):
        write_video(**call)
    assert list(tmp_path.iterdir()) == []


@real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_files_have_the_frames_that_opencv_counts(path, capfd):
    capture, count = cv2.VideoCapture(str(path)), 0
    while capture.grab():
        count += 1
    clip = read_video(path, size=(36, 64))
    assert len(clip.frames) == len(clip.times) == count
    assert (np.diff(clip.times) > 0).all()
    assert clip.frame_rate == pytest.approx(capture.get(cv2.CAP_PROP_FPS), rel=0.1)
    assert clip.frames.std() > 10
    if clip.sound is not None:
        silent = path.name == "cockatoo.mp4"  # its sound track holds nothing but zeros
        assert (np.abs(clip.sound).max() < 0.001) == silent
        begin, end = (
            clip.sound_start,
            clip.sound_start + len(clip.sound) / clip.sound_rate,
        )
        assert abs(begin - clip.times[0]) < 0.1
        assert abs(end - clip.times[-1]) < 2  # the sound of one file goes on longer
    assert capfd.readouterr() == ("", "")


@real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_a_part_of_a_real_file_is_that_part_of_the_whole(path):
    whole = [time for time, _ in frames(path, size=(9, 16))]
    for start in (0.3 * whole[-1], 0.8 * whole[-1]):
        part = [
            time for time, _ in frames(path, size=(9, 16), start=start, max_frames=5)
        ]
        assert part == pytest.approx([time for time in whole if time >= start][:5])


@real
def test_a_real_frame_looks_as_opencv_shows_it():
    for path in SMALL:
        theirs = cv2.cvtColor(cv2.VideoCapture(str(path)).read()[1], cv2.COLOR_BGR2RGB)
        ours = read_video(path, max_frames=1).frames[0]
        assert ours.shape == theirs.shape
        assert np.abs(ours.astype(int) - theirs).mean() < 3


@real
def test_the_sound_of_a_real_file_is_kept_by_our_own(tmp_path):
    clip = read_video(next(path for path in REAL if path.name == "nasa_13013.mp4"))
    write_wav(tmp_path / "a.wav", np.clip(clip.sound, -1, 1), clip.sound_rate)
    samples, rate = read_wav(tmp_path / "a.wav")
    assert rate == 8000
    np.testing.assert_allclose(samples, np.clip(clip.sound, -1, 1), atol=2**-15)
