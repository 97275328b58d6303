"""What the tests of graph operators share: odd graphs, and each operator's weights."""

import numpy as np
import pytest

from mmlearn.reference import graph

CALLS = {  # operator: shapes of its weights (F 3, U 2, heads 2, R 2), settings to try
    "sum_conv": ([(3, 2), (2,)], [{}]),
    "gcn_conv": (
        [(3, 2), (2,)],
        [{}, {"add_self_loops": False}, {"normalize": False}],
    ),
    "sage_conv": (
        [(3, 2), (3, 2), (2,)],
        [
            {"aggregate": a, "normalize": n}
            for a in ("mean", "max", "sum")
            for n in (0, 1)
        ],
    ),
    "gin_conv": ([(), (3, 4), (4,), (4, 2), (2,)], [{}]),
    "gat_conv": (
        [(3, 2, 2), (2, 2), (2, 2), (4,)],
        [{}, {"add_self_loops": False, "negative_slope": 0.5}],
    ),
    "gatv2_conv": (
        [(3, 2, 2), (3, 2, 2), (2, 2), (4,)],
        [{}, {"add_self_loops": False, "negative_slope": 0.5}],
    ),
    "rgcn_conv": ([(2, 3, 2), (3, 2), (2,)], [{}]),
    "spatial_graph_conv": ([(2, 3, 2), (2,)], [{}]),
}
TYPED = ("rgcn_conv", "spatial_graph_conv")  # operators that are given edge_type


@pytest.fixture(scope="session")
def odd_graph():
    """odd_graph(seed) -> N, edge_index: directed, as unlike a textbook's as can be.

    Self loops, a duplicate of one edge, a node with no edge, one that only sends.
    """

    def make(seed):
        rng = np.random.default_rng([seed, 7])
        nodes = int(rng.integers(4, 8))
        edges = rng.integers(0, nodes - 1, (2, 2 * nodes))  # the last one is alone
        edges = np.where(edges == 1, [[1], [0]], edges)  # node 1 is never a target
        loop = np.full((2, 1), nodes - 2)
        edge_index = np.concatenate([edges, edges[:, :2], loop, loop], axis=1)
        edge_index.flags.writeable = False
        return nodes, edge_index

    return make


@pytest.fixture(scope="session")
def operator_case(draw, odd_graph):
    """operator_case(name, seed) -> op, [x, *weights], structure, on an odd graph."""

    def make(name, seed, setting=0, dtype=np.float64):
        shapes, settings = CALLS[name]
        nodes, edge_index = odd_graph(seed)
        structure = {"edge_index": edge_index} | settings[setting % len(settings)]
        if name in TYPED:
            structure["edge_type"] = np.arange(edge_index.shape[1]) % 2
        shapes = [(nodes, 3), *shapes]
        arrays = [draw(seed + i, *s, dtype=dtype) for i, s in enumerate(shapes)]
        return getattr(graph, name), arrays, structure

    return make
