"""Lesson 16's recipes: what is known of their data, and what gaps in training gain."""

from dataclasses import replace

import numpy as np
import pytest

from mmlearn import evaluate, recipes
from mmlearn.recipes import leak, missing


def test_text_serves_as_a_witness_of_noise_only():
    world = missing.simulated()
    c = world.script.covariance
    weights = dict(zip(world.names, np.linalg.solve(c, np.ones(3)), strict=True))
    assert weights["text"] < 0 < weights["audio"] < weights["image"]
    best = {n: world.bayes_accuracy([n]) for n in world.names}
    assert best == pytest.approx(
        {"audio": 0.708, "image": 0.853, "text": 0.505}, abs=1e-3
    )
    assert world.bayes_accuracy() == pytest.approx(0.875, abs=1e-3)


@pytest.mark.slow
def test_gaps_in_training_save_the_weakest():
    found = {}
    for name in ("fusion_complete", "fusion_gaps"):
        recipe = replace(recipes.get(name), epochs={"quick": 5, "full": 5})
        splits = recipe.data()
        model = recipe.run_on(splits, seed=0, progress=False).model
        x, y = splits["validation"]

        def predict(x, model=model):
            return np.asarray(model(x, training=False))

        measured = evaluate.accuracy_by_subset(predict, x, y, names=["audio", "image"])
        found[name] = measured[()].accuracy  # text alone
    assert found["fusion_complete"] < 0.25 < 0.3 < found["fusion_gaps"]


def test_the_extractor_saw_the_labels_of_its_rows_and_of_no_other():
    raw = leak.interviews(seed=1)
    known = np.flatnonzero(~raw.test)
    x = raw.features["video"]
    other = np.where(raw.test, 1 - raw.y, raw.y)
    features = leak.extract(x, raw.y, known)
    np.testing.assert_array_equal(features, leak.extract(x, other, known))
    # Least squares on the shipped features: by heart inside, chance outside.
    target = 2.0 * raw.y - 1
    columns = np.column_stack([features, np.ones(len(features))])
    w = np.linalg.lstsq(columns[known], target[known], rcond=None)[0]
    right = (columns @ w > 0) == (raw.y == 1)
    assert right[known].mean() > 0.95
    assert abs(right[raw.test].mean() - 0.5) < 0.1
    assert np.array_equal(leak.shipped(raw).features["text"], raw.features["text"])


def test_seen_and_heard_as_vectors_standardized_on_the_training_part():
    splits = recipes.get("av_gaps").data()
    x, y = splits["train"]
    assert (x["image"].shape, x["sound"].shape) == ((1000, 64), (1000, 120))
    np.testing.assert_allclose(x["sound"].mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(x["sound"].std(axis=0), 1, atol=1e-3)
    assert abs(splits["test"][0]["sound"].mean()) > 1e-3  # another voice
    levels, mask = (
        np.arange(12.0).reshape(1, 6, 2),
        np.array([[1, 1, 1, 1, 1, 1]], bool),
    )
    np.testing.assert_allclose(missing._thirds(levels, mask), [[1, 2, 5, 6, 9, 10]])
    mask[0, 3:] = False  # three steps: one in each third
    np.testing.assert_allclose(missing._thirds(levels, mask), [[0, 1, 2, 3, 4, 5]])
