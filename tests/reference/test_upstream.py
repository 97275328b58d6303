import numpy as np
import pytest

from mmlearn import reference
from mmlearn.axes import ShapeError

image = np.ones((2, 4, 5, 3))
pair = {"sound": np.ones((2, 5)), "image": np.ones((2, 3))}
nodes, edges = np.ones((2, 3)), {"edge_index": np.array([[0, 1], [1, 1]])}
GRAPH = ("sum_conv", "gcn_conv", "sage_conv", "gin_conv", "gat_conv", "gatv2_conv")
TYPED = ("rgcn_conv", "spatial_graph_conv")
POOLS = ("graph_sum_pool", "graph_mean_pool", "graph_max_pool")
OPS = {
    "dense": (np.ones((2, 3)), np.ones((3, 4))),
    "relu": (np.ones((2, 3)),),
    "sigmoid": (np.ones((2, 3)),),
    "tanh": (np.ones((2, 3)),),
    "softmax": (np.ones((2, 3)),),
    "conv1d": (np.ones((2, 5, 3)), np.ones((3, 3, 4))),
    "conv2d": (image, np.ones((3, 3, 3, 4))),
    "conv3d": (np.ones((2, 4, 4, 5, 3)), np.ones((2, 3, 3, 3, 4)), np.ones(4)),
    "convolve2d": (image, np.ones((3, 3, 3, 4))),
    "max_pool2d": (image,),
    "average_pool2d": (image,),
    "mean_squared_error": (image, image),
    "info_nce": (np.ones((2, 3)), np.ones((2, 3))),
    "batch_norm": (np.ones((2, 3)), np.ones(3), np.ones(3)),
    "layer_norm": (np.ones((2, 3)), np.ones(3), np.ones(3)),
    "residual": (image, image),
    "dropout": (np.ones((2, 3)),),
    "conv2d_transpose": (image, np.ones((3, 3, 4, 3))),
    "simple_rnn": (np.ones((2, 5, 3)), np.ones((3, 4)), np.ones((4, 4)), np.ones(4)),
    "gru": (np.ones((2, 5, 3)), np.ones((3, 12)), np.ones((4, 12)), np.ones((2, 12))),
    "lstm": (np.ones((2, 5, 3)), np.ones((3, 16)), np.ones((4, 16)), np.ones(16)),
    "attention": (np.ones((2, 3, 4)), np.ones((2, 5, 6)), np.ones((2, 5, 4))),
    "attention_weights": (np.ones((2, 3, 4)), np.ones((2, 5, 4))),
    "multi_head_attention": (
        *(np.ones((2, 3, 4)), np.ones((2, 5, 6)), np.ones((2, 5, 3))),
        *(np.ones((4, 2, 3)), np.ones((2, 3)), np.ones((3, 2, 3)), np.ones((2, 3))),
        *(np.ones((6, 2, 1)), np.ones((2, 1)), np.ones((2, 1, 7)), np.ones(7)),
    ),
    "embedding": (np.ones((5, 3)),),
    "sum_conv": (nodes, np.ones((3, 4))),
    "gcn_conv": (nodes, np.ones((3, 4)), np.ones(4), np.ones(2)),
    "sage_conv": (nodes, np.ones((3, 4)), np.ones((3, 4))),
    "gin_conv": (nodes, np.ones(()), *2 * (np.ones((3, 3)), np.ones(3))),
    "gat_conv": (nodes, np.ones((3, 2, 4)), np.ones((2, 4)), np.ones((2, 4))),
    "gatv2_conv": (nodes, np.ones((3, 2, 4)), np.ones((3, 2, 4)), np.ones((2, 4))),
    "rgcn_conv": (nodes, np.ones((2, 3, 4)), np.ones((3, 4)), np.ones(4)),
    "spatial_graph_conv": (np.ones((1, 2, 2, 3)), np.ones((2, 3, 4)), np.ones(4)),
    **dict.fromkeys(POOLS, (nodes,)),
    "weighted_fusion": (pair, np.ones(2), np.ones((3, 4)), np.ones((5, 4))),
    "concatenate_fusion": (pair, np.ones((8, 4)), np.ones(4)),
    "gated_fusion": (
        *(pair, np.ones((3, 4)), np.ones((8, 4))),
        *(np.ones((5, 4)), np.ones((8, 4))),
    ),
    "low_rank_fusion": (pair, np.ones((2, 4, 4)), np.ones((2, 6, 4)), np.ones(4)),
    "cross_attention_fusion": (
        *(pair, np.ones((3, 4)), np.ones((5, 4))),
        *(*[np.ones((4, 2, 2))] * 3, np.ones((2, 2, 4))),
    ),
}
STRUCTURE = {
    **dict.fromkeys(GRAPH, edges),
    **dict.fromkeys(TYPED, edges | {"edge_type": np.array([0, 1])}),
    **dict.fromkeys(POOLS, {"graph_index": np.array([0, 1]), "num_graphs": 2}),
    "dropout": {"rate": 0.5, "mask": np.ones((2, 3), bool)},
    "embedding": {"ids": [[0, 4]]},
}


def shape(a):
    return {n: x.shape for n, x in a.items()} if isinstance(a, dict) else a.shape


def call(name):
    return getattr(reference, name)(*OPS[name], **STRUCTURE.get(name, {}))


@pytest.mark.parametrize("name", OPS)
def test_a_gradient_that_only_broadcasts_is_refused(name):
    y, pullback = call(name)
    with pytest.raises(ShapeError, match=f"{name}: the pullback got dy"):
        pullback(np.ones((1, *np.shape(y))))


@pytest.mark.parametrize("name", OPS)
def test_one_gradient_per_positional_argument(name):
    y, pullback = call(name)
    gradients = pullback(np.ones_like(y))
    assert isinstance(gradients, tuple)
    shapes = [shape(g) for g in gradients if g is not None]
    assert shapes == [shape(a) for a in OPS[name]]


def test_every_operator_is_tested_here():
    apart = {"softmax_cross_entropy", "focal_loss"}  # take labels: test_losses.py
    steps = {"sgd", "momentum", "adam"}
    initializers = {"glorot_normal", "glorot_uniform", "he_normal", "he_uniform"}
    others = {"lecun_normal", "batch_norm_statistics", "receptive_field", "toeplitz"}
    others |= {"causal_mask", "padding_mask", "gru_gates", "lstm_gates"}
    others |= {"multi_head_weights", "positional_encoding"}
    rest = apart | steps | initializers | others
    assert set(reference.__all__) == set(OPS) | rest
