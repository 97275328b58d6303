"""The inputs of a functional model on graphs, by the names that data has."""

import keras

from mmlearn.layers.graph.features import SparseFeatures


def graph_inputs(
    features, *, sparse=False, edge_weight=False, edge_type=False, graph_index=False
):
    """Make a functional model's inputs for a graph.

    Args:
        features: F.
        sparse: features as SparseFeatures, in three inputs x_index, x_value, x_frame.
        edge_weight: whether the model takes edge_weight (E,).
        edge_type: whether the model takes edge_type (E,).
        graph_index: whether the model takes graph_index (N,), a batch of graphs.

    Returns:
        dict, name to keras.Input: x (N, F) or its three parts, edge_index (2, E), and
        what else was asked for. N and E may differ from batch to batch.

    >>> sorted(graph_inputs(1433, sparse=True))
    ['edge_index', 'x_frame', 'x_index', 'x_value']
    """

    def integers(name, *shape):
        return keras.Input(batch_shape=shape, dtype="int32", name=name)

    found = {"edge_index": integers("edge_index", 2, None)}
    if sparse:
        found["x_index"] = integers("x_index", 2, None)
        found["x_value"] = keras.Input(batch_shape=(None,), name="x_value")
        found["x_frame"] = keras.Input(batch_shape=(None, features, 0), name="x_frame")
    else:
        found["x"] = keras.Input((features,), name="x")
    if edge_weight:
        found["edge_weight"] = keras.Input(batch_shape=(None,), name="edge_weight")
    if edge_type:
        found["edge_type"] = integers("edge_type", None)
    if graph_index:
        found["graph_index"] = integers("graph_index", None)
    return found


def node_features(inputs):
    """The x of such inputs, for the first layer: dense, or SparseFeatures.

    >>> node_features(graph_inputs(3)).shape
    (None, 3)
    """
    if "x" in inputs:
        return inputs["x"]
    parts = (inputs[f"x_{part}"] for part in SparseFeatures._fields)
    return SparseFeatures(*parts)
