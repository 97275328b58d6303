"""Shapley values: all orders by brute force, and the properties that define them."""

from itertools import chain, combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn.explain import shapley


def game(names, seed, shape=()):
    """Any numbers for all subsets."""
    rng = np.random.default_rng(seed)
    sizes = range(len(names) + 1)
    subsets = chain.from_iterable(combinations(sorted(names), n) for n in sizes)
    return {kept: rng.normal(size=shape) for kept in subsets}


def over_all_orders(value, names):
    """Let the modalities come one after another, in each order."""
    orders = list(permutations(names))
    total = dict.fromkeys(names, 0.0)
    for order in orders:
        for place, name in enumerate(order):
            before, after = (tuple(sorted(order[: place + i])) for i in (0, 1))
            total[name] = total[name] + value[after] - value[before]
    return {name: t / len(orders) for name, t in total.items()}


games = given(st.integers(1, 5), st.integers(0, 2**16))


@games
@settings(max_examples=15, deadline=None)
def test_mean_over_all_orders(count, seed):
    names = [f"m{i}" for i in range(count)]
    value = game(names, seed, (3,))
    found, expected = shapley(value, names), over_all_orders(value, names)
    assert list(found) == names
    for name in names:
        np.testing.assert_allclose(found[name], expected[name], atol=1e-12)


@games
@settings(max_examples=15, deadline=None)
def test_efficiency_and_additivity(count, seed):
    names = [f"m{i}" for i in range(count)]
    one, other = game(names, seed), game(names, seed + 1)
    found = shapley(one, names)
    assert sum(found.values()) == pytest.approx(one[tuple(names)] - one[()])
    joint = shapley({kept: 2 * one[kept] + other[kept] for kept in one}, names)
    rest = shapley(other, names)
    for name in names:
        assert joint[name] == pytest.approx(2 * found[name] + rest[name])


@games
@settings(max_examples=15, deadline=None)
def test_symmetry_and_the_null_player(count, seed):
    """`a` and `b` may be exchanged, and `null` never matters."""
    names = ["a", "b", "null", *(f"m{i}" for i in range(count - 1))]
    small = game([n for n in names if n not in "ab" and n != "null"], seed)

    def value(kept):
        rest = tuple(n for n in kept if n.startswith("m"))
        twins = ("a" in kept) + ("b" in kept)
        return float(small[rest]) * (1 + twins) + twins**2

    found = shapley(value, names)
    assert found["a"] == pytest.approx(found["b"])
    assert found["null"] == pytest.approx(0, abs=1e-12)


def test_each_subset_is_asked_once():
    asked = []

    def value(kept):
        asked.append(kept)
        return len(kept) ** 2

    assert shapley(value, ["b", "c", "a"]) == pytest.approx(
        {"a": 3.0, "b": 3.0, "c": 3.0}
    )
    assert len(asked) == len(set(asked)) == 8
    assert ("a", "b", "c") in asked


@pytest.mark.parametrize(
    ("value", "names", "told"),
    [
        ({(): 0.0}, ["a"], r"there is no value of \('a',\)"),
        (lambda kept: np.nan, ["a"], r"v\(\) is nan; expected finite"),
        (lambda kept: None, ["a"], "expected"),
        (lambda kept: "much", ["a"], r"v\(\) is a str"),
        (len, ["a", "a"], "2 names, a, a; expected 1 to 16, each once"),
        (len, [], "0 names"),
    ],
)
def test_what_cannot_be_shared_out(value, names, told):
    with pytest.raises(ValueError, match=told):
        shapley(value, names)
