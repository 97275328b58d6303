"""Graph attention: a node weighs its neighbours by what they are."""

import keras
from keras import ops

from mmlearn.layers.graph.attention import GraphAttention
from mmlearn.layers.graph.segments import gather, widen


@keras.saving.register_keras_serializable("mmlearn")
class GATConv(GraphAttention):
    """Graph attention: y = σ(‖_h Σ_{u → v} α^h_uv x_u W^h + b).

    For each head  e_uv = LeakyReLU(a_s · x_u W + a_t · x_v W),
    α_uv = exp e_uv / Σ_{u' → v} exp e_u'v; as matrices, head by head, Y^h = α^h X W^h
    with α^h_vu. Heads are concatenated, or averaged.

    Args:
        units: features out of each head, U. heads: their number, H.
        concat: heads side by side, (N, H·U), or their mean, (N, U).
        negative_slope: of the LeakyReLU. dropout: of the α, in training (the paper
            drops the layer's input too: `keras.layers.Dropout` before it).
        add_self_loops: every node attends to itself, once.
        attention_initializer: of a_s and a_t. seed: of the dropout.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: x (N, F) or SparseFeatures, edge_index (2, E) -> y (N, H·U) or (N, U).
    Weights: kernel (F, H, U), attention_source (H, U), attention_target (H, U), bias
    (H·U,) or (U,). `attention_weights(x, edge_index)` returns α.

    Source: Veličković, Cucurull, Casanova, Romero, Liò and Bengio (2018), Graph
    attention networks, eq. 3–6.

    >>> import numpy as np
    >>> GATConv(4, heads=2)(np.ones((3, 5)), np.array([[0, 1], [1, 2]])).shape == (3, 8)
    True
    """

    def build(self, x_shape, edge_index_shape=None):
        self.kernel = self.add_heads("kernel", self.features(x_shape))
        self.attention_source = self.add_vector("attention_source")
        self.attention_target = self.add_vector("attention_target")
        self.add_output_bias()

    def logits(self, x, source, target):
        h = self.by_head(x, self.kernel)  # (N, H, U)
        from_source = ops.sum(
            widen(h) * widen(self.attention_source), axis=-1
        )  # (N, H)
        at_target = ops.sum(widen(h) * widen(self.attention_target), axis=-1)

        edges = self.leaky(
            gather(from_source, source) + gather(at_target, target)
        )  # (E, H)
        return h, edges, self.leaky(from_source + at_target)


@keras.saving.register_keras_serializable("mmlearn")
class GATv2Conv(GraphAttention):
    """Attention whose ranking of neighbours depends on who asks.

    For each head  e_uv = a · LeakyReLU(x_u W + x_v W_t),
    α_uv = exp e_uv / Σ_{u' → v} exp e_u'v,  y_v = σ(‖_h Σ_{u → v} α_uv x_u W + b); as
    matrices, head by head, Y = α X W with α_vu. In GAT a applies before the LeakyReLU,
    so all nodes rank their neighbours alike.

    Args:
        units, heads, concat, negative_slope, dropout, add_self_loops, seed: as GATConv.
        attention_initializer: of a.
        activation, use_bias, kernel_initializer, …: as in Keras' Dense.

    Call: x (N, F) or SparseFeatures, edge_index (2, E) -> y (N, H·U) or (N, U).
    Weights: kernel (F, H, U) of the sources, target_kernel (F, H, U), attention (H, U),
    bias (H·U,) or (U,). `attention_weights(x, edge_index)` returns α.

    Source: Brody, Alon and Yahav (2022), How attentive are graph attention networks?,
    eq. 7.

    >>> import numpy as np
    >>> layer = GATv2Conv(4, heads=2, concat=False)
    >>> layer(np.ones((3, 5)), np.array([[0, 1], [1, 2]])).shape == (3, 4)
    True
    """

    def build(self, x_shape, edge_index_shape=None):
        features = self.features(x_shape)
        self.kernel = self.add_heads("kernel", features)
        self.target_kernel = self.add_heads("target_kernel", features)
        self.attention = self.add_vector("attention")
        self.add_output_bias()

    def logits(self, x, source, target):
        h = self.by_head(x, self.kernel)  # (N, H, U)
        asks = self.by_head(x, self.target_kernel)

        def weigh(e):
            e = widen(self.leaky(e))
            return ops.sum(e * widen(self.attention), axis=-1)

        edges = weigh(gather(h, source) + gather(asks, target))  # (E, H)
        return h, edges, weigh(h + asks) if self.add_self_loops else None
