"""GraphSAGE: a node, and the mean, sum or maximum of its neighbours."""

import keras
from keras import ops

from mmlearn.layers.graph.base import MessagePassing
from mmlearn.layers.graph.features import is_sparse, project
from mmlearn.layers.graph.messages import sum_messages
from mmlearn.layers.graph.segments import (
    gather,
    segment_count,
    segment_max,
    wide,
    widen,
)

AGGREGATES = ("mean", "max", "sum")
SMALLEST_NORM = 1e-12


@keras.saving.register_keras_serializable("mmlearn")
class SAGEConv(MessagePassing):
    """Sample and aggregate: y = σ(aggregate(neighbours) W + x W_root + b).

    Node by node  y_v = σ(mean_{u → v}(x_u) W + x_v W_root + b), as matrices
    Y = σ(D^{-1} A X W + X W_root + b). A node without neighbours aggregates zero.

    Args:
        units: features out, U.
        aggregate: "mean", "max" (feature by feature) or "sum".
        normalize: whether each row of Y is divided by its length (Algorithm 1, line 7).
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: x (N, F), or SparseFeatures but for "max", and edge_index (2, E) -> y (N, U).
    Weights: kernel (F, U), root_kernel (F, U), bias (U,). Raises ShapeError or
    ValueError.

    Source: Hamilton, Ying and Leskovec (2017), Inductive representation learning on
    large graphs, Algorithm 1; all neighbours, no sampling.

    >>> import numpy as np
    >>> layer = SAGEConv(1, kernel_initializer="ones")
    >>> y = layer(np.array([[1.0], [2.0], [4.0]]), np.array([[0, 1], [2, 2]]))
    >>> keras.ops.convert_to_numpy(y).ravel().tolist()
    [1.0, 2.0, 5.5]
    """

    def __init__(
        self, units, activation=None, *, aggregate="mean", normalize=False, **kwargs
    ):
        super().__init__(units, activation, **kwargs)
        if aggregate not in AGGREGATES:
            raise ValueError(
                f"SAGEConv: aggregate is {aggregate!r}; expected 'mean', 'max' or 'sum'"
            )
        self.aggregate = aggregate
        self.normalize = normalize

    def build(self, x_shape, edge_index_shape=None):
        features = self.features(x_shape)
        if self.aggregate == "max" and is_sparse(x_shape):
            raise ValueError(
                "SAGEConv: x is sparse and aggregate is 'max'; expected dense features "
                "(N, F): the maximum needs the zeros too"
            )
        self.kernel = self.add_kernel("kernel", (features, self.units))
        self.root_kernel = self.add_kernel("root_kernel", (features, self.units))
        if self.use_bias:
            self.bias = self.add_bias()

    def call(self, x, edge_index):
        source, target, nodes = self.edges(x, edge_index)
        y = project(x, self.root_kernel)
        if self.aggregate == "max":
            largest = segment_max(gather(x, source), target, nodes)  # (N, F)
            y = y + project(largest, self.kernel)
        else:

            def spread(h):
                total = sum_messages(h, source, target, nodes)
                if self.aggregate == "sum":
                    return total
                count = segment_count(target, nodes, h.dtype)[:, None]
                return total / ops.maximum(count, 1)

            y = y + self.pass_messages(x, self.kernel, spread)
        y = self.finish(y)
        if not self.normalize:
            return y
        squares = ops.sum(ops.square(widen(y)), axis=-1, keepdims=True)
        smallest = ops.cast(SMALLEST_NORM**2, wide(y.dtype))
        length = ops.rsqrt(ops.maximum(squares, smallest))
        return ops.cast(widen(y) * length, y.dtype)

    def get_config(self):
        return super().get_config() | {
            "aggregate": self.aggregate,
            "normalize": self.normalize,
        }
