"""Graph operators: what a node learns from the nodes that point at it.

    y, pullback = gcn_conv(x, kernel, bias, edge_index=edge_index)

x (N, F) are the features of N nodes. edge_index (2, E) holds an edge in each column:
row 0 the source node, row 1 the target node, and messages flow from source to target.
An undirected edge is two columns. Duplicate edges count twice, a self loop is an edge
like any other, E may be 0. In matrix form A_vu counts the edges u → v, so that with
networkx A = nx.to_numpy_array(graph).T.

A node that no edge ends in receives 0, from a sum, a mean, a maximum or attention
alike, and still gets the bias. NaN in x reaches the nodes that it is sent to, and only
those. No activation is inside: compose with `relu`.

Degrees, means, normalizations and softmax are computed in float32 or wider whatever
comes in, and every operator returns the dtype that x and its kernels have together.
"""

from mmlearn.reference.graph.gat import gat_conv
from mmlearn.reference.graph.gatv2 import gatv2_conv
from mmlearn.reference.graph.gcn import gcn_conv
from mmlearn.reference.graph.gin import gin_conv
from mmlearn.reference.graph.pool import (
    graph_max_pool,
    graph_mean_pool,
    graph_sum_pool,
)
from mmlearn.reference.graph.rgcn import rgcn_conv
from mmlearn.reference.graph.sage import sage_conv
from mmlearn.reference.graph.segments import segment_softmax
from mmlearn.reference.graph.spatial import spatial_graph_conv
from mmlearn.reference.graph.sum import sum_conv

__all__ = [
    "gat_conv",
    "gatv2_conv",
    "gcn_conv",
    "gin_conv",
    "graph_max_pool",
    "graph_mean_pool",
    "graph_sum_pool",
    "rgcn_conv",
    "sage_conv",
    "segment_softmax",
    "spatial_graph_conv",
    "sum_conv",
]
