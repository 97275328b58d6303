"""The plainest message pass: each node adds up what its neighbours send."""

import keras

from mmlearn.layers.graph.base import MessagePassing
from mmlearn.layers.graph.messages import sum_messages


@keras.saving.register_keras_serializable("mmlearn")
class SumConv(MessagePassing):
    """Sum over the neighbours: y = σ(A X W + b).

    Node by node  y_v = σ(Σ_{u → v} x_u W + b), as matrices with A_vu = number of edges
    u → v. The sum counts neighbours, as mean and maximum cannot; a node itself counts
    only if it has an edge to itself, and b is added once.

    Args:
        units: features out, U.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: x (N, F) or SparseFeatures, edge_index (2, E) -> y (N, U). Weights: kernel
    (F, U), bias (U,). Raises ShapeError or ValueError for edges that do not fit.

    Source: the sum aggregation of Xu, Hu, Leskovec and Jegelka (2019), How powerful are
    graph neural networks?, without the node itself.

    >>> import numpy as np
    >>> layer = SumConv(1, kernel_initializer="ones")
    >>> y = layer(np.array([[1.0], [2.0], [4.0]]), np.array([[0, 1], [2, 2]]))
    >>> keras.ops.convert_to_numpy(y).ravel().tolist()
    [0.0, 0.0, 3.0]
    """

    def build(self, x_shape, edge_index_shape=None):
        self.kernel = self.add_kernel("kernel", (self.features(x_shape), self.units))
        if self.use_bias:
            self.bias = self.add_bias()

    def call(self, x, edge_index):
        source, target, nodes = self.edges(x, edge_index)

        def spread(h):
            return sum_messages(h, source, target, nodes)

        return self.finish(self.pass_messages(x, self.kernel, spread))
