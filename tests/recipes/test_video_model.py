"""Lesson 19's model: readings, cut clips, parts taken away, the judge made of it."""

import numpy as np
import pytest

from mmlearn import media
from mmlearn.datasets import storyboard as sb
from mmlearn.preprocess.video import Window
from mmlearn.recipes import storyboard as clips_as_arrays
from mmlearn.recipes import storyboard_judge, video_model, video_parts, video_readers
from mmlearn.recipes import video_readings as readings
from mmlearn.recipes.verdicts import verdicts


@pytest.fixture(scope="module")
def clips():
    return sb.simulate(16, seed=1, size=video_readers.SIZE)


@pytest.fixture(scope="module")
def readers():
    return video_readers.new_readers()


@pytest.fixture(scope="module")
def read(readers, clips):
    return readings.readings(readers, clips)


@pytest.fixture(scope="module")
def whole(readers):
    model = video_parts.build(video_model.MODALITIES, "", 0)
    return model, video_parts.whole_model(readers, model)


def test_a_cut_clip_is_read_as_that_clip_was_until_then(readers, clips, read):
    seen = np.resize([3, 12, 7, 9], 16)
    cut = readings.cut_readings(readers, clips, read, seen)
    for s in np.unique(seen):
        rows = np.flatnonzero(seen == s)
        alone = readings.readings(readers, clips.select(rows).until(int(s)))
        assert sorted(alone) == sorted(cut)
        for name, array in alone.items():
            np.testing.assert_allclose(cut[name][rows], array, atol=1e-5, err_msg=name)


def test_of_a_cut_clip_only_what_happens_next_counts(readers, clips, read):
    x, y, weights = readings.lessons(readers, clips, read)
    assert {len(a) for d in (x, y, weights) for a in d.values()} == {32}
    for task, weight in weights.items():
        np.testing.assert_array_equal(weight[:16], 1)
        np.testing.assert_array_equal(weight[16:], float(task == "next"))
    whole = readings.lessons(readers, clips, read, cut=False)
    assert len(whole[1]["class"]) == 16 and whole[2]["class"].all()


def test_stills_are_an_early_and_a_late_frame_of_every_clip(clips):
    stills = video_readers.Stills(clips.frames, {"number": np.arange(16)}, seed=3)
    found = [
        (n, t)
        for x, y in stills.batches(0)
        for picture, n in zip(x, y["number"], strict=True)
        for t in range(12)
        if np.array_equal(np.round(255 * picture), clips.frames[n, t])
    ]
    assert sorted(n for n, _ in found) == sorted([*range(16)] * 2)
    early = sorted(n for n, t in found if t < video_readers.END)
    assert early == list(range(16))


def test_every_part_can_be_taken_away(read):
    variants = video_parts.variants()
    parts = ("frame GRU", "word GRU", "messages", "deep fusion", "video")
    for name in (f"without {part}" for part in parts):
        recipe = variants[name]
        answers = recipe.build(0)(recipe.chosen(read))
        shapes = {task: tuple(a.shape) for task, a in answers.items()}
        assert shapes["class"] == (16, 10) and shapes["sentiment"] == (16, 1), name
    order = np.random.default_rng(0).permutation(12)
    moved = {**read, "video": read["video"][:, order]}
    bag = variants["without frame GRU"].build(0)
    for task, answer in bag(read).items():
        np.testing.assert_allclose(answer, bag(moved)[task], atol=1e-5)


def test_readers_and_model_are_one_model_of_clips(whole, clips, read):
    model, joined = whole
    x = clips_as_arrays.inputs(clips)
    for task, answer in joined.predict_on_batch(x).items():
        np.testing.assert_allclose(answer, model(read)[task], atol=1e-4, err_msg=task)


def test_the_judge_says_what_the_model_says_and_is_told_what_is_missing(whole, clips):
    one = storyboard_judge.StoryboardJudge(whole[1])
    window = Window(
        clips.frames[0],
        np.arange(12) / 8,
        np.ones(12, bool),
        clips.sound[0],
        np.ones(12_000, bool),
        0.0,
    )
    said = one.answers(window, "Towards the SQUARE, spins: a grim five!")
    assert sorted(said) == list(readings.TASKS)
    assert said["class"].label in sb.VARIABLES["digit"].values
    assert np.isnan(said["sentiment"].probability)
    x = storyboard_judge.batch(window, "Towards the SQUARE, spins: a grim five!")
    usual = clips_as_arrays.inputs(clips.select([0]))
    assert sorted(x) == sorted(usual)
    assert {k: a.shape for k, a in x.items()} == {k: a.shape for k, a in usual.items()}
    np.testing.assert_allclose(x["sound"], usual["sound"])
    words = clips_as_arrays.word_numbers(["towards the square spins a grim five"])
    np.testing.assert_array_equal(x["text"], words)
    assert not x["graph_available"][0] and x["text_available"][0]
    silent = Window(
        *(clips.frames[0], np.arange(12) / 8, np.arange(12) < 5), None, None, 0
    )
    x = storyboard_judge.batch(silent)
    assert not x["sound_available"][0] and not x["text_available"][0]
    np.testing.assert_array_equal(x["video"][0, 5:], x["video"][0, [4] * 7])


def test_a_film_of_three_clips_is_judged_three_times(whole, clips, tmp_path):
    film = np.concatenate(list(clips.frames[:3])).repeat(2, 1).repeat(2, 2)
    sound = np.concatenate(list(clips.sound[:3]))
    media.write_video(tmp_path / "a.mp4", film, 8, sound, 8000)
    judge = storyboard_judge.StoryboardJudge(whole[1])
    found = list(verdicts(tmp_path / "a.mp4", judge))
    assert [round(v.start, 3) for v in found] == [0, 1.5, 3]
    assert all(v.heard for v in found)


def test_the_readers_ship_and_read():
    readers, fresh = video_readers.shipped(), video_readers.new_readers()
    assert readers.frame.count_params() == fresh.frame.count_params()
    clips = sb.simulate(64, seed=2, part="test", size=video_readers.SIZE)
    ends = np.cumsum(list(video_readers.HEARD.values()))
    heard = readings.readings(readers, clips)["sound"]
    for what, end in zip(video_readers.HEARD, ends, strict=True):
        block = heard[:, end - video_readers.HEARD[what] : end]
        np.testing.assert_allclose(block.sum(axis=1), 1, atol=1e-5)
        right = block.argmax(axis=1) == clips.script.copies["sound"][what]
        assert right.mean() > 0.85, what
