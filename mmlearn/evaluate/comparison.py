"""Two models on the same samples: which is better, or are they equally good?

What was right is a table (S, N), a row for each seed of the training, a column for each
test sample. Both are drawn by chance, so both are drawn again.
"""

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np

from mmlearn.axes import ShapeError, expect_array

_CELLS = 4_000_000  # numbers of the table of weights held at once


@dataclass(frozen=True)
class Difference:
    """The mean of one model minus that of another, and its bootstrap interval.

    >>> print(Difference(0.013, -0.002, 0.028, 0.95))
    +1.3 points, 95 % interval -0.2 to +2.8
    """

    value: float
    low: float
    high: float
    level: float

    @property
    def sign(self):
        """1: the first model is better, −1: the second; 0: the interval holds 0."""
        return int(self.low > 0) - int(self.high < 0)

    def within(self, margin):
        """Whether the whole interval lies strictly between −margin and +margin."""
        return -margin < self.low and self.high < margin

    def __str__(self):
        value, low, high = (
            f"{100 * v:+.1f}" for v in (self.value, self.low, self.high)
        )
        return f"{value} points, {100 * self.level:.3g} % interval {low} to {high}"


@dataclass(frozen=True)
class Equivalence(Difference):
    """A difference, and whether it is shown to be smaller than a margin.

    Not being equivalent is not being different: the interval may be too wide for both.
    """

    margin: float

    @property
    def equivalent(self):
        return self.within(self.margin)

    def __str__(self):
        told = "equivalent" if self.equivalent else "not shown to be equivalent"
        return f"{super().__str__()}: {told} within ±{100 * self.margin:.3g} points"


def compare(first, second, *, groups=None, resamples=2000, level=0.95, seed=0):
    """Difference of two means, by bootstrap over samples *and* seeds.

    Each resample draws N samples, the same for both models, and the seeds of each model
    on their own, with replacement: Δ* = Σ_s Σ_n w_n (v_s a_sn − v'_s b_sn), w and v
    being shares of draws. The interval is that of the quantiles of Δ*, but at least ±
    (1 − α^(1/N)), α = (1 − level) / 2: what an event never seen in N samples may weigh.

    Args:
        first: (S, N) or (N,), what was right (or any figure of each sample).
        second: (S', N) or (N,) of the same samples; or a number, like chance.
        groups: (N,) of each sample's speaker or video: then whole groups are drawn.
        resamples: how many. level: of the interval. seed: int, of the draws.

    Returns:
        Difference: .value, .low, .high, .sign.

    Raises:
        ShapeError, ValueError: tables that do not fit, or are not finite.

    Source: Owen (2007), The pigeonhole bootstrap, Annals of Applied Statistics 1(2):
    rows and columns drawn independently; its variance is rather too large.

    >>> print(compare(np.arange(420) % 10 > 0, np.arange(420) % 10 > 3))
    +30.0 points, 95 % interval +25.7 to +34.3
    """
    where = "compare"
    first, second, groups = _tables(where, first, second, groups)
    _expect_settings(where, resamples, level)
    draws = np.random.default_rng(seed)
    value = first.mean() - second.mean()
    found = np.concatenate(
        [
            _resampled(first, second, groups, rows, draws)
            for rows in _portions(resamples, first.shape[1])
        ]
    )
    alpha = (1 - level) / 2
    low, high = np.quantile(found, [alpha, 1 - alpha])
    independent = first.shape[1] if groups is None else groups.max() + 1
    unseen = 1 - alpha ** (1 / independent)
    low, high = min(low, value - unseen), max(high, value + unseen)
    return Difference(float(value), float(low), float(high), level)


