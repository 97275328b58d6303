"""A graph attention network that sorts nodes into classes."""

import keras
from keras import layers

from mmlearn.layers.graph import GATConv, graph_inputs, node_features


def gat(
    features,
    classes,
    units=8,
    heads=8,
    *,
    last_heads=1,
    dropout=0.0,
    l2=0.0,
    sparse=False,
    seed,
):
    """Two graph attentions: heads side by side and ELU, then the mean of the last ones.

    Args:
        features: F.
        classes: K.
        units: features out of each head of the first layer.
        heads: heads of the first layer, side by side.
        last_heads: heads of the second layer, averaged.
        dropout: the share of each layer's input, and of the attention weights, that is
            left out in training.
        l2: λ; (λ/2) Σ w² over kernels and attention vectors is added to the loss.
        sparse: features as SparseFeatures; then only what is not zero is left out.
        seed: int, fixes the initial weights and what is left out.

    Returns:
        keras.Model: the dict of `graph_inputs` -> logits (N, K), uncompiled.

    Source: P. Veličković et al., *Graph attention networks*, ICLR 2018, section 3.3.

    >>> gat(64, 10, heads=2, seed=0).count_params()
    1262
    """
    inputs = graph_inputs(features, sparse=sparse)
    x = node_features(inputs)

    def leave_out(name, number):
        return layers.Dropout(dropout, seed=seed + number * 1_000_003, name=name)

    def attention(name, number, units, **options):
        draws = keras.initializers.GlorotUniform(seed=4 * seed + 2 * number)
        return GATConv(
            units,
            kernel_initializer=draws,
            attention_initializer=draws,
            kernel_regularizer=keras.regularizers.L2(l2 / 2) if l2 else None,
            dropout=dropout,
            seed=seed + (number + 2) * 1_000_003,
            name=name,
            **options,
        )

    if dropout:
        out = leave_out("leave_out_features", 0)
        x = x._replace(value=out(x.value)) if sparse else out(x)
    edges = inputs["edge_index"]
    h = attention("hidden", 0, units, heads=heads, activation="elu")(x, edges)
    if dropout:
        h = leave_out("leave_out_hidden", 1)(h)  # (N, heads units)
    last = attention("logits", 1, classes, heads=last_heads, concat=False)
    return keras.Model(inputs, last(h, edges), name="gat")
