"""Lesson 19's model: readings, cut clips, parts taken away, the judge made of it."""

import numpy as np
import pytest

from mmlearn import media
from mmlearn.datasets import storyboard as sb
from mmlearn.preprocess.video import Window
from mmlearn.recipes import (
    shipped_readers,
    storyboard_judge,
    storyboard_readers,
    storyboard_whole,
    video_parts,
)
from mmlearn.recipes import storyboard as clips_as_arrays
from mmlearn.recipes import video_readings as readings
from mmlearn.recipes.storyboard_clips import SIZE
from mmlearn.recipes.storyboard_tasks import SINGLES
from mmlearn.recipes.verdicts import verdicts


@pytest.fixture(scope="module")
def clips():
    return sb.simulate(16, seed=1, size=SIZE)


@pytest.fixture(scope="module")
def readers():
    return storyboard_readers.new_readers()


@pytest.fixture(scope="module")
def read(readers, clips):
    return readings.readings(readers, clips)


@pytest.fixture(scope="module")
def whole(readers):
    model = video_parts.build(SINGLES, "", 0)
    return model, storyboard_whole.whole(readers, model)


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


def test_every_part_can_be_taken_away(read):
    variants = video_parts.variants()
    parts = ("frame GRU", "word GRU", "messages", "hidden layer", "video")
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
    readers, fresh = shipped_readers.shipped(), storyboard_readers.new_readers()
    assert readers.frame.count_params() == fresh.frame.count_params()
    clips = sb.simulate(64, seed=2, part="test", size=SIZE)
    x, told = clips_as_arrays.inputs(clips, ("sound", "video")), clips.script.copies
    sounds = {name: x[name] for name in ("sound", "sound_mask")}
    heard = readers.asked["sound"].predict_on_batch(sounds)
    seen = readers.asked["frame"].predict_on_batch(x["video"][:, 0])
    for said, what, shown, least in (
        (heard, "heard_digit", told["sound"]["digit"], 0.85),
        (heard, "heard_visitor", told["sound"]["fit"], 0.95),
        (heard, "action", told["sound"]["motion"], 0.95),
        (seen, "seen_digit", told["video"]["digit"], 0.6),
        (seen, "scene", told["video"]["scene"], 0.95),
    ):
        assert np.mean(said[what].argmax(axis=1) == shown) > least, what
