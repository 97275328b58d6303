"""A batch of modalities, taken apart: what is there of each, and where.

A batch is a dict, modality name to array. Beside a sequence may stand `name_mask`
(B, T), True on what was recorded; beside any modality `name_available` (B,), False for
a sample that has none: a missing modality is *said*, never left out of the dict.
"""

from typing import Any, NamedTuple

from keras import ops

from mmlearn.axes import expect_shape
from mmlearn.samples import AVAILABLE, MASK, expect_keys

__all__ = ["AVAILABLE", "MASK", "ModalityBatch", "expect_keys", "where_available"]


class ModalityBatch(NamedTuple):
    """A batch taken apart; each a dict with every modality's name, in sorted order.

    >>> import numpy as np
    >>> batch = {"text": np.ones((2, 3)), "text_available": np.array([True, False])}
    >>> found = ModalityBatch.of("model", batch, ["text"])
    >>> found.masks, sorted(found.available)
    ({'text': None}, ['text'])
    """

    values: dict[str, Any]
    masks: dict[str, Any]  # (B, T) bool, or None where nothing is said
    available: dict[str, Any]  # (B,) bool, or None

    @classmethod
    def of(cls, where, inputs, names):
        """Take a batch apart, once its keys are what they must be.

        Args:
            where: how errors call the reader.
            inputs: dict; every name of `names`, perhaps `name_mask`, `name_available`.
            names: of the modalities.

        Raises:
            KeySetError: a modality is missing, or a key is not known.
            TypeError: inputs is no dict. ShapeError: a mask is not (B, T), or an
            availability not (B,).
        """
        names = sorted(names)
        beside = [name + end for name in names for end in (MASK, AVAILABLE)]
        said = [key for key in beside if isinstance(inputs, dict) and key in inputs]
        expect_keys(where, inputs, [*names, *said])
        for key in said:
            axes = "B T" if key.endswith(MASK) else "B"
            hint = "True where it counts"
            expect_shape(where, key, inputs[key], axes, hint=hint)
        flags = {key: ops.cast(inputs[key], "bool") for key in said}
        return cls(
            {name: inputs[name] for name in names},
            {name: flags.get(name + MASK) for name in names},
            {name: flags.get(name + AVAILABLE) for name in names},
        )


def where_available(x, available):
    """x with zeros in the samples that are not there: NaN in them ends here.

    Args:
        x: (B, …) tensor. available: (B,) bool, or None: all are there.

    Returns:
        (B, …) tensor.
    """
    if available is None:
        return x
    there = ops.reshape(available, (-1, *[1] * (len(x.shape) - 1)))  # (B, 1, …)
    return ops.where(there, x, ops.zeros_like(x))
