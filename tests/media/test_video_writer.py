import numpy as np
import pytest

from mmlearn.media import Clip, MediaError, read_video, write_video


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
        ({"frame_rate": "10"}, "frame_rate is '10'"),
        ({"frame_rate": None}, "frame_rate is None"),
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
