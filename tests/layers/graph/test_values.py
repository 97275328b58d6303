"""Edge list = dense adjacency matrix, for every graph layer.

The dense side is the matrix form, in NumPy, SciPy's softmax and networkx' Laplacian.
test_backends.py runs this file on the other Keras backends.
"""

import keras
import networkx as nx
import numpy as np
import pytest
from scipy.special import softmax

from mmlearn import layers

CLOSE = {"rtol": 1e-11, "atol": 1e-11}
FULL = {"dtype": "float64", "bias_initializer": "normal"}


@pytest.fixture(autouse=True, scope="module")
def float64():
    """Outside TensorFlow Keras narrows float64 in some operations."""
    from mmlearn.proof.autodiff import full_precision

    with full_precision():
        yield


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def weights(layer):
    return {v.name: numpy(v) for v in layer.variables}


def with_loops(a):
    """Ã: every self loop there once, with its own weight, or 1."""
    diagonal = np.diag(a)
    return a - np.diag(diagonal) + np.diag(np.where(diagonal == 0, 1, diagonal))


def normalized(a):
    degree = a.sum(axis=1)
    inverse = np.where(degree > 0, 1 / np.sqrt(np.where(degree > 0, degree, 1)), 0)
    return inverse[:, None] * a * inverse


def relu(x):
    return np.maximum(x, 0)


@pytest.mark.parametrize("units", [2, 5], ids=["narrower", "wider"])
def test_sum(example, units):
    layer = layers.SumConv(units, **FULL)
    y = numpy(layer(example.x, example.edge_index))
    w = weights(layer)
    expected = example.adjacency() @ example.x @ w["kernel"] + w["bias"]
    np.testing.assert_allclose(y, expected, **CLOSE)


