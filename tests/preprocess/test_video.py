import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.media import Caption
from mmlearn.preprocess.video import align, sample_frames, to_frame_rate

HOWS = st.sampled_from(["uniform", "random", "dense"])
STEPS = st.lists(st.integers(1, 200), min_size=1, max_size=15)


@given(st.integers(1, 40), st.integers(1, 50), HOWS, st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_sampled_frames_are_frames_in_order(count, n, how, seed):
    frames = np.arange(count)[:, None] * np.ones((1, 3), int)
    chosen, index = sample_frames(frames, n, how=how, seed=seed)
    np.testing.assert_array_equal(chosen, frames[index])
    assert len(index) == n
    assert (np.diff(index) >= 0).all()
    assert 0 <= index[0] <= index[-1] < count
    again = sample_frames(frames, n, how=how, seed=seed)[1]
    np.testing.assert_array_equal(index, again)
    if how == "dense" and n <= count:
        assert (np.diff(index) == 1).all()
    if how != "dense":  # one from each of n equal segments
        assert (index >= np.floor(np.arange(n) * count / n)).all()
        assert (index <= np.ceil((np.arange(n) + 1) * count / n)).all()


def test_sampling_by_hand():
    frames = np.arange(12)
    assert sample_frames(frames, 4)[1].tolist() == [1, 4, 7, 10]
    assert sample_frames(frames[:2], 4)[1].tolist() == [0, 0, 1, 1]
    drawn = {tuple(sample_frames(frames, 3, how="random", seed=s)[1]) for s in range(9)}
    assert len(drawn) > 5
    for wrong in ({"n": 0}, {"n": 2, "how": "all"}):
        with pytest.raises(ValueError, match="expected"):
            sample_frames(frames, **wrong)
    with pytest.raises(ValueError, match=r"\(0,\)"):
        sample_frames(frames[:0], 2)


@given(STEPS, st.floats(0.5, 60))
@settings(max_examples=40, deadline=None)
def test_a_constant_frame_rate_shows_what_was_on_display(steps, rate):
    times = np.cumsum(steps) / 100
    frames, clock = to_frame_rate(np.arange(len(times)), times, rate)
    np.testing.assert_allclose(np.diff(clock), 1 / rate)
    assert clock[-1] <= times[-1] + 1e-5
    assert clock[-1] + 1 / rate > times[-1]
    for frame, time in zip(frames, clock, strict=True):
        expected = max(k for k, t in enumerate(times) if t <= time + 1e-9)
        assert frame == expected


def test_times_must_ascend_and_match():
    with pytest.raises(ValueError, match="from 1 to 0.5 s at frame 2"):
        to_frame_rate(np.zeros(3), [0.0, 1.0, 0.5], 5)
    with pytest.raises(ValueError, match="3 frames and 2 times"):
        to_frame_rate(np.zeros(3), [0.0, 1.0], 5)
    with pytest.raises(ValueError, match="rate is 0"):
        to_frame_rate(np.zeros(2), [0.0, 1.0], 0)


@given(
    STEPS,
    st.integers(1, 3000),
    st.sampled_from([100, 1000, 8000]),
    st.integers(-300, 300),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_every_sample_during_the_video_is_in_one_frame(
    steps, length, rate, start, stereo
):
    times, start = np.cumsum(steps) / 100, start / 100
    sound = np.arange(1.0, length + 1)
    sound = np.stack([sound, -sound], axis=1) if stereo else sound
    a = align(times, sound, rate, sound_start=start)
    assert a.sound.shape[:2] == a.sound_mask.shape
    assert a.sound.shape[2:] == sound.shape[1:]
    assert not a.sound[~a.sound_mask].any()
    edges = np.append(
        times, times[-1] + (np.median(np.diff(times)) if len(times) > 1 else 1)
    )
    for t, (first, stop) in enumerate(a.sound_span):
        np.testing.assert_array_equal(a.sound[t][a.sound_mask[t]], sound[first:stop])
        when = start + np.arange(length) / rate  # by brute force
        inside = (when >= edges[t] - 1e-6 / rate) & (when < edges[t + 1] - 1e-6 / rate)
        assert abs(inside.sum() - (stop - first)) <= 1
    np.testing.assert_array_equal(a.sound_span[1:, 0], a.sound_span[:-1, 1])


@given(STEPS, st.lists(st.tuples(st.integers(0, 900), st.integers(0, 300)), max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_word_during_the_video_is_in_one_frame(steps, spans):
    times = np.cumsum(steps) / 100
    captions = [Caption(s / 100, (s + d) / 100, "One two, three") for s, d in spans]
    a = align(times, None, None, captions)
    edges = np.append(
        times, times[-1] + (np.median(np.diff(times)) if len(times) > 1 else 1)
    )
    begins = [c.start + k * (c.end - c.start) / 4 for c in captions for k in range(4)]
    inside = sum(edges[0] - 1e-9 <= time < edges[-1] - 1e-9 for time in begins)
    assert sum(map(len, a.words)) == inside
    np.testing.assert_array_equal(a.caption_mask, a.caption >= 0)
    for t, number in enumerate(a.caption):
        shown = [
            k
            for k, c in enumerate(captions)
            if c.start < edges[t + 1] and c.end > edges[t]
        ]
        assert number == (shown[-1] if shown else -1)
    assert a.sound.shape == a.sound_mask.shape == (len(times), 0)


def test_align_by_hand():
    a = align([0.0, 0.25, 1.0], np.arange(8.0), 4, [(0.3, 1.1, "Red ball")])
    assert a.sound_span.tolist() == [[0, 1], [1, 4], [4, 6]]  # last: the median step
    assert a.sound.tolist() == [[0, 0, 0], [1, 2, 3], [4, 5, 0]]
    assert a.caption.tolist() == [-1, 0, 0]
    assert a.words == [[], ["Red", "ball"], []]


def test_align_refuses():
    with pytest.raises(ValueError, match="rate is None"):
        align([0.0], np.ones(3), None)
    with pytest.raises(ValueError, match="caption 0 lasts from 2 to 1 s"):
        align([0.0], None, None, [(2, 1, "x")])
    with pytest.raises(ValueError, match="NaN or infinite"):
        align([0.0], np.array([np.nan]), 8)
    with pytest.raises(ValueError, match=r"\(1, 1, 1\)"):
        align([0.0], np.ones((1, 1, 1)), 8)


def test_captions_of_another_form_are_refused():
    with pytest.raises(ValueError, match="caption 0 is 'hello'; expected"):
        align([0.0, 1.0], None, None, ["hello"])
