"""Transformers on the tasks of lessons 08 and 09: as large as what they are held to."""

import numpy as np
import pytest
from keras import ops

from mmlearn import recipes
from mmlearn.recipes import attention, text


@pytest.mark.parametrize("task", ["reviews", "spoken_digits"])
def test_as_many_parameters_to_within_half_a_hidden_unit(task):
    ours = recipes.get(f"transformer_{task}").build(0)
    rival = recipes.get(f"gru_{task}").build(0)
    unit = 2 * ours.get_layer("hidden1").input.shape[-1] + 1
    assert abs(ours.count_params() - rival.count_params()) <= unit / 2


def test_the_rival_reads_the_same_data_as_often():
    for task in ("reviews", "spoken_digits"):
        ours, rival = (recipes.get(f"{net}_{task}") for net in ("transformer", "gru"))
        assert ours.load is rival.load and ours.dataset == rival.dataset


def test_what_is_forgotten_on_purpose_changes_the_numbers_only():
    ids = text.load_review_ids()["test"][0][:4]
    whole = attention.build_reviews(3)
    for changes in ({"positions": False}, {"masked": False}):
        other = attention.build_reviews(3, **changes)
        other.set_weights(whole.get_weights())
        assert other.count_params() == whole.count_params()
        apart = ops.convert_to_numpy(other(ids)) - ops.convert_to_numpy(whole(ids))
        assert np.abs(apart).max() > 1e-3
