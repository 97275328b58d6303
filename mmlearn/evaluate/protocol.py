"""One run is an anecdote: a figure over seeds, and a claim that stands by it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Summary:
    """A figure measured once for each seed.

    >>> Summary((0.906, 0.912, 0.918)).text
    '0.912 ± 0.006 (3 seeds)'
    """

    values: tuple[float, ...]
    seeds: tuple[int, ...] = ()

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
    def text(self) -> str:
        n = len(self.values)
        if n == 1:
            return f"{self.mean:.3f} (1 seed)"
        return f"{self.mean:.3f} ± {self.sd:.3f} ({n} seeds)"

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


def _figure(value, seed):
    try:
        figure = float(value)
    except (TypeError, ValueError):
        kind = type(value).__name__
        raise ValueError(
            f"protocol: the run with seed {seed} returned a {kind}; expected a number"
        ) from None
    if not math.isfinite(figure):
        raise ValueError(
            f"protocol: the run with seed {seed} returned {figure}; expected a finite "
            "number"
        )
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
