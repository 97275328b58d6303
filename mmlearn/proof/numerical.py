"""Numerical gradients: what a hand-derived pullback is held against."""

import inspect

import numpy as np

from .table import Check, Row, Table, compare
from .tree import as_float64, leaves, rebuild, upstream

NUMERICAL = "numerical"
STEP = np.finfo(np.float64).eps ** (
    1 / 3
)  # balances truncation h² against round-off 1/h
ALL_UP_TO = 128  # arrays with more elements are sampled
ELEMENTS = 48
DIRECTIONS = 4


def gradients(op, *arrays, seed=0, tolerance=1e-6, **structure):
    """Hold a reference operator's pullback against central differences.

    For a random upstream gradient dy the pullback claims dx = ∂⟨dy, y⟩/∂x. In float64
    ∂⟨dy, y⟩/∂x_i ≈ ⟨dy, y(x + h eᵢ) − y(x − h eᵢ)⟩ / 2h. Arrays of up to 128 elements
    are compared element by element; of larger ones 48 random elements and 4 random
    directions, which touch every element. At a corner (ReLU at 0, a tie in a maximum)
    any value between the two one-sided slopes is right.

    Args:
        op: reference operator, `y, pullback = op(*arrays, **structure)`.
        *arrays: its positional arguments: arrays, dicts or tuples of arrays, None.
        seed: int, draws dy, the elements and the directions.
        tolerance: largest error allowed, relative to max(1, largest |gradient|).
        **structure: keyword-only arguments, passed on.

    Returns:
        Table: a row for each array; true when every gradient is right.

    Raises:
        TypeError: if a positional argument is not floating point.

    >>> def double(x):
    ...     return 2 * x, lambda dy: (2 * dy,)
    >>> gradients(double, np.ones((2, 3)))
    double: gradient by hand against numerical
    what  shape   numerical  ok
    dx    (2, 3)  ≤ 1e-06    ✓
    """
    expect_operator("gradients", op)
    arrays = tuple(
        as_float64(name_of(op), array, name)
        for name, array in zip(positional_names(op, len(arrays)), arrays, strict=True)
    )
    value, pullback = answered(op, op(*arrays, **structure))
    dy = upstream(value, seed)
    by_hand = mirrored(op, arrays, pullback(dy))
    checks = numerical_checks(op, arrays, structure, dy, by_hand, seed, tolerance)
    rows = tuple(Row(w, s, {NUMERICAL: check}) for w, s, check in checks)
    title = f"{name_of(op)}: gradient by hand against numerical"
    return Table(title, rows, sampling_note(rows))


def numerical_checks(op, arrays, structure, dy, by_hand, seed, tolerance):
    """For each array of `arrays`: its gradient's name, its shape and its Check."""
    names = positional_names(op, len(arrays))
    flat = [leaf for _, leaf in leaves(arrays, "")]
    labels = [
        label
        for name, array in zip(names, arrays, strict=True)
        for label, _ in leaves(array, f"d{name}")
    ]
    hands = gradient_leaves(arrays, by_hand)

    def value(index, moved):  # op's value with one array replaced
        inputs = [*flat[:index], moved, *flat[index + 1 :]]
        y, _ = op(*rebuild(arrays, iter(inputs)), **structure)
        return [np.asarray(leaf, np.float64) for _, leaf in leaves(y, "y")]

    upstreams = [leaf for _, leaf in leaves(dy, "dy")]
    checks = []
    for i, (label, x, hand) in enumerate(zip(labels, flat, hands, strict=True)):
        rng = np.random.default_rng([seed, 0xE1, i])
        check = compare(x, hand, tolerance)
        if not check.note:
            hand = np.asarray(hand, np.float64)
            check = _check(
                lambda z, i=i: value(i, z), x, hand, upstreams, rng, tolerance
            )
        checks.append((label, x.shape, check))
    return checks


