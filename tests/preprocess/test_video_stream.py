"""Windows while a video comes in: as if it had lain in memory, and without that."""

import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import media
from mmlearn.preprocess import audio
from mmlearn.preprocess.video import stream, to_frame_rate


def shown(times):
    """Frames that are told apart by their number."""
    for n, time in enumerate(times):
        yield "frame", float(time), np.full((2, 3, 3), n, np.uint8)


def numbers(window):
    return window.frames[:, 0, 0, 0]


STEPS = st.lists(st.integers(1, 40), min_size=1, max_size=25)


@given(STEPS, st.integers(1, 5), st.integers(1, 7), st.sampled_from([5, 10, 24]))
@settings(max_examples=20, deadline=None)
def test_windows_are_those_of_the_whole_video(steps, count, hop, rate):
    times = 0.3 + np.cumsum(steps) / 100
    whole, clock = to_frame_rate(np.arange(len(times)), times, rate)
    windows = list(stream(shown(times), count, rate, hop=hop))
    covered = set()
    for n, window in enumerate(windows):
        inside = slice(n * hop, n * hop + window.mask.sum())
        np.testing.assert_array_equal(numbers(window)[window.mask], whole[inside])
        np.testing.assert_allclose(window.times[window.mask], clock[inside])
        assert window.frames[~window.mask].sum() == 0 and window.sound is None
        assert window.mask.all() or window is windows[-1]
        covered |= set(range(inside.start, inside.stop))
    wanted = {t for t in range(len(whole)) if t % hop < count}
    assert covered == wanted


def told(times, sound, rate, piece, late=0.0):
    """A video with sound, in pieces, as a file mixes them: `late` s behind."""
    events = [(time, 0, "frame", frame) for _, time, frame in shown(times)]
    for start in range(0, len(sound), piece):
        part = sound[start : start + piece]
        comes = (start + len(part)) / rate + late
        events.append((comes, 1, "sound", (start / rate, part)))
    for time, _, kind, what in sorted(events, key=lambda event: event[:2]):
        yield (kind, *what) if kind == "sound" else (kind, time, what)


@given(st.integers(1, 333), st.integers(1, 6), st.floats(0, 0.4))
@settings(max_examples=15, deadline=None)
def test_sound_comes_with_its_frames(piece, count, late):
    sound = np.arange(1, 1001, dtype=np.float32)  # 1 s
    source = told(np.arange(10) / 10, sound, 1000, piece, late)
    windows = list(stream(source, count, 10, sound_rate=1000))
    heard = np.concatenate([w.sound[w.sound_mask] for w in windows])
    np.testing.assert_array_equal(heard, sound)
    assert {w.sound.shape for w in windows} == {(count * 100,)}
    for window in windows:
        first = round(window.times[0] * 1000)
        assert window.sound[0] == sound[first]
        assert 0 <= window.latency <= 0.1 + late + piece / 1000 + 1e-6


def test_sound_that_comes_too_late_is_masked_and_not_waited_for():
    sound = np.ones(4000, np.float32)
    source = told(np.arange(40) / 10, sound, 1000, 100, late=1.5)
    windows = list(stream(source, 5, 10, sound_rate=1000, patience=0.3))
    assert len(windows) == 8 and not windows[0].sound_mask.any()
    assert max(w.latency for w in windows) <= 0.6
    source = told(np.arange(40) / 10, sound, 1000, 100, late=1.5)
    patient = list(stream(source, 5, 10, sound_rate=1000, patience=2.0))
    assert all(w.sound_mask.all() for w in patient)


def test_a_pause_in_the_sound_is_masked():
    def source():
        yield from shown([0.0])
        yield "sound", 0.0, np.ones(100, np.float32)
        yield "sound", 0.3005, np.ones(100, np.float32)
        yield "frame", 0.4, np.ones((2, 3, 3), np.uint8)

    (window,) = stream(source(), 5, 10, sound_rate=1000)
    assert window.sound_mask[:100].all() and not window.sound_mask[100:300].any()
    assert window.sound_mask.sum() == 200


def test_at_its_own_rate_a_window_waits_for_nothing():
    assert {w.latency for w in stream(shown(np.arange(12) / 25), 4, 25)} == {0.0}


