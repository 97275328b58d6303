"""Spatial convolution over a body that moves: one small graph, the same in all frames.

Other graph layers are given the edges when they are called, for every graph has its
own. Here all sequences share one skeleton, and `fit` cuts every input along its first
axis, which edges do not have: so the edges belong to the layer. They are kept as a
normalized matrix for each partition; with twenty joints that is a small product, faster
than passing messages edge by edge. (NaN in one joint reaches all joints of its frame: a
product multiplies it by zero too, where the reference operator sends it nowhere.)
"""

import keras
import numpy as np
from keras import ops

from mmlearn.axes import ShapeError, expect_edge_index, expect_shape
from mmlearn.layers.graph import check
from mmlearn.layers.graph.base import KernelLayer, apart, positive
from mmlearn.layers.graph.segments import wide


@keras.saving.register_keras_serializable("mmlearn")
class SpatialGraphConv(KernelLayer):
    """ST-GCN's spatial convolution: Y = σ(Σ_r D_r^{-1/2} A_r E_r^{-1/2} X W_r + b).

    Node by node  y_v = σ(Σ_r Σ_{u → v by r} x_u W_r / √(d_v e_u) + b), in each frame by
    itself, with d_v the edges of partition r that end in v, e_u those that leave u. A
    node hears itself only along a self loop.

    Args:
        units: features out, U.
        edge_index: (2, E) integers, row 0 source nodes, row 1 target nodes.
        edge_type: (E,) integers 0 … R − 1, the partition of each edge.
        relations: R; None: one more than the largest type.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: x (B, T, N, F), or with any axes in front of N, -> y (B, T, N, U). Weights:
    kernel (R, F, U), bias (U,). Raises ShapeError or ValueError.

    Source: Yan, Xiong and Lin (2018), Spatial temporal graph convolutional networks for
    skeleton-based action recognition, eq. 10; α = 0, and each end of an edge counts its
    own edges, where one Λ for both would divide by α.

    >>> import numpy as np
    >>> layer = SpatialGraphConv(4, [[0, 1], [1, 2]], [0, 1])
    >>> layer(np.ones((2, 5, 3, 2))).shape == (2, 5, 3, 4)
    True
    """

    def __init__(
        self, units, edge_index, edge_type, activation=None, relations=None, **kwargs
    ):
        super().__init__(units, activation, **kwargs)
        self.edge_index, self.edge_type = np.array(edge_index), np.array(edge_type)
        where, edges = type(self).__name__, self.edge_index
        check.expect_index(where, "edge_index", edges, "2 E", check.EDGES)
        check.expect_index(where, "edge_type", self.edge_type, "E", "types of edges")
        check.expect_per_edge(where, "edge_type", self.edge_type, edges)
        if relations is None:
            relations = int(self.edge_type.max(initial=0)) + 1
        self.relations = positive(self, "relations", relations)
        check.expect_below(where, "edge_type", self.edge_type, self.relations, "types")

    def build(self, x_shape):
        nodes, features = self._sizes(x_shape)
        expect_edge_index(type(self).__name__, self.edge_index, nodes)
        self._matrices = normalized(
            self.edge_index, self.edge_type, nodes, self.relations
        )
        shape = (features, self.units)

        def drawn(initializer, dtype):  # each partition's kernel as one of Dense
            own = (apart(initializer, r) for r in range(self.relations))
            return ops.stack([draw(shape, dtype=dtype) for draw in own])

        self.kernel = self.add_kernel("kernel", (self.relations, *shape), drawn)
        if self.use_bias:
            self.bias = self.add_bias()

    def call(self, x):
        matrices = ops.convert_to_tensor(self._matrices, wide(self.compute_dtype))
        h = ops.matmul(matrices, ops.cast(x, matrices.dtype))  # (B, T, N R, F)
        h = ops.cast(h, self.compute_dtype)
        # A node's R sums stand side by side, so that one product takes all kernels.
        rows = self.relations * x.shape[-1]
        h = ops.reshape(h, (*_known(x)[:-1], rows))  # (B, T, N, R F)
        return self.finish(ops.matmul(h, ops.reshape(self.kernel, (rows, self.units))))

    def _sizes(self, x_shape):
        where, told = type(self).__name__, tuple(x_shape)
        hint = "batch, time, nodes, features in"
        x = keras.KerasTensor(told)
        sizes = expect_shape(where, "x", x, "... N F", hint=hint)
        if not (sizes["N"] and sizes["F"]):
            raise ShapeError(
                f"{where}: x is {told}; expected known numbers of nodes and features: "
                "keras.Input((T, N, F))"
            )
        return sizes["N"], sizes["F"]

    def compute_output_shape(self, x_shape):
        return (*x_shape[:-1], self.units)

    def compute_output_spec(self, x):
        shape = self.compute_output_shape(tuple(x.shape))
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self):
        return super().get_config() | {
            "edge_index": self.edge_index.tolist(),
            "edge_type": self.edge_type.tolist(),
            "relations": self.relations,
        }


def normalized(edge_index, edge_type, nodes, relations):
    """D_r^{-1/2} A_r E_r^{-1/2} for each partition r, row v R + r for node v by r.

    Args:
        edge_index: (2, E). edge_type: (E,). nodes: N. relations: R.

    Returns:
        (N R, N) float64, whatever a layer computes in.

    >>> normalized(np.array([[0], [1]]), np.array([0]), 2, 1).tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    a = np.zeros((nodes, relations, nodes))  # target, partition, source
    np.add.at(a, (edge_index[1], edge_type, edge_index[0]), 1)
    arriving, leaving = a.sum(axis=2, keepdims=True), a.sum(axis=0, keepdims=True)
    a /= np.sqrt(np.maximum(arriving, 1) * np.maximum(leaving, 1))
    return a.reshape(nodes * relations, nodes)


def _known(x):
    """The shape of x, numbers where they are known."""
    return [n if n is not None else ops.shape(x)[i] for i, n in enumerate(x.shape)]
