"""reference = layer = numerical: value, input gradients, every weight's gradient."""

import inspect

import numpy as np

from . import autodiff
from .numerical import (
    NUMERICAL,
    answered,
    expect_operator,
    gradient_leaves,
    mirrored,
    name_of,
    numerical_checks,
    sampling_note,
)
from .table import Row, Table, compare
from .tree import as_float64, leaves, rebuild, upstream
from .witness import witness

NUMERICAL_TOLERANCE = 1e-6


def agree(op, layer, *inputs, seed=0, tolerance=1e-9, **call):
    """Show that reference, layer and numerical gradient are one and the same.

    Runs `op(*inputs, *weights, **structure)` in NumPy and `layer(*inputs, **call)` in
    Keras on the same float64 numbers; compares the values, and for one random upstream
    gradient dy the gradient of every input and every trainable weight: by hand (op's
    pullback), by the backend's autodiff, by central differences. A weight that is still
    constant, like a fresh bias, gets random values meanwhile. The layer's variables are
    put back afterwards.

    Args:
        op: reference operator; its keyword-only arguments are read from the layer.
        layer: Keras layer with dtype="float64", built or not; or a Keras loss with
            dtype="float64"; or a plain function of tensors.
        *inputs: floating point arrays, or dicts and tuples of them.
        seed: int, draws dy and fresh weights.
        tolerance: of reference against layer, relative to max(1, largest value);
            numerical gradients are allowed 1e-6.
        **call: arguments for both sides by name (labels=, edge_index=, training=).

    Returns:
        Table: true when every row is ok.

    Raises:
        ValueError: for another precision, or a setting that op cannot express.
        RuntimeError: if JAX is not in 64-bit mode.
    """
    expect_operator("agree", op)
    autodiff.expect_float64()
    inputs = tuple(as_float64("agree", x, f"input {i}") for i, x in enumerate(inputs))
    layer = witness(layer, inputs, call)
    with autodiff.full_precision(), layer.ready(seed):
        structure, arrays, order = _bind(op, layer, inputs, call)
        value, pullback = answered(op, op(*arrays, **structure))
        dy = upstream(value, seed)
        by_hand = mirrored(op, arrays, pullback(dy))
        theirs, their_grads = layer.value_and_gradients(_same_shape(value, dy))
    numerical = numerical_checks(
        op, arrays, structure, dy, by_hand, seed, NUMERICAL_TOLERANCE
    )
    column = layer.kind
    rows = _value_rows(value, theirs, column, tolerance)
    grads = iter(their_grads)
    autodiffs = [None] * len(arrays)
    for slot in order:
        autodiffs[slot] = rebuild(arrays[slot], grads)
    hands = gradient_leaves(arrays, by_hand)
    pairs = zip(
        numerical, hands, gradient_leaves(arrays, tuple(autodiffs)), strict=True
    )
    for (label, shape, check), hand, auto in pairs:
        # A layer through which nothing flows reports None: its gradient is zero.
        auto = np.zeros(shape) if auto is None else auto
        checks = {column: compare(auto, hand, tolerance), NUMERICAL: check}
        rows.append(Row(label, shape, checks))
    title = f"{name_of(op)} = {layer.kind} = numerical ({layer.backend}, float64)"
    return Table(title, tuple(rows), sampling_note(rows))


def _bind(op, layer, inputs, call):
    """op's structure, its positional arrays, and the slots in the layer's order."""
    parameters = inspect.signature(op).parameters.values()
    positional = [
        p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    named = [n for n in (p.name for p in positional) if n in call]
    layer.differentiate(named)
    structure = layer.structure(op)
    weights = layer.weights()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        every = (*inputs, *(w for _, w in weights))
        return structure, every, range(len(every))
    free = [i for i, p in enumerate(positional) if p.name not in named]
    slots = _slots(op, [positional[i].name for i in free], len(inputs), weights)
    slots = [free[s] for s in slots]
    filled = dict(zip(slots, [*inputs, *(w for _, w in weights)], strict=True))
    names = [p.name for p in positional]
    for name in named:
        filled[names.index(name)] = as_float64("agree", call[name], name)
    required = [i for i, p in enumerate(positional) if p.default is p.empty]
    count = 1 + max([*filled, *required], default=-1)
    arrays = tuple(filled.get(i) for i in range(count))  # None: a bias the layer lacks
    given = slots[: len(inputs)] + [names.index(n) for n in named]
    return structure, arrays, given + slots[len(inputs) :]


def _slots(op, free, count, weights):
    """Which of op's free positional arguments the inputs and the weights go to."""
    names = [name for name, _ in weights]
    total = count + len(names)
    if total > len(free):
        raise ValueError(
            f"agree: {op.__name__} takes {', '.join(free)}; got {count} inputs and "
            f"the layer's weights {', '.join(names) or '(none)'}"
        )
    rest = free[count:]
    named = [_named_after(name, rest) for name in names]
    if None in named or len(set(named)) < len(named):
        return list(range(total))
    slots = [count + rest.index(name) for name in named]
    if slots != sorted(slots):
        raise ValueError(
            f"agree: {op.__name__} takes {', '.join(rest)}; expected the layer's "
            f"order, {', '.join(names)}"
        )
    return [*range(count), *slots]


def _named_after(weight, arguments):
    """The argument that a weight is for: attention_output_kernel for output_kernel."""
    fitting = [a for a in arguments if weight == a or weight.endswith(f"_{a}")]
    return max(fitting, key=len, default=None)


def _same_shape(value, dy):
    """Hand dy to the layer's side only if the values' shapes match; else zeros."""
    mine = [np.shape(leaf) for _, leaf in leaves(value, "y")]
    ups = [leaf for _, leaf in leaves(dy, "dy")]

    def for_outputs(outputs):
        shapes = [tuple(y.shape) for y in outputs]
        return ups if shapes == mine else [np.zeros(s) for s in shapes]

    return for_outputs


def _value_rows(value, theirs, column, tolerance):
    mine = leaves(value, "y")
    theirs = theirs + [None] * (len(mine) - len(theirs))
    return [
        Row(label, np.shape(y), {column: compare(y, other, tolerance)})
        for (label, y), other in zip(mine, theirs, strict=False)
    ]