@pytest.mark.parametrize("units", [2, 5], ids=["narrower", "wider"])
@pytest.mark.parametrize("loops", [True, False])
@pytest.mark.parametrize("norm", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_gcn(example, units, loops, norm, weighted):
    layer = layers.GCNConv(units, add_self_loops=loops, normalize=norm, **FULL)
    given = [example.edge_weight] if weighted else []
    y = numpy(layer(example.x, example.edge_index, *given))
    a = example.adjacency(*given)
    a = with_loops(a) if loops else a
    a = normalized(a) if norm else a
    w = weights(layer)
    np.testing.assert_allclose(y, a @ example.x @ w["kernel"] + w["bias"], **CLOSE)


def test_gcn_is_networkx_normalization():
    club = nx.karate_club_graph()
    pairs = np.array(club.edges).T
    layer = layers.GCNConv(4, add_self_loops=False, use_bias=False, dtype="float64")
    y = numpy(layer(np.eye(34), np.concatenate([pairs, pairs[::-1]], axis=1)))
    laplacian = nx.normalized_laplacian_matrix(club, weight=None).toarray()
    expected = (np.eye(34) - laplacian) @ weights(layer)["kernel"]
    np.testing.assert_allclose(y, expected, **CLOSE)


def test_of_several_self_loops_the_last_is_kept():
    edges, weight = np.array([[0, 0, 0], [0, 0, 0]]), np.array([2.0, 5.0, 3.0])
    options = {"kernel_initializer": "ones", "normalize": False, "dtype": "float64"}
    y = layers.GCNConv(1, **options)(np.ones((1, 1)), edges, weight)
    assert numpy(y).item() == 3.0
    assert numpy(layers.GCNConv(1, **options)(np.ones((1, 1)), edges)).item() == 1.0


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("aggregate", ["mean", "sum", "max"])
def test_sage(example, aggregate, normalize):
    layer = layers.SAGEConv(4, aggregate=aggregate, normalize=normalize, **FULL)
    y = numpy(layer(example.x, example.edge_index))
    w, a = weights(layer), example.adjacency()
    if aggregate == "max":
        reach = np.where(a[:, :, None] > 0, example.x[None], -np.inf).max(axis=1)
        around = np.where(np.isfinite(reach), reach, 0)
    else:
        count = np.maximum(a.sum(axis=1, keepdims=True), 1)
        around = a @ example.x / (count if aggregate == "mean" else 1)
    expected = around @ w["kernel"] + example.x @ w["root_kernel"] + w["bias"]
    if normalize:
        expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(y, expected, **CLOSE)


def test_gin(example):
    options = {"hidden_units": 6, "epsilon_initializer": keras.initializers.Constant(2)}
    layer = layers.GINConv(4, **options, **FULL)
    y = numpy(layer(example.x, example.edge_index))
    w = weights(layer)
    s = 3 * example.x + example.adjacency() @ example.x
    hidden = relu(s @ w["kernel_1"] + w["bias_1"])
    np.testing.assert_allclose(y, hidden @ w["kernel_2"] + w["bias_2"], **CLOSE)


def attend(logits, a, h):
    """Dense attention: logits (target, source), softmax over sources, by edges of A."""
    exist = np.where(a > 0, np.log(np.maximum(a, 1e-300)), -np.inf)  # duplicates count
    alone = ~(a > 0).any(axis=1)
    alpha = softmax(np.where(alone[:, None], 0, logits + exist), axis=1)
    return np.where(alone[:, None], 0, alpha) @ h


def leaky(x, slope=0.3):
    return np.where(x > 0, x, slope * x)


@pytest.mark.parametrize("loops", [True, False])
@pytest.mark.parametrize("concat", [True, False])
@pytest.mark.parametrize("kind", ["GATConv", "GATv2Conv"])
def test_gat(example, kind, concat, loops):
    options = {"concat": concat, "add_self_loops": loops, "negative_slope": 0.3}
    layer = getattr(layers, kind)(4, heads=2, **options, **FULL)
    y = numpy(layer(example.x, example.edge_index))
    w, a = weights(layer), example.adjacency()
    a = a - np.diag(np.diag(a)) + np.eye(example.nodes) if loops else a
    heads = []
    for i in range(2):
        h = example.x @ w["kernel"][:, i]
        if kind == "GATConv":
            asks = h @ w["attention_target"][i]
            logits = leaky(asks[:, None] + (h @ w["attention_source"][i])[None])
        else:
            asks = example.x @ w["target_kernel"][:, i]
            logits = leaky(asks[:, None] + h[None]) @ w["attention"][i]
        heads.append(attend(logits, a, h))
    expected = np.concatenate(heads, axis=1) if concat else np.mean(heads, axis=0)
    np.testing.assert_allclose(y, expected + w["bias"], **CLOSE)


@pytest.mark.parametrize("kind", ["GATConv", "GATv2Conv"])
def test_attention_adds_up_to_one_at_every_node_that_an_edge_reaches(example, kind):
    for loops in (True, False):
        layer = getattr(layers, kind)(4, heads=3, add_self_loops=loops, dtype="float64")
        layer(example.x, example.edge_index)
        edges, own = layer.attention_weights(example.x, example.edge_index)
        total = np.zeros((example.nodes, 3)) if own is None else numpy(own).copy()
        np.add.at(total, example.edge_index[1], numpy(edges))
        reached = loops | np.isin(np.arange(example.nodes), example.edge_index[1])
        np.testing.assert_allclose(total, np.repeat(reached[:, None], 3, 1), **CLOSE)


def test_attention_survives_large_logits(example):
    layer = layers.GATConv(2, attention_initializer="ones", dtype="float64")
    y = numpy(layer(1e4 * example.x, example.edge_index))
    assert np.isfinite(y).all()


def test_rgcn(example):
    layer = layers.RGCNConv(4, relations=example.relations, **FULL)
    y = numpy(layer(example.x, example.edge_index, example.edge_type))
    w = weights(layer)
    expected = example.x @ w["root_kernel"] + w["bias"]
    for r in range(example.relations):
        a = example.adjacency(keep=example.edge_type == r)
        count = np.maximum(a.sum(axis=1, keepdims=True), 1)
        expected += a @ example.x @ w["kernel"][r] / count
    np.testing.assert_allclose(y, expected, **CLOSE)


def test_pools(example):
    graph_index = np.array([2, 0, 0, 2, 0, 2, 2])  # graph 1 has no node
    rows = [example.x[graph_index == g] for g in range(4)]
    for kind, pool in (("Sum", np.sum), ("Mean", np.mean), ("Max", np.max)):
        layer = getattr(layers, f"Graph{kind}Pool")(num_graphs=4, dtype="float64")
        y = numpy(layer(example.x, graph_index))
        zero = np.zeros(example.features)
        expected = [pool(r, axis=0) if len(r) else zero for r in rows]
        np.testing.assert_allclose(y, expected, **CLOSE)