def equivalence(first, second, margin, *, alpha=0.05, **options):
    """Are two models equally good, to within a margin that was stated before?

    Two one-sided tests at α: both |Δ| ≥ margin are refused exactly if the interval of
    level 1 − 2α lies between −margin and margin; it is `compare`'s.

    Args:
        first, second: as for `compare`; second may be a number, like chance.
        margin: the largest difference that does not matter, 0.02 for 2 points.
        alpha: the chance of calling models equivalent that differ by the margin.
        options: groups, resamples, seed of `compare`.

    Returns:
        Equivalence: .equivalent, .value, .low, .high.

    Raises:
        ValueError: for a margin that is not above 0, or as `compare`.

    Source: Schuirmann (1987), A comparison of the two one-sided tests procedure and the
    power approach for assessing the equivalence of average bioavailability, Journal of
    Pharmacokinetics and Biopharmaceutics 15(6).

    >>> coin = np.arange(2500) % 2
    >>> print(equivalence(coin, 0.5, margin=0.02))
    +0.0 points, 90 % interval -1.7 to +1.6: equivalent within ±2 points
    """
    if not 0 < margin < math.inf:
        raise ValueError(
            f"equivalence: margin is {margin}; expected above 0, like 0.02"
        )
    if not 0 < alpha < 0.5:
        raise ValueError(f"equivalence: alpha is {alpha}; expected 0 to 0.5, like 0.05")
    found = compare(first, second, level=1 - 2 * alpha, **options)
    return Equivalence(found.value, found.low, found.high, found.level, margin)


def _resampled(first, second, groups, rows, draws):
    """(rows,) differences."""
    samples = _counts(
        rows, first.shape[1] if groups is None else groups.max() + 1, draws
    )
    if groups is not None:
        samples = samples[:, groups]
    total = samples.sum(axis=1, keepdims=True)
    means = []
    for table in (first, second):
        by_seed = samples @ table.T / total  # (rows, S)
        seeds = _counts(rows, len(table), draws)
        means.append(np.sum(seeds * by_seed, axis=1) / len(table))
    return means[0] - means[1]


def _counts(rows, count, draws):
    """(rows, count): how often each was among `count` draws with replacement."""
    drawn = draws.integers(count, size=(rows, count)) + count * np.arange(rows)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=rows * count)
    return counts.reshape(rows, count).astype(np.float64)


def _portions(resamples, samples):
    """Numbers that add up to `resamples`, each small enough for the memory."""
    size = max(1, _CELLS // max(samples, 1))
    full, rest = divmod(resamples, size)
    return [size] * full + ([rest] if rest else [])


def _tables(where, first, second, groups):
    first = _table(where, "first", first)
    if isinstance(second, Real):
        second = np.full((1, first.shape[1]), float(second))
    second = _table(where, "second", second)
    samples = first.shape[1]
    if second.shape[1] != samples:
        raise ShapeError(
            f"{where}: first is of {samples} samples and second of {second.shape[1]}; "
            "expected the same samples in the same order"
        )
    if groups is not None:
        groups = np.asarray(groups)
        if groups.shape != (samples,):
            raise ShapeError(
                f"{where}: groups is {groups.shape}; expected ({samples},), one for "
                "each sample"
            )
        groups = np.unique(groups, return_inverse=True)[1]
    return first, second, groups


def _table(where, name, values):
    """(S, N) float64."""
    table = expect_array(where, name, values).astype(np.float64)
    table = table[None] if table.ndim == 1 else table
    if table.ndim != 2 or not table.size:
        raise ShapeError(
            f"{where}: {name} is {np.shape(values)}; expected (S, N), a row for each "
            "seed and a column for each sample, or (N,)"
        )
    if not np.isfinite(table).all():
        raise ValueError(f"{where}: {name} holds NaN or infinite values")
    return table


def _expect_settings(where, resamples, level):
    if resamples != int(resamples) or resamples < 100:
        raise ValueError(f"{where}: resamples is {resamples}; expected 100 or more")
    if not 0 < level < 1:
        raise ValueError(
            f"{where}: level is {level}; expected between 0 and 1, like 0.95"
        )
