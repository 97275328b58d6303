"""What a fusion is given: modalities by name, what is there of them, its weights."""

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.masks import truths
from mmlearn.samples import KeySetError


def expect_modalities(where, inputs, available, pools=False):
    """Check modalities; put zeros where they are not available.

    Args:
        where: the operator that the reader called.
        inputs: dict, name to (B, F_m), or (B, T, F_m).
        available: dict, name to (B,), or (B, T) of a sequence; True where it is there.
            A name left out, or None for the dict: all is there.
        pools: whether a vector may stand beside a sequence, and T may differ.

    Returns:
        x: dict by sorted name; NaN where there is nothing is gone too.
        there: dict by sorted name, (B,) or (B, T) of bool.

    Raises:
        ShapeError, KeySetError, TypeError, ValueError: what does not fit.

    >>> x = {"b": np.ones((2, 1)), "a": np.array([[np.nan], [3.0]])}
    >>> expect_modalities("op", x, {"a": [False, True]})[0]["a"].tolist()
    [[0.0], [3.0]]
    """
    for name, given in (("inputs", inputs), ("available", available or {})):
        if not isinstance(given, dict):
            raise TypeError(
                f"{where}: {name} is a {type(given).__name__}; expected a dict by name"
            )
    if not inputs:
        raise ValueError(f"{where}: no modality; expected a dict with one or more")
    strange = sorted(set(available or {}) - set(inputs))
    if strange:
        names = ", ".join(sorted(inputs))
        raise KeySetError(f"{where}: available has {strange}; expected some of {names}")
    x, there = {}, {}
    for name in sorted(inputs):
        array = expect_array(where, name, inputs[name])
        if array.ndim not in (2, 3) or not array.shape[-1]:
            raise ShapeError(
                f"{where}: {name} is {array.shape}; expected (B, F) or (B, T, F), F ≥ 1"
            )
        array = array if array.dtype.kind == "f" else array.astype(np.float64)
        there[name] = _there(where, name, (available or {}).get(name), array)
        x[name] = np.where(there[name][..., None], array, array.dtype.type(0))
    _expect_alike(where, x, pools)
    return x, there


def take(where, weights, layout):
    """Name the weights that came in a row, and check their shapes.

    Args:
        where: the operator that the reader called.
        weights: tuple of arrays, in the order of the layout, perhaps without biases.
        layout: dict, name to axes as in `expect_shape`; letters must agree in all.

    Returns:
        dict, name to array, of those that were given.

    Raises:
        ValueError: for another number of weights. ShapeError: for another shape.
    """
    kernels = [name for name in layout if not name.endswith("bias")]
    orders = {len(layout): list(layout)} | {len(kernels): kernels}
    if len(weights) not in orders:
        raise ValueError(
            f"{where}: got {len(weights)} weights; expected {len(layout)}: "
            f"{', '.join(layout)}; or {len(kernels)}, without biases"
        )
    taken: dict[str, np.ndarray] = {}
    sizes: dict[str, int] = {}
    for name, weight in zip(orders[len(weights)], weights, strict=True):
        taken[name] = expect_array(where, name, weight)
        sizes = expect_shape(where, name, taken[name], layout[name], sizes=sizes)
    return taken


def modality_gradients(inputs, dx, there):
    """The gradient of `inputs`, a dict like it: zero where nothing was there."""
    kept = {n: np.where(there[n][..., None], dx[n], dx[n].dtype.type(0)) for n in dx}
    return {name: kept[name].reshape(np.shape(inputs[name])) for name in inputs}


def _there(where, name, given, array):
    """Availability of one modality, (B,) or (B, T), as its array has axes."""
    front = array.shape[:-1]
    if given is None:
        return np.ones(front, bool)
    there = truths(where, f"available[{name!r}]", given)
    if there.shape not in (front, front[:1]):
        either = " or ".join(str(s) for s in dict.fromkeys((front[:1], front)))
        raise ShapeError(
            f"{where}: available[{name!r}] is {there.shape}; expected {either}, as "
            f"{name} is {array.shape}"
        )
    if there.shape != front:
        there = there[:, None]
    return np.broadcast_to(there, front)


def _expect_alike(where, x, pools):
    """The same B for all; and the same T, unless sequences are pooled."""
    fronts = {array.shape[: 1 if pools else -1] for array in x.values()}
    if len(fronts) > 1:
        told = ", ".join(f"{name} {array.shape}" for name, array in x.items())
        same = "B" if pools else "B, and the same T if they are sequences"
        raise ShapeError(f"{where}: got {told}; expected the same {same}")
