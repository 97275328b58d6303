"""Graph convolution with symmetric normalization."""

import keras
from keras import ops

from mmlearn.layers.graph import check
from mmlearn.layers.graph.base import MessagePassing
from mmlearn.layers.graph.messages import sum_messages
from mmlearn.layers.graph.segments import gather, wide, widen


@keras.saving.register_keras_serializable("mmlearn")
class GCNConv(MessagePassing):
    """Graph convolution: Y = σ(D̃^{-1/2} Ã D̃^{-1/2} X W + b), Ã = A + I.

    Node by node  y_v = σ(Σ_{u → v, or u = v} w_uv / √(d_u d_v) · x_u W + b), where
    d_v = Σ_u w_uv adds up all that arrives at v, its self loop included.

    Args:
        units: features out, U.
        add_self_loops: every node gets one of weight 1; one that it has is kept, with
            its weight, and not doubled.
        normalize: whether to divide by √(d_u d_v). A node at which nothing arrives
            (d ≤ 0) then neither sends nor receives.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: x (N, F) or SparseFeatures, edge_index (2, E), edge_weight (E,) or None ->
    y (N, U). Weights: kernel (F, U), bias (U,). Raises ShapeError or ValueError.

    Source: Kipf and Welling (2017), Semi-supervised classification with graph
    convolutional networks, eq. 2.

    >>> import numpy as np
    >>> layer = GCNConv(1, kernel_initializer="ones")
    >>> y = layer(np.array([[4.0], [2.0]]), np.array([[0, 1], [1, 0]]))
    >>> np.round(keras.ops.convert_to_numpy(y).ravel(), 3).tolist()
    [3.0, 3.0]
    """

    def __init__(
        self, units, activation=None, *, add_self_loops=True, normalize=True, **kwargs
    ):
        super().__init__(units, activation, **kwargs)
        self.add_self_loops = add_self_loops
        self.normalize = normalize

    def build(self, x_shape, edge_index_shape=None, edge_weight_shape=None):
        self.kernel = self.add_kernel("kernel", (self.features(x_shape), self.units))
        if self.use_bias:
            self.bias = self.add_bias()

    def call(self, x, edge_index, edge_weight=None):
        source, target, nodes = self.edges(x, edge_index)
        if edge_weight is not None:
            name = type(self).__name__
            check.expect_per_edge(name, "edge_weight", edge_weight, edge_index)
        dtype = wide(self.compute_dtype)
        weight = None if edge_weight is None else ops.cast(edge_weight, dtype)
        own = None
        if self.add_self_loops:
            own = _missing_loops(source, target, weight, nodes, dtype)  # (N,)
        scale = _scale(target, weight, own, nodes, dtype) if self.normalize else None

        # Scaling the nodes before and after, D^{-1/2} (A (D^{-1/2} H)), leaves nothing
        # to multiply on the edges of an unweighted graph.
        def spread(h):
            h = h if scale is None else ops.cast(widen(h) * scale, h.dtype)
            y = sum_messages(h, source, target, nodes, weight)
            y = y if own is None else y + own[:, None] * widen(h)
            return y if scale is None else y * scale

        return self.finish(self.pass_messages(x, self.kernel, spread))

    def compute_output_shape(
        self, x_shape, edge_index_shape=None, edge_weight_shape=None
    ):
        return super().compute_output_shape(x_shape)

    def get_config(self):
        return super().get_config() | {
            "add_self_loops": self.add_self_loops,
            "normalize": self.normalize,
        }


def _missing_loops(source, target, weight, nodes, dtype):
    """(N,) what each node's self loops lack: wanted weight − Σ weights that are there.

    Wanted is 1, or the weight of the self loop that there is (of several, the last).
    """
    loop = ops.equal(source, target)  # (E,)
    present = ops.cast(loop, dtype)
    if weight is None:
        return 1 - ops.segment_sum(present, target, num_segments=nodes)
    there = ops.segment_sum(present * weight, target, num_segments=nodes)
    number = ops.cumsum(ops.ones_like(target, dtype="int32"))  # 1 … E
    last = ops.segment_max(
        ops.where(loop, number, 0), target, num_segments=nodes
    )  # (N,) the number of a node's last self loop; 0 or less: it has none
    padded = ops.concatenate([ops.ones((1,), dtype), weight])  # number 0: weight 1
    return gather(padded, ops.maximum(last, 0)) - there


def _scale(target, weight, own, nodes, dtype):
    """(N, 1) d^{-1/2}, and 0 where d ≤ 0."""
    arriving = ops.ones_like(target, dtype=dtype) if weight is None else weight
    degree = ops.segment_sum(arriving, target, num_segments=nodes)
    degree = degree if own is None else degree + own
    some = degree > 0
    inverse = ops.rsqrt(ops.where(some, degree, ops.ones_like(degree)))
    return ops.where(some, inverse, ops.zeros_like(degree))[:, None]
