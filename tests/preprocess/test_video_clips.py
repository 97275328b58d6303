"""Clips to one format: lengths, windows, flow, one clock."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import media
from mmlearn.preprocess.video import (
    align,
    crop_clips,
    fit_frames,
    one_clock,
    optical_flow,
    sample_frames,
)


def test_short_clips_are_padded_and_masked_long_ones_sampled():
    clips = [np.full((n, 2, 3, 1), n, np.uint8) for n in (2, 5, 9)]
    clips[2] = clips[2] + np.arange(9, dtype=np.uint8)[:, None, None, None]
    x, mask = fit_frames(clips, 5)
    assert x.shape == (3, 5, 2, 3, 1) and x.dtype == np.uint8
    assert mask.tolist() == [[True] * 2 + [False] * 3, [True] * 5, [True] * 5]
    assert not x[~mask].any() and (x[0, :2] == 2).all()
    np.testing.assert_array_equal(x[2], sample_frames(clips[2], 5)[0])
    assert fit_frames(clips)[0].shape[1] == 9
    again = fit_frames(clips, 4, how="random", seed=3)[0]
    np.testing.assert_array_equal(again, fit_frames(clips, 4, how="random", seed=3)[0])


def test_clips_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="only T may differ"):
        fit_frames([np.ones((2, 3)), np.ones((2, 4))])
    with pytest.raises(ValueError, match=r"a clip is empty, \(0, 3\)"):
        fit_frames([np.ones((0, 3))])
    with pytest.raises(ValueError, match="no clips"):
        fit_frames([])
    with pytest.raises(ValueError, match="length is 0"):
        fit_frames([np.ones((2, 3))], 0)


def test_a_window_is_the_same_for_all_frames_of_a_clip():
    place = np.arange(7 * 9).reshape(7, 9, 1)  # odd sizes
    x = np.broadcast_to(place, (6, 4, 7, 9, 1))
    y = crop_clips(x, (3, 4), seed=1)
    assert y.shape == (6, 4, 3, 4, 1)
    assert (y == y[:, :1]).all()
    corners = y[:, 0, 0, 0, 0]
    assert len(set(corners)) > 1
    for clip, corner in zip(y, corners, strict=True):
        top, left = divmod(int(corner), 9)
        np.testing.assert_array_equal(clip[0], place[top : top + 3, left : left + 4])
    np.testing.assert_array_equal(crop_clips(x[2:], (3, 4), seed=1, first=2), y[2:])
    assert (crop_clips(x, (3, 4), seed=1, epoch=1) != y).any()
    whole = crop_clips(x, (7, 9), seed=0, flip=True)
    mirrored = (whole[:, :, :, ::-1] == x).all(axis=(1, 2, 3, 4))
    assert mirrored.any() and ((whole == x).all(axis=(1, 2, 3, 4)) | mirrored).all()
    for wrong in ((8, 4), (3, 0)):
        with pytest.raises(ValueError, match="expected one that fits"):
            crop_clips(x, wrong, seed=0)


@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(0, 99))
@settings(max_examples=8, deadline=None)
def test_flow_finds_a_shift(down, across, seed):
    noise = np.random.default_rng(seed).normal(size=(48, 64))
    smooth = cv2.normalize(
        cv2.GaussianBlur(noise, (0, 0), 2.5), None, 0, 255, cv2.NORM_MINMAX
    )
    picture = smooth.astype(np.uint8)
    moved = np.roll(picture, (down, across), axis=(0, 1))
    frames = np.stack([picture, moved])[..., None].repeat(3, axis=-1)
    flow = optical_flow(frames)
    assert flow.shape == (1, 48, 64, 2) and flow.dtype == np.float32
    inside = flow[0, 10:-10, 10:-10].reshape(-1, 2)
    np.testing.assert_allclose(np.median(inside, axis=0), [down, across], atol=0.25)


def test_flow_refuses():
    frames = np.zeros((2, 32, 32, 3), np.uint8)
    with pytest.raises(ValueError, match="one frame; expected two or more"):
        optical_flow(frames[:1])
    with pytest.raises(ValueError, match="float64 of 3 channels; expected uint8"):
        optical_flow(frames / 255)
    with pytest.raises(ValueError, match="uint8 of 2 channels"):
        optical_flow(frames[..., :2])
    with pytest.raises(ValueError, match="window is 0"):
        optical_flow(frames, window=0)


def clip_of(times, **sound):
    frames = np.arange(len(times), dtype=np.uint8)[:, None, None, None]
    shown = np.broadcast_to(frames, (len(times), 5, 7, 3))  # odd sizes
    return media.Clip(shown, np.array(times), 10.0, **sound)


def test_a_variable_frame_rate_and_sound_come_to_one_clock():
    tone = np.sin(2 * np.pi * 50 * np.arange(1600) / 2000)
    heard = {"sound": np.stack([tone, tone], 1), "sound_rate": 2000, "sound_start": 0.4}
    clip = clip_of([0.5, 0.6, 1.0, 1.1], **heard)
    captions = [(0.6, 0.8, "a bell rings"), (1.1, 2.0, "too late now")]
    frames, aligned = one_clock(clip, captions, frame_rate=10, sound_rate=1000)
    assert frames[:, 0, 0, 0].tolist() == [0, 1, 1, 1, 1, 2, 3]
    np.testing.assert_allclose(aligned.times, 0.5 + np.arange(7) / 10)
    assert aligned.sound.shape == (7, 100) and aligned.sound_mask.all()
    same = np.sin(2 * np.pi * 50 * np.arange(100, 800) / 1000)
    np.testing.assert_allclose(aligned.sound.ravel()[20:-60], same[20:-60], atol=0.01)
    assert aligned.words[1] == ["a", "bell"] and aligned.words[2] == ["rings"]
    assert aligned.words[-1] == ["too"], "the rest begins after the end"
    assert one_clock(clip, size=(3, 4))[0].shape == (4, 3, 4, 3)


def test_a_clip_without_sound_and_a_text_without_words():
    frames, aligned = one_clock(clip_of([0.0, 0.1]), [(0.0, 0.1, " ")], sound_rate=8000)
    assert frames.shape == (2, 5, 7, 3) and aligned.sound.shape == (2, 0)
    assert aligned.words == [[], []] and aligned.caption.tolist() == [0, -1]


def test_subtitles_past_the_end_belong_to_no_frame():
    aligned = align([0.0, 0.1], None, None, [(5.0, 6.0, "nobody sees this")])
    assert aligned.words == [[], []] and not aligned.caption_mask.any()


def test_one_frame_alone():
    _, aligned = one_clock(
        clip_of([2.0], sound=np.ones((4000, 1)), sound_rate=1000), frame_rate=25
    )
    assert aligned.times.tolist() == [2.0] and aligned.sound.shape[0] == 1
