"""What holds for every graph operator, whatever it computes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError

NAMES = [
    *("sum_conv", "gcn_conv", "sage_conv", "gin_conv"),
    *("gat_conv", "gatv2_conv", "rgcn_conv", "spatial_graph_conv"),
]
STRICT = NAMES[:-1]  # on (N, F) and arrays alone; the last has its own refusals
SETTINGS = {"gcn_conv": 3, "sage_conv": 6, "gat_conv": 2, "gatv2_conv": 2}
EACH_SETTING = [(name, i) for name in NAMES for i in range(SETTINGS.get(name, 1))]
each = pytest.mark.parametrize("name", NAMES)
each_strict = pytest.mark.parametrize("name", STRICT)
each_setting = pytest.mark.parametrize(("name", "setting"), EACH_SETTING)
few = settings(max_examples=3, deadline=None)
seeds = st.integers(0, 999)


@each_setting
@few
@given(seed=seeds)
def test_pullback_is_the_numerical_gradient(operator_case, name, seed, setting):
    op, arrays, structure = operator_case(name, seed, setting)
    assert proof.gradients(op, *arrays, seed=seed, **structure)
    if name != "gin_conv":
        assert proof.gradients(op, *arrays[:-1], None, seed=seed, **structure)


@each_setting
@few
@given(seed=seeds)
def test_nodes_and_edges_have_no_order(operator_case, name, seed, setting):
    """Renumber the nodes, shuffle the edges: y and dx move along, nothing else does."""
    op, (x, *weights), structure = operator_case(name, seed, setting)
    rng = np.random.default_rng(seed)
    nodes, edges = rng.permutation(len(x)), structure["edge_index"]
    shuffle = rng.permutation(edges.shape[1])
    moved = structure | {"edge_index": np.argsort(nodes)[edges][:, shuffle]}
    if "edge_type" in structure:
        moved["edge_type"] = structure["edge_type"][shuffle]
    y, pullback = op(x, *weights, **structure)
    y_moved, pullback_moved = op(x[nodes], *weights, **moved)
    np.testing.assert_allclose(y_moved, y[nodes], rtol=1e-9, atol=1e-12)
    dy = rng.standard_normal(y.shape)
    dx, *dweights = pullback(dy)
    dx_moved, *dweights_moved = pullback_moved(dy[nodes])
    np.testing.assert_allclose(dx_moved, dx[nodes], rtol=1e-7, atol=1e-9)
    for ours, theirs in zip(dweights, dweights_moved, strict=True):
        if ours is not None:
            np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-9)


@each
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype(operator_case, name, dtype):
    for setting in range(SETTINGS.get(name, 1)):
        op, arrays, structure = operator_case(name, 3, setting, dtype=dtype)
        y, pullback = op(*arrays, **structure)
        gradients = pullback(np.ones(y.shape))[: len(arrays)]
        assert {a.dtype for a in (y, *gradients)} == {np.dtype(dtype)}
        assert [np.shape(g) for g in gradients] == [np.shape(a) for a in arrays]
        wide, _ = op(*(a.astype(np.float64) for a in arrays), **structure)
        tolerance = 60 * float(np.finfo(dtype).eps)
        np.testing.assert_allclose(y, wide, rtol=tolerance, atol=tolerance)


@each
def test_a_graph_without_edges(operator_case, name):
    """E = 0: what a node does not hear is 0, so that only the node itself is left."""
    for setting in range(SETTINGS.get(name, 1)):
        op, (x, *weights), structure = operator_case(name, 0, setting)
        structure["edge_index"] = np.zeros((2, 0), int)
        if "edge_type" in structure:
            structure["edge_type"] = np.zeros(0, int)
        y, pullback = op(x, *weights, **structure)
        for v in range(len(x)):
            alone, _ = op(x[v : v + 1], *weights, **structure)
            np.testing.assert_allclose(y[v], alone[0], rtol=1e-12)
        if name == "sum_conv":
            np.testing.assert_array_equal(y, np.broadcast_to(weights[-1], y.shape))
        assert proof.gradients(op, x, *weights, **structure)


@each
def test_messages_flow_from_source_to_target(operator_case, name):
    """0 → 1 → 2: what node 0 says reaches 1, and its gradient comes back from 1."""
    for setting in range(SETTINGS.get(name, 1)):
        op, (x, *weights), structure = operator_case(name, 5, setting)
        structure["edge_index"] = np.array([[0, 1], [1, 2]])
        if "edge_type" in structure:
            structure["edge_type"] = np.zeros(2, int)
        if structure.get("add_self_loops") is False and name == "gcn_conv":
            structure["normalize"] = False  # node 0 has degree 0: it is not heard
        x = np.array(x[:3])
        before, pullback = op(x, *weights, **structure)
        x[0] += 1
        moved = np.abs(op(x, *weights, **structure)[0] - before).max(axis=1) > 0
        assert moved[1]
        assert not moved[2]
        dy = np.zeros_like(before)
        dy[1] = np.arange(1, dy.shape[1] + 1)
        reached = np.abs(pullback(dy)[0]).max(axis=1) > 1e-12
        assert reached[0]
        assert not reached[2]


@each
def test_nan_reaches_who_hears_it_and_nobody_else(operator_case, name):
    op, (x, *weights), structure = operator_case(name, 2)
    structure["edge_index"] = np.array([[0, 1, 3], [1, 2, 2]])
    if "edge_type" in structure:
        structure["edge_type"] = np.array([0, 1, 0])
    x = np.array(x[:4])
    x[0] = np.nan
    y, _ = op(x, *weights, **structure)
    alone = name in ("sum_conv", "spatial_graph_conv")  # which do not hear themselves
    np.testing.assert_array_equal(
        np.isnan(y).all(axis=1), [not alone, True, False, False]
    )
    assert not np.isnan(y[2:]).any()


@each
def test_nothing_is_written_to_and_none_is_kept(operator_case, name):
    op, arrays, structure = operator_case(name, 1)  # read-only arrays: a write raises
    y, pullback = op(*arrays, **structure)
    first = pullback(y)
    for a, b in zip(first, pullback(y), strict=True):
        assert (a is None and b is None) or np.array_equal(a, b)


REFUSED = [
    (
        np.zeros((3, 40), int),
        ShapeError,
        r"edge_index is \(3, 40\); expected \(2, E\): r",
    ),
    (
        np.zeros(4, int),
        ShapeError,
        r"edge_index is \(4,\); expected \(2, E\): row 0 sou",
    ),
    ([[0], [1]], ShapeError, r"edge_index is a list; expected \(2, E\)"),
    (np.zeros((2, 3)), ValueError, "edge_index has dtype float64; expected integers"),
    (
        np.zeros((2, 3), bool),
        ValueError,
        "edge_index has dtype bool; expected integers",
    ),
    (
        np.array([[0, 9], [1, 1]]),
        ValueError,
        r"edge_index\[0, 1\] is 9; expected nodes ",
    ),
    (
        np.array([[0, 1], [1, -1]]),
        ValueError,
        r"edge_index\[1, 1\] is -1; expected node",
    ),
]


@each_strict
@pytest.mark.parametrize(("edge_index", "error", "message"), REFUSED)
def test_edges_that_lead_nowhere_are_refused(
    operator_case, name, edge_index, error, message
):
    op, arrays, structure = operator_case(name, 0)
    with pytest.raises(error, match=f"^{name}: {message}"):
        op(*arrays, **structure | {"edge_index": edge_index})


@each_strict
def test_features_and_weights_that_do_not_fit_are_refused(operator_case, name):
    op, (x, *weights), structure = operator_case(name, 0)
    kernel = 1 if name == "gin_conv" else 0
    no_edges = structure | {"edge_index": np.zeros((2, 0), int)}
    for wrong, words in (
        (x[0], r"x is \(3,\); expected \(N, F\)"),
        (x[:0], r"x is \(0, 3\); expected one node or more"),
        (x[:, :2], r"expected \(.*with .*F = 2"),
    ):
        with pytest.raises(ShapeError, match=f"^{name}: .*{words}"):
            op(wrong, *weights, **no_edges)
    bad = [*weights]
    bad[kernel] = weights[kernel][..., 0]
    with pytest.raises(ShapeError, match=f"^{name}: kernel.* is .*expected"):
        op(x, *bad, **structure)
    with pytest.raises(ShapeError, match=f"^{name}: bias.* is .*expected"):
        op(x, *weights[:-1], np.zeros(7), **structure)
    with pytest.raises(ValueError, match=f"^{name}: x is of <U1; expected numbers"):
        op(np.full(x.shape, "a"), *weights, **structure)
    y, pullback = op(x, *weights, **structure)
    with pytest.raises(ShapeError, match=f"^{name}: the pullback got dy"):
        pullback(y[:1])
