"""MOSI, UCF101, fights: who is in which part, and what a training may know."""

import dataclasses

import numpy as np
import pytest

from mmlearn import media, recipes
from mmlearn.datasets import DataError, Fights, FrameFeatures, Opinions
from mmlearn.recipes import fights, mosi, mosi_features, ucf101

RNG = np.random.default_rng(0)


@pytest.fixture
def opinions(monkeypatch):
    """Eighteen videos of four utterances; six of them test."""
    words = np.array(["GOOD FUN", "FINE FILM", "BAD FUN", "DULL FILM"])
    n = np.arange(72)
    made = Opinions(
        tuple(words[n % 4]),
        {name: RNG.normal(size=(72, 5)) for name in ("audio", "text", "video")},
        (n % 4 < 2).astype(np.int64),
        np.array([f"v{k:02}" for k in n // 4]),
        n % 4,
        n >= 48,
    )
    monkeypatch.setattr(mosi_features, "opinions", lambda: made)
    monkeypatch.setattr(mosi_features, "VALIDATION", 3)
    mosi_features._counts.cache_clear()
    yield made
    mosi_features._counts.cache_clear()


def recipe_of(module, name):
    (found,) = (r for r in module.RECIPES if r.name == name)
    return found


def test_videos_are_left_out_to_choose_by(opinions):
    recipe = recipe_of(mosi, "fused_mosi")
    parts = recipe.data()
    assert {name: len(y) for name, (_, y) in parts.items()} == {"train": 48, "test": 24}
    assert sorted(parts["train"][0]) == ["audio", "ngram", "ratio"]
    once, again = recipe.closed(None, range(2))
    for closed in (once, again):
        assert {n: len(y) for n, (_, y) in closed.items()} == {
            "train": 36,
            "validation": 12,
        }
    assert recipe.test_groups().tolist() == opinions.video[48:].tolist()
    assert (once["train"][0]["audio"] != again["train"][0]["audio"]).any()


def test_features_are_measured_by_the_training_rows(opinions):
    x = mosi_features.by_group(opinions.features["audio"], opinions.video)
    rows = {"train": np.arange(10), "test": np.arange(60, 72)}
    parts = mosi_features.load_sounds(None, rows)
    np.testing.assert_allclose(parts["train"][0].mean(axis=0), 0, atol=1e-6)
    expected = (x[60:] - x[:10].mean(axis=0)) / x[:10].std(axis=0)
    np.testing.assert_allclose(parts["test"][0], np.clip(expected, -4, 4), atol=1e-5)
    for video in np.unique(opinions.video):
        own = x[opinions.video == video]
        np.testing.assert_allclose([own.mean(), own.std()], [0, 1], atol=1e-9)
    constant = mosi_features.standardized(np.ones((3, 2)), {"train": [0, 1]})
    assert not constant["train"].any()


def test_the_leak_is_shown_with_a_validation_set(opinions):
    parts = recipe_of(mosi, "shipped_text_mosi").data()
    assert {name: len(y) for name, (_, y) in parts.items()} == {
        "train": 36,
        "validation": 12,
        "test": 24,
    }


def test_blocks_of_videos_are_left_out_to_choose_by():
    features = np.abs(RNG.normal(size=(24, 2, 3))).astype(np.float16)
    videos = FrameFeatures(
        features,
        np.repeat([0, 1], 12),
        np.array([f"v_{n:06}" for n in range(24)]),
        np.arange(24) % 12 >= 8,
        ("run", "sit"),
    )
    x = ucf101.unit_frames(features)
    np.testing.assert_allclose((x**2).mean(axis=-1), 1, rtol=1e-3)
    recipe = dataclasses.replace(
        recipe_of(ucf101, "logistic_ucf101"), load=lambda profile: (videos, x)
    )
    assert [len(y) for _, y in recipe.data().values()] == [16, 8]
    closed = list(recipe.closed(None, range(5)))
    np.testing.assert_array_equal(closed[0]["validation"][0], x[[0, 1, 12, 13]])
    np.testing.assert_array_equal(
        closed[4]["validation"][0], closed[0]["validation"][0]
    )
    assert all(set(c) == {"train", "validation"} for c in closed)


def test_directions_are_those_of_the_training_frames():
    x = RNG.normal(size=(9, 10, 4)) * [1, 30, 9, 0.1] + [5, 0, 0, 0]
    z = ucf101.principal(x, np.arange(6), 2)
    some = x[:6, 2::5].reshape(-1, 4)
    _, theirs = np.linalg.eigh(np.cov(some.T))  # by another way, ascending
    expected = (x - some.mean(axis=0)) @ theirs[:, [3, 2]]
    scale = np.abs(expected).mean() / np.abs(z).mean()
    np.testing.assert_allclose(np.abs(z) * scale, np.abs(expected), atol=1e-3)
    assert (z[:6, 2::5] ** 2).mean() == pytest.approx(1, rel=1e-3)
    other = np.concatenate([x[:6], 99 * x[6:]])
    same = ucf101.principal(other, np.arange(6), 2)
    np.testing.assert_array_equal(same[:6], z[:6])


def clip(sound=True, speed=2):
    texture = RNG.integers(0, 255, (24, 24, 1)).repeat(4, 0).repeat(4, 1)
    frames = np.stack([np.roll(texture, speed * t, axis=1) for t in range(8)])
    frames = np.broadcast_to(frames, (8, 96, 96, 3)).astype(np.uint8)
    noise = RNG.normal(size=(16_000, 2)).astype(np.float32) / 10
    heard = {"sound": noise, "sound_rate": 16_000} if sound else {}
    return media.Clip(frames, np.arange(8) / 10, 10.0, **heard)


def test_faster_pictures_have_more_motion_and_silence_is_nan():
    fast, slow = fights.features(clip()), fights.features(clip(sound=False, speed=0))
    assert fast["motion"][0] > slow["motion"][0] + 1
    assert np.isfinite(fast["sound"]).all() and np.isnan(slow["sound"]).all()
    widths = {name: len(x) for name, x in fast.items()}
    assert widths == {name: fights.WIDTHS[name] for name in ("motion", "sound")}


def test_what_is_missing_stands_at_the_training_mean():
    x = np.array([[1.0], [3.0], [np.nan], [np.nan], [5.0]])
    parts = fights.filled(x, {"train": [0, 1, 2], "test": [3, 4]})
    assert parts["train"][2] == parts["test"][0] == 0
    assert parts["test"][1] > parts["train"][1] > 0 > parts["train"][0]


def test_the_fold_that_tests_chooses_nothing(monkeypatch):
    made = Fights(
        tuple(f"{n}.mp4" for n in range(20)),
        np.arange(20) % 2,
        np.arange(20) // 4,
        *(np.ones(20),) * 3,
        np.ones((20, 2)),
        np.ones(20),
    )
    number = np.arange(20.0)[:, None]
    monkeypatch.setattr(fights, "_watched", lambda: (made, {"presence": number}))
    recipe = recipe_of(fights, "presence_fights")
    parts = recipe.data(seed=2)
    assert [len(y) for _, y in parts.values()] == [16, 4]
    assert parts["test"][1].tolist() == made.y[8:12].tolist()
    (closed,) = recipe.closed(None, [4])
    assert {name: len(y) for name, (_, y) in closed.items()} == {
        "train": 12,
        "validation": 4,
    }
    assert closed["validation"][0].max() < closed["train"][0].min()  # fold 0


@pytest.mark.data
@pytest.mark.slow
def test_the_leak_of_the_real_features_shows():
    recipe = recipes.get("shipped_text_mosi")
    try:
        result = recipe.run(seed=0)
    except DataError as missing:
        pytest.skip(f"CMU-MOSI is not under $MMLEARN_DATA: {missing}")
    assert result.validation_accuracy > 0.93 and result.test_accuracy < 0.82
