"""Two views of the same things label for each other what nobody has labelled."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mmlearn.axes import ShapeError

UNLABELLED = -1


@dataclass(frozen=True)
class CoTrained:
    """What co-training leaves behind.

    Attributes:
        labels: (N,), given or guessed; −1 for what is still unlabelled.
        models: dict, view -> function of x (n, F) to probabilities (n, K).
        counts: how many were labelled after each round, the beginning first.
    """

    labels: np.ndarray
    models: dict[str, Any]
    counts: tuple[int, ...]


def co_train(views, labels, fit, *, rounds, per_class=1):
    """Co-training: each view teaches what it is surest of, round after round.

    In a round a classifier is fitted on each view of all that is labelled. Then, view
    by view in the order of their names, and class by class, the `per_class` unlabelled
    samples that the view takes for that class most surely get that label, for good.

    Args:
        views: dict, name -> (N, F) array; row n of all is the same thing. One view
            alone is self-training.
        labels: (N,) class numbers 0 … K − 1, −1 where unlabelled; every class once.
        fit: (x (n, F), y (n,)) -> function of x to probabilities (n, K).
        rounds: how often.
        per_class: how many a view labels of each class in a round.

    Returns:
        CoTrained; its models were fitted after the last round.

    Raises:
        ShapeError: for views of other lengths. ValueError: for a class without a label.

    Source: Blum and Mitchell (1998), Combining labeled and unlabeled data with
    co-training, COLT, table 1.
    """
    labels = np.array(labels)
    for name, x in views.items():
        if len(x) != len(labels):
            raise ShapeError(
                f"co_train: view {name!r} has {len(x)} samples, there are "
                f"{len(labels)} labels; expected as many"
            )
    known = np.unique(labels[labels != UNLABELLED])
    if not len(known) or not np.array_equal(known, np.arange(len(known))):
        raise ValueError(
            f"co_train: labelled classes are {known.tolist()}; expected 0, 1, 2, … and "
            "-1 for what is unlabelled"
        )
    names, counts = sorted(views), [int((labels != UNLABELLED).sum())]

    def fitted():
        there = labels != UNLABELLED
        return {name: fit(views[name][there], labels[there]) for name in names}

    for _ in range(rounds):
        said = {name: model(views[name]) for name, model in fitted().items()}
        for name in names:
            labels = surest(said[name], labels, per_class)
        counts.append(int((labels != UNLABELLED).sum()))
    return CoTrained(labels, fitted(), tuple(counts))


def surest(probabilities, labels, per_class=1):
    """Label, of each class, those unlabelled samples that are taken for it most surely.

    Args:
        probabilities: (N, K). labels: (N,), −1 where unlabelled.
        per_class: how many of each class at most.

    Returns:
        (N,) labels, a new array; at a tie the earlier sample comes first.

    >>> surest(np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]), np.array([-1, -1, -1]))
    array([ 0, -1,  1])
    """
    labels = np.array(labels)
    guess, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    for k in range(probabilities.shape[1]):
        rows = np.flatnonzero((labels == UNLABELLED) & (guess == k))
        order = np.argsort(-sure[rows], kind="stable")
        labels[rows[order[:per_class]]] = k
    return labels
