"""What a graph layer can refuse: before it is built, and eagerly before it computes."""

import keras
from keras import ops

from mmlearn.axes import ShapeError, expect_edge_index, expect_shape

EDGES = "row 0 source nodes, row 1 target nodes"


def values_of(tensor):
    """The numbers of a tensor, or None while a graph is traced and has none yet."""
    try:
        return ops.convert_to_numpy(tensor)
    except (AttributeError, NotImplementedError, TypeError):
        return None


def expect_index(where, name, tensor, axes, hint):
    """Refuse a tensor of another shape, or of anything but integers.

    Args:
        where: the layer's class name.
        name: the argument's name.
        tensor: what came, symbolic or not.
        axes: as in `expect_shape`; a first size that is not known yet fits.
        hint: what the axes mean.

    Raises:
        ShapeError: for another shape. ValueError: for another dtype.
    """
    shape = tuple(tensor.shape)
    # In a graph being traced a size may be unknown, and (None, 7) may be (2, 7); an
    # Input of that shape has its axes swapped.
    swapped = isinstance(tensor, keras.KerasTensor) and shape[1:] not in ((), (None,))
    if shape[:1] != (None,) or len(shape) != len(axes.split()) or swapped:
        expect_shape(where, name, tensor, axes, hint=hint)
    dtype = keras.backend.standardize_dtype(tensor.dtype)
    if not keras.backend.is_int_dtype(dtype):
        raise ValueError(
            f"{where}: {name} holds {dtype}; expected integers: an array "
            f'.astype("int32"), or keras.Input(…, dtype="int32")'
        )


def expect_edges(where, edge_index, nodes=None):
    """Refuse edges of another shape or dtype; eagerly, also those out of range.

    While a model is traced for jit the numbers are not there to be seen, and an edge
    out of range then returns finite nonsense: `graph_dataset` and
    `mmlearn.preprocess.graphs.validate_graph` look at them before.
    """
    expect_index(where, "edge_index", edge_index, "2 E", EDGES)
    seen = None if nodes is None else values_of(edge_index)
    if seen is not None:
        expect_edge_index(where, seen, int(nodes))


def expect_per_edge(where, name, tensor, edge_index):
    """Refuse what is not (E,), one number for each edge."""
    edges = edge_index.shape[1]
    sizes = None if edges is None or tensor.shape[:1] == (None,) else {"E": edges}
    expect_shape(where, name, tensor, "E", sizes=sizes)


def expect_below(where, name, tensor, size, what):
    """Refuse, eagerly, integers that are not 0 … size − 1."""
    seen = values_of(tensor)
    if seen is None or not seen.size:
        return
    low, high = int(seen.min()), int(seen.max())
    if low < 0 or (size is not None and high >= size):
        until = "…" if size is None else f"… {size - 1}"
        raise ValueError(
            f"{where}: {name} holds {low} … {high}; expected {what} 0 {until}"
        )


def expect_features(where, shape):
    """F of the features' shape (N, F); refuse another shape, or an unknown F."""
    features = expect_shape(where, "x", keras.KerasTensor(shape), "N F")["F"]
    if features is None:
        raise ShapeError(
            f"{where}: x is {tuple(shape)}; expected a known number of features F: "
            "keras.Input((F,))"
        )
    return int(features)
