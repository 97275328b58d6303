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
    import keras

    from mmlearn.evaluate import accuracy

    if pair is None:
        return math.nan
    x, y = pair

    def part(i):
        return keras.tree.map_structure(lambda a: a[i : i + rows], x)  # x may be a dict

    logits = [  # slices instead of predict, which traces a graph for every new model
        keras.ops.convert_to_numpy(model(part(i), training=False))
        for i in range(0, len(y), rows)
    ]
    return accuracy(np.ravel(y), np.concatenate(logits).argmax(axis=-1).ravel())
