"""One run is an anecdote: a figure over seeds, and a claim that stands by it."""

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np

from mmlearn.evaluate.interval import mean_interval


@dataclass(frozen=True)
class Summary:
    """A figure measured once for each seed, or for each fold.

    >>> Summary((0.906, 0.912, 0.918)).text
    '0.912 ± 0.006 (3 seeds)'
    """

    values: tuple[float, ...]
    seeds: tuple[Hashable, ...] = ()
    unit: str = field(default="seed", kw_only=True)

    @property
    def mean(self) -> float:
        return float(np.mean(self.values))

    @property
    def sd(self) -> float:
        """Sample standard deviation (n − 1 below), the spread of single runs."""
        if len(self.values) < 2:
            return math.nan
        return float(np.std(self.values, ddof=1))

    @property
    def mean_interval(self) -> tuple[float, float]:
        """95 % interval of the mean (Student's t): where more runs would take it."""
        return mean_interval(self.values)

    @property
    def text(self) -> str:
        """Mean ± s.d. and what they are over; a dash where nothing was measured."""
        n = len(self.values)
        if all(map(math.isnan, self.values)):
            return "–"
        if n == 1:
            return f"{self.mean:.3f} (1 {self.unit})"
        return f"{self.mean:.3f} ± {self.sd:.3f} ({n} {self.unit}s)"

    def __str__(self) -> str:
        return self.text


def protocol(run: Callable[[int], float], seeds: Iterable[int] = range(5)) -> Summary:
    """Measure a figure once for each seed; report mean ± standard deviation.

    Args:
        run: seed (int) -> the figure (a number), trained and measured from scratch.
        seeds: different integers.

    Returns:
        Summary: .values, .mean, .sd, .text.

    Raises:
        ValueError: for no seeds, a seed given twice, or a run that returns NaN,
            infinity or no number, naming its seed.

    >>> print(protocol(lambda seed: 0.9 + seed / 100, seeds=range(3)))
    0.910 ± 0.010 (3 seeds)
    """
    if not callable(run):
        kind = type(run).__name__
        raise TypeError(f"protocol: run is a {kind}; expected a function of the seed")
    if not isinstance(seeds, Iterable):
        raise TypeError(f"protocol: seeds is {seeds!r}; expected several, range(5)")
    seeds = tuple(seeds)
    if not seeds:
        raise ValueError("protocol: no seeds; expected at least one, like range(5)")
    if len(set(seeds)) < len(seeds):
        raise ValueError(
            f"protocol: seeds are {seeds}; expected each once: a repeated "
            "run is no news"
        )
    return Summary(tuple(_figure(run(seed), seed) for seed in seeds), seeds)


def cross_validation(
    run: Callable[[Hashable], float], folds: Iterable[Hashable] = range(10)
) -> Summary:
    """Measure a figure once for each fold, which no training of that fold has seen.

    Every sample is tested once. The folds' trainings share most of their samples, so
    that the interval of the mean is rather too narrow than too wide.

    Args:
        run: fold -> the figure (a number): trained on the others, tested on this one.
        folds: different names: numbers, or those of the speakers who are left out.

    Returns:
        Summary over folds: .values, .mean, .sd, .mean_interval, .text.

    Raises:
        ValueError: for fewer than two folds, a fold named twice, or a run that returns
            NaN, infinity or no number, naming its fold.

    Source: Bengio and Grandvalet (2004), No unbiased estimator of the variance of
    K-fold cross-validation, JMLR 5.

    >>> print(cross_validation(lambda fold: 0.9 + fold / 100, folds=range(3)))
    0.910 ± 0.010 (3 folds)
    """
    folds = tuple(folds)
    if len(folds) < 2 or len(set(folds)) < len(folds):
        raise ValueError(
            f"cross_validation: folds are {folds}; expected two or more, each once"
        )
    figures = tuple(_figure(run(f), f, "cross_validation", "fold") for f in folds)
    return Summary(figures, folds, unit="fold")


def _figure(value, name, where="protocol", unit="seed"):
    told = f"{where}: the run with {unit} {name} returned"
    try:
        figure = float(value)
    except (TypeError, ValueError):
        kind = type(value).__name__
        raise ValueError(f"{told} a {kind}; expected a number") from None
    if not math.isfinite(figure):
        raise ValueError(f"{told} {figure}; expected a finite number")
    return figure


def claim(what, value, *, at_least=None, at_most=None):
    """State a measured figure with its bounds in one line, and stand by it.

    Args:
        what: what was measured ("test accuracy").
        value: the figure.
        at_least, at_most: bounds, one or both.

    Raises:
        AssertionError: with the figures, if the claim is false (NaN never holds).
        ValueError: if no bound is given: nothing would be claimed.

    >>> claim("test accuracy", 0.9541, at_least=0.93)
    test accuracy: 0.9541, at least 0.93 ✓
    """
    bounds = [("at least", at_least), ("at most", at_most)]
    words = " and ".join(f"{word} {b:.4g}" for word, b in bounds if b is not None)
    if not words:
        raise ValueError(f"claim: {what!r} has no bound; give at_least= or at_most=")
    try:
        value = float(value)
    except (TypeError, ValueError):
        kind = type(value).__name__
        raise TypeError(f"claim: {what!r} is a {kind}; expected a number") from None
    holds = (at_least is None or value >= at_least) and (
        at_most is None or value <= at_most
    )
    if not holds or math.isnan(value):
        raise AssertionError(f"{what} is {value:.4g}; claimed {words}")
    print(f"{what}: {value:.4g}, {words} ✓")
