"""Lesson 17's recipes: pairs without labels, names never shown, few labels."""

from dataclasses import replace

import numpy as np
import pytest

from mmlearn import recipes
from mmlearn.recipes import colours, few_labels, pairs, two_views


@pytest.fixture(scope="module")
def learned():
    """Three epochs of pairs, and what they were."""
    short = replace(pairs.PAIRS, epochs={"quick": 3, "full": 3})
    splits = short.data("quick")
    return short.run_on(splits, seed=0, progress=False), splits


def test_the_best_bound_is_what_perfect_vectors_reach():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        digit = rng.integers(0, 10, 20)
        s = 50.0 * (digit[:, None] == digit)
        rows = np.logaddexp.reduce(s, axis=1) - np.diag(s)
        found.append(np.log(20) - rows.mean())
    assert np.mean(found) == pytest.approx(pairs.best_bound(20), abs=0.02)
    assert pairs.best_bound(5) < np.log(5) and pairs.best_bound(500) < np.log(10)


def test_linear_alignment_is_canonical_correlation():
    rng = np.random.default_rng(1)
    z = rng.standard_normal((4000, 2))
    x = z @ rng.standard_normal((2, 5)) + 0.3 * rng.standard_normal((4000, 5))
    y = z @ rng.standard_normal((2, 4)) + 0.3 * rng.standard_normal((4000, 4))
    align, correlations = pairs.linear_alignment(x, y, units=2, ridge=0.0)
    from sklearn.cross_decomposition import CCA

    a, b = CCA(2, max_iter=5000, tol=1e-9).fit(x, y).transform(x, y)
    theirs = [np.corrcoef(a[:, i], b[:, i])[0, 1] for i in range(2)]
    assert correlations == pytest.approx(theirs, abs=1e-3)
    u, v = align(x, y)
    assert np.linalg.norm(u, axis=1) == pytest.approx(np.ones(4000))
    assert (u * v).sum(axis=1).mean() > 0.8


@pytest.mark.slow
def test_sounds_find_pictures_without_a_label(learned):
    result, splits = learned
    assert 0.3 < result.test_accuracy <= 1 and result.test_size == 250
    assert result.validation_accuracy > 0.3 and np.isfinite(result.validation_loss)
    x, y = splits["train"]
    blind = dict(splits, train=(x, np.zeros_like(y)))  # labels are read by nobody
    again = replace(pairs.PAIRS, epochs={"quick": 3, "full": 3})
    other = again.run_on(blind, seed=0, progress=False)
    assert other.test_accuracy == result.test_accuracy
    assert pairs.bound(result.model, x) > 0.5


@pytest.mark.slow
def test_few_labels_side_by_side(learned):
    result, splits = learned
    image = {part: (x["image"], y) for part, (x, y) in splits.items()}
    trained = [result.model.encoders["image"]] * 2
    parts = image["train"], image["validation"]
    frozen = few_labels.curve("frozen", trained, *parts, sizes=(1, 5))
    assert frozen.shape == (2, 2)
    assert frozen[:, 1].mean() > frozen[:, 0].mean() > 0.2


def test_the_labelled_rows_are_nested_and_even():
    y = np.repeat(np.arange(10), 30)
    small, large = (few_labels.labelled(y, n, seed=3) for n in (2, 5))
    assert set(small) < set(large) and (np.bincount(y[large]) == 5).all()
    assert set(few_labels.labelled(y, 2, seed=4)) != set(small)


def test_withheld_classes_are_in_no_pair_but_their_words_are():
    splits = colours.load("quick")
    withheld = np.concatenate(list(colours.WITHHELD.values()))
    for part in ("train", "shown"):
        x, y = splits[part]
        assert not set(y) & set(withheld) and len(set(y)) == 40
        assert (x["text"].sum(axis=0) > 0).all()
    for part, classes in colours.WITHHELD.items():
        assert set(splits[part][1]) == set(classes)
    assert colours.NAMES[colours.WITHHELD["test"][7]] == "green seven"
    numbered = colours.load("quick", composed=False)["train"][0]["text"]
    assert (numbered[:, withheld] == 0).all()


@pytest.mark.slow
def test_a_plan_of_few_labels_trains_no_pairs(capsys, monkeypatch):
    monkeypatch.setattr(pairs.PairRecipe, "run_on", None)
    assert recipes.get("few_labels_tuned").run(dry_run=True) is None
    assert "10" in capsys.readouterr().out


def test_softmax_regression_is_scikit_learns():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((60, 4)), rng.integers(0, 3, 60)
    ones = np.hstack([x, np.ones((60, 1))])  # the ridge holds the bias, too
    theirs = LogisticRegression(C=1 / (60 * 0.1), fit_intercept=False, tol=1e-8)
    expected = theirs.fit(ones, y).predict_proba(ones)
    found = two_views.classifier(x, y, ridge=0.1, steps=500)(x)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_plans_of_two_views():
    rng = np.random.default_rng(3)
    y = np.tile(np.arange(10), 12)
    centres = {"image": rng.standard_normal((10, 6)), "sound": rng.normal(size=(10, 5))}

    def part():
        noisy = {
            n: c[y] + 0.4 * rng.normal(size=c[y].shape) for n, c in centres.items()
        }
        return noisy, y

    splits = {"train": part(), "test": part()}
    found = {plan: two_views.run(splits, plan) for plan in two_views.PLANS}
    assert found["labels only"].given == 0 and found["co-training"].given == 90
    assert set(found["self-training"].accuracy) == {"image", "sound"}
    assert set(found["the same view twice"].accuracy) == {"image"}
    assert found["co-training"].right > 0.5
    with pytest.raises(ValueError, match="plan is 'alone'; expected labels only"):
        two_views.run(splits, "alone")
