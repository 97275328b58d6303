"""Lesson 16's race: its gradients, its ceilings, and that the same seed is the same."""

import keras
import numpy as np
import pytest

from mmlearn.recipes import competition, two_clues


def test_the_posterior_is_the_best_decision_and_adds_up():
    x, y = two_clues.two_clues(20_000, 1)
    odds = two_clues.log_odds(x)
    both = odds["deep"] + odds["wide"]
    p = 1 / (1 + np.exp(-both))
    for low in (0.1, 0.4, 0.7):  # what it says is what happens
        some = (p > low) & (p < low + 0.2)
        assert y[some].mean() == pytest.approx(p[some].mean(), abs=0.05)
    found = two_clues.ceilings(20_000)
    assert found["wide"] == pytest.approx(0.841, abs=0.01)  # Φ(1)
    assert found["wide"] < found["deep"] < found["both"]


def test_no_two_features_of_deep_tell_anything():
    x, y = two_clues.two_clues(20_000, 2)
    t, deep = 2 * y - 1, x["deep"]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert abs(np.mean(deep[:, i] * deep[:, j] * t)) < 0.03
    assert np.mean(deep.prod(axis=1) * t) == pytest.approx(1, abs=0.05)


def _network(weights):
    """One seed's network in Keras: the same logits, added up."""
    inputs = {
        n: keras.Input((w[0].shape[1],), dtype="float64", name=n)
        for n, w in weights.items()
    }
    logits = []
    for name, (w, c, v) in weights.items():
        hidden = keras.layers.Dense(
            w.shape[2], "relu", dtype="float64", name=f"{name}1"
        )
        out = keras.layers.Dense(2, use_bias=False, dtype="float64", name=f"{name}2")
        logits.append(out(hidden(inputs[name])))
        hidden.set_weights([w[0], c[0, 0]])
        out.set_weights([v[0]])
    return keras.Model(inputs, keras.layers.Add(dtype="float64")(logits))


def test_the_gradients_are_those_of_autodiff():
    tf = pytest.importorskip("tensorflow")
    rngs = [np.random.default_rng(0)]
    weights = {n: competition._fresh(f, rngs) for n, f in (("deep", 3), ("wide", 100))}
    x, y = two_clues.draw(8, [0], 0)
    model = _network(weights)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
    with tf.GradientTape() as tape:
        value = loss(y[0], model({n: a[0] for n, a in x.items()}))
    theirs = dict(
        zip(
            [v.path for v in model.trainable_variables],
            tape.gradient(value, model.trainable_variables),
            strict=True,
        )
    )
    found = competition.gradients(weights, x, y)
    for name in two_clues.NAMES:
        ours, factor = found[name]
        assert factor == 1
        paths = [f"{name}1/kernel", f"{name}1/bias", f"{name}2/kernel"]
        for a, path in zip(ours, paths, strict=True):
            np.testing.assert_allclose(a[0].squeeze(), theirs[path], atol=1e-12)


def test_wide_silences_deep_and_the_same_seed_is_the_same_race():
    one, again = (competition.race(seeds=(3,), epochs=15) for _ in range(2))
    apart = competition.race("apart", seeds=(3,), epochs=15)
    np.testing.assert_array_equal(one.test["both"], again.test["both"])
    assert one.norms["deep"][-1] < apart.norms["deep"][-1] / 5
    assert one.test["deep"] < 0.65 < 0.8 < apart.test["deep"]
    z, y = apart.logits("test", 3)
    both = (z["deep"] + z["wide"]).argmax(axis=1)
    assert np.mean(both == y) == apart.test["both"][0]


def test_never_are_both_hidden():
    shown = competition._shown([np.random.default_rng(0)], 500, 0.9)
    assert (shown["deep"] | shown["wide"]).all()
    assert np.mean(~shown["deep"]) == pytest.approx(0.45, abs=0.06)


def test_an_unknown_cure_is_refused():
    with pytest.raises(ValueError, match="cure is 'rest'"):
        competition.race("rest")
