"""Graph layers for Keras 3, on every backend: `GCNConv(units)(x, edge_index)`.

`edge_index` (2, E) holds integers, row 0 source nodes, row 1 target nodes; messages
flow from source to target, what occurs twice counts twice, and a self loop is an edge.
README.md in this folder is for those who come from PyTorch Geometric or Spektral.
"""

from mmlearn.layers.graph.dataset import graph_dataset
from mmlearn.layers.graph.features import SparseFeatures
from mmlearn.layers.graph.gat import GATConv, GATv2Conv
from mmlearn.layers.graph.gcn import GCNConv
from mmlearn.layers.graph.gin import GINConv
from mmlearn.layers.graph.inputs import graph_inputs, node_features
from mmlearn.layers.graph.pool import GraphMaxPool, GraphMeanPool, GraphSumPool
from mmlearn.layers.graph.rgcn import RGCNConv
from mmlearn.layers.graph.sage import SAGEConv
from mmlearn.layers.graph.spatial import SpatialGraphConv
from mmlearn.layers.graph.sum import SumConv

__all__ = [
    "GATConv",
    "GATv2Conv",
    "GCNConv",
    "GINConv",
    "GraphMaxPool",
    "GraphMeanPool",
    "GraphSumPool",
    "RGCNConv",
    "SAGEConv",
    "SparseFeatures",
    "SpatialGraphConv",
    "SumConv",
    "graph_dataset",
    "graph_inputs",
    "node_features",
]
