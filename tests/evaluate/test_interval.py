"""The intervals, Wilson's and Student's, against SciPy's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import binomtest

from mmlearn.evaluate import accuracy_interval, mean_interval


@given(st.integers(1, 10_000), st.data(), st.floats(0.01, 0.999))
def test_equal_to_scipy(total, data, level):
    correct = data.draw(st.integers(0, total))
    low, high = accuracy_interval(correct, total, level)
    theirs = binomtest(correct, total).proportion_ci(level, method="wilson")
    assert low == pytest.approx(theirs.low, abs=1e-9)
    assert high == pytest.approx(theirs.high, abs=1e-9)
    assert 0 <= low <= correct / total <= high <= 1


def test_certainty_is_never_claimed():
    assert accuracy_interval(360, 360)[0] < 0.99
    assert accuracy_interval(0, 5)[1] > 0.4


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((3, 2), "3 correct of 2; expected 0 ≤ correct ≤ total"),
        ((0, 0), "total at least 1"),
        ((-1, 5), "correct is -1; expected a count"),
        ((0.95, 1), "correct is 0.95; expected a count"),
        ((float("nan"), 5), "correct is nan"),
        ((None, 5), "correct is None; expected a count"),
        (("3", 5), "correct is 3; expected a count"),
        ((1, 5, 95), "level is 95; expected between 0 and 1"),
    ],
)
def test_what_is_no_count_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        accuracy_interval(*arguments)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12), st.floats(0.5, 0.99))
def test_the_interval_of_a_mean_is_scipys(values, level):
    low, high = mean_interval(values, level)
    if np.ptp(values) > 1e-6:  # without spread SciPy warns
        theirs = stats.ttest_1samp(values, 0.0).confidence_interval(level)
        assert low == pytest.approx(theirs.low, abs=1e-9)
        assert high == pytest.approx(theirs.high, abs=1e-9)
    assert low - 1e-12 <= np.mean(values) <= high + 1e-12


def test_a_single_run_has_no_interval_and_nonsense_is_refused():
    assert all(math.isnan(bound) for bound in mean_interval([0.9]))
    with pytest.raises(ValueError, match="expected one finite figure a run"):
        mean_interval([0.9, math.nan])
    with pytest.raises(ValueError, match="expected one finite figure a run"):
        mean_interval([])
    with pytest.raises(ValueError, match=r"level is 95; .* like 0\.95"):
        mean_interval([0.8, 0.9], 95)
