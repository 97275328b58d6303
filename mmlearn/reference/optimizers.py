"""From gradients to new parameters. No operators: nothing is differentiated here."""


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

    def step(path, w, dw):
        if w is None:
            return None
        if isinstance(w, dict):
            _expect_alike(path, sorted(w), sorted(dw))
            return {name: step(f"{path}[{name!r}]", w[name], dw[name]) for name in w}
        if isinstance(w, list | tuple):
            _expect_alike(path, len(w), len(dw))
            steps = (
                step(f"{path}[{i}]", *pair)
                for i, pair in enumerate(zip(w, dw, strict=True))
            )
            return type(w)(steps)
        _expect_alike(path, getattr(w, "shape", ()), getattr(dw, "shape", ()))
        return w - rate * dw

    return step("params", params, grads)


def _expect_alike(path, expected, received):
    if received != expected:
        raise ValueError(
            f"sgd: {path} has {expected}, its gradient has {received}; "
            "expected grads to be arranged like params"
        )
