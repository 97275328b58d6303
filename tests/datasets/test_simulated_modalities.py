"""Simulated modalities: their posterior and ceilings against brute force and draws."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm

from mmlearn import datasets
from mmlearn.datasets import DataError
from mmlearn.samples import KeySetError

TWO = {"image": 1.0, "audio": 0.7}
THREE = {"image": 1.0, "audio": 0.7, "text": 1.5}


def bits(number, n):
    return [1.0 if number >> j & 1 else -1.0 for j in range(n)]


def brute_force(data, names, *, classes, noise, redundancy, synergy, correlation):
    """log p(x | label, key) by SciPy's density on all features, script by script.

    Written from the card alone: only the rotations are taken from the data.
    """
    order, n = sorted(noise), (classes - 1).bit_length()
    features = data.x[order[0]].shape[1]
    joined = np.concatenate([data.x[m] for m in names], axis=1).astype(float)
    turn = [data.script.rotations[m] for m in names]
    blocks = [
        [
            noise[a] * noise[b] * (1.0 if a == b else correlation) * ra.T @ rb
            for b, rb in zip(names, turn, strict=True)
        ]
        for a, ra in zip(names, turn, strict=True)
    ]
    density = multivariate_normal(cov=np.block(blocks))
    logits = np.zeros((len(joined), classes, 2**n))
    for y, key in product(range(classes), range(2**n)):
        mean = []
        for name, rotation in zip(names, turn, strict=True):
            place = order.index(name)
            z = np.zeros(features)
            for j in range(n):
                own = j % len(order) == place
                z[j] = (1 - synergy) * (1 if own else redundancy) * bits(y, n)[j]
                z[n + j] = [bits(y ^ key, n)[j], bits(key, n)[j], 0][place]
                z[n + j] *= synergy
            mean.append(z @ rotation)
        logits[:, y, key] = density.logpdf(joined - np.concatenate(mean))
    logits = logsumexp(logits, axis=2)
    return np.exp(logits - logsumexp(logits, axis=1, keepdims=True))


@settings(max_examples=20, deadline=None)
@given(
    st.integers(2, 5),
    st.sampled_from([TWO, THREE]),
    st.floats(0, 1),
    st.sampled_from([0, 0.3, 1]),
    st.sampled_from([0, 0.6]),
    st.integers(0, 99),
)
def test_posterior_equals_brute_force(classes, noise, redundancy, synergy, rho, seed):
    dials = {"classes": classes, "noise": noise, "redundancy": redundancy}
    dials |= {"synergy": synergy, "correlation": rho}
    data = datasets.simulate_modalities(4, features=6, seed=seed, **dials)
    for names in (["audio"], ["audio", "image"], sorted(noise)):
        expected = brute_force(data, names, **dials)
        np.testing.assert_allclose(data.posterior(names), expected, atol=1e-9)


@pytest.mark.parametrize(
    "dials",
    [
        {"redundancy": 0.4},
        {"correlation": 0.7},
        {"correlation": 0.7, "redundancy": 0.2},
        {"synergy": 1.0, "noise": {"image": 0.6, "audio": 0.4}},
    ],
    ids=str,
)
def test_closed_form_equals_draws(dials):
    data = datasets.simulate_modalities(1, **({"noise": TWO} | dials))
    for names in (["audio"], ["image"], ["audio", "image"]):
        exact = data.script.closed_form(names)
        drawn = data._expectation(names, 20_000, lambda p, _: p.max(axis=1))
        assert abs(exact - drawn) < 4 * 0.5 / np.sqrt(20_000)
        assert data.bayes_accuracy(names) == exact


def test_ceilings_known_by_hand():
    make = datasets.simulate_modalities
    two = make(1, classes=2, noise={"image": 2.0, "audio": 1.0})
    assert np.isclose(two.bayes_accuracy(["audio"]), norm.cdf(1))
    assert np.isclose(two.bayes_accuracy(["image"]), norm.cdf(0.5))
    assert np.isclose(two.bayes_accuracy(), norm.cdf(np.sqrt(1.25)))
    assert np.isclose(two.bayes_gain(), norm.cdf(np.sqrt(1.25)) - norm.cdf(1))
    apart = make(1, classes=4, noise={"a": 0.01, "b": 0.01}, redundancy=0)
    assert apart.bayes_accuracy(["a"]) == 0.5 and apart.bayes_gain() > 0.499
    assert abs(apart.information(["a"], draws=2000) - 1) < 1e-6
    assert abs(apart.information(draws=2000) - 2) < 1e-6
    xor = make(1, classes=2, noise={"a": 0.3, "b": 0.3, "c": 0.3}, synergy=1)
    for alone in ("a", "b", "c"):
        assert xor.bayes_accuracy([alone]) == 0.5
        assert abs(xor.information([alone], draws=2000)) < 1e-9
    assert xor.bayes_accuracy(["a", "b"]) > 0.998
    assert xor.bayes_accuracy(["a", "c"]) == 0.5
    assert make(1, prior=[0.7, 0.1, 0.1, 0.1]).bayes_accuracy([]) == 0.7


@pytest.mark.parametrize("synergy", [0, 0.5, 1])
def test_the_posterior_is_calibrated_and_beats_its_parts(synergy):
    """What it says with confidence c is right in a share c; nothing is as accurate."""
    data = datasets.simulate_modalities(
        20_000, classes=4, noise=TWO, synergy=synergy, correlation=0.3, seed=5
    )
    assert np.bincount(data.y).min() > 4700
    p = data.posterior()
    np.testing.assert_allclose(p.sum(axis=1), 1)
    right = p.argmax(axis=1) == data.y
    for low in (0.2, 0.4, 0.6, 0.8):
        here = (p.max(axis=1) >= low) & (p.max(axis=1) < low + 0.2)
        if here.sum() > 500:
            assert abs(right[here].mean() - p.max(axis=1)[here].mean()) < 0.06
    assert abs(right.mean() - data.bayes_accuracy(draws=40_000)) < 0.015
    alone = [data.posterior([n]).argmax(axis=1) == data.y for n in data.names]
    assert right.mean() > max(a.mean() for a in alone)


def test_seed_world_and_splits():
    make = datasets.simulate_modalities
    a, b, c = make(50, seed=1), make(50, seed=1), make(50, seed=2)
    for name in a.names:
        assert a.x[name].dtype == np.float32 and a.x[name].shape == (50, 8)
        np.testing.assert_array_equal(a.x[name], b.x[name])
        assert (a.x[name] != c.x[name]).any()
        turn = a.script.rotations[name]
        np.testing.assert_array_equal(turn, c.script.rotations[name])
        np.testing.assert_allclose(turn @ turn.T, np.eye(8), atol=1e-12)
        assert (turn != make(1, world=1).script.rotations[name]).any()
    # so one data set's posterior reads another's samples
    np.testing.assert_array_equal(a.posterior(x=c.x), c.posterior())
    parts = a.splits()
    assert [len(y) for _, y in parts.values()] == [30, 10, 10]
    np.testing.assert_array_equal(parts["test"][0]["text"], a.x["text"][40:])


def test_what_is_not_available_does_not_matter():
    data = datasets.simulate_modalities(6, noise=TWO, prior=[0.4, 0.3, 0.2, 0.1])
    there = {
        "audio": np.array([1, 1, 0, 0, 1, 0], bool),
        "image": np.array([1, 0, 1, 0, 1, 0], bool),
    }
    broken = {n: np.where(there[n][:, None], data.x[n], np.nan) for n in data.names}
    p = data.posterior(x=broken, available=there)
    np.testing.assert_allclose(p[[0, 4]], data.posterior()[[0, 4]])
    np.testing.assert_allclose(p[1], data.posterior(["audio"])[1])
    np.testing.assert_allclose(p[2], data.posterior(["image"])[2])
    np.testing.assert_allclose(p[[3, 5]], [data.script.prior] * 2)
    np.testing.assert_allclose(data.posterior([])[0], data.script.prior)


@pytest.mark.parametrize(
    ("dials", "said"),
    [
        ({"samples": 0}, "samples is 0; expected 1 or more"),
        ({"classes": 1}, "expected K ≥ 2"),
        ({"classes": 9, "features": 7}, "two features for each"),
        ({"noise": {"image": 0.0}}, "noise is {'image': 0.0}; expected"),
        ({"noise": {}}, "noise is {}"),
        ({"noise": {"image": float("nan")}}, "0 < σ < ∞"),
        ({"redundancy": 1.5}, "redundancy 1.5"),
        ({"correlation": 1}, "0 ≤ correlation < 1"),
        ({"noise": {"image": 1.0}, "synergy": 1}, "takes two modalities"),
        ({"prior": [0.5, 0.6, 0, 0]}, "add up to 1"),
    ],
    ids=str,
)
def test_dials_out_of_range(dials, said):
    with pytest.raises(DataError) as found:
        datasets.simulate_modalities(**dials)
    assert said in str(found.value)


def test_unknown_names_are_refused():
    data = datasets.simulate_modalities(2, noise=TWO)
    with pytest.raises(DataError, match="names is \\['smell'\\]; expected"):
        data.posterior(["smell"])
    with pytest.raises(DataError, match="expected a list of some of audio, image"):
        data.bayes_accuracy("image")
    with pytest.raises(KeySetError, match="'audio' is missing"):
        data.posterior(x={"image": data.x["image"]})
    with pytest.raises(KeySetError, match="posterior: available: 'image' is missing"):
        data.posterior(available={"audio": np.ones(2, bool)})
