"""The best possible accuracy: a sum over all that the modalities may show.

Given a variable's value z, its copies o have a known probability; Bayes' rule with the
prior gives the joint p(y, o) of label and copies, and nobody who sees only o can be
right more often than Σ_o max_y p(y, o). Pixels, samples and words tell no more than the
copies they were made from.
"""

from itertools import pairwise, product

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.storyboard.dials import MODALITIES, SEEN
from mmlearn.datasets.storyboard.script import (
    FRAMES,
    SCORES,
    TASKS,
    TURNS,
    VARIABLES,
    prior,
)


def ceiling(dials, task, modalities=MODALITIES, *, seen=FRAMES):
    """The best possible accuracy of a task: Σ_o max_y p(y, o), exactly.

    Args:
        dials: `Dials`.
        task: one of `TASKS`; of the sentiment's score, the sign is meant.
        modalities: names of those one may look at; each may be `missing` from a clip.
        seen: so many frames' time was seen and heard; only "next" depends on it.

    Returns:
        float, a probability.

    Raises:
        DataError: for an unknown task or modality.

    >>> from mmlearn.datasets.storyboard import Dials
    >>> round(ceiling(Dials(), "scene", ["video"]), 3)
    0.9
    """
    _expect(task, modalities)
    return _over_subsets(dials, task, modalities, seen, _accuracy)


def least_error(dials, modalities=MODALITIES):
    """The least possible mean squared error of the sentiment's score, exactly.

    E (y − E[y | o])² = E y² − Σ_o (Σ_y y p(y, o))² / p(o)

    Args:
        dials: `Dials`. modalities: names of those one may look at.

    Returns:
        float; with no modality at all, the score's variance.
    """
    _expect("sentiment", modalities)
    return _over_subsets(dials, "sentiment", modalities, FRAMES, _error)


def bayes_gain(dials, task, modalities=MODALITIES):
    """What fusing can gain: the ceiling of all less that of the best single one.

    Args:
        dials: `Dials`. task: one of `TASKS`. modalities: names.

    Returns:
        float, a difference of probabilities, 0 or more.
    """
    single = max(ceiling(dials, task, [m]) for m in modalities)
    return ceiling(dials, task, modalities) - single


def ceilings(dials):
    """Every task's ceiling, of each modality and of all, and what fusing can gain.

    Returns:
        dict task → dict: each modality's name, "all" and "gain" → float.

    >>> from mmlearn.datasets.storyboard import Dials
    >>> {name: round(best, 2) for name, best in ceilings(Dials())["anomaly"].items()}
    {'graph': 0.5, 'sound': 0.5, 'text': 0.5, 'video': 0.5, 'all': 0.78, 'gain': 0.28}
    """
    table = {}
    for task in TASKS:
        row = {m: ceiling(dials, task, [m]) for m in MODALITIES}
        best, fused = max(row.values()), ceiling(dials, task)
        table[task] = {**row, "all": fused, "gain": fused - best}
    return table


def predict(dials, task, script, modalities=MODALITIES, available=None):
    """What the Bayes classifier says, who sees the copies themselves.

    Args:
        dials: `Dials`. task: one of `TASKS`. script: `Script` of B clips.
        modalities: names of those it looks at.
        available: modality → (B,) bool; by default all are there.

    Returns:
        (B,) int64 classes; of the sentiment (B,) float64, the score's expectation,
        which makes the squared error least.
    """
    _expect(task, modalities)
    there = {m: np.ones(len(script), bool) for m in modalities} | (available or {})
    pattern = np.stack([there[m] for m in modalities], axis=1)  # (B, M)
    said = np.zeros(len(script), float if task == "sentiment" else np.int64)
    for row in np.unique(pattern, axis=0):
        chosen = [m for m, here in zip(modalities, row, strict=True) if here]
        joint = _joint(dials, task, chosen)
        if task == "sentiment":
            answer = SCORES.ravel() @ joint / joint.sum(axis=0)
        else:
            answer = joint.argmax(axis=0)
        some = (pattern == row).all(axis=1)
        said[some] = answer[_cells(script.select(some), task, chosen)]
    return said


