"""From gradients to new parameters. No operators: nothing is differentiated here.

    params, state = adam(params, grads, state, learning_rate=0.001)

Parameters are arrays, or lists, tuples and dicts of them; gradients come in the same
arrangement. The state is what an optimizer remembers: `()` before the first step, and
then what the step before returned.
"""

import math

import numpy as np


def sgd(params, grads, state=(), *, learning_rate):
    """One step of gradient descent: w ← w − η g.

    Args:
        params: the parameters w: an array, None, or lists, tuples and dicts of them.
        grads: g = ∂L/∂w, in the same arrangement.
        state: (); gradient descent remembers nothing.
        learning_rate: the step size η.

    Returns:
        params: new ones in the same arrangement; the old ones are unchanged.
        state: ().

    Raises:
        ValueError: where grads are not arranged, or not shaped, like params.

    >>> params, grads = {"kernel": 1.0, "bias": None}, {"kernel": 2.0, "bias": None}
    >>> sgd(params, grads, learning_rate=0.1)
    ({'kernel': 0.8, 'bias': None}, ())
    """
    rate = _rate("sgd", learning_rate)
    if not _is_empty(state):
        raise ValueError("sgd: state is not (); expected (), for it keeps no state")
    (params,) = _each("sgd", lambda w, g: (w - rate * g,), "params", params, grads)
    return params, ()


def momentum(params, grads, state=(), *, learning_rate, momentum=0.9, nesterov=False):
    """A heavy ball: v ← μ v − η g, and w ← w + v (nesterov: w ← w + μ v − η g).

    A gradient that stays pushes on: v grows to −η g / (1 − μ). One that changes its
    sign in every step cancels itself.

    Args:
        params, grads: as for `sgd`.
        state: the velocities v, arranged like params; () before the first step.
        learning_rate: η.
        momentum: μ, how much of the velocity stays, 0 ≤ μ < 1.
        nesterov: step with the velocity that the next step will have.

    Returns:
        params, state: new ones; the old ones are unchanged.

    Raises:
        ValueError: where grads or state are not arranged, or not shaped, like params.

    >>> w, v = momentum(1.0, 2.0, (), learning_rate=0.1)
    >>> w, v = momentum(w, 2.0, v, learning_rate=0.1)
    >>> round(float(w), 4), round(float(v), 4)
    (0.42, -0.38)

    Source: B. T. Polyak, 1964; I. Sutskever et al., ICML 2013, eqs. 1–4.
    """
    rate, keep = _rate("momentum", learning_rate), float(momentum)

    def step(w, g, v):
        v = keep * v - rate * g
        return (w + keep * v - rate * g if nesterov else w + v), v

    velocity = _zeros(params) if _is_empty(state) else state
    return _each("momentum", step, "params", params, grads, velocity)


def adam(
    params,
    grads,
    state=(),
    *,
    learning_rate=1e-3,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=1e-7,
):
    """Steps of about η for every weight, whatever the size of its gradient.

    m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², both from 0. After t steps they hold
    1 − β₁ᵗ and 1 − β₂ᵗ of a whole mean, so η̂ = η √(1 − β₂ᵗ) / (1 − β₁ᵗ), and
    w ← w − η̂ m / (√v + ε). (As Keras: ε before the correction, ε̂ of section 2.)

    Args:
        params, grads: as for `sgd`.
        state: (t, m, v), m and v arranged like params; () before the first step.
        learning_rate: η. beta_1, beta_2: how much of m and v stays. epsilon: ε.

    Returns:
        params, state: new ones; the old ones are unchanged.

    Raises:
        ValueError: where grads or state are not arranged, or not shaped, like params.

    >>> for g in (0.001, 1000.0):
    ...     print(f"{adam(1.0, g, (), learning_rate=0.1, epsilon=1e-12)[0]:.4f}")
    0.9000
    0.9000

    Source: D. P. Kingma, J. Ba, *Adam*, ICLR 2015, algorithm 1 and section 2.
    """
    zeros = _zeros(params)
    t, m, v = (0, zeros, zeros) if _is_empty(state) else _adam_state(state)
    t += 1
    rate = _rate("adam", learning_rate) * math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    rate, b1, b2, eps = (float(a) for a in (rate, beta_1, beta_2, epsilon))

    def step(w, g, m, v):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        return w - rate * m / (np.sqrt(v) + eps), m, v

    params, m, v = _each("adam", step, "params", params, grads, m, v)
    return params, (t, m, v)


def _rate(where, learning_rate):
    """η as Python's float: a NumPy float64 would make float32 params float64."""
    number = isinstance(learning_rate, int | float | np.integer | np.floating)
    if not (number and 0 <= learning_rate < np.inf):
        raise ValueError(
            f"{where}: learning_rate is {learning_rate!r}; expected a number, 0 or more"
        )
    return float(learning_rate)


def _each(where, step, name, w, g, *slots):
    """Apply `step(w, g, *slots)` to every parameter; one tree for each of its results.

    Every tree must be arranged like that of w; the error names the first that is not.
    """
    kinds = ["gradient", *["state"] * len(slots)]
    for kind, tree in zip(kinds, (g, *slots), strict=True):
        if _arrangement(w) != _arrangement(tree):
            raise ValueError(
                f"{where}: {name} is {_arrangement(w)}, its {kind} is "
                f"{_arrangement(tree)}; expected "
                f"{'grads' if kind == 'gradient' else 'state'} arranged and shaped "
                "like params"
            )
    count = 1 + len(slots)
    if w is None:
        return (None,) * count
    if isinstance(w, dict):
        named = {
            key: _each(
                where, step, f"{name}[{key!r}]", *(t[key] for t in (w, g, *slots))
            )
            for key in w
        }
        return tuple({k: part[i] for k, part in named.items()} for i in range(count))
    if isinstance(w, list | tuple):
        rows = enumerate(zip(w, g, *slots, strict=True))
        parts = [_each(where, step, f"{name}[{i}]", *row) for i, row in rows]
        return tuple(type(w)(part[i] for part in parts) for i in range(count))
    return step(w, g, *slots)


def _zeros(params):
    """Zeros arranged and shaped like the parameters."""
    if params is None:
        return None
    if isinstance(params, dict):
        return {key: _zeros(w) for key, w in params.items()}
    if isinstance(params, list | tuple):
        return type(params)(_zeros(w) for w in params)
    return np.zeros_like(params)


def _is_empty(state):
    return isinstance(state, tuple) and not state


def _adam_state(state):
    if not isinstance(state, tuple) or len(state) != 3:
        raise ValueError(
            "adam: state is not (t, m, v); expected () before the first step, then "
            "what the step before returned"
        )
    return state


def _arrangement(tree):
    """What stands outermost, in words: "a dict of bias, kernel", "an array (3, 4)"."""
    if tree is None:
        return "None"
    if isinstance(tree, dict):
        return f"a dict of {', '.join(sorted(map(str, tree)))}"
    if isinstance(tree, list | tuple):
        return f"a row of {len(tree)}"
    return f"an array {np.shape(tree)}"
