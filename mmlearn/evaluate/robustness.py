"""How accuracy falls: against noise, and without some of the modalities.

Both take a function, x -> predictions, and so any model there is; x is an array or a
dict of them, in which a modality that is missing is said, `name_available` (N,).
"""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from mmlearn.axes import ShapeError, expect_array
from mmlearn.evaluate.classification import class_numbers
from mmlearn.evaluate.interval import accuracy_interval
from mmlearn.samples import AVAILABLE, MASK


class Measured(NamedTuple):
    """An accuracy, and how far it can be trusted (Wilson's interval).

    >>> print(Measured.of(18, 20))
    0.900 [0.699, 0.972]
    """

    accuracy: float
    low: float
    high: float

    @classmethod
    def of(cls, correct, total, level=0.95):
        """That of `correct` right predictions of `total`."""
        return cls(correct / total, *accuracy_interval(correct, total, level))

    def __str__(self):
        return f"{self.accuracy:.3f} [{self.low:.3f}, {self.high:.3f}]"


def accuracy_against_noise(
    predict, x, labels, levels, *, names=None, noise=None, seed=0, level=0.95
):
    """Accuracy of predictions from x + σ ε, for each σ; ε is the same for every σ.

    Args:
        predict: x -> (N,) class numbers, or (N, K) logits or probabilities.
        x: (N, …) array of floats, or a dict of them.
        labels: (N,) class numbers.
        levels: each σ, in the units of x; 0 is x itself.
        names: of a dict, the modalities that get noise (others stay); None: all that
            hold floats.
        noise: (array, σ, generator) -> array; None: normal. It gets the same generator
            for each σ, so that levels differ in how much, not in which.
        seed: int, of the generators, one for each modality. level: of the intervals.

    Returns:
        dict, σ -> Measured(accuracy, low, high), in the order of `levels`.

    Raises:
        ValueError: a level below 0 or met twice, a name that is no modality of floats.
        ShapeError: other shapes, or predictions that are not one a label.

    >>> sign = lambda x: (x > 0).astype(int)
    >>> x = np.linspace(-1, 1, 200)
    >>> found = accuracy_against_noise(sign, x, sign(x), [0, 1.0])
    >>> found[0].accuracy, found[1.0].accuracy < 0.9
    (1.0, True)
    """
    where = "accuracy_against_noise"
    levels = _levels(where, levels)
    noisy = _noisy_names(where, x, names)
    measured = {}
    for sigma in levels:
        changed = dict(x) if isinstance(x, Mapping) else x
        for number, name in enumerate(noisy):
            generator = np.random.default_rng([seed, number])
            array = np.asarray(x if name is None else x[name])
            array = (noise or _normal)(array, sigma, generator)
            if name is None:
                changed = array
            else:
                changed[name] = array
        measured[sigma] = _measured(where, predict, changed, labels, level)
    return measured


def accuracy_by_subset(predict, x, labels, *, names=None, level=0.95):
    """Accuracy with every subset of the modalities, the others said to be missing.

    Args:
        predict: x -> (N,) class numbers, or (N, K) logits or probabilities; it must
            understand `name_available` (N,), as `models.MultimodalModel` does.
        x: dict of arrays (N, …).
        labels: (N,) class numbers.
        names: the modalities that are taken away; None: all.
        level: of the intervals.

    Returns:
        dict, sorted tuple of the names that are there -> Measured; 2^M of them, from
        () to all. `explain.shapley` takes them: {k: m.accuracy for k, m in …}.

    Raises:
        ValueError: a name that is no modality; more than 12 of them.
        ShapeError: predictions that are not one a label.

    >>> x = {"a": np.array([0, 1]), "b": np.array([0, 0])}
    >>> predict = lambda x: x["a"] * x["a_available"]
    >>> [(k, m.accuracy) for k, m in accuracy_by_subset(predict, x, [0, 1]).items()]
    [((), 0.5), (('a',), 1.0), (('b',), 0.5), (('a', 'b'), 1.0)]
    """
    where = "accuracy_by_subset"
    known = modality_names(where, x)
    names = known if names is None else _expect_known(where, names, known)
    if len(names) > 12:
        raise ValueError(
            f"{where}: {len(names)} modalities have {2 ** len(names)} subsets; "
            "expected at most 12 modalities: take away some of them, names=[…]"
        )
    rest = [name for name in known if name not in names]
    found = {}
    for size in range(len(names) + 1):
        for kept in combinations(names, size):
            shown = with_only(x, [*kept, *rest])
            found[kept] = _measured(where, predict, shown, labels, level)
    return found


