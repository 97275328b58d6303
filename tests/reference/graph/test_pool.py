import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import graph_max_pool, graph_mean_pool, graph_sum_pool

ORACLES = {
    graph_sum_pool: ndimage.sum_labels,
    graph_mean_pool: ndimage.mean,
    graph_max_pool: ndimage.maximum,
}
each = pytest.mark.parametrize("op", ORACLES, ids=lambda op: op.__name__)
few = settings(max_examples=8, deadline=None)


@each
@few
@given(seed=st.integers(0, 999))
def test_is_scipys_and_its_gradient_the_numerical_one(draw, op, seed):
    rng = np.random.default_rng(seed)
    graph_index = rng.integers(0, 4, 9)  # in no order
    graph_index[graph_index == 1] = 2  # graph 1 has no nodes
    x = draw(seed, 9, 3)
    structure = {"graph_index": graph_index, "num_graphs": 5}
    y, _ = op(x, **structure)
    full = np.unique(graph_index)
    for f in range(3):
        np.testing.assert_allclose(y[full, f], ORACLES[op](x[:, f], graph_index, full))
    assert not np.delete(y, full, axis=0).any()
    assert proof.gradients(op, x, seed=seed, **structure)


@each
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keeps_the_dtype(op, dtype):
    x = np.ones((3000, 2), dtype)  # float16 counts no further than 2,048
    y, pullback = op(x, graph_index=np.zeros(3000, int), num_graphs=1)
    assert (y.dtype, pullback(y)[0].dtype) == (dtype, dtype)
    assert y[0, 0] == (3000 if op is graph_sum_pool else 1)


@each
@pytest.mark.parametrize(
    ("graph_index", "num_graphs", "error", "message"),
    [
        (
            np.array([0, 2]),
            2,
            ValueError,
            r"graph_index\[1\] is 2; expected graphs 0 to 1",
        ),
        (
            np.array([0, -1]),
            2,
            ValueError,
            r"graph_index\[1\] is -1; expected graphs 0",
        ),
        (
            np.zeros(2),
            2,
            ValueError,
            "graph_index has dtype float64; expected integers",
        ),
        (
            np.zeros(3, int),
            2,
            ShapeError,
            r"graph_index is \(3,\); expected \(N,\) with",
        ),
        (
            np.zeros(2, int),
            0,
            ValueError,
            "num_graphs is 0; expected a positive integer",
        ),
        (
            np.zeros(2, int),
            1.0,
            ValueError,
            "num_graphs is 1.0; expected a positive int",
        ),
    ],
)
def test_refused(op, graph_index, num_graphs, error, message):
    with pytest.raises(error, match=f"^{op.__name__}: {message}"):
        op(np.ones((2, 3)), graph_index=graph_index, num_graphs=num_graphs)
