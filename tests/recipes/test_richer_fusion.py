"""Every fusion on every dial: matched sizes, shared data, seeds that begin anew."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from mmlearn import recipes, train
from mmlearn.models import fusion_layer, fusion_parameters
from mmlearn.recipes import av_fusion, fusion_table, richer_fusion


@pytest.mark.parametrize("name", richer_fusion.FUSIONS)
def test_parameters_are_counted_as_the_layers_count_them(name):
    for dial in ("parity", "offset"):
        model = richer_fusion.build(dial, name, seed=0, size=2)
        x = richer_fusion.dial_data(dial)["train"][0]
        features = [x[n].shape[-1] for n in sorted(x)]
        counted = fusion_parameters(name, features, 2, 2)
        assert model.count_params() == counted


def test_sizes_are_matched_but_for_the_tensor_of_four():
    for dial, one in richer_fusion.DIALS.items():
        for name in richer_fusion.FUSIONS:
            x = richer_fusion.dial_data(dial)["train"][0]
            features = [x[n].shape[-1] for n in sorted(x)]
            size = richer_fusion.matched_size(dial, name)
            count = fusion_parameters(name, features, size, 2)
            if (dial, name) == ("parity", "tensor"):
                assert size == 1 and count > 2 * one.parameters
            else:
                assert abs(count - one.parameters) < 0.2 * one.parameters


def test_no_part_of_a_dial_is_in_another():
    for dial in richer_fusion.DIALS:
        parts = richer_fusion.dial_data(dial)
        firsts = {p: next(iter(x.values())) for p, (x, _) in parts.items()}
        rows = np.concatenate([a.reshape(len(a), -1) for a in firsts.values()])
        assert len(np.unique(rows, axis=0)) == len(rows) == 8000


def test_a_run_after_another_is_the_run_alone(monkeypatch):
    """Weights, optimizer and rate begin anew: the order of the batches goes on."""
    short = {"sum": replace(richer_fusion.DIALS["sum"], epochs=1)}
    monkeypatch.setattr(fusion_table, "DIALS", short)
    starts = []

    class Look(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            optimizer = self.model.optimizer
            weights = [v.numpy() for v in self.model.trainable_variables]
            starts.append((int(optimizer.iterations), weights))

    runs = [(0, 0.01), (1, 0.03), (0, 0.01)]
    found, _ = fusion_table.train_all("sum", "gated", runs, "validation", [Look()])
    assert len(found) == 3 and [steps for steps, _ in starts] == [0, 0, 0]
    first, second, third = (weights for _, weights in starts)
    assert all(np.array_equal(a, b) for a, b in zip(first, third, strict=True))
    assert not np.array_equal(first[0], second[0])


def test_the_best_rule_is_near_the_ceiling_and_no_fusion_far_above_it():
    for dial, stored in fusion_table.measured().items():
        rule = richer_fusion.best_rule(dial)
        assert abs(rule - richer_fusion.ceiling(dial)) < 0.012
        assert max(max(one["test"]) for one in stored.values()) < rule + 0.005


def test_av_models_follow_the_data_and_not_the_environment(monkeypatch):
    monkeypatch.setenv("MMLEARN_PROFILE", "full")
    models = []
    monkeypatch.setattr(train, "fit", lambda model, *_, **__: models.append(model))
    recipes.get("av_digits_product").run(0, "quick", dry_run=True)
    assert models[0].encoders["image"].input_shape[1:] == (8, 8, 1)


def test_what_is_stored_is_whole():
    for dial in richer_fusion.DIALS:
        for name in richer_fusion.FUSIONS:
            one = fusion_table.measured()[dial][name]
            assert one["rate"] in richer_fusion.RATES and len(one["test"]) == 5


def test_av_fusions_share_their_data_and_are_matched():
    counts = {}
    for how in (*av_fusion.EARLY, *av_fusion.SINGLES):
        recipe = recipes.get(f"av_digits_{how}")
        model = recipe.build(0)
        counts[how] = sum(part.count_params() for part in (model.fusion, model.head))
    wanted = av_fusion.PARAMETERS
    assert all(abs(n - wanted) < 0.08 * wanted for n in counts.values()), counts


def test_what_was_registered_is_what_runs():
    told = av_fusion.measured()["registered"]
    assert tuple(told["noise"].values()) == av_fusion.NOISE["full"]
    for recipe in av_fusion.RECIPES:
        ran = recipe.epochs["full"], recipe.batch_size, recipe.learning_rate
        assert (*ran, recipe.seeds) == tuple(
            told[key] for key in ("epochs", "batch", "rate", "seeds")
        )


def test_a_fusion_by_a_name_that_nobody_has():
    with pytest.raises(ValueError, match="'sum'; expected one of weighted, conc"):
        fusion_layer("sum", 4)
