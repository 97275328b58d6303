"""One whole graph as the data of `fit`: a single batch, whose masked mean is exact."""

import keras
import numpy as np
from keras import ops, tree

from mmlearn.axes import ShapeError, expect_edge_index, expect_shape
from mmlearn.layers.graph.features import SparseFeatures


def graph_dataset(graph, mask, *, sparse=False, edge_weight=False, steps=1):
    """One graph and a set of its nodes, as data for `fit`: all nodes in, some count.

    The loss is the exact mean over the nodes of the mask, L = Σ_{v in mask} ℓ_v / n:
    as sample weights w_v = N / n there and 0 elsewhere, so that a loss that divides by
    N (Keras' default) and one that divides by Σ w ("mean_with_sample_weight") agree.
    Name metrics `weighted_metrics=` in `compile`: others count every node.

    Args:
        graph: with x (N, F), edge_index (2, E), y (N,); also edge_weight (E,).
        mask: (N,) booleans, the nodes that count.
        sparse: features as SparseFeatures, see `graph_inputs`.
        edge_weight: whether the model takes the graph's edge_weight.
        steps: steps in an epoch, each of them on the whole graph.

    Returns:
        keras.utils.PyDataset of (inputs, y, sample_weight), the inputs a dict by the
        names of `graph_inputs`; for `fit`, `evaluate`, `predict` and
        `mmlearn.train.fit`, on every backend.

    Raises:
        ShapeError or ValueError: for a graph that cannot be learned from.

    >>> from mmlearn.datasets import Graph
    >>> graph = Graph(np.ones((3, 2)), np.array([[0, 1], [1, 2]]), np.zeros(3), "abc")
    >>> data = graph_dataset(graph, np.array([True, False, False]))
    >>> data[0][2].tolist()
    [3.0, 0.0, 0.0]
    """
    _expect_graph(graph, edge_weight)
    mask = _expect_mask(mask, graph.x.shape[0])
    inputs = {"edge_index": np.asarray(graph.edge_index, "int32")}
    if sparse:
        parts = SparseFeatures.of(graph.x)._asdict()
        inputs |= {f"x_{name}": part for name, part in parts.items()}
    else:
        packed = hasattr(graph.x, "toarray")
        inputs["x"] = graph.x.toarray() if packed else np.asarray(graph.x)
    if edge_weight:
        inputs["edge_weight"] = np.asarray(graph.edge_weight)
    weight = mask * (len(mask) / mask.sum())
    return GraphDataset(inputs, graph.y, weight.astype("float32"), steps)


class GraphDataset(keras.utils.PyDataset):
    """The same batch at every step: for Keras' `fit`, and a source for `train.fit`."""

    def __init__(self, inputs, y, sample_weight, steps=1):
        super().__init__()
        self.batch = (inputs, np.asarray(y), sample_weight)
        self.steps_per_epoch = steps
        self._tensors = None  # on the device once, not at every step

    def __len__(self):
        return self.steps_per_epoch

    def __getitem__(self, index):
        return self.batch

    def batches(self, epoch, start=0):
        """The batches of an epoch from number `start` on."""
        if self._tensors is None:
            self._tensors = tree.map_structure(ops.convert_to_tensor, self.batch)
        for _ in range(start, self.steps_per_epoch):
            yield self._tensors


def _expect_graph(graph, edge_weight):
    where = "graph_dataset"
    if graph.x is None or graph.y is None:
        name = "x" if graph.x is None else "y"
        cure = "; one of its own for each node: x=np.eye(N)" if name == "x" else ""
        raise ValueError(f"{where}: graph.{name} is None; expected an array{cure}")
    sizes = expect_shape(where, "graph.x", graph.x, "N F")
    if len(graph.y) != sizes["N"]:
        raise ShapeError(
            f"{where}: graph.y is {np.shape(graph.y)}; expected N = {sizes['N']} labels"
        )
    expect_edge_index(where, np.asarray(graph.edge_index), sizes["N"])
    _expect_finite(where, "graph.x", _numbers(graph.x))
    if edge_weight:
        if graph.edge_weight is None:
            raise ValueError(f"{where}: graph.edge_weight is None; expected (E,)")
        edges = {"E": graph.edge_index.shape[1]}
        expect_shape(where, "graph.edge_weight", graph.edge_weight, "E", sizes=edges)
        _expect_finite(where, "graph.edge_weight", graph.edge_weight)


def _numbers(x):
    """The entries of a dense array, or those of a SciPy matrix that are not zero."""
    return x.tocoo().data if hasattr(x, "tocoo") else x


def _expect_finite(where, name, values):
    if not np.isfinite(np.asarray(values)).all():
        raise ValueError(
            f"{where}: {name} holds NaN or infinite values; mend or remove them first"
        )


def _expect_mask(mask, nodes):
    mask = np.asarray(mask)
    if mask.shape != (nodes,) or mask.dtype != bool or not mask.any():
        told = f"{mask.dtype} {mask.shape}, {np.count_nonzero(mask)} of them true"
        raise ValueError(
            f"graph_dataset: mask is {told}; expected booleans ({nodes},), at least "
            "one of them true"
        )
    return mask
