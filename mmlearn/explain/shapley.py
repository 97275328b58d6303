"""What is each modality worth? Its Shapley value, exact."""

import math
from collections.abc import Mapping
from itertools import combinations

import numpy as np


def shapley(value, names):
    """What each of M modalities adds, on average over all orders in which they come.

    φ_m = Σ_{S ∌ m} |S|! (M − |S| − 1)! / M! · (v(S ∪ {m}) − v(S)). These are the only
    numbers that share v(all) − v(none) out (efficiency), treat equals equally, give
    nothing to what never changes v, and add up over sums of v.

    Args:
        value: v, of the sorted tuple of the names that are there: a function, or a
            dict with all 2^M of them (`evaluate.accuracy_by_subset`). An accuracy, a
            logit, or an array of them, one for each sample.
        names: of the modalities.

    Returns:
        dict, name -> φ, in units of v; an array where v gives arrays.

    Raises:
        ValueError: names twice, none, or more than 16; a value that is missing, or not
        finite.

    Source: Shapley (1953), A value for n-person games, Contributions to the theory of
    games II, Princeton.

    >>> xor = {(): 0.5, ("a",): 0.5, ("b",): 0.5, ("a", "b"): 1.0}
    >>> shapley(xor, ["a", "b"])
    {'a': 0.25, 'b': 0.25}
    """
    names = _expect_names(names)
    many = len(names)
    values = {kept: _asked(value, kept) for kept in _subsets(names)}
    found = {}
    for name in names:
        total = 0.0
        for kept in _subsets([other for other in names if other != name]):
            orders = math.factorial(len(kept)) * math.factorial(many - len(kept) - 1)
            share = orders / math.factorial(many)
            with_it = tuple(sorted((*kept, name)))
            total = total + share * (values[with_it] - values[kept])
        found[name] = total
    return found


def _subsets(names):
    """All of them, as sorted tuples, the empty one first."""
    for size in range(len(names) + 1):
        yield from combinations(sorted(names), size)


def _asked(value, kept):
    """v(kept), a float or an array of floats."""
    if isinstance(value, Mapping):
        if kept not in value:
            raise ValueError(
                f"shapley: there is no value of {kept}; expected one of every subset, "
                "the sorted tuple of its names, () and all of them included"
            )
        found = value[kept]
    else:
        found = value(kept)
    try:
        array = np.asarray(found, np.float64)
    except (TypeError, ValueError):
        kind = type(found).__name__
        raise ValueError(f"shapley: v{kept} is a {kind}; expected a number") from None
    if not np.isfinite(array).all():
        raise ValueError(f"shapley: v{kept} is {found}; expected finite numbers")
    return array if array.ndim else float(array)


def _expect_names(names):
    names = sorted([names] if isinstance(names, str) else names)
    if not 1 <= len(names) <= 16 or len(set(names)) < len(names):
        raise ValueError(
            f"shapley: {len(names)} names, {', '.join(names)}; expected 1 to 16, each "
            "once: every subset is asked"
        )
    return names
