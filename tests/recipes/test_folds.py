"""Cross-validation as a recipe: every fold once, its test never chosen by."""

import dataclasses
import math

import numpy as np
import pytest

from mmlearn import recipes

pytestmark = pytest.mark.slow
LOADED = []


def load(profile, fold):
    """Softmax regression's digits, of which each fold tests another number."""
    LOADED.append((profile, fold))
    digits = recipes.get("softmax_digits").data(profile)
    (x, y), (test_x, test_y) = digits["train"], digits["test"]
    sizes = {"a": 90, "b": 30}
    test = test_x[: sizes[fold]], test_y[: sizes[fold]]
    return {"train": (x, y), "test": test}


def choose(profile, fold):
    digits = recipes.get("softmax_digits").data(profile)
    return {"train": digits["train"], "validation": digits["test"], "test": "closed"}


@pytest.fixture(scope="module")
def recipe():
    base = recipes.get("softmax_digits")
    return recipes.FoldRecipe(
        name="folded",
        description="",
        dataset="digits",
        load=load,
        choose=choose,
        build=base.build,
        epochs={"quick": 1, "full": 2},
        batch_size=64,
        learning_rate=0.03,
        expected=(0.5, 1.0),
        folds=("a", "b"),
        unit="part",
    )


@pytest.fixture(scope="module")
def summary(recipe, tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    found = recipe.protocol(seeds=(1,), profile="quick", log_dir=folder)
    return found, {p.name for p in (folder / "seed_1").iterdir()}


def test_a_run_is_the_mean_of_its_folds(recipe, summary):
    summary, folders = summary
    (result,) = summary.results
    assert [r.test_size for r in result.folds] == [90, 30] and result.test_size == 120
    accuracies = [r.test_accuracy for r in result.folds]
    assert result.test_accuracy == np.mean(accuracies) == summary.mean
    assert result.over_folds.seeds == ("a", "b")
    assert summary.text == result.over_folds.text
    assert summary.text.endswith("(2 parts)")
    assert folders == {"part_a", "part_b"}
    assert math.isnan(result.validation_accuracy) and summary.validation_text == "–"
    again = recipe.run_fold("b", seed=1, profile="quick")
    assert again.test_accuracy == accuracies[1] and again.model is not None


def test_selection_sees_another_fold_for_each_seed_and_no_test(recipe):
    LOADED.clear()
    chosen = recipes.select(recipe, [{"learning_rate": 0.03}], seeds=range(3))
    assert LOADED == [] and len(chosen.losses[0].values) == 3
    plain = list(recipe.closed("quick", [0]))
    assert set(plain[0]) == {"train", "validation"}


def test_the_folds_take_turns_and_a_plan_is_one_fold(recipe, capsys):
    LOADED.clear()
    recipe.data("quick", 3)
    assert LOADED == [("quick", "b")]
    assert recipe.run(dry_run=True) is None
    assert "650" in capsys.readouterr().out


def test_without_training_nothing_moves():
    """naive Bayes, as an untrained network: no epochs, and still measured."""
    base = recipes.get("softmax_digits")
    still = dataclasses.replace(base, epochs={"quick": 0, "full": 0})
    result = still.run(seed=0)
    assert math.isnan(result.validation_loss) and 0 <= result.test_accuracy <= 1
    first = base.build(0).get_weights()
    for a, b in zip(first, result.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
