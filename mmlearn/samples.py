"""A multimodal sample and a batch of them: dicts, modality name to array.

A sample is `{"image": (H, W, C), "sound": (T, F), …}`; a batch has a `B` in front.
Sequences of unequal length are padded with zeros, and a mask `(B, T)` that is True
on what was recorded stands beside them as `"sound_mask"`.

>>> import numpy as np
>>> batch = stack([{"sound": np.ones((3, 2))}, {"sound": np.ones((5, 2))}])
>>> {name: array.shape for name, array in batch.items()}
{'sound': (2, 5, 2), 'sound_mask': (2, 5)}
>>> expect_keys("model", batch, ["sound"])
Traceback (most recent call last):
    ...
mmlearn.samples.KeySetError: model: 'sound_mask' is not known; expected exactly sound
"""

import numpy as np

MASK = "_mask"
AVAILABLE = "_available"  # beside a modality, (B,) bool: False where a sample has none


class KeySetError(KeyError):
    """A sample has a modality too few or too many."""

    def __str__(self):  # KeyError would print the message in quotes
        return str(self.args[0])


def expect_keys(where, sample, expected):
    """Refuse a missing *or extra* modality by name.

    Keras silently reorders the inputs of a model that gets one key too many.

    Args:
        where: the function that the reader called.
        sample: dict, modality name to array.
        expected: the names it must have, no more and no fewer.

    Raises:
        KeySetError: naming each missing and each extra key.
        TypeError: if sample is no dict.
    """
    if not isinstance(sample, dict):
        kind = type(sample).__name__
        raise TypeError(f"{where}: got a {kind}; expected a dict, modality to array")
    missing = [repr(k) for k in expected if k not in sample]
    extra = [repr(k) for k in sample if k not in set(expected)]
    if not missing and not extra:
        return
    faults = [f"{', '.join(missing)} is missing"] if missing else []
    faults += [f"{', '.join(extra)} is not known"] if extra else []
    names = ", ".join(expected)
    raise KeySetError(f"{where}: {' and '.join(faults)}; expected exactly {names}")


def stack(samples):
    """Batch samples: equal shapes are stacked, unequal first axes padded and masked.

    Args:
        samples: a non-empty list of dicts with the same keys; per key the arrays
            agree in all axes but perhaps the first (time or tokens).

    Returns:
        dict of arrays with B in front; `name_mask` (B, T) bool beside each `name`
        whose lengths differ.

    Raises:
        ValueError: for an empty list, or shapes that differ beyond the first axis.
        KeySetError: if the samples' keys differ.
    """
    if isinstance(samples, dict | str) or not hasattr(samples, "__iter__"):
        kind = type(samples).__name__
        raise TypeError(f"stack: got a {kind}; expected a list of samples, dicts")
    samples = list(samples)
    if not samples:
        raise ValueError("stack: no samples; expected at least one")
    names = list(samples[0]) if isinstance(samples[0], dict) else []
    for sample in samples:
        expect_keys("stack", sample, names)
    batch: dict[str, np.ndarray] = {}
    for name in names:
        arrays = [np.asarray(sample[name]) for sample in samples]
        _expect_alike(name, arrays)
        batch |= _pad(name, arrays)
    return batch


def _expect_alike(name, arrays):
    """Numbers or texts: NumPy would make texts of both, and of None an object."""
    kinds = {"number" if a.dtype.kind in "buifc" else a.dtype.kind for a in arrays}
    if len(kinds) > 1 or "O" in kinds:
        found = ", ".join(sorted({str(a.dtype) for a in arrays}))
        raise ValueError(
            f"stack: {name!r} holds {found}; expected arrays of numbers in every "
            "sample: leave out what is missing before"
        )


def _pad(name, arrays):
    shapes = {a.shape for a in arrays}
    if len(shapes) == 1:
        return {name: np.stack(arrays)}
    if 0 in {a.ndim for a in arrays} or len({a.shape[1:] for a in arrays}) > 1:
        raise ValueError(
            f"stack: {name!r} has shapes {sorted(shapes)}; "
            "only the first axis may differ"
        )
    lengths = np.array([len(a) for a in arrays])
    longest = int(lengths.max())
    padded = np.zeros((len(arrays), longest, *arrays[0].shape[1:]), arrays[0].dtype)
    for row, a in zip(padded, arrays, strict=True):
        row[: len(a)] = a
    return {name: padded, name + MASK: np.arange(longest) < lengths[:, None]}
