"""Windows judged while a film is read; alarms with two thresholds."""

import ast
import subprocess

import numpy as np
import pytest

from mmlearn import media
from mmlearn.recipes import judges
from mmlearn.recipes.judges import Answer
from mmlearn.recipes.verdicts import Verdict, alarms, overall, verdicts


def said(p, start, task="fight"):
    answer = Answer("fight", p) if p >= 0.5 else Answer("no fight", 1 - p)
    return Verdict(start, start + 2, {task: answer}, True, "", 0, 0, 0)


def test_alarms_are_those_of_the_exercise():
    from mmlearn.exercises import find

    solution = find("19.5").solution
    rng = np.random.default_rng(0)
    for _ in range(20):
        p, times = rng.random(12), np.arange(12.0)
        found = [said(value, time) for value, time in zip(p, times, strict=True)]
        ours = alarms(found, "fight", "fight", on=0.7, off=0.4, end=13.5)
        np.testing.assert_array_equal(ours, solution(p, times, 0.7, 0.4, 13.5))
    assert alarms([], "fight", "fight").shape == (0, 2)


def test_the_whole_film_has_one_answer_a_task():
    found = [said(0.9, 0), said(0.4, 2), said(0.45, 4), said(0.8, 6)]
    assert overall(found)["fight"] == ("fight", pytest.approx(0.85))
    scores = [
        Verdict(0, 1, {"sentiment": Answer(f"{s:+.2f}", np.nan)}, True, "", 0, 0, 0)
        for s in (0.5, -0.25, 0.5)
    ]
    assert overall(scores)["sentiment"].label == "+0.25"


class Counting(judges.FightsJudge):
    """Says how many frames it saw, and what was written."""

    def answers(self, window, caption=""):
        return {"seen": Answer(f"{window.mask.sum()} {caption}", 1.0)}


def test_words_go_to_the_window_in_which_they_are_longest_on_display():
    judge = Counting(np.zeros(50), np.ones(50), np.zeros(50), 0.0)
    film = [("frame", t / 10, np.zeros((8, 8, 3), np.uint8)) for t in range(31)]
    words = [media.Caption(0.2, 1.1, "a bell"), media.Caption(1.8, 9.0, "a\nstone")]
    found = list(verdicts(iter(film), judge, words))
    assert [v.said["seen"].label for v in found] == [
        "20 a bell",
        "20 a stone",
        "11 a stone",
    ]
    assert [(v.start, round(v.end, 6)) for v in found] == [(0, 2), (1, 3), (2, 3.1)]
    assert not any(v.heard for v in found)


def test_a_judge_is_kept_and_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv("MMLEARN_MODELS", str(tmp_path / "deep"))
    rng = np.random.default_rng(0)
    one = judges.FightsJudge(*rng.normal(size=(3, 50)), bias=0.5)
    path = judges.model_folder() / "fights.npz"
    assert not judges.is_kept("fights")
    judges.keep(path, lambda part: np.savez(part, **one.arrays()))
    assert judges.is_kept("fights") and list(path.parent.iterdir()) == [path]
    again = judges.judge("fights", progress=False)
    np.testing.assert_array_equal(again.kernel, one.kernel)
    assert again.bias == 0.5


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path):
    (tmp_path / "file").write_text("no folder")
    judges.keep(tmp_path / "file" / "a.npz", lambda part: part.write_bytes(b"x"))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "no folder"


def test_what_has_no_sound_counts_as_the_mean_of_those_that_have():
    rng = np.random.default_rng(0)
    judge = judges.FightsJudge(
        rng.normal(size=50), np.ones(50), np.r_[np.zeros(9), rng.normal(size=41)], 0.0
    )
    film = [
        ("frame", t / 10, rng.integers(0, 255, (72, 96, 3), np.uint8))
        for t in range(20)
    ]
    found = next(iter(verdicts(iter(film), judge)))
    assert found.said["fight"].probability == pytest.approx(0.5)


@pytest.mark.parametrize("content", [b"", b"broken", b"PK\x03\x04 cut"])
def test_a_damaged_judge_is_said_and_trained_anew(tmp_path, content):
    path = tmp_path / "fights.npz"
    assert judges.FightsJudge.read(path) is None
    path.write_bytes(content)
    with pytest.warns(UserWarning, match="cannot be read: trained anew"):
        assert judges.FightsJudge.read(path) is None


def test_the_storyboard_judge_is_kept(tmp_path, monkeypatch, forked_python):
    """It was saved without weights, and a new process did not know its classes."""
    from types import SimpleNamespace

    from mmlearn.recipes import storyboard_judge, video_model, video_parts
    from mmlearn.recipes.storyboard_tasks import SINGLES

    untrained = video_parts.build(SINGLES, "", 0)
    monkeypatch.setenv("MMLEARN_MODELS", str(tmp_path))
    monkeypatch.setattr(
        "mmlearn.recipes.video_readings.world", lambda profile: {"train": None}
    )
    monkeypatch.setattr(
        type(video_model.RECIPES[0]),
        "run_on",
        lambda *args, **kwargs: SimpleNamespace(model=untrained),
    )
    judge = judges.judge("storyboard", progress=False)
    assert judges.is_kept("storyboard")
    x = storyboard_judge.batch(storyboard_judge._grey())
    said = judge.model.predict_on_batch(x)
    words = [*forked_python[0], "-c", AGAIN]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    there = ast.literal_eval(done.stdout.strip().splitlines()[-1])
    assert all(np.allclose(said[task], there[task], atol=1e-6) for task in said)


AGAIN = """
from mmlearn.recipes import judges, storyboard_judge

storyboard_judge.trained = None  # it must not come to that
judge = judges.judge("storyboard", progress=False)
x = storyboard_judge.batch(storyboard_judge._grey())
print({task: y.tolist() for task, y in judge.model.predict_on_batch(x).items()})
"""
