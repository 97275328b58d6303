"""What the recurrent operators share: checks, time in front, the state that is carried.

Inside, time is the first axis, so that a step is one block of memory. The weights of
several gates lie side by side in columns, as in Keras: G blocks of (F, U) are (F, G U).
"""

import typing

import numpy as np

from mmlearn.axes import ShapeError, expect_array, expect_shape
from mmlearn.reference.masks import truths
from mmlearn.reference.upstream import upstream


class Sequence(typing.NamedTuple):
    """A batch of sequences and the weights that read them, checked, in one dtype."""

    x: np.ndarray  # (T, B, F)
    kernel: np.ndarray  # (F, G U)
    recurrent_kernel: np.ndarray  # (U, G U)
    bias: np.ndarray | None  # (G U,), or (2, G U)
    seen: np.ndarray | None  # (T, B, 1), False where the state is carried
    state: tuple  # (B, U) for each state before the first step


def read(where, gates, arrays, mask, state, biases=1):
    """Refuse what does not fit, in the words of the function called.

    Args:
        where: the operator's name.
        gates: one word for each block of columns ("i f c o").
        arrays: x, kernel, recurrent_kernel, bias.
        mask: (B, T), or None.
        state: a tuple of states before the first step, (B, U) or None for zeros.
        biases: 2 if input and recurrent state have a bias each, bias (2, G U).
    """
    names = ("x", "kernel", "recurrent_kernel", "bias")
    arrays = [
        None if array is None and name == "bias" else expect_array(where, name, array)
        for name, array in zip(names, arrays, strict=True)
    ]
    x, kernel, recurrent_kernel, bias = arrays
    sizes = expect_shape(where, "x", x, "B T F")
    if sizes["T"] == 0:
        raise ShapeError(f"{where}: x is {x.shape}; expected one step or more (T ≥ 1)")
    sizes["U"] = _check_weights(where, gates.split(), sizes["F"], arrays, biases)
    dtype = np.result_type(*(a for a in arrays if a is not None))
    dtype = dtype if np.issubdtype(dtype, np.floating) else np.dtype(np.float64)
    seen = _seen(where, mask, sizes)
    x = np.ascontiguousarray(x.swapaxes(0, 1), dtype)
    return Sequence(
        # Whatever stands where nothing is read, NaN too: 0 · α_t is then 0.
        x=x if seen is None else np.where(seen, x, dtype.type(0)),
        kernel=kernel.astype(dtype, copy=False),
        # By columns: BLAS multiplies a few rows by such a matrix twice as quickly.
        recurrent_kernel=np.asfortranarray(recurrent_kernel, dtype),
        bias=None if bias is None else bias.astype(dtype, copy=False),
        seen=seen,
        state=tuple(_state(where, s, sizes, dtype) for s in state),
    )


def _check_weights(where, gates, features, arrays, biases):
    """Compare the weights' shapes with those of x; return U."""
    _, kernel, recurrent_kernel, bias = arrays
    n, side = len(gates), ""
    if n > 1:
        side = f": {n} blocks of U columns, {' '.join(gates)}"
    columns = f"{n} U" if n > 1 else "U"
    shape = recurrent_kernel.shape
    if len(shape) != 2 or shape[0] == 0 or shape[1] != n * shape[0]:
        raise ShapeError(
            f"{where}: recurrent_kernel is {shape}; expected (U, {columns}){side}"
        )
    total = shape[1]
    front: tuple[int, ...] = (2,) if biases == 2 else ()
    letters = f"(2, {columns})" if biases == 2 else f"({columns},)"
    if bias is not None and bias.shape != (*front, total):
        both = ", the input's bias above the state's" if biases == 2 else ""
        raise ShapeError(
            f"{where}: bias is {bias.shape}; expected {letters} = {(*front, total)}"
            f"{side}{both}"
        )
    if kernel.shape != (features, total):
        raise ShapeError(
            f"{where}: kernel is {kernel.shape}; expected (F, {columns}) = "
            f"{(features, total)}{side}"
        )
    return shape[0]


def _seen(where, mask, sizes):
    if mask is None:
        return None
    mask = truths(where, "mask", mask)
    hint = "one truth per step, True where x counts"
    expect_shape(where, "mask", mask, "B T", sizes=sizes, hint=hint)
    return mask.T[:, :, None]  # (T, B, 1)


def _state(where, state, sizes, dtype):
    if state is None:
        return np.zeros((sizes["B"], sizes["U"]), dtype)
    state = expect_array(where, "initial_state", state)
    expect_shape(where, "initial_state", state, "B U", sizes=sizes)
    return state.astype(dtype, copy=False)


def each_step(x, kernel, bias):
    """x_t W + b of all steps in one product: (T, B, F) -> (T, B, G U)."""
    T, B, F = x.shape
    z = (x.reshape(T * B, F) @ kernel).reshape(T, B, kernel.shape[1])
    if bias is not None:
        z += bias
    return z


def blocks(z, count):
    """The gates' own columns: (B, G U) -> G views (B, U)."""
    B, columns = z.shape
    return z.reshape(B, count, columns // count).swapaxes(0, 1)


def sigmoid(z, out):
    """1 / (1 + exp(−z)), also at the ends: call it where overflow to ∞ is ignored."""
    np.exp(np.negative(z, out=out), out=out)
    np.divide(1, np.add(out, 1, out=out), out=out)


def carry(seen, t, new, old):
    """What holds at step t: the new state where it is seen, else the old one."""
    return new if seen is None else np.where(seen[t], new, old)


def answer(h, return_sequences):
    """h_1 … h_T as (B, T, U), or h_T alone (B, U), from the states h (T + 1, B, U)."""
    return h[1:].swapaxes(0, 1).copy() if return_sequences else h[-1].copy()


def upstream_steps(where, dy, y, steps):
    """dy_t for every step, (T, B, U) or a list of T: zero where L does not see h_t."""
    dy = upstream(where, dy, y)
    if dy.ndim == 3:
        return dy.swapaxes(0, 1)
    return [dy.dtype.type(0)] * (steps - 1) + [dy]


def sum_of_products(left, right):
    """Σ_t left_tᵀ right_t, in one product: (T, B, F), (T, B, U) -> (F, U)."""
    T, B, F = left.shape
    return left.reshape(T * B, F).T @ right.reshape(T * B, right.shape[-1])


def input_gradients(s, alpha):
    """What α_t = dL/d(x_t W + b) gives: dx (B, T, F), dW (F, G U), db (G U,)."""
    T, B, columns = alpha.shape
    rows = alpha.reshape(T * B, columns)
    dx = (rows @ s.kernel.T).reshape(s.x.shape).swapaxes(0, 1)
    return dx, sum_of_products(s.x, alpha), rows.sum(axis=0)


def inside(names, gates, seen, **states):
    """What a `…_gates` function shows: each gate and state as (B, T, U), by name."""
    gates = gates[: len(names)]  # (gates, T, B, U)
    if seen is not None:
        gates = np.where(seen, gates, gates.dtype.type(np.nan))
    shown = dict(zip(names, gates, strict=True))
    shown |= {name: state[1:] for name, state in states.items()}
    return {name: array.swapaxes(0, 1).copy() for name, array in shown.items()}
