"""Graphs made ready for a model: checked, put side by side in a batch, padded.

A batch of graphs is one graph of many parts without edges between them: their nodes one
after another, `graph_index` saying which part each belongs to. Its arrays go by the
names that `mmlearn.layers.graph_inputs` gives to a model's inputs.
"""

from typing import NamedTuple

import numpy as np

from mmlearn.axes import ShapeError, expect_edge_index, expect_shape

PER_NODE = ("y", "train_mask", "validation_mask", "test_mask")


class PaddedBatch(NamedTuple):
    """A batch of a fixed size, and which of its nodes and graphs are real.

    Args:
        inputs: dict of arrays, as from `batch_graphs`, with N', E' and G' rows.
        node_mask: (N',) booleans. As sample weights of a loss over nodes.
        graph_mask: (G',) booleans. As sample weights of a loss over graphs.
    """

    inputs: dict
    node_mask: np.ndarray
    graph_mask: np.ndarray


def validate_graph(graph):
    """Check a whole graph, before a model meets it; under jit nobody can.

    Args:
        graph: with edge_index (2, E), and where not None x (N, F), edge_weight (E,), y
            and masks (N, …); N is `graph.nodes`, or the rows of x.

    Returns:
        the graph.

    Raises:
        ShapeError or ValueError: an edge that leads to no node, an array of another
        length, a NaN.

    >>> from types import SimpleNamespace
    >>> validate_graph(SimpleNamespace(x=np.eye(3), edge_index=np.array([[0], [3]])))
    Traceback (most recent call last):
        ...
    ValueError: validate_graph: edge_index[1, 0] is 3; expected nodes 0 … 2, as N = 3
    """
    where = "validate_graph"
    x = getattr(graph, "x", None)
    nodes = getattr(graph, "nodes", None)
    if x is not None:
        known = {} if nodes is None else {"N": nodes}
        nodes = expect_shape(where, "x", x, "N F", sizes=known)["N"]
        _expect_finite(where, "x", x)
    if nodes is None:
        raise ValueError(f"{where}: the graph has neither x nor nodes; expected one")
    expect_edge_index(where, np.asarray(graph.edge_index), nodes)
    weight = getattr(graph, "edge_weight", None)
    if weight is not None:
        sizes = {"E": graph.edge_index.shape[1]}
        expect_shape(where, "edge_weight", weight, "E", sizes=sizes)
        _expect_finite(where, "edge_weight", weight)
    for name in PER_NODE:
        values = getattr(graph, name, None)
        if values is not None and len(values) != nodes:
            shape = np.shape(values)
            raise ShapeError(f"{where}: {name} is {shape}; expected N = {nodes} rows")
    return graph


def batch_graphs(graphs):
    """Put graphs side by side: X = [X_1; …; X_G], edges moved by the nodes before.

    Args:
        graphs: list of graphs with x (N_g, F), edge_index (2, E_g), edge_weight.

    Returns:
        dict: x (N, F), edge_index (2, E) int32, graph_index (N,) int32; and edge_weight
        (E,) if every graph has one.

    Raises:
        ShapeError or ValueError: a graph that is broken, without x, or of another F.

    >>> from types import SimpleNamespace
    >>> pair = SimpleNamespace(x=np.ones((2, 3)), edge_index=np.array([[0], [1]]))
    >>> batch = batch_graphs([pair, pair])
    >>> batch["edge_index"].tolist(), batch["graph_index"].tolist()
    ([[0, 2], [1, 3]], [0, 0, 1, 1])
    """
    graphs = list(graphs)
    if not graphs:
        raise ValueError("batch_graphs: no graphs came; expected at least one")
    sizes: dict = {}
    for number, graph in enumerate(graphs):
        if getattr(graph, "x", None) is None:
            raise ValueError(f"batch_graphs: graph {number} has no x; expected (N, F)")
        validate_graph(graph)
        known = {"F": sizes["F"]} if sizes else {}
        name = f"x of graph {number}"
        sizes = expect_shape("batch_graphs", name, graph.x, "N F", sizes=known)
    counts = [len(graph.x) for graph in graphs]
    before = np.cumsum([0, *counts[:-1]])
    edges = [np.asarray(g.edge_index) + n for g, n in zip(graphs, before, strict=True)]
    batch = {
        "x": np.concatenate([graph.x for graph in graphs]),
        "edge_index": np.concatenate(edges, axis=1).astype("int32"),
        "graph_index": np.repeat(np.arange(len(graphs), dtype="int32"), counts),
    }
    found = (getattr(graph, "edge_weight", None) for graph in graphs)
    weights = [weight for weight in found if weight is not None]
    if len(weights) == len(graphs):
        batch["edge_weight"] = np.concatenate(weights)
    return batch


