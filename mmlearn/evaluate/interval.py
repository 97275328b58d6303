"""How far a figure can be trusted: an accuracy's interval, a mean's interval."""

import math
from statistics import NormalDist

import numpy as np


def accuracy_interval(correct, total, level=0.95):
    """Interval of true accuracies that make the count seen unsurprising (Wilson score).

    All p with |k/n − p| ≤ z √(p (1 − p) / n), which are
    (k + z²/2 ± z √(k (n − k) / n + z²/4)) / (n + z²), z = Φ⁻¹((1 + level) / 2).
    It holds for independent samples; unlike p̂ ± z √(p̂ (1 − p̂) / n) it never leaves
    [0, 1] and does not shrink to a point at 0 or 100 %.

    Args:
        correct: k, number of right predictions, 0 to n.
        total: n, number of predictions, at least 1.
        level: confidence level, between 0 and 1.

    Returns:
        (low, high): floats, 0 to 1.

    Raises:
        ValueError: for counts that are no counts, or a level outside (0, 1).

    Source: Wilson (1927), Probable inference, the law of succession, and statistical
    inference, JASA 22(158).

    >>> low, high = accuracy_interval(342, 360)
    >>> f"{342 / 360:.3f} in [{low:.3f}, {high:.3f}]"
    '0.950 in [0.922, 0.968]'
    """
    k, n = _count("correct", correct), _count("total", total)
    if n < 1 or k > n:
        raise ValueError(
            f"accuracy_interval: {k} correct of {n}; expected 0 ≤ correct ≤ total, "
            "and total at least 1"
        )
    if not 0 < level < 1:
        raise ValueError(
            f"accuracy_interval: level is {level}; expected between 0 and 1, like 0.95"
        )
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = k + z * z / 2
    reach = z * math.sqrt(k * (n - k) / n + z * z / 4)
    low, high = (middle - reach) / (n + z * z), (middle + reach) / (n + z * z)
    # At the ends the formula is exact; round-off must not show 1e-17 or 1.0000000002.
    return (0.0 if k == 0 else low, 1.0 if k == n else high)


def mean_interval(values, level=0.95):
    """Interval of the mean of runs that differ by chance (Student's t).

    v̄ ± t s / √n, with s² = Σ (v_i − v̄)² / (n − 1) and t the (1 + level) / 2 quantile of
    Student's distribution with n − 1 degrees of freedom. It tells what more such runs
    would do to the mean, not what another test set would.

    Args:
        values: n figures of independent runs, 2 or more.
        level: confidence level, between 0 and 1.

    Returns:
        (low, high): floats; (NaN, NaN) for a single value, which has no spread.

    Raises:
        ValueError: for no values, some that are not finite, or a level outside (0, 1).

    Source: Student (1908), The probable error of a mean, Biometrika 6(1).

    >>> low, high = mean_interval([0.906, 0.912, 0.918])
    >>> f"{low:.3f} to {high:.3f}"
    '0.897 to 0.927'
    """
    from scipy.special import stdtrit

    values = np.asarray(values, np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError(
            f"mean_interval: values are {values}; expected one finite figure a run"
        )
    if not 0 < level < 1:
        raise ValueError(
            f"mean_interval: level is {level}; expected between 0 and 1, like 0.95"
        )
    if len(values) == 1:
        return math.nan, math.nan
    reach = stdtrit(len(values) - 1, (1 + level) / 2)
    reach *= values.std(ddof=1) / math.sqrt(len(values))
    return float(values.mean() - reach), float(values.mean() + reach)


def _count(name, value):
    number = isinstance(value, int | float | np.integer | np.floating)
    if not number or not math.isfinite(value) or int(value) != value or value < 0:
        raise ValueError(f"accuracy_interval: {name} is {value}; expected a count")
    return int(value)
