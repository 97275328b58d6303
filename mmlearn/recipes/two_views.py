"""Co-training on digits seen and heard: lesson 17's two classifiers teach each other.

Both are linear, and given the digit their views are independent: Blum and Mitchell's
condition, by construction. Beside it each view alone with itself (self-training), and
the condition broken: a second view that is the first once more.
"""

from dataclasses import dataclass

import numpy as np

from mmlearn.recipes.few_labels import labelled

ROUNDS, EACH, LABELS = 12, 5, 3  # labels: of each digit, given
ALONE = 20  # rounds of self-training: 940 labels a view, 970 are there
# Co-training on validation pairs, seeds 10 to 12, mean of both views: 1, 3, 5 each of
# a class gave 0.934, 0.947, 0.957 with this ridge, 0.920, 0.925, 0.956 with 0.03,
# 0.904, 0.951, 0.951 with 0.1.
RIDGE = 0.01
PLANS = ("labels only", "self-training", "co-training", "the same view twice")


@dataclass(frozen=True)
class Taught:
    """What became of one plan.

    Attributes:
        accuracy: dict, view -> on the pairs to measure on.
        right: of the labels that the plan gave, the share that is right; NaN if none.
        given: how many that were.
    """

    accuracy: dict[str, float]
    right: float
    given: int


def classifier(x, y, ridge=RIDGE, steps=100):
    """Softmax regression with a ridge, to the optimum: a function of x to p (n, K).

    min_W −1/n Σ log softmax(x W)_y + ridge/2 ‖W‖², by Nesterov's accelerated descent
    with steps of 1/L, L = λ / 2 + ridge, λ the largest eigenvalue of xᵀx / n.
    """
    ones = np.hstack([x, np.ones((len(x), 1))])
    one_hot = np.eye(int(y.max()) + 1)[y]
    largest = np.linalg.eigvalsh(ones.T @ ones / len(x))[-1]
    rate = 1 / (largest / 2 + ridge)
    w = ahead = np.zeros((ones.shape[1], one_hot.shape[1]))
    for step in range(steps):
        gradient = ones.T @ (_softmax(ones @ ahead) - one_hot) / len(x) + ridge * ahead
        new = ahead - rate * gradient
        ahead = new + step / (step + 3) * (new - w)
        w = new
    return lambda x: _softmax(np.hstack([x, np.ones((len(x), 1))]) @ w)


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def run(splits, plan, seed=0, part="test", labels=LABELS):
    """Train by one plan, and measure both views.

    Args:
        splits: as `pairs.load` gives them.
        plan: one of `PLANS`. seed: draws the labels that are given.
        part: that is measured on.
        labels: given of each digit.

    Returns:
        Taught.
    """
    (x, y), (x_new, y_new) = splits["train"], splits[part]
    given = np.full(len(y), -1)
    rows = labelled(y, labels, seed)
    given[rows] = y[rows]
    results = [_taught(views, given, plan) for views in _groups(x, plan, seed)]
    accuracy = {
        name: float((model(x_new[name]).argmax(axis=1) == y_new).mean())
        for result in results
        for name, model in result.models.items()
        if name in x_new
    }
    new = [(r.labels != -1) & (given == -1) for r in results]
    hits = [(r.labels == y)[n] for r, n in zip(results, new, strict=True)]
    every = np.concatenate(hits)
    right = float(every.mean()) if every.size else float("nan")
    return Taught(accuracy, right, every.size)


def _groups(x, plan, seed):
    """The sets of views that share their labels."""
    if plan not in PLANS:
        raise ValueError(f"two_views: plan is {plan!r}; expected {', '.join(PLANS)}")
    alone = [{"image": x["image"]}, {"sound": x["sound"]}]
    if plan == "the same view twice":
        noise = 0.02 * np.random.default_rng(seed).standard_normal(x["image"].shape)
        return [{"image": x["image"], "image again": x["image"] + noise}]
    return [alone[0] | alone[1]] if plan == "co-training" else alone


def _taught(views, given, plan):
    from mmlearn.train import co_train

    rounds = {"labels only": 0, "self-training": ALONE}.get(plan, ROUNDS)
    return co_train(views, given, classifier, rounds=rounds, per_class=EACH)
