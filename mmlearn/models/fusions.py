"""A fusion by its name, as large as a number of parameters asks for."""

import math
from functools import partial
from typing import Any

from mmlearn import layers

RANK, ROUNDS = 2, 2
FUSIONS: dict[str, Any] = {
    "weighted": layers.WeightedFusion,
    "concatenate": layers.ConcatenateFusion,
    "deep": layers.DeepFusion,
    "gated": layers.GatedFusion,
    "bilinear": layers.BilinearFusion,
    "tensor": layers.TensorFusion,
    "low_rank": partial(layers.LowRankFusion, rank=RANK),
    "cross_attention": layers.CrossAttentionFusion,
    "graph": partial(layers.GraphFusion, rounds=ROUNDS),
}
DECISIONS: dict[str, Any] = {
    "late": layers.LateFusion,
    "product": layers.ProductOfExperts,
}


def fusion_layer(how, units, **options):
    """A fusion with so many units; a low rank of 2, a graph of 2 rounds.

    Args:
        how: "weighted", "concatenate", "deep", "gated", "bilinear", "tensor",
            "low_rank", "cross_attention" or "graph"; or "late" or "product", which have
            no units.
        units: U; of "deep" the hidden layer's too.
        options: of the layer: initializers, name.

    Raises:
        ValueError: for another name.
    """
    if how in DECISIONS:
        return DECISIONS[how](**options)
    if how not in FUSIONS:
        known = ", ".join([*FUSIONS, *DECISIONS])
        raise ValueError(f"fusion_layer: how is {how!r}; expected one of {known}")
    return FUSIONS[how](units, **options)


def fusion_parameters(how, features, units, classes):
    """Parameters of a fusion and of a linear head after it, as the layers state them.

    Args:
        how: as of `fusion_layer`, one with units.
        features: F of each modality.
        units: U. classes: K.

    Returns:
        int.

    >>> fusion_parameters("tensor", [4, 4], 11, 2)
    310
    """
    total, M, U = sum(features), len(features), units
    pairs = (total**2 - sum(f * f for f in features)) // 2
    maps = U * total + M * U
    fusion = {
        "weighted": maps + M,
        "concatenate": U * total + U,
        "deep": U * total + U * U + 2 * U,
        "gated": (M + 1) * U * total + 2 * M * U,
        "bilinear": U * (total + pairs) + U,
        "tensor": U * math.prod(f + 1 for f in features) + U,
        "low_rank": RANK * U * (total + M) + U,
        "cross_attention": maps + 4 * U * U + U,
        "graph": maps + ROUNDS * (3 * U * U + U),
    }
    return fusion[how] + (U + 1) * classes


def matched_units(how, features, classes, parameters):
    """The units, at least 1, with which fusion and head come nearest to a number.

    Args:
        how, features, classes: as of `fusion_parameters`.
        parameters: the number.

    >>> matched_units("concatenate", [16, 16], 10, 2500)
    58
    """
    sizes = range(1, 200)
    return min(
        sizes,
        key=lambda u: abs(fusion_parameters(how, features, u, classes) - parameters),
    )
