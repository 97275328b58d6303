"""The truth, in NumPy: every operator as an equation and its hand-derived pullback.

    y, pullback = op(*arrays, **structure)
    gradients = pullback(dy)

Positional arguments are differentiable; keyword-only arguments are structure. The
pullback always returns a tuple with one gradient per positional argument, in order,
`None` for `None`: `(dx,) = pullback(dy)` where there is one argument. No operator
changes its inputs, and all keep the dtype that they are given.

>>> import numpy as np
>>> y, pullback = conv2d(np.ones((2, 28, 28, 3)), np.ones((3, 3, 3, 32)), np.zeros(32))
>>> y.shape
(2, 26, 26, 32)
>>> [gradient.shape for gradient in pullback(np.ones_like(y))]
[(2, 28, 28, 3), (3, 3, 3, 32), (32,)]
"""

from mmlearn.reference.activations import relu, sigmoid, softmax, tanh
from mmlearn.reference.attention import (
    attention,
    attention_weights,
    positional_encoding,
)
from mmlearn.reference.contrastive import info_nce
from mmlearn.reference.conv import conv1d, conv2d, convolve2d
from mmlearn.reference.conv3d import conv3d
from mmlearn.reference.conv_transpose import conv2d_transpose
from mmlearn.reference.dense import dense
from mmlearn.reference.dropout import dropout
from mmlearn.reference.embedding import embedding
from mmlearn.reference.fusion import (
    concatenate_fusion,
    cross_attention_fusion,
    gated_fusion,
    low_rank_fusion,
    weighted_fusion,
)
from mmlearn.reference.graph import (
    gat_conv,
    gatv2_conv,
    gcn_conv,
    gin_conv,
    graph_max_pool,
    graph_mean_pool,
    graph_sum_pool,
    rgcn_conv,
    sage_conv,
    spatial_graph_conv,
    sum_conv,
)
from mmlearn.reference.initializers import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
)
from mmlearn.reference.losses import (
    focal_loss,
    mean_squared_error,
    softmax_cross_entropy,
)
from mmlearn.reference.masks import causal_mask, padding_mask
from mmlearn.reference.multi_head import multi_head_attention, multi_head_weights
from mmlearn.reference.normalization import (
    batch_norm,
    batch_norm_statistics,
    layer_norm,
)
from mmlearn.reference.optimizers import adam, momentum, sgd
from mmlearn.reference.pooling import average_pool2d, max_pool2d
from mmlearn.reference.receptive_field import receptive_field
from mmlearn.reference.recurrent import gru, gru_gates, lstm, lstm_gates, simple_rnn
from mmlearn.reference.residual import residual
from mmlearn.reference.toeplitz import toeplitz

__all__ = [
    "adam",
    "attention",
    "attention_weights",
    "average_pool2d",
    "batch_norm",
    "batch_norm_statistics",
    "causal_mask",
    "concatenate_fusion",
    "conv1d",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "convolve2d",
    "cross_attention_fusion",
    "dense",
    "dropout",
    "embedding",
    "focal_loss",
    "gat_conv",
    "gated_fusion",
    "gatv2_conv",
    "gcn_conv",
    "gin_conv",
    "glorot_normal",
    "glorot_uniform",
    "graph_max_pool",
    "graph_mean_pool",
    "graph_sum_pool",
    "gru",
    "gru_gates",
    "he_normal",
    "he_uniform",
    "info_nce",
    "layer_norm",
    "lecun_normal",
    "low_rank_fusion",
    "lstm",
    "lstm_gates",
    "max_pool2d",
    "mean_squared_error",
    "momentum",
    "multi_head_attention",
    "multi_head_weights",
    "padding_mask",
    "positional_encoding",
    "receptive_field",
    "relu",
    "residual",
    "rgcn_conv",
    "sage_conv",
    "sgd",
    "sigmoid",
    "simple_rnn",
    "softmax",
    "softmax_cross_entropy",
    "spatial_graph_conv",
    "sum_conv",
    "tanh",
    "toeplitz",
    "weighted_fusion",
]
