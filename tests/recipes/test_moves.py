"""Lesson 18's recipes: twelve classes, equal sizes, many seeds in one training."""

from dataclasses import replace

import keras
import numpy as np

from mmlearn import recipes
from mmlearn.recipes import moves
from mmlearn.recipes.in_turn import run_in_turn


def test_models_are_as_large_as_each_other_and_parts_do_not_overlap():
    sizes = [moves.build(name, 0).count_params() for name in moves.MODELS]
    assert max(sizes) < 1.05 * min(sizes)
    parts = moves.load()
    assert {p: len(y) for p, (_, y) in parts.items()} == moves.SAMPLES
    rows = np.concatenate([x.reshape(len(x), -1)[:, :50] for x, _ in parts.values()])
    assert len(np.unique(rows, axis=0)) == len(rows)


def test_answers_are_counted_one_by_one():
    x, y = moves.load()["test"]

    class Oracle:
        def __call__(self, x, training):
            return np.eye(12)[true[: len(x)]]

    x, y = x[:300], y[:300]
    true = np.where(np.arange(300) < 30, y ^ 1, y)  # `first` is the lowest digit
    found = moves.right(Oracle(), x, y)
    assert found == {"what": 1.0, "way": 1.0, "first": 0.9}


def test_seeds_in_turn_begin_anew():
    """The first is a run by itself; later ones begin from their seed's weights."""
    digits = replace(recipes.get("softmax_digits"), epochs={"quick": 2, "full": 2})
    splits, starts = digits.data(), []

    class Look(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            weights = [w.numpy() for w in self.model.trainable_variables]
            starts.append((int(self.model.optimizer.iterations), weights))

    def measure(model):
        return model.get_weights()

    found, _, history = run_in_turn(digits, splits, [1, 0], measure, callbacks=[Look()])
    alone = digits.run_on({"train": splits["train"]}, seed=1, progress=False)
    for ours, theirs in zip(found[0], alone.model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    steps = [count for count, _ in starts]
    assert steps[2] == steps[0] == 0 < steps[1] == steps[3]
    fresh = [digits.build(seed).get_weights() for seed in (1, 0)]
    for start, weights in zip((starts[0][1], starts[2][1]), fresh, strict=True):
        for ours, theirs in zip(start, weights, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert history.epochs == 4
