"""From gradients to new parameters. No operators: nothing is differentiated here."""

import numpy as np


def sgd(params, grads, *, learning_rate):
    """One step of gradient descent: w ← w − η ∂L/∂w.

    Args:
        params: the parameters w: an array, None, or lists, tuples and dicts of them.
        grads: ∂L/∂w, in the same arrangement.
        learning_rate: the step size η.

    Returns:
        New parameters in the same arrangement; the old ones are unchanged.

    Raises:
        ValueError: where grads are not arranged, or not shaped, like params.

    >>> params, grads = {"kernel": 1.0, "bias": None}, {"kernel": 2.0, "bias": None}
    >>> sgd(params, grads, learning_rate=0.1)
    {'kernel': 0.8, 'bias': None}
    """
    rate = float(learning_rate)  # a NumPy float64 would make float32 params float64

    def step(name, w, dw):
        if _arrangement(w) != _arrangement(dw):
            raise ValueError(
                f"sgd: {name} is {_arrangement(w)}, its gradient is "
                f"{_arrangement(dw)}; expected grads arranged and shaped like params"
            )
        if w is None:
            return None
        if isinstance(w, dict):
            return {key: step(f"{name}[{key!r}]", w[key], dw[key]) for key in w}
        if isinstance(w, list | tuple):
            pairs = enumerate(zip(w, dw, strict=True))
            return type(w)(step(f"{name}[{i}]", *pair) for i, pair in pairs)
        return w - rate * dw

    return step("params", params, grads)


def _arrangement(tree):
    """What stands outermost, in words: "a dict of bias, kernel", "an array (3, 4)"."""
    if tree is None:
        return "None"
    if isinstance(tree, dict):
        return f"a dict of {', '.join(sorted(map(str, tree)))}"
    if isinstance(tree, list | tuple):
        return f"a row of {len(tree)}"
    return f"an array {np.shape(tree)}"