def likelihood(dials, name, modalities):
    """p(o | z) of a variable: (K, K, …), z first, then an axis for each carrier.

    Args:
        dials: `Dials`. name: of the variable.
        modalities: only those of its carriers that are among them.
    """
    variable = VARIABLES[name]
    count, carriers = len(variable.values), _carriers(name, modalities)
    if not carriers:
        return np.ones(count)
    moves = _moves(count, [dials.noise[m] for m in carriers], dials.redundancy)
    axes = tuple(range(len(carriers)))
    cipher = float(variable.enciphered or dials.synergy) if variable.divisible else 0.0
    alone = (1 - cipher) * dials.uniqueness * (len(variable.carriers) > 1)
    others = tuple(
        axis for axis, m in zip(axes, carriers, strict=True) if m != variable.home
    )
    # Who is not at home shows any value: averaged over, and spread out evenly.
    home = moves.sum(axis=others, keepdims=True) / count ** len(others)
    found = np.zeros((count,) * (1 + len(carriers)))
    for z in range(count):
        found[z] = (1 - cipher - alone) * np.roll(moves, (z,) * len(axes), axes)
        found[z] += alone * np.roll(home, (z,) * len(axes), axes)
        for key in range(count) if cipher else ():
            halves = tuple(z - key if m in SEEN else key for m in carriers)
            found[z] += cipher / count * np.roll(moves, halves, axes)
    return found


def _moves(count, levels, redundancy):
    """How likely the copies are so many steps off, modulo the values: (K, …).

    Alone, each is off with its own probability, by any step; together, all whose level
    exceeds one number, uniform from 0 to 1, are off by the same step.
    """
    alone = np.ones(())
    for level in levels:
        steps = np.r_[1 - level, np.full(count - 1, level / (count - 1))]
        alone = alone[..., None] * steps
    together = np.zeros(alone.shape)
    for low, high in pairwise(sorted({0.0, 1.0, *levels})):
        for step in range(1, count):
            off = tuple(step if level >= high else 0 for level in levels)
            together[off] += (high - low) / (count - 1)
    return (1 - redundancy) * alone + redundancy * together


def _joint(dials, task, modalities):
    """p(z, o): (values, observations); of two variables, all pairs in C order."""
    joint = np.ones((1, 1))
    for name in TASKS[task]:
        told = likelihood(dials, name, modalities)
        table = prior(name, dials)[:, None] * told.reshape(len(told), -1)
        rows, columns = len(joint) * len(table), joint.shape[1] * table.shape[1]
        joint = np.einsum("ac,bd->abcd", joint, table).reshape(rows, columns)
    return joint


def _cells(script, task, modalities):
    """The column of `_joint` that each clip's copies are: (B,)."""
    cell = np.zeros(len(script), np.int64)
    for name in TASKS[task]:
        for modality in _carriers(name, modalities):
            cell *= len(VARIABLES[name].values)
            cell += script.copies[modality][name]
    return cell


def _accuracy(joint, task):
    if task == "sentiment":
        positive = SCORES.ravel() > 0
        joint = np.stack([joint[~positive].sum(axis=0), joint[positive].sum(axis=0)])
    return joint.max(axis=0).sum()


def _error(joint, task):
    score, seen = SCORES.ravel(), joint.sum(axis=0)
    told = (score @ joint)[seen > 0] ** 2 / seen[seen > 0]
    return (score**2 @ joint).sum() - told.sum()


def _over_subsets(dials, task, modalities, seen, figure):
    """The figure's mean over who is there."""
    carriers = sorted({m for name in TASKS[task] for m in _carriers(name, modalities)})
    told = np.mean([turn < seen - 1 for turn in TURNS]) if task == "next" else 1.0
    total = (1 - told) * figure(_joint(dials, task, []), task)
    for there in product([False, True], repeat=len(carriers)):
        chance = told
        for modality, here in zip(carriers, there, strict=True):
            missing = dials.missing[modality]
            chance *= 1 - missing if here else missing
        if chance:
            chosen = [m for m, here in zip(carriers, there, strict=True) if here]
            total += chance * figure(_joint(dials, task, chosen), task)
    return float(total)


def _carriers(name, modalities):
    return [m for m in VARIABLES[name].carriers if m in modalities]


def _expect(task, modalities):
    if task not in TASKS:
        raise DataError(f"no task {task!r}; there are {', '.join(TASKS)}")
    unknown = [m for m in modalities if m not in MODALITIES]
    if isinstance(modalities, str) or unknown:
        raise DataError(
            f"modalities are {modalities!r}; expected some of {', '.join(MODALITIES)}"
        )
