"""Keras 3 layers that Keras does not have, written with `keras.ops` only.

They run on the TensorFlow, JAX and PyTorch backends alike. Each has its reference
operator in `mmlearn.reference`, under the same file name and with the same weights.
"""

from mmlearn.layers import fusion, graph
from mmlearn.layers.contrastive import InfoNCE
from mmlearn.layers.conv import Convolve2D
from mmlearn.layers.conv3d import StackedConv3D
from mmlearn.layers.fusion import (
    BilinearFusion,
    ConcatenateFusion,
    CrossAttentionFusion,
    DeepFusion,
    GatedFusion,
    GraphFusion,
    LateFusion,
    LowRankFusion,
    ProductOfExperts,
    TensorFusion,
    WeightedFusion,
    fusion_edges,
)
from mmlearn.layers.graph import (
    GATConv,
    GATv2Conv,
    GCNConv,
    GINConv,
    GraphMaxPool,
    GraphMeanPool,
    GraphSumPool,
    RGCNConv,
    SAGEConv,
    SparseFeatures,
    SpatialGraphConv,
    SumConv,
    graph_dataset,
    graph_inputs,
    node_features,
)
from mmlearn.layers.modality_dropout import ModalityDropout
from mmlearn.layers.position import SinusoidalPositions
from mmlearn.layers.skeletons import RandomBody
from mmlearn.layers.voices import RandomVoice

__all__ = [
    "BilinearFusion",
    "ConcatenateFusion",
    "Convolve2D",
    "CrossAttentionFusion",
    "DeepFusion",
    "GATConv",
    "GATv2Conv",
    "GCNConv",
    "GINConv",
    "GatedFusion",
    "GraphFusion",
    "GraphMaxPool",
    "GraphMeanPool",
    "GraphSumPool",
    "InfoNCE",
    "LateFusion",
    "LowRankFusion",
    "ModalityDropout",
    "ProductOfExperts",
    "RGCNConv",
    "RandomBody",
    "RandomVoice",
    "SAGEConv",
    "SinusoidalPositions",
    "SparseFeatures",
    "SpatialGraphConv",
    "StackedConv3D",
    "SumConv",
    "TensorFusion",
    "WeightedFusion",
    "fusion",
    "fusion_edges",
    "graph",
    "graph_dataset",
    "graph_inputs",
    "node_features",
]
