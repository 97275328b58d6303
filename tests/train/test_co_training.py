"""Co-training: who labels what, and what it gains where its condition holds."""

import numpy as np
import pytest

from mmlearn.axes import ShapeError
from mmlearn.train import co_train
from mmlearn.train.co_training import surest


def nearest_mean(x, y):
    """Two round bells around the class means."""
    means = np.stack([x[y == k].mean(axis=0) for k in (0, 1)])

    def probabilities(x):
        z = (2 * x @ means.T - (means**2).sum(axis=1)) / 2
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    return probabilities


def two_views(samples, seed):
    """Two classes; given the class the views are independent."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, samples)
    mean = np.where(y[:, None], 1.0, -1.0)
    views = {n: mean * [1.3, 0] + rng.normal(size=(samples, 2)) for n in ("a", "b")}
    labels = np.full(samples, -1)
    for k in (0, 1):
        labels[np.flatnonzero(y == k)[:1]] = k
    return views, labels, y


def test_it_gains_from_what_is_unlabelled():
    before, after = [], []
    for seed in range(20):
        views, labels, y = two_views(300, seed)
        found = co_train(views, labels, nearest_mean, rounds=25, per_class=2)
        assert found.counts[0] == 2 and found.counts[-1] > 150
        assert (np.diff(found.counts) <= 8).all()
        given = labels != -1
        assert np.array_equal(found.labels[given], labels[given])
        alone = nearest_mean(views["a"][given], labels[given])
        for models, place in ((alone, before), (found.models["a"], after)):
            place.append((models(views["a"]).argmax(axis=1) == y).mean())
    assert np.mean(after) > np.mean(before) + 0.02


def test_the_surest_of_each_class_and_ties_in_order():
    p = np.array([[0.6, 0.4], [0.9, 0.1], [0.9, 0.1], [0.2, 0.8], [0.0, 1.0]])
    labels = np.array([-1, -1, -1, -1, 0])
    assert surest(p, labels).tolist() == [-1, 0, -1, 1, 0]
    assert surest(p, labels, 2).tolist() == [-1, 0, 0, 1, 0]
    assert labels.tolist() == [-1, -1, -1, -1, 0]


def test_no_round_and_one_view():
    views, labels, _ = two_views(40, 0)
    found = co_train({"a": views["a"]}, labels, nearest_mean, rounds=0)
    assert np.array_equal(found.labels, labels) and found.counts == (2,)
    found = co_train({"a": views["a"]}, labels, nearest_mean, rounds=3)
    assert found.counts[-1] <= 8


def test_it_refuses():
    x = np.ones((3, 2))
    with pytest.raises(ShapeError, match="view 'b' has 3 samples, there are 4 labels"):
        co_train({"b": x}, [0, 1, -1, -1], nearest_mean, rounds=1)
    with pytest.raises(ValueError, match=r"labelled classes are \[1\]; expected 0, 1"):
        co_train({"b": x}, [1, -1, -1], nearest_mean, rounds=1)
