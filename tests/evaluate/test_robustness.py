"""Accuracy against noise and subsets of modalities: hand cases, and what must hold."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.axes import ShapeError
from mmlearn.evaluate import (
    accuracy,
    accuracy_against_noise,
    accuracy_by_subset,
    accuracy_interval,
    with_only,
)
from mmlearn.samples import KeySetError

RNG = np.random.default_rng(0)


def sign(x):
    return (x > 0).astype(int)


def test_a_threshold_under_normal_noise_is_known_exactly():
    """x = ±1: right with probability Φ(1 / σ)."""
    x = np.where(np.arange(20_000) % 2, 1.0, -1.0)
    found = accuracy_against_noise(sign, x, sign(x), [0, 0.5, 1, 2, 8])
    assert list(found) == [0, 0.5, 1, 2, 8]
    assert found[0].accuracy == 1
    for sigma, measured in list(found.items())[1:]:
        expected = NormalDist().cdf(1 / sigma)
        assert measured.accuracy == pytest.approx(expected, abs=0.015)
        assert measured.low < measured.accuracy < measured.high
    accuracies = [m.accuracy for m in found.values()]
    assert accuracies == sorted(accuracies, reverse=True)


def test_the_same_noise_for_every_level_and_only_where_it_was_asked_for():
    x = {"a": RNG.normal(size=(5, 2)), "b": RNG.normal(size=(5, 3)), "ids": np.ones(5)}
    x["ids"] = x["ids"].astype(int)
    seen = []

    def predict(batch):
        seen.append(batch)
        return np.zeros(5, int)

    accuracy_against_noise(predict, x, np.zeros(5, int), [0, 1, 2])
    for name in ("a", "b"):
        once, twice = (s[name] - x[name] for s in seen[1:])
        np.testing.assert_allclose(2 * once, twice)
        assert np.abs(once).max() > 0
    assert not np.allclose(seen[1]["a"][:, 0] - x["a"][:, 0], seen[1]["b"][:, 0])
    assert seen[2]["ids"] is x["ids"]
    accuracy_against_noise(predict, x, np.zeros(5, int), [3], names="b")
    assert seen[-1]["a"] is x["a"]
    assert not np.allclose(seen[-1]["b"], x["b"])


def test_another_noise():
    def drop(x, share, generator):
        return np.where(generator.random(x.shape) < share, -x, x)

    x = np.where(np.arange(4000) % 2, 1.0, -1.0)
    found = accuracy_against_noise(sign, x, sign(x), [0.25, 1], noise=drop)
    assert found[0.25].accuracy == pytest.approx(0.75, abs=0.03)
    assert found[1].accuracy == 0


@given(st.integers(1, 4), st.integers(0, 2**16))
@settings(max_examples=10, deadline=None)
def test_every_subset_is_what_one_would_measure_by_hand(count, seed):
    rng = np.random.default_rng(seed)
    names = [f"m{i}" for i in range(count)]
    x = {name: rng.normal(size=(12, 3)) for name in names}
    labels = rng.integers(3, size=12)

    def predict(batch):  # (N, K) logits
        shown = [
            np.where(batch[name + "_available"][:, None], batch[name], 0)
            for name in names
        ]
        return sum(shown)

    found = accuracy_by_subset(predict, x, labels)
    assert len(found) == 2**count
    for kept, measured in found.items():
        total = sum((x[n] for n in kept), np.zeros((12, 3)))
        expected = accuracy(labels, total.argmax(axis=1))
        assert measured.accuracy == expected
        told = accuracy_interval(round(12 * expected), 12)
        assert (measured.low, measured.high) == told


def test_what_is_missing_stays_missing():
    there = np.array([True, False])
    x = {"a": np.ones((2, 3)), "a_available": there, "b": np.ones((2, 3))}
    x["b_mask"] = np.ones((2, 3), bool)
    batch = with_only(x, ["a"])
    assert batch["a_available"].tolist() == [True, False]
    assert batch["b_available"].tolist() == [False, False]
    assert sorted(batch) == ["a", "a_available", "b", "b_available", "b_mask"]
    assert "b_available" not in x
    found = accuracy_by_subset(lambda b: np.zeros(2, int), x, [0, 1], names=["a"])
    assert list(found) == [(), ("a",)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"levels": [-1]}, r"levels are \[-1.0\]; expected some, 0 or above"),
        ({"levels": []}, "levels are"),
        ({"levels": [1, 1]}, "expected each once"),
        ({"names": ["a"]}, "x is one array, not a dict"),
        ({"x": np.ones(4, int)}, "x is int64; expected floats"),
        ({"x": {"a": np.ones(4)}, "names": ["b"]}, "got 'b'; expected some of a"),
    ],
)
def test_bad_noise(change, told):
    given_to = {"x": np.ones(4), "levels": [0.0, 1.0]} | change
    x, levels = given_to.pop("x"), given_to.pop("levels")
    with pytest.raises(ValueError, match=told):
        accuracy_against_noise(sign, x, np.ones(4, int), levels, **given_to)


def test_bad_subsets():
    with pytest.raises(ValueError, match="x is a ndarray; expected a dict"):
        accuracy_by_subset(sign, np.ones(3), [0, 1, 0])
    x = {"a": np.ones(3)}
    with pytest.raises(ValueError, match="got 'c'; expected some of a"):
        with_only(x, ["c"])
    with pytest.raises(ShapeError, match=r"predict\(x\) is \(3, 1, 1\)"):
        accuracy_by_subset(lambda b: np.ones((3, 1, 1)), x, [0, 1, 0])
    with pytest.raises(ValueError, match="holds NaN"):
        accuracy_by_subset(lambda b: np.full((3, 2), np.nan), x, [0, 1, 0])
    many = {f"m{i}": np.ones(3) for i in range(13)}
    with pytest.raises(ValueError, match="13 modalities have 8192 subsets"):
        accuracy_by_subset(sign, many, [0, 1, 0])
    assert not issubclass(KeySetError, ValueError)  # a model's own refusal passes
