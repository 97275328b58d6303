"""Recipes with attention: as many weights as the GCN's; the one that stops early."""

from dataclasses import replace

import numpy as np
import pytest

from mmlearn import recipes
from mmlearn.models.gat import gat


def test_gat_has_about_as_many_weights_as_gcn():
    rivals = [
        recipes.get(n).model(0).count_params() for n in ("gat_digits", "gcn_digits")
    ]
    assert rivals == [1262, 1210]


def test_as_published():
    model = recipes.get("gat_cora").model(0)
    hidden, logits = model.get_layer("hidden"), model.get_layer("logits")
    assert (hidden.units, hidden.heads, hidden.concat) == (8, 8, True)
    assert (logits.units, logits.heads, logits.concat) == (7, 1, False)
    assert hidden.dropout == logits.dropout == 0.6
    assert hidden.kernel_regularizer.l2 == pytest.approx(2.5e-4)
    assert float(model.optimizer.learning_rate) == pytest.approx(5e-3)


def test_the_seed_fixes_the_weights_and_kernels_differ():
    one, again, other = (gat(6, 3, 4, seed=seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not np.array_equal(one[0], other[0])
    assert not np.array_equal(one[1], one[2])  # a_source, a_target


@pytest.mark.slow
def test_it_stops_and_keeps_the_lowest_loss():
    recipe = replace(
        recipes.get("gat_cora"),
        load=recipes.get("gat_digits").load,
        build=lambda seed: gat(64, 10, 4, 2, sparse=True, seed=seed),
        epochs={"quick": 60, "full": 60},
        learning_rate=0.3,
        patience=2,
    )
    result = recipe.run(0, progress=False)
    losses = result.history.history["val_loss"]
    assert len(losses) < 60 and result.best_epoch == np.argmin(losses) + 1
    assert len(losses) == result.best_epoch + 2
    assert result.test_accuracy == result.best_test_accuracy
