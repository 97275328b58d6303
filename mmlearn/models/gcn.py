"""A graph convolutional network that sorts nodes into classes."""

import keras
from keras import layers

from mmlearn.layers.graph import GCNConv, graph_dataset, graph_inputs, node_features

__all__ = ["gcn", "graph_dataset"]  # the model, and the data that it takes


def gcn(
    features,
    classes,
    hidden=16,
    *,
    dropout=0.0,
    l2=0.0,
    use_bias=True,
    sparse=False,
    seed,
):
    """Two graph convolutions: logits = Â relu(Â X W₁ + b₁) W₂ + b₂.

    Â = D̃^-½ (A + I) D̃^-½. On a graph without edges Â = I, and this is an ordinary
    network with one hidden layer, of exactly as many weights.

    Args:
        features: F.
        classes: K.
        hidden: units of the first layer.
        dropout: the share of features, and of hidden units, left out in training.
        l2: λ; (λ/2) Σ W₁² is added to the loss, as weight decay λ on W₁ would.
        use_bias: whether b₁ and b₂ are there.
        sparse: features as SparseFeatures; then only what is not zero is left out.
        seed: int, fixes the initial weights and what is left out.

    Returns:
        keras.Model: the dict of `graph_inputs` -> logits (N, K), uncompiled.

    Source: T. Kipf, M. Welling, *Semi-supervised classification with graph
    convolutional networks*, ICLR 2017, eq. 9.

    >>> gcn(64, 10, seed=0).count_params()
    1210
    """
    inputs = graph_inputs(features, sparse=sparse)
    x = node_features(inputs)
    if dropout:
        leave_out = layers.Dropout(dropout, seed=seed, name="leave_out_features")
        x = x._replace(value=leave_out(x.value)) if sparse else leave_out(x)
    penalty = keras.regularizers.L2(l2 / 2) if l2 else None
    options = {"use_bias": use_bias}
    h = GCNConv(
        hidden,
        "relu",
        kernel_initializer=keras.initializers.GlorotUniform(seed=2 * seed),
        kernel_regularizer=penalty,
        name="hidden",
        **options,
    )(x, inputs["edge_index"])  # (N, hidden)
    if dropout:
        h = layers.Dropout(dropout, seed=seed + 1_000_003, name="leave_out_hidden")(h)
    logits = GCNConv(
        classes,
        kernel_initializer=keras.initializers.GlorotUniform(seed=2 * seed + 1),
        name="logits",
        **options,
    )(h, inputs["edge_index"])  # (N, K)
    return keras.Model(inputs, logits, name="gcn")
