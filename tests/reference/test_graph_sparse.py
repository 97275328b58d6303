"""The sparse twins: the same numbers and gradients as the readable operators."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from mmlearn import proof, reference
from mmlearn.axes import ShapeError
from mmlearn.reference import graph_sparse

few = settings(max_examples=6, deadline=None)
CASES = [
    ("sum_conv", 1, {}),
    ("gcn_conv", 1, {}),
    ("gcn_conv", 1, {"add_self_loops": False}),
    ("gcn_conv", 1, {"normalize": False}),
    ("sage_conv", 2, {}),
    ("sage_conv", 2, {"normalize": True}),
]
each = pytest.mark.parametrize(("name", "kernels", "structure"), CASES)


def case(draw, seed, kernels):
    """x with zeros, weights, and edges with loops, duplicates and lonely nodes."""
    x = draw(seed, 7, 3) * (draw(seed + 1, 7, 3) > 0)
    weights = [draw(seed + 2 + i, 3, 2) for i in range(kernels)] + [draw(seed + 5, 2)]
    edges = np.random.default_rng(seed).integers(0, 5, (2, 14))
    return x, weights, np.concatenate([edges, edges[:, :3], np.full((2, 2), 3)], axis=1)


def expect_same(ours, theirs, **tolerance):
    for a, b in zip(ours, theirs, strict=True):
        if b is None:
            assert a is None
        elif a is not None:
            assert a.dtype == b.dtype
            np.testing.assert_allclose(a, b, **tolerance)


@each
@few
@given(seed=st.integers(0, 999))
def test_twins_agree_with_the_readable_operator(draw, seed, name, kernels, structure):
    x, weights, edge_index = case(draw, seed, kernels)
    twin, readable = getattr(graph_sparse, name), getattr(reference, name)
    y, pullback = readable(x, *weights, edge_index=edge_index, **structure)
    dy = draw(seed + 9, *y.shape)
    for features in (x, sparse.csr_array(x), sparse.coo_matrix(x)):
        z, pullback_twin = twin(features, *weights, edge_index=edge_index, **structure)
        expect_same([z], [y], atol=1e-12)
        gradients = pullback_twin(dy)
        assert (gradients[0] is None) == (features is not x)
        expect_same(gradients, pullback(dy), atol=1e-12)


@few
@given(seed=st.integers(0, 999), loops=st.booleans(), normalize=st.booleans())
def test_gradient_of_the_edge_weights(draw, seed, loops, normalize):
    x, (kernel, bias), edge_index = case(draw, seed, 1)
    weight = 0.5 + np.random.default_rng(seed).random(edge_index.shape[1])
    structure = {"edge_index": edge_index, "add_self_loops": loops}
    structure |= {"normalize": normalize}
    arrays = x, kernel, bias, weight
    assert proof.gradients(graph_sparse.gcn_conv, *arrays, **structure)
    (y, pullback), (z, twin) = (
        op(*arrays, **structure) for op in (reference.gcn_conv, graph_sparse.gcn_conv)
    )
    expect_same([z, *twin(y)], [y, *pullback(y)], atol=1e-10)


@each
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_keeps_the_dtype(draw, name, kernels, structure, dtype):
    x, weights, edge_index = case(draw, 0, kernels)
    arrays = [a.astype(dtype) for a in (x, *weights)]
    twin = getattr(graph_sparse, name)
    y, pullback = twin(*arrays, edge_index=edge_index, **structure)
    given = [a for a in pullback(y) if a is not None]
    assert {a.dtype for a in (y, *given)} == {np.dtype(dtype)}
    no_edges = np.zeros((2, 0), int)
    assert twin(*arrays, edge_index=no_edges, **structure)[0].dtype == dtype


@each
def test_refused(draw, name, kernels, structure):
    x, weights, edge_index = case(draw, 0, kernels)
    twin = getattr(graph_sparse, name)
    for features in (x, sparse.csr_array(x)):
        with pytest.raises(
            ValueError, match=rf"^{name}: edge_index\[0, 0\] is \d+; exp"
        ):
            twin(features, *weights, edge_index=edge_index + 7, **structure)
        with pytest.raises(ShapeError, match=f"^{name}: kernel is "):
            twin(features[:, :2], *weights, edge_index=edge_index, **structure)
        with pytest.raises(ShapeError, match=f"^{name}: x is .*one node or more"):
            twin(features[:0], *weights, edge_index=edge_index, **structure)


def test_the_maximum_is_no_product(draw):
    x, weights, edge_index = case(draw, 0, 2)
    with pytest.raises(ValueError, match="aggregate is 'max'; expected 'mean'"):
        graph_sparse.sage_conv(x, *weights, edge_index=edge_index, aggregate="max")
