"""Relational graph convolution: edges of several types, each with its own kernel."""

import keras
from keras import ops

from mmlearn.layers.graph import check
from mmlearn.layers.graph.base import MessagePassing, apart, positive
from mmlearn.layers.graph.features import project
from mmlearn.layers.graph.messages import sum_messages
from mmlearn.layers.graph.segments import gather, segment_count


@keras.saving.register_keras_serializable("mmlearn")
class RGCNConv(MessagePassing):
    """Typed edges: y = σ(Σ_r mean over the neighbours by r · W_r + x W_root + b).

    Node by node  y_v = σ(Σ_r Σ_{u → v by r} x_u W_r / c_vr + x_v W_root + b), with c_vr
    the number of edges of type r that end in v; as matrices
    Y = σ(Σ_r D_r^{-1} A_r X W_r + X W_root + b).

    Args:
        units: features out, U.
        relations: number of types of edges, R.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: x (N, F) or SparseFeatures, edge_index (2, E), edge_type (E,) integers
    0 … R − 1 -> y (N, U). Weights: kernel (R, F, U), root_kernel (F, U), bias (U,).
    Raises ShapeError or ValueError.

    Source: Schlichtkrull, Kipf, Bloem, van den Berg, Titov and Welling (2018), Modeling
    relational data with graph convolutional networks, eq. 2, with c the number of
    neighbours by each relation; without their basis decomposition.

    >>> import numpy as np
    >>> edges, types = np.array([[0, 1], [2, 2]]), np.array([0, 1])
    >>> RGCNConv(4, relations=2)(np.ones((3, 2)), edges, types).shape == (3, 4)
    True
    """

    def __init__(self, units, relations, activation=None, **kwargs):
        super().__init__(units, activation, **kwargs)
        self.relations = positive(self, "relations", relations)

    def build(self, x_shape, edge_index_shape=None, edge_type_shape=None):
        shape = (self.features(x_shape), self.units)

        def drawn(initializer, dtype):  # each relation's kernel as one of Dense
            own = (apart(initializer, r) for r in range(self.relations))
            return ops.stack([draw(shape, dtype=dtype) for draw in own])

        self.kernel = self.add_kernel("kernel", (self.relations, *shape), drawn)
        self._kernels += self.relations - 1
        self.root_kernel = self.add_kernel("root_kernel", shape)
        if self.use_bias:
            self.bias = self.add_bias()

    def call(self, x, edge_index, edge_type):
        source, target, nodes = self.edges(x, edge_index)
        self._expect_types(edge_type, edge_index)
        edge_type = ops.cast(edge_type, source.dtype)
        # One product with all kernels side by side, and row v R + r for node v by r.
        kernel = ops.moveaxis(self.kernel, 0, 1)  # (F, R, U)
        kernel = ops.reshape(kernel, (-1, self.relations * self.units))
        h = ops.reshape(project(x, kernel), (-1, self.units))  # (N R, U)
        by_target = target * self.relations + edge_type  # (E,)
        count = segment_count(by_target, nodes * self.relations, h.dtype)  # (N R,)
        weight = 1 / gather(count, by_target)  # (E,)
        by_source = source * self.relations + edge_type
        y = sum_messages(h, by_source, target, nodes, weight)  # (N, U)
        own = project(x, self.root_kernel)
        return self.finish(ops.cast(y, own.dtype) + own)

    def _expect_types(self, edge_type, edge_index):
        where, hint = type(self).__name__, "the type of each edge"
        check.expect_index(where, "edge_type", edge_type, "E", hint)
        check.expect_per_edge(where, "edge_type", edge_type, edge_index)
        check.expect_below(where, "edge_type", edge_type, self.relations, "types")

    def compute_output_shape(
        self, x_shape, edge_index_shape=None, edge_type_shape=None
    ):
        return super().compute_output_shape(x_shape)

    def get_config(self):
        return super().get_config() | {"relations": self.relations}
