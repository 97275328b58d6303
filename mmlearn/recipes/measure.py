"""How a trained model is measured on arrays: a slice at a time."""

import math

import numpy as np


def accuracy_of(model, pair, rows=512):
    """Share of labels that a model's largest logit gets right.

    Args:
        model: keras.Model with logits out, (N, K) or, a label for each step, (N, L, K).
        pair: (x, y), x an array or a dict of them, y (N,) or (N, L); or None.
        rows: samples at a time.

    Returns:
        float; NaN without data.
    """
    if pair is None:
        return math.nan
    return float(np.mean(right_of(model, pair, rows)))


def right_of(model, pair, rows=512):
    """Which labels a model's largest logit gets right: (N,) bool, or (N L,).

    Args:
        model, pair, rows: as of `accuracy_of`.
    """
    import keras

    x, y = pair

    def part(i):
        return keras.tree.map_structure(lambda a: a[i : i + rows], x)  # x may be a dict

    logits = [  # slices instead of predict, which traces a graph for every new model
        keras.ops.convert_to_numpy(model(part(i), training=False))
        for i in range(0, len(y), rows)
    ]
    return np.concatenate(logits).argmax(axis=-1).ravel() == np.ravel(y)


def count_of(y):
    """How many samples labels are of: (N, …), or a dict task -> (N, …).

    >>> count_of(np.zeros(3)), count_of({"class": np.zeros(4)})
    (3, 4)
    """
    return len(next(iter(y.values())) if isinstance(y, dict) else y)
