"""FSDD's two questions: who is heard in training, and who never is."""

import numpy as np
import pytest

from mmlearn import datasets, recipes
from mmlearn.recipes import fsdd


@pytest.fixture(scope="module", autouse=True)
def a_few():
    """Six voices, two digits, 16 takes each, of noise that names its recording."""
    rng = np.random.default_rng(0)
    rows = [(d, s, t) for d in range(2) for s in fsdd.SPEAKERS for t in range(16)]
    digit, speaker, take = (np.array(column) for column in zip(*rows, strict=True))
    waves = [rng.normal(size=2_000).astype("float32") for _ in rows]
    found = datasets.SpokenDigits(waves, 8_000, digit, speaker, take, test_takes=5)
    fsdd._heard.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "load_fsdd", lambda: found)
        yield found
        fsdd._heard()
    fsdd._heard.cache_clear()


def rows(part):
    return {x.tobytes() for x in part[0]["sound"]}


def test_the_official_takes_test_and_all_others_train():
    recipe = recipes.get("gru_fsdd")
    parts = recipe.data()
    assert {name: len(y) for name, (_, y) in parts.items()} == {
        "train": 132,
        "test": 60,
    }
    assert not rows(parts["train"]) & rows(parts["test"])
    first, second = recipe.closed("quick", range(2))
    assert first is second and set(first) == {"train", "validation"}
    assert [len(first[n][1]) for n in ("train", "validation")] == [72, 60]
    assert rows(first["train"]) | rows(first["validation"]) == rows(parts["train"])


def test_a_stranger_is_heard_by_nobody(a_few):
    recipe = recipes.get("gru_fsdd_strangers")
    assert recipe.folds == fsdd.SPEAKERS and recipe.seeds == 1
    assert list(recipe.folds) == a_few.speakers
    parts = recipe.load("quick", "theo")
    assert [len(parts[n][1]) for n in ("train", "test")] == [160, 32]
    assert not rows(parts["train"]) & rows(parts["test"])
    (chosen,) = recipe.closed("quick", [4])  # theo's turn: yweweler validates
    assert set(chosen) == {"train", "validation"}
    after = rows(recipe.load("quick", "yweweler")["test"])
    assert rows(chosen["validation"]) == after
    assert not rows(chosen["train"]) & (after | rows(parts["test"]))
    assert len(chosen["train"][1]) == 128


def test_both_recipes_train_the_same_network_alike():
    known, strangers = (recipes.get(n) for n in ("gru_fsdd", "gru_fsdd_strangers"))
    for name in ("build", "batch_size", "learning_rate", "schedule"):
        assert getattr(known, name) == getattr(strangers, name), name
