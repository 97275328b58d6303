"""Moving bodies: nobody is in two parts, and both networks learn as many numbers."""

import dataclasses
import math

import numpy as np
import pytest

from mmlearn import datasets
from mmlearn.recipes import select, skeletons

RECIPES = {recipe.name: recipe for recipe in skeletons.RECIPES}


def few(profile):
    """Five people, one take each."""
    return datasets.simulate_skeletons(takes=1, subjects=5)


def tiny(name="gru_stick_figures"):
    return dataclasses.replace(RECIPES[name], load=few, epochs={"quick": 1, "full": 1})


def same(pair, bodies):
    x, y = skeletons.arrays(bodies)
    return np.array_equal(pair[0], x) and np.array_equal(pair[1], y)


def test_the_odd_ones_train_and_the_even_ones_test():
    parts, bodies = tiny().data(), few(None)
    assert set(parts) == {"train", "test"}
    assert same(parts["train"], bodies.select(bodies.subject % 2 == 1))
    assert same(parts["test"], bodies.select(bodies.subject % 2 == 0))
    assert parts["train"][0].shape == (18, 32, 20, 3)


def test_to_choose_by_each_seed_leaves_another_training_subject_out():
    bodies = few(None)
    for seed, parts in enumerate(tiny().closed("quick", range(4))):
        left_out = (5, 3, 1, 5)[seed]
        assert set(parts) == {"train", "validation"}
        others = (bodies.subject % 2 == 1) & (bodies.subject != left_out)
        assert same(parts["train"], bodies.select(others))
        assert same(parts["validation"], bodies.select(bodies.subject == left_out))


def test_frames_of_zeros_are_filled():
    bodies = few(None)
    x, _ = skeletons.arrays(bodies)
    broken = [p.copy() for p in bodies.positions]
    broken[0][5:8] = 0
    mended, _ = skeletons.arrays(dataclasses.replace(bodies, positions=broken))
    assert np.abs(mended - x)[0].max() < 0.5  # zeros would lie 2.7 m and more away
    np.testing.assert_array_equal(mended[1:], x[1:])


@pytest.mark.parametrize("data", ["stick_figures", "msr_action3d"])
def test_the_flat_baseline_learns_as_many_numbers(data):
    ours, flat = (
        RECIPES[f"{kind}_{data}"].build(0).count_params() for kind in ("stgcn", "gru")
    )
    assert flat == pytest.approx(ours, rel=0.03)


@pytest.mark.slow
def test_a_run_validates_nothing_and_a_choice_tests_nothing():
    result = tiny().run(seed=0)
    assert math.isnan(result.validation_accuracy) and math.isnan(result.validation_loss)
    assert 0 <= result.test_accuracy <= 1 and result.test_size == 12
    chosen = select(tiny(), [{"learning_rate": 1e-3}], seeds=range(1))
    assert np.isfinite(chosen.losses[0].values).all()
