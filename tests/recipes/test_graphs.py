"""Recipes on one graph: the same whether seeds run apart or in one training."""

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest

from mmlearn import recipes
from mmlearn.recipes.rounds import Rounds

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tiny():
    """gcn_digits with dropout on sparse features, eight steps: enough to see it all."""
    from mmlearn import models

    def build(seed):
        return models.gcn(64, 10, 4, dropout=0.5, l2=5e-4, sparse=True, seed=seed)

    return dataclasses.replace(
        recipes.get("gcn_digits"), epochs={"quick": 4, "full": 4}, steps=2,
        build=build, sparse=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def together(tiny):
    return tiny.protocol((3, 5))


@pytest.fixture(scope="module")
def alone(tiny):
    return tiny.run(5)


def test_one_training_of_all_seeds_is_the_runs_apart(together, alone):
    names = ("validation_loss", "test_accuracy", "best_test_accuracy", "best_epoch")
    for name in names:  # the second seed's: the first never began again
        assert getattr(together.results[1], name) == getattr(alone, name), name
    assert together.values[0] != together.values[1]


def test_accuracies_in_training_count_the_nodes_of_their_mask(tiny, alone):
    masks, history = tiny.data(seed=5), alone.history.history
    parts = {"accuracy": ("train", tiny.steps), "val_accuracy": ("validation", 1)}
    for key, (part, steps) in parts.items():  # in training, a mean over the steps
        right = np.array(history[key]) * masks[part].sum() * steps
        np.testing.assert_allclose(right, right.round(), atol=1e-3, err_msg=key)
    assert history["val_accuracy"][-1] == pytest.approx(alone.validation_accuracy)


def test_a_seed_draws_the_labels_too(tiny):
    first, again, other = (tiny.data(seed=s)["train"] for s in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any() and first.sum() == other.sum() == 40


def test_the_figures_are_of_the_last_weights_and_test_may_be_missing(tiny, alone):
    splits = tiny.data(seed=5)
    inputs, y, _ = tiny.sources(splits)[0][0]
    logits = np.asarray(alone.model(inputs, training=False))
    right = logits.argmax(axis=1) == y
    assert alone.test_accuracy == right[splits["test"]].mean()
    del splits["test"]
    lowest = SimpleNamespace(weights=alone.model.get_weights(), epoch=1)
    figures = tiny.figures(alone.model, splits, lowest, 0.5)
    assert figures["validation_accuracy"] == alone.validation_accuracy
    assert math.isnan(figures["test_accuracy"])
    assert math.isnan(figures["best_test_accuracy"])


def test_the_rival_has_no_edges_and_as_many_weights():
    gcn, alone = (recipes.get(n) for n in ("gcn_digits", "dense_digits_graph"))
    assert alone.data()["graph"].edges == 0
    assert gcn.model().count_params() == alone.model().count_params() == 1210


def test_rounds_take_turns():
    class Source:
        steps_per_epoch = 1

        def __init__(self, name):
            self.name = name

        def batches(self, epoch, start):
            return self.name, epoch, start

    sources = [Source("a"), Source("b")]
    assert Rounds(sources, 3).batches(2) == ("a", 2, 0)
    assert Rounds(sources, 3).batches(3, 1) == ("b", 3, 1)
    told = Rounds(sources, None)
    told.round = 1
    assert told.batches(0) == ("b", 0, 0)
