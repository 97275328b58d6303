import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import normalize

from mmlearn.axes import ShapeError
from mmlearn.reference import rgcn_conv, sage_conv

few = settings(max_examples=10, deadline=None)


@few
@given(seed=st.integers(0, 999), relations=st.integers(1, 4))
def test_is_a_sum_of_products_relation_by_relation(draw, odd_graph, seed, relations):
    nodes, edge_index = odd_graph(seed)
    edge_type = np.random.default_rng(seed).integers(0, relations, edge_index.shape[1])
    x, kernel = draw(seed, nodes, 3), draw(1, relations, 3, 2)
    root, bias = draw(2, 3, 2), draw(3, 2)
    expected = x @ root + bias
    for r in range(relations):
        a = np.zeros((nodes, nodes))
        source, target = edge_index[:, edge_type == r]
        np.add.at(a, (target, source), 1)
        expected = expected + normalize(a, norm="l1") @ x @ kernel[r]
    structure = {"edge_index": edge_index, "edge_type": edge_type}
    y, _ = rgcn_conv(x, kernel, root, bias, **structure)
    np.testing.assert_allclose(y, expected, atol=1e-12)


def test_one_relation_is_the_mean_of_sage(draw, odd_graph):
    nodes, edge_index = odd_graph(0)
    x, kernel, root = draw(0, nodes, 3), draw(1, 3, 2), draw(2, 3, 2)
    types = np.zeros(edge_index.shape[1], int)
    y, _ = rgcn_conv(x, kernel[None], root, edge_index=edge_index, edge_type=types)
    expected, _ = sage_conv(x, kernel, root, edge_index=edge_index)
    np.testing.assert_allclose(y, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("edge_type", "error", "message"),
    [
        (
            np.array([0, 2]),
            ValueError,
            r"edge_type\[1\] is 2; expected relations 0 to 1",
        ),
        (
            np.array([-1, 0]),
            ValueError,
            r"edge_type\[0\] is -1; expected relations 0 to",
        ),
        (np.zeros(2), ValueError, "edge_type has dtype float64; expected integers"),
        (
            np.zeros(3, int),
            ShapeError,
            r"edge_type is \(3,\); expected \(E,\) with .*2",
        ),
    ],
)
def test_refused(draw, edge_type, error, message):
    edges = np.array([[0, 0], [1, 1]])
    x, kernel, root = draw(0, 2, 3), draw(1, 2, 3, 2), draw(2, 3, 2)
    with pytest.raises(error, match=f"^rgcn_conv: .*{message}"):
        rgcn_conv(x, kernel, root, edge_index=edges, edge_type=edge_type)