def bucket(size, growth=1.5, least=16):
    """The smallest of the sizes least, ⌈least · growth⌉, … that holds `size`.

    >>> [bucket(n) for n in (1, 16, 17, 100)]
    [16, 16, 24, 122]
    """
    found = least
    while found < size:
        found = int(np.ceil(found * growth))
    return found


def pad_batch(batch, *, nodes=None, edges=None, graphs=None):
    """Bring a batch to a size that jit has compiled already; the numbers stay.

    The nodes that fill it up have zero features and belong to a last graph of their
    own; edges that fill it up run from the last of those nodes to itself, with weight
    0 and type 0. So no real node hears of them, whatever the layer.

    Args:
        batch: dict, as from `batch_graphs`; also with edge_type (E,), x_… not.
        nodes: N', more than N; by default the `bucket` of N + 1.
        edges: E', at least E; by default the bucket of E.
        graphs: G', more than G; by default G + 1. Say it to the pooling layers.

    Returns:
        PaddedBatch: inputs (always with edge_weight), node_mask, graph_mask.

    Raises:
        ValueError: the batch is larger than the size asked for.

    >>> batch = {"x": np.ones((2, 3)), "edge_index": np.array([[0], [1]])}
    >>> padded = pad_batch(batch | {"graph_index": np.zeros(2, int)}, nodes=4, edges=3)
    >>> padded.inputs["edge_index"].tolist(), padded.inputs["edge_weight"].tolist()
    ([[0, 3, 3], [1, 3, 3]], [1.0, 0.0, 0.0])
    """
    n, e = len(batch["x"]), batch["edge_index"].shape[1]
    g = int(batch["graph_index"].max(initial=-1)) + 1
    nodes = _room("nodes", n + 1, bucket(n + 1) if nodes is None else nodes)
    edges = _room("edges", e, bucket(e) if edges is None else edges)
    graphs = _room("graphs", g + 1, g + 1 if graphs is None else graphs)
    weight = batch.get("edge_weight", np.ones(e, "float32"))
    fill = {"x": 0, "edge_index": nodes - 1, "graph_index": graphs - 1}
    fill |= {"edge_weight": 0, "edge_type": 0}
    inputs = {}
    for name, array in (batch | {"edge_weight": weight}).items():
        if name not in fill:
            known = ", ".join(fill)
            raise ValueError(f"pad_batch: batch has {name!r}; expected {known}")
        size = edges if name.startswith("edge") else nodes
        axis = array.ndim - 1 if name == "edge_index" else 0
        missing = [(0, 0)] * array.ndim
        missing[axis] = (0, size - array.shape[axis])
        inputs[name] = np.pad(array, missing, constant_values=fill[name])
    return PaddedBatch(inputs, np.arange(nodes) < n, np.arange(graphs) < g)


def _room(what, needed, given):
    if given < needed:
        spare = "" if what == "edges" else ", one to spare for what fills it up"
        raise ValueError(f"pad_batch: {what} is {given}; expected ≥ {needed}{spare}")
    return int(given)


def _expect_finite(where, name, values):
    values = values.tocoo().data if hasattr(values, "tocoo") else np.asarray(values)
    if values.dtype.kind not in "fiub":
        raise ValueError(f"{where}: {name} is of {values.dtype}; expected numbers")
    if not np.isfinite(values).all():
        raise ValueError(
            f"{where}: {name} holds NaN or infinite values; mend or remove them first"
        )
