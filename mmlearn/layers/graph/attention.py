"""What GAT and GATv2 share: softmax over the edges that end in one node."""

import keras
from keras import initializers, ops

from mmlearn.layers.graph.base import MessagePassing, positive
from mmlearn.layers.graph.features import project, shape_of
from mmlearn.layers.graph.messages import sum_messages
from mmlearn.layers.graph.segments import gather, segment_sum, widen

NEVER = -1e30  # the logit of an edge that must not count


class GraphAttention(MessagePassing):
    """y_v = Σ_u α_uv h_u, α = softmax over the edges u → v. Subclasses give logits.

    Args:
        units: features out of each head, U.
        heads: number of heads, H.
        concat: heads side by side, (N, H·U), or their mean, (N, U).
        negative_slope: of the LeakyReLU.
        dropout: part of the α that is dropped in training.
        add_self_loops: every node attends to itself, once.
        attention_initializer: of the attention vectors.
        seed: of the dropout.
    """

    def __init__(
        self,
        units,
        heads=1,
        activation=None,
        *,
        concat=True,
        negative_slope=0.2,
        dropout=0.0,
        add_self_loops=True,
        attention_initializer="glorot_uniform",
        seed=None,
        **kwargs,
    ):
        super().__init__(units, activation, **kwargs)
        self.heads = positive(self, "heads", heads)
        if not 0 <= dropout < 1:
            name = type(self).__name__
            raise ValueError(f"{name}: dropout is {dropout!r}; expected 0 ≤ rate < 1")
        self.concat = concat
        self.negative_slope = negative_slope
        self.dropout = dropout
        self.add_self_loops = add_self_loops
        self.attention_initializer = initializers.get(attention_initializer)
        self.seed = seed
        self._drawn = keras.random.SeedGenerator(seed) if dropout else None
        self._vectors = 0

    def add_heads(self, name, features):
        """A kernel (F, H, U), drawn as one matrix (F, H·U)."""
        shape = (features, self.heads, self.units)

        def drawn(initializer, dtype):
            matrix = initializer((features, self.heads * self.units), dtype=dtype)
            return ops.reshape(matrix, shape)

        return self.add_kernel(name, shape, drawn)

    def add_vector(self, name):
        """An attention vector (H, U)."""
        shape = (self.heads, self.units)
        kernel_initializer = self.kernel_initializer
        self.kernel_initializer = self.attention_initializer
        try:
            return self.add_kernel(name, shape)
        finally:
            self.kernel_initializer = kernel_initializer

    def add_output_bias(self):
        if self.use_bias:
            wide = self.heads * self.units if self.concat else self.units
            self.bias = self.add_bias(wide)

    def by_head(self, x, kernel):
        """X W for each head: (N, F), (F, H, U) -> (N, H, U)."""
        h = project(x, ops.reshape(kernel, (-1, self.heads * self.units)))
        return ops.reshape(h, (-1, self.heads, self.units))

    def leaky(self, e):
        """LeakyReLU; TensorFlow's own has its slope in float32, also for float64."""
        return ops.where(e > 0, e, self.negative_slope * e)

    def logits(self, x, source, target):
        """h (N, H, U), the logits of edges (E, H) and of self loops (N, H)."""
        raise NotImplementedError

    def _exponentials(self, logits, own, source, target, nodes):
        """exp(e − max) of edges (E, H) and self loops (N, H), and their sum (N, H)."""
        if own is not None:  # self loops among the edges count once, as `own`
            loop = ops.equal(source, target)[:, None]
            logits = ops.where(loop, ops.cast(NEVER, logits.dtype), logits)
        # A constant in the exponent cancels, so no gradient need flow through it.
        largest = ops.stop_gradient(logits)
        largest = ops.segment_max(largest, target, num_segments=nodes)
        if own is not None:
            largest = ops.maximum(largest, ops.stop_gradient(own))
        edges = ops.exp(logits - gather(largest, target))
        total = segment_sum(edges, target, nodes)
        if own is None:
            return edges, None, total
        own = ops.exp(own - largest)
        return edges, own, total + own

    def call(self, x, edge_index, training=False):
        source, target, nodes = self.edges(x, edge_index)
        h, logits, own = self.logits(x, source, target)
        own = own if self.add_self_loops else None
        edges, own, total = self._exponentials(logits, own, source, target, nodes)
        weight = self._dropped(edges, training)  # (E, H)
        y = sum_messages(h, source, target, nodes, weight)  # (N, H, U)
        if own is not None:
            y = y + self._dropped(own, training)[:, :, None] * widen(h)
        some = total > 0  # a node that no edge reaches gets zero
        y = y / ops.where(some, total, ops.ones_like(total))[:, :, None]
        if self.concat:
            y = ops.reshape(y, (-1, self.heads * self.units))
        else:
            y = ops.mean(y, axis=1)
        return self.finish(y)

    def attention_weights(self, x, edge_index):
        """The α of a built layer: of edges (E, H), of self loops (N, H) or None.

        An edge u → u has weight 0 if the layer adds self loops: it counts as that one.
        """
        x = ops.convert_to_tensor(x, self.compute_dtype) if hasattr(x, "shape") else x
        edge_index = ops.convert_to_tensor(edge_index)
        source, target, nodes = self.edges(x, edge_index)
        _, logits, own = self.logits(x, source, target)
        own = own if self.add_self_loops else None
        edges, own, total = self._exponentials(logits, own, source, target, nodes)
        return edges / gather(total, target), None if own is None else own / total

    def _dropped(self, weights, training):
        if not (training and self.dropout):
            return weights
        return keras.random.dropout(weights, self.dropout, seed=self._drawn)

    def compute_output_shape(self, x_shape, edge_index_shape=None):
        units = self.heads * self.units if self.concat else self.units
        return (shape_of(x_shape)[0], units)

    def get_config(self):
        return super().get_config() | {
            "heads": self.heads,
            "concat": self.concat,
            "negative_slope": self.negative_slope,
            "dropout": self.dropout,
            "add_self_loops": self.add_self_loops,
            "attention_initializer": initializers.serialize(self.attention_initializer),
            "seed": self.seed,
        }