def with_only(x, kept):
    """The same batch, with all modalities but some said to be missing.

    Args:
        x: dict of arrays (N, …), perhaps with `name_mask` and `name_available`.
        kept: names of the modalities that stay as available as they are.

    Returns:
        a dict with `name_available` (N,) of every modality; the arrays are shared.

    >>> x = {"image": np.ones((2, 3)), "sound": np.ones((2, 4))}
    >>> batch = with_only(x, ["sound"])
    >>> batch["image_available"], batch["sound_available"]
    (array([False, False]), array([ True,  True]))
    """
    names = modality_names("with_only", x)
    kept = _expect_known("with_only", kept, names)
    shown = dict(x)
    for name in names:
        there = np.asarray(x.get(name + AVAILABLE, np.ones(len(x[name]), bool)), bool)
        shown[name + AVAILABLE] = there & (name in kept)
    return shown


def modality_names(where, x):
    """Sorted names of the modalities of a batch, without what is said beside them."""
    if not isinstance(x, Mapping) or not x:
        kind = type(x).__name__
        raise ValueError(f"{where}: x is a {kind}; expected a dict, modality to array")
    return sorted(name for name in x if not name.endswith((MASK, AVAILABLE)))


def _expect_known(where, names, known):
    names = [names] if isinstance(names, str) else list(names)
    strange = [repr(name) for name in names if name not in known]
    if strange or len(set(names)) < len(names):
        told = ", ".join(strange) or "a name twice"
        raise ValueError(f"{where}: got {told}; expected some of {', '.join(known)}")
    return sorted(names)


def _noisy_names(where, x, names):
    """Names of the arrays that get noise; [None] for a single array."""
    if not isinstance(x, Mapping):
        if names is not None:
            raise ValueError(
                f"{where}: names is {names}, but x is one array, not a dict"
            )
        if np.asarray(x).dtype.kind != "f":
            kind = np.asarray(x).dtype
            raise ValueError(f"{where}: x is {kind}; expected floats")
        return [None]
    known = modality_names(where, x)
    floats = [name for name in known if np.asarray(x[name]).dtype.kind == "f"]
    return floats if names is None else _expect_known(where, names, floats)


def _levels(where, levels):
    levels = [float(sigma) for sigma in np.atleast_1d(np.asarray(levels, float))]
    if not levels or min(levels) < 0 or not np.isfinite(levels).all():
        raise ValueError(f"{where}: levels are {levels}; expected some, 0 or above")
    if len(set(levels)) < len(levels):
        raise ValueError(f"{where}: levels are {levels}; expected each once")
    return levels


def _normal(x, sigma, generator):
    return (x + sigma * generator.standard_normal(x.shape)).astype(x.dtype)


def _measured(where, predict, x, labels, level):
    answers = expect_array(where, "predict(x)", predict(x))
    if answers.ndim == 2:
        if not np.isfinite(answers).all():
            raise ValueError(f"{where}: predict(x) holds NaN or infinite values")
        answers = answers.argmax(axis=1)  # (N, K) -> (N,)
    if answers.ndim != 1:
        raise ShapeError(
            f"{where}: predict(x) is {answers.shape}; expected (N,) class numbers, or "
            "(N, K) logits"
        )
    labels, answers = class_numbers(where, labels, answers)
    return Measured.of(int(np.sum(labels == answers)), len(labels), level)
