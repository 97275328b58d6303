"""The patients of lesson 06 are as ill as it says (the lesson itself runs them all)."""

import math

import pytest

from mmlearn.exercises import find
from mmlearn.recipes import patients

pytestmark = pytest.mark.slow


def test_eight_patients_one_cause_each():
    causes = [patient.cause for patient in patients.PATIENTS.values()]
    assert sorted(causes) == list(range(1, len(patients.CAUSES) + 1))
    assert tuple(patients.PATIENTS) == patients.NAMES


def test_the_exercise_asks_for_these_causes():
    exercise = find("06.6")
    causes = tuple(patient.cause for patient in patients.PATIENTS.values())
    assert exercise.solution() == causes
    for number, cause in enumerate(patients.CAUSES, start=1):
        assert f"{number}. {cause}" in exercise.statement


@pytest.fixture(scope="module")
def tail():
    return patients.run("H")


def test_classes_that_training_never_saw_are_never_named(tail):
    assert max(tail.history["val_accuracy"]) == 0
    assert tail.history["accuracy"][-1] > 0.9
    assert 0.7 < tail.test_accuracy < 0.85  # eight classes of ten


def test_unscaled_pixels_make_a_first_loss_far_above_ln_10():
    assert patients.run("F").history["loss"][0] > 10 * math.log(10)


def test_the_same_seed_is_the_same_training(tail):
    assert patients.run("H").history == tail.history


def test_nobody_else_is_ill():
    with pytest.raises(KeyError):
        patients.run("Z")