def test_memory_stays_flat_however_long_the_video_is():
    alive, most = weakref.WeakSet(), 0

    class Frame(np.ndarray):
        """An array that can be counted."""

        __hash__ = object.__hash__

    def endless():
        nonlocal most
        for n in range(2_000):
            frame = np.zeros((2, 2, 3), np.uint8).view(Frame)
            alive.add(frame)
            most = max(most, len(alive))
            yield "frame", n / 25, frame
            if n % 5 == 0:
                yield "sound", n / 25, np.zeros(40, np.float32)

    windows = stream(endless(), 10, 25, hop=5, sound_rate=200)
    assert sum(window.mask.all() for window in windows) == 399
    assert most < 30


def test_what_is_no_window_or_no_order_is_refused():
    for wrong in ({"frames": 0}, {"hop": 0}, {"rate": 0}, {"patience": -1}):
        with pytest.raises(ValueError, match="expected 1 or more, 1 or more"):
            next(stream(shown([0.0]), **({"frames": 1, "rate": 1} | wrong)))
    with pytest.raises(ValueError, match="a frame at 0.5 s after one at 1 s"):
        list(stream(shown([0.0, 1.0, 0.5]), 2, 1))
    assert list(stream([], 2, 1)) == []


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """3 s of a moving bar at 10 frames a second, with a tone."""
    path = tmp_path_factory.mktemp("stream") / "a.mp4"
    frames = np.full((30, 48, 64, 3), 30, np.uint8)
    for t, frame in enumerate(frames):
        frame[:, 2 * t : 2 * t + 4] = 220
    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(24_000) / 8000)
    media.write_video(path, frames, 10, tone.astype(np.float32), 8000)
    return path


def test_a_file_gives_what_reading_it_whole_gives(file):
    clip = media.read_video(file, size=(24, 32))
    windows = list(stream(file, 5, 10, size=(24, 32), sound_rate=8000))
    assert len(windows) == 6
    np.testing.assert_array_equal(
        np.concatenate([w.frames for w in windows]), clip.frames
    )
    sound = np.concatenate([w.sound for w in windows])
    np.testing.assert_allclose(sound, clip.sound[:, 0], atol=1e-6)
    assert all(w.sound_mask.all() for w in windows)
    half = np.concatenate([w.sound for w in stream(file, 5, 10, sound_rate=4000)])
    theirs = audio.resample(clip.sound[:, 0], 8000, 4000)  # by another resampler
    assert np.abs(half - theirs)[100:-100].max() < 0.01


def test_a_file_without_sound_is_not_waited_for(tmp_path):
    path = tmp_path / "a.mp4"
    media.write_video(path, np.zeros((6, 48, 64, 3), np.uint8), 10)
    windows = list(stream(path, 3, 10, sound_rate=8000, patience=1e9))
    assert len(windows) == 2 and windows[0].latency == 0
    assert windows[0].sound.shape == (2400,) and not windows[0].sound_mask.any()


def test_a_file_cut_in_the_middle_gives_its_first_windows(file, tmp_path):
    path = tmp_path / "cut.mkv"
    media_webm = tmp_path / "whole.webm"
    clip = media.read_video(file)
    media.write_video(media_webm, clip.frames, 10)
    data = media_webm.read_bytes()
    path.write_bytes(data[: int(0.7 * len(data))])
    found = []
    with pytest.raises(media.MediaError, match="truncated"):
        for window in stream(path, 5, 10):
            found.append(window)
    assert 1 <= len(found) < 6 and all(w.mask.all() for w in found)


def test_a_camera_is_read_frame_by_frame(file):
    frames = list(media.camera(str(file), size=(24, 32), max_frames=4))
    assert [kind for kind, _, _ in frames] == ["frame"] * 4
    assert frames[0][1] == 0 and (np.diff([t for _, t, _ in frames]) > 0).all()
    whole = media.read_video(file, size=(24, 32)).frames[:4].astype(int)
    assert np.abs(np.stack([f for _, _, f in frames]) - whole).mean() < 6
    windows = list(stream(media.camera(str(file)), 2, 1000, size=(8, 8)))
    assert windows[0].frames.shape == (2, 8, 8, 3)


def test_a_camera_that_is_not_there_is_named(capfd):
    with pytest.raises(media.MediaError, match="no picture from camera 63; check"):
        next(media.camera(63))
    assert capfd.readouterr() == ("", "")
