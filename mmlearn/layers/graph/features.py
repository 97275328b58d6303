"""Features of nodes, dense or sparse, and their product with a kernel."""

from typing import Any, NamedTuple

import numpy as np
from keras import ops

from mmlearn.axes import ShapeError
from mmlearn.layers.graph import check
from mmlearn.layers.graph.messages import sum_messages


class SparseFeatures(NamedTuple):
    """The non-zeros of X (N, F), as edges from features to nodes.

    x_{index[0, i], index[1, i]} = value[i], all else is zero; what occurs twice is
    added. So X W is itself a message pass: row f of W travels along each edge to its
    node. With one word in a hundred present, as in Cora, that is about five times as
    fast as the dense product, and needs no sparse tensor of any backend.

    Every graph layer takes it for x. To drop out features, drop out what is not zero:
    `x._replace(value=keras.layers.Dropout(0.5)(x.value))`.

    Args:
        index: (2, nnz) integers; row 0 nodes, row 1 features.
        value: (nnz,) numbers.
        frame: (N, F, 0), an array without entries: only its shape says N and F. (Only
            tensors may enter a Keras model, and jit wants N known.)

    >>> x = SparseFeatures.of(np.array([[0.0, 2.0, 0.0], [3.0, 0.0, 0.0]]))
    >>> x.index.tolist(), x.value.tolist(), x.frame.shape
    ([[0, 1], [1, 0]], [2.0, 3.0], (2, 3, 0))
    """

    index: Any
    value: Any
    frame: Any

    @classmethod
    def of(cls, x):
        """From a dense (N, F) array, or any SciPy sparse matrix."""
        if hasattr(x, "tocoo"):
            found = x.tocoo()
            index, value = np.stack([found.row, found.col]), found.data
        else:
            x = np.asarray(x)
            if x.ndim != 2:
                raise ShapeError(f"SparseFeatures: x is {x.shape}; expected (N, F)")
            index = np.stack(np.nonzero(x))
            value = x[tuple(index)]
        value = value if value.dtype.kind == "f" else value.astype("float32")
        frame = np.zeros((*x.shape, 0), "float32")
        return cls(index.astype("int32"), value, frame)


def is_sparse(x):
    """Whether x, or its shape, is in three parts. (A loaded model has plain tuples.)"""
    if hasattr(x, "shape") or not isinstance(x, tuple | list):
        return False
    return len(x) == 3 and not isinstance(x[0], int | None)


def shape_of(x):
    """(N, F), of features or of their shapes."""
    x = x[2] if is_sparse(x) else x
    return tuple(getattr(x, "shape", x))[:2]


def count_nodes(x):
    """N: an integer where it is known, else a tensor."""
    return ops.shape(x[2] if is_sparse(x) else x)[0]


def expect_sparse(where, x):
    """Refuse sparse features whose parts do not fit together."""
    index, value, frame = x
    hint = "row 0 nodes, row 1 features"
    check.expect_index(where, "x.index", index, "2 E", hint)
    check.expect_per_edge(where, "x.value", value, index)
    if len(frame.shape) != 3:
        raise ShapeError(
            f"{where}: x.frame is {tuple(frame.shape)}; expected (N, F, 0)"
        )
    seen = check.values_of(index)
    if seen is not None and seen.size:
        for row, what in enumerate(("nodes", "features")):
            name = f"x.index[{row}]"
            check.expect_below(where, name, seen[row], frame.shape[row], what)


def project(x, kernel):
    """X W: (N, F) or sparse times (F, U) -> (N, U), in the kernel's dtype."""
    if not is_sparse(x):
        return ops.matmul(ops.cast(x, kernel.dtype), kernel)
    index, value, _ = x
    y = sum_messages(kernel, index[1], index[0], count_nodes(x), value)
    return ops.cast(y, kernel.dtype)