def _check(value, x, hand, upstreams, rng, tolerance):
    here = value(x)
    scale = max(1.0, float(np.abs(hand).max(initial=0.0)))
    errors = [0.0]
    for direction, length in _directions(x, rng):
        h = STEP * max(1.0, length)
        up, down = value(x + h * direction), value(x - h * direction)
        error, corner = 0.0, 0.0
        for d, u, y, b in zip(upstreams, up, here, down, strict=True):
            # Differences before sums: outputs that do not move cancel exactly.
            error += np.sum(d * (u - b)) / (2 * h)
            corner += np.sum(np.abs(d * (u - 2 * y + b))) / (2 * h)
        error = abs(error - np.sum(hand * direction))
        if error > tolerance * scale:
            error = max(0.0, error - corner)
        errors.append(float(error) / scale)
    worst = float(np.nan) if np.isnan(errors).any() else max(errors)
    return Check(worst, tolerance)


def _directions(x, rng):
    """Unit vectors along which to move x, and the size of what they move."""
    everything = x.size <= ALL_UP_TO
    chosen = (
        range(x.size) if everything else rng.choice(x.size, ELEMENTS, replace=False)
    )
    for i in chosen:
        one = np.zeros(x.size)
        one[i] = 1.0
        yield one.reshape(x.shape), abs(x.flat[i])
    for _ in range(0 if everything else DIRECTIONS):
        v = rng.standard_normal(x.shape)
        yield v / np.linalg.norm(v), 1.0


def sampling_note(rows):
    """Say in words when large arrays were only sampled."""
    large = any(np.prod(row.shape) > ALL_UP_TO for row in rows)
    return (
        f"arrays of more than {ALL_UP_TO} elements: {ELEMENTS} random elements "
        f"and {DIRECTIONS} random directions"
        if large
        else ""
    )


def positional_names(op, count):
    """Names of op's first `count` positional parameters."""
    parameters = inspect.signature(op).parameters.values()
    names = []
    for p in parameters:
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            names.append(p.name)
        elif p.kind is p.VAR_POSITIONAL:
            names += [f"{p.name}{i}" for i in range(count - len(names))]
    if count > len(names):
        raise TypeError(
            f"{name_of(op)}: got {count} positional arguments; expected at most "
            f"{len(names)}: {', '.join(names)}"
        )
    return names[:count]


def expect_operator(where, op):
    """Refuse what cannot be called."""
    if not callable(op):
        kind = type(op).__name__
        raise TypeError(f"{where}: op is a {kind}; expected a reference operator")


def answered(op, answer):
    """What an operator returned, if it is a value and a pullback."""
    if isinstance(answer, tuple) and len(answer) == 2 and callable(answer[1]):
        return answer
    kind = type(answer).__name__
    raise TypeError(
        f"{name_of(op)}: returned a {kind}; expected the value and its pullback: "
        "`return y, pullback`"
    )


def mirrored(op, arrays, result):
    """The pullback's result as one gradient for each positional argument."""
    if len(arrays) == 1 and not (isinstance(result, tuple) and len(result) == 1):
        result = (result,)  # an operator of one argument may return the bare gradient
    if isinstance(result, tuple | list) and len(result) > len(arrays):
        absent = result[len(arrays) :]  # a bias left at its default has no gradient
        result = result[: len(arrays)] if all(g is None for g in absent) else result
    if not isinstance(result, tuple | list) or len(result) != len(arrays):
        got = len(result) if isinstance(result, tuple | list) else type(result).__name__
        raise ValueError(
            f"{name_of(op)}: its pullback returned {got} gradients; expected "
            f"{len(arrays)}, one for each positional argument, in order"
        )
    return tuple(result)


def gradient_leaves(arrays, by_hand):
    """One gradient for each array leaf; None where the pullback's tree lacks it."""
    if isinstance(arrays, dict):
        parts = by_hand if isinstance(by_hand, dict) else {}
        return [g for k, a in arrays.items() for g in gradient_leaves(a, parts.get(k))]
    if isinstance(arrays, tuple | list):
        known = list(by_hand) if isinstance(by_hand, tuple | list) else []
        known += [None] * (len(arrays) - len(known))
        pairs = zip(arrays, known[: len(arrays)], strict=True)
        return [g for a, k in pairs for g in gradient_leaves(a, k)]
    return [] if arrays is None else [by_hand]


def name_of(op):
    return getattr(op, "__name__", type(op).__name__)
