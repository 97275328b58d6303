"""Two models compared: SciPy's bootstrap, a binomial, and a simulated truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mmlearn.axes import ShapeError
from mmlearn.evaluate import compare, equivalence

RNG = np.random.default_rng(0)


def test_over_samples_alone_it_is_scipys():
    first, second = RNG.random(300) < 0.85, RNG.random(300) < 0.6
    found = compare(first, second, resamples=9999)
    change = first.astype(float) - second
    theirs = stats.bootstrap(
        (change,), np.mean, method="percentile", n_resamples=9999, rng=1
    ).confidence_interval
    assert found.value == pytest.approx(change.mean())
    assert found.low == pytest.approx(theirs.low, abs=1.01 / 300)
    assert found.high == pytest.approx(theirs.high, abs=1.01 / 300)
    assert found.sign == 1


def test_against_a_number_it_is_a_binomial():
    right = np.arange(200) < 130
    found = compare(right, 0.5, resamples=20_000, level=0.9)
    expected = stats.binom.ppf([0.05, 0.95], 200, 0.65) / 200 - 0.5
    np.testing.assert_allclose([found.low, found.high], expected, atol=1 / 200)


def test_over_seeds_alone_it_is_all_their_draws():
    """Two seeds, every sample alike: the mean is 0, ½ or 1 as often as a coin says."""
    first = np.repeat([[0.0], [1.0]], 500, axis=1)
    found = compare(first, 0.0, level=0.6)  # a quarter of all draws are 0, 0
    assert (found.value, found.low, found.high) == (0.5, 0, 1)
    narrow = compare(first, 0.0, level=0.4)
    assert 0.49 < narrow.low <= 0.5 <= narrow.high < 0.51


def test_both_kinds_of_chance_are_in_the_interval():
    """Of experiments with seeds and samples of their own, 95 % hold the truth."""
    held = {"both": 0, "samples": 0}
    for experiment in range(40):
        rng = np.random.default_rng(experiment)
        hard = rng.normal(size=150)  # each sample's own difficulty
        luck = rng.normal(0, 0.15, size=(2, 5))  # each training's own
        chance = stats.norm.cdf(0.8 + hard + luck[..., None])  # (2, S, N)
        first, second = rng.random(chance.shape) < chance
        both = compare(first, second, resamples=300, seed=experiment)
        held["both"] += both.low <= 0 <= both.high
        alone = compare(first[0], second[0], resamples=300, seed=experiment)
        pooled = compare(first.mean(axis=0), second.mean(axis=0), resamples=300)
        held["samples"] += pooled.low <= 0 <= pooled.high
        assert alone.high - alone.low > pooled.high - pooled.low
    assert held["both"] >= 36
    assert held["samples"] < held["both"]


def test_groups_are_drawn_whole():
    """50 speakers of 8 equal samples each are 50 samples, not 400."""
    first, second = RNG.random(50) < 0.8, RNG.random(50) < 0.6
    whole = compare(
        np.repeat(first, 8), np.repeat(second, 8), groups=np.arange(400) // 8
    )
    alone = compare(first, second)
    np.testing.assert_allclose([whole.low, whole.high], [alone.low, alone.high])
    naive = compare(np.repeat(first, 8), np.repeat(second, 8))
    assert naive.high - naive.low < 0.6 * (whole.high - whole.low)
    renamed = np.array([f"s{i}" for i in range(50)]).repeat(8)
    assert compare(np.repeat(first, 8), np.repeat(second, 8), groups=renamed).low


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**16))
@settings(max_examples=10, deadline=None)
def test_what_must_hold(seeds, others, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.random((seeds, 40)) < 0.7, rng.random((others, 40)) < 0.6
    found = compare(first, second, resamples=200, seed=seed)
    assert found.low <= found.value <= found.high
    again = compare(first, second, resamples=200, seed=seed)
    assert (found.low, found.high) == (again.low, again.high)
    wider = compare(first, second, resamples=200, seed=seed, level=0.99)
    assert wider.low <= found.low < found.high <= wider.high
    shifted = compare(first + 0.25, second, resamples=200, seed=seed)
    assert shifted.low == pytest.approx(found.low + 0.25)
    same = compare(first, first, resamples=200, seed=seed)
    assert same.value == 0
    assert same.sign == 0


def test_certainty_is_never_claimed():
    """Nothing but right answers: 20 samples cannot show equality to within 2 points."""
    right = np.ones(20)
    found = compare(right, right)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 20))
    assert not equivalence(right, right, margin=0.02).equivalent
    assert equivalence(np.ones(200), np.ones(200), margin=0.02).equivalent


def test_equivalence_is_two_tests_at_five_per_cent():
    coin = RNG.permutation(2500) % 2
    found = equivalence(coin, 0.5, 0.03)
    theirs = compare(coin, 0.5, level=0.9)
    assert (found.low, found.high) == (theirs.low, theirs.high)
    assert found.equivalent
    assert not equivalence(coin, 0.5, found.high).equivalent  # strictly inside
    assert "equivalent within ±3 points" in str(found)
    different = equivalence(RNG.random(2500) < 0.6, coin, 0.02)
    assert not different.equivalent
    assert "not shown to be equivalent" in str(different)


def test_models_that_differ_by_the_margin_are_seldom_called_equivalent():
    called = 0
    for experiment in range(150):
        right = np.random.default_rng(experiment).random(600) < 0.55
        called += equivalence(right, 0.5, 0.05, resamples=200).equivalent
    assert called <= 16  # 5 % of 150 are 7.5, standard deviation 2.7


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        (([1, 0], [1, 0, 1]), {}, "first is of 2 samples and second of 3"),
        (([1, np.nan], [1, 0]), {}, "first holds NaN"),
        (([], []), {}, r"first is \(0,\); expected \(S, N\)"),
        ((np.ones((1, 2, 3)), 0.5), {}, "first is"),
        (([1, 0], 0.5), {"resamples": 3}, "resamples is 3; expected 100 or more"),
        (([1, 0], 0.5), {"level": 95}, r"level is 95; .* like 0\.95"),
        (([1, 0], 0.5), {"groups": [1]}, r"groups is \(1,\); expected \(2,\)"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, options, told):
    with pytest.raises((ValueError, ShapeError), match=told):
        compare(*arguments, **options)


def test_a_margin_is_stated():
    with pytest.raises(ValueError, match="margin is 0; expected above 0"):
        equivalence([1, 0], 0.5, 0)
    with pytest.raises(ValueError, match="alpha is 0.7"):
        equivalence([1, 0], 0.5, 0.1, alpha=0.7)
