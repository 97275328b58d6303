"""Two recipes on the same test samples: is one above the other?

A recipe says `against` which others it is to be compared with. Of all of them the rows
of the results table keep which samples each seed got right; the difference is that of
`evaluate.compare`, a bootstrap over samples, or whole videos, and seeds.
"""

from typing import Any

import numpy as np

from mmlearn.recipes.catalogue import get, names
from mmlearn.recipes.measure import right_of

SO = {1: "above", 0: "not above, not below", -1: "below"}


def kept(name, summary, profile):
    """What the row of a recipe keeps, if it is compared with another.

    Args:
        name: of the recipe.
        summary: `RecipeSummary` with the models of its seeds.
        profile: "quick" or "full", what it was run with.

    Returns:
        dict: right, one string a seed, and groups; empty where nothing is compared.
    """
    recipe = get(name)
    compared = recipe.against or any(name in get(n).against for n in names())
    if not compared or any(r.model is None for r in summary.results):
        return {}
    test = recipe.data(profile)["test"]
    right = [right_of(result.model, test) for result in summary.results]
    found: dict[str, Any] = {"right": [packed(row) for row in right]}
    groups = recipe.test_groups()
    if groups is not None:
        numbers = np.unique(groups, return_inverse=True)[1]
        found["groups"] = " ".join(map(str, numbers))
    return found


def packed(right):
    """(N,) bool as hexadecimal digits.

    >>> packed([True, False, True, False, True])
    'a8'
    """
    return np.packbits(np.asarray(right, bool)).tobytes().hex()


def unpacked(text, count):
    """`packed` turned round: (count,) bool.

    >>> unpacked("a8", 5).tolist()
    [True, False, True, False, True]
    """
    bits = np.frombuffer(bytes.fromhex(text), np.uint8)
    return np.unpackbits(bits, count=count).astype(bool)


def difference(first, second):
    """By how much one Record is above another: `evaluate.Difference`; None: unknown.

    Args:
        first, second: Records of the same test samples.
    """
    from mmlearn.evaluate import compare

    if not first.right or not second.right or first.profile != second.profile:
        return None
    tables = [
        np.stack([unpacked(row, one.test_size) for row in one.right])
        for one in (first, second)
    ]
    groups = first.groups and np.array(first.groups.split(), int)
    return compare(*tables, groups=groups)


def pairs(records):
    """All that are compared and measured: (name, name, Difference), one by one.

    Args:
        records: dict, recipe name -> Record.
    """
    for name, one in records.items():
        for other in get(name).against:
            found = difference(one, records[other]) if other in records else None
            if found is not None:
                yield name, other, found


def drawn(one):
    """What a bootstrap draws: "31 groups of 752 samples"."""
    if one.groups is None:
        return f"{one.test_size:,} samples"
    return f"{len(set(one.groups.split())):,} groups of {one.test_size:,} samples"
