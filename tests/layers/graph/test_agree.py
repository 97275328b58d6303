"""reference = layer = numerical, in value and in every gradient, for graph layers.

test_backends.py runs this file on the other Keras backends.
"""

import numpy as np
import pytest

from mmlearn import layers, proof, reference

CASES = [
    ("SumConv", "sum_conv", {}),
    ("GCNConv", "gcn_conv", {}),
    ("GCNConv", "gcn_conv", {"add_self_loops": False, "use_bias": False}),
    ("GCNConv", "gcn_conv", {"normalize": False, "units": 5}),
    ("SAGEConv", "sage_conv", {"normalize": True}),
    ("SAGEConv", "sage_conv", {"aggregate": "max", "use_bias": False}),
    ("SAGEConv", "sage_conv", {"aggregate": "sum", "units": 5}),
    ("GINConv", "gin_conv", {"hidden_units": 5}),
    ("GATConv", "gat_conv", {"heads": 3, "negative_slope": 0.3}),
    ("GATConv", "gat_conv", {"heads": 2, "concat": False, "add_self_loops": False}),
    ("GATv2Conv", "gatv2_conv", {"heads": 3, "add_self_loops": False}),
    ("GATv2Conv", "gatv2_conv", {"heads": 2, "concat": False, "use_bias": False}),
    ("RGCNConv", "rgcn_conv", {"relations": 2}),
]


def features(example):
    """Nowhere zero: where two maxima tie, or a ReLU stands at its kink, no gradient."""
    return np.random.default_rng(5).standard_normal(example.x.shape)


@pytest.mark.parametrize("kind, op, options", CASES, ids=lambda v: str(v))
def test_agrees_with_the_reference(example, kind, op, options):
    layer = getattr(layers, kind)(**({"units": 2} | options), dtype="float64")
    call = {"edge_index": example.edge_index}
    if kind == "RGCNConv":
        call["edge_type"] = example.edge_type
    table = proof.agree(getattr(reference, op), layer, features(example), **call)
    assert table, table


@pytest.mark.parametrize("loops", [True, False])
def test_edge_weights_too(example, loops):
    layer = layers.GCNConv(2, add_self_loops=loops, dtype="float64")
    call = {"edge_index": example.edge_index, "edge_weight": example.edge_weight}
    table = proof.agree(reference.gcn_conv, layer, features(example), **call)
    assert table and any("edge_weight" in row.what for row in table.rows), table


@pytest.mark.parametrize("kind", ["sum", "mean", "max"])
def test_pools_agree(example, kind):
    layer = getattr(layers, f"Graph{kind.title()}Pool")(num_graphs=4, dtype="float64")
    op = getattr(reference, f"graph_{kind}_pool")
    graph_index = np.array([2, 0, 0, 2, 0, 2, 2])
    table = proof.agree(op, layer, features(example), graph_index=graph_index)
    assert table, table
