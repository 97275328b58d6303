"""Two modalities that tell of one label: one at once, the other by a product of three.

Lesson 16's data for what happens when one modality is learned faster than the other.
The label is 0 or 1. *wide* holds a weak clue among many features: it is learned at
once, and a few hundred samples soon by heart. *deep* holds a strong clue that no single
feature carries, but only the product of three: it takes long. Both posteriors are
known, so that the best possible accuracy is, too.
"""

import numpy as np

NAMES = ("deep", "wide")
WIDE, DEEP_NOISE, CLUE = 100, 0.45, 1.0


def two_clues(samples, seed):
    """Draw the two modalities and the label.

    deep = (k, l, k l t) + noise with random signs k, l, and t = ±1 the label's: only
    the product of all three tells. wide = t · CLUE / √100 + noise in each feature.

    Args:
        samples: B.
        seed: anything that `default_rng` takes.

    Returns:
        x {"deep": (B, 3), "wide": (B, 100)}, y (B,) int64.

    >>> x, y = two_clues(2, 0)
    >>> {name: array.shape for name, array in x.items()}
    {'deep': (2, 3), 'wide': (2, 100)}
    """
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, samples)
    t = 2 * y - 1
    k, m = rng.choice([-1, 1], (2, samples))
    deep = np.stack([k, m, k * m * t], axis=1) + DEEP_NOISE * rng.normal(
        size=(samples, 3)
    )
    wide = rng.normal(size=(samples, WIDE)) + CLUE / np.sqrt(WIDE) * t[:, None]
    return {"deep": deep, "wide": wide}, y


def log_odds(x):
    """What can be known: log p(1 | x_m) / p(0 | x_m) of each modality, exactly.

    They add up, for given the label the modalities are independent.
    """
    a, b, c = (x["deep"] / DEEP_NOISE**2).T
    one = _log_sum(a + b + c, a - b - c, b - a - c, c - a - b)  # over the signs k, l
    zero = _log_sum(a + b - c, a - b + c, b - a + c, -a - b - c)
    return {
        "deep": one - zero,
        "wide": 2 * CLUE / np.sqrt(WIDE) * x["wide"].sum(axis=1),
    }


def ceilings(samples=200_000, seed=12345):
    """Best possible accuracies of "deep", "wide", "both"; s.e. ≤ 0.5 / √samples."""
    x, y = two_clues(samples, seed)
    odds = log_odds(x)
    odds["both"] = odds["deep"] + odds["wide"]
    return {name: float(np.mean((z > 0) == y)) for name, z in odds.items()}


def draw(samples, seeds, part):
    """Samples for many seeds side by side: x, name → (S, B, F), and y (S, B).

    Args:
        samples: B. seeds: S of them. part: an integer; other parts, other samples.
    """
    drawn = [two_clues(samples, [seed, part]) for seed in seeds]
    x = {n: np.stack([one[n] for one, _ in drawn]) for n in NAMES}
    return x, np.stack([y for _, y in drawn])


def _log_sum(*terms):
    return np.logaddexp.reduce(np.stack(terms), axis=0)
