"""Nested arguments: dicts, tuples and lists of arrays, with None for what is absent."""

import numpy as np


def leaves(tree, label):
    """List the arrays of a tree with their names; None is no leaf.

    >>> leaves({"a": 1.0, "b": (2.0, None)}, "x")
    [("x['a']", 1.0), ("x['b'][0]", 2.0)]
    """
    if tree is None:
        return []
    if isinstance(tree, dict):
        items = list(tree.items())
    elif isinstance(tree, tuple | list):
        items = list(enumerate(tree))
    else:
        return [(label, tree)]
    return [leaf for key, part in items for leaf in leaves(part, f"{label}[{key!r}]")]


def rebuild(tree, arrays):
    """The same tree with its leaves, in order, taken from the iterator `arrays`."""
    if tree is None:
        return None
    if isinstance(tree, dict):
        return {key: rebuild(part, arrays) for key, part in tree.items()}
    if isinstance(tree, tuple | list):
        parts = [rebuild(part, arrays) for part in tree]
        fields = hasattr(tree, "_fields")  # a namedtuple takes its parts one by one
        return type(tree)(*parts) if fields else type(tree)(parts)
    return next(arrays)


def as_float64(where, tree, label):
    """Copy a tree into float64; refuse what has no gradient, by name.

    Raises:
        TypeError: for integers, booleans or anything that is no array of numbers.
        ValueError: for NaN or infinity, which no comparison survives.
    """
    copies = []
    for name, leaf in leaves(tree, label):
        array = np.asarray(_on_host(leaf))
        if array.dtype.kind != "f" and not isinstance(leaf, int | float):
            raise TypeError(
                f"{where}: {name} has dtype {array.dtype}; expected floating point: "
                "positional arguments are differentiable, pass structure by keyword"
            )
        if isinstance(leaf, bool) or not np.isfinite(array).all():
            raise ValueError(
                f"{where}: {name} holds {_bad(leaf, array)}; expected numbers"
            )
        copies.append(array.astype(np.float64))  # a copy: the caller's stays untouched
    return rebuild(tree, iter(copies))


def _on_host(leaf):
    """PyTorch's tensors come to NumPy only from the host, and without their history."""
    return leaf.detach().cpu() if hasattr(leaf, "detach") else leaf


def _bad(leaf, array):
    if isinstance(leaf, bool):
        return "a boolean"
    return f"{int((~np.isfinite(array)).sum())} NaN or infinite values"


def upstream(value, seed):
    """A random upstream gradient shaped like `value`, from a stream of its own.

    Never ones: with ones the gradients of softmax and of normalizations cancel. And
    never the stream of `default_rng(seed)`: that one probably made x, and dy = x hides
    mistakes.
    """
    rng = np.random.default_rng([seed, 0xD1])
    arrays = (rng.standard_normal(np.shape(leaf)) for _, leaf in leaves(value, "y"))
    return rebuild(value, arrays)
