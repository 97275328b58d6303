import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import embedding

ids_of_5 = st.lists(st.integers(0, 4), min_size=1, max_size=6)


@settings(max_examples=10, deadline=None)
@given(ids_of_5, st.integers(0, 99))
def test_gradients_are_the_numerical_ones(draw, ids, seed):
    assert proof.gradients(embedding, draw(seed, 5, 3), ids=ids)


@settings(max_examples=10, deadline=None)
@given(ids_of_5, st.integers(0, 99))
def test_is_a_product_with_one_hot_rows(draw, ids, seed):
    """SciPy's sparse matrix S_nv = [i_n = v]: y = S E, dE = Sᵀ dy."""
    rows, table, dy = np.arange(len(ids)), draw(seed, 5, 3), draw(1, len(ids), 3)
    one_hot = coo_array((np.ones(len(ids)), (rows, ids)), shape=(len(ids), 5))
    y, pullback = embedding(table, ids=ids)
    np.testing.assert_array_equal(y, one_hot @ table)
    np.testing.assert_allclose(pullback(dy)[0], one_hot.T @ dy, atol=1e-12)


@pytest.mark.parametrize("ids", [[[3, 1, 3], [0, 3, 6]], [2, 2]])
def test_is_embedding_of_keras(ids):
    layer = keras.layers.Embedding(7, 3, dtype="float64")
    assert proof.agree(embedding, layer, ids=np.array(ids))


def test_what_does_not_occur_gets_nothing(draw):
    _, pullback = embedding(draw(0, 5, 3), ids=np.array([[1, 1], [4, 1]]))
    (gradient,) = pullback(np.ones((2, 2, 3)))
    np.testing.assert_array_equal(gradient[:, 0], [0, 3, 0, 0, 1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype(draw, dtype):
    y, pullback = embedding(draw(0, 5, 3, dtype=dtype), ids=np.uint8([3, 0]))
    assert {y.dtype, pullback(y)[0].dtype} == {np.dtype(dtype)}


def test_no_token_at_all(draw):
    y, pullback = embedding(draw(0, 5, 3), ids=[])
    assert y.shape == (0, 3) and not pullback(y)[0].any()


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([0, -1], "an id is -1; expected 0 to 4, .*V = 5 rows: give unknown"),
        ([[0, 5]], "an id is 5; expected 0 to 4"),
        ([0.0, 1.0], "ids are float64; expected integers"),
        ([True, False], "ids are bool; expected integers"),
        (["the", "cat"], "ids is of <U3; expected numbers"),
        ([[1, 2], [3]], "ids are lists of different lengths; .*pad"),
        (None, "ids is a NoneType"),
    ],
)
def test_ids_without_a_row(ids, message):
    with pytest.raises(ValueError, match=message):
        embedding(np.ones((5, 3)), ids=ids)


def test_embeddings_that_are_no_table():
    with pytest.raises(ShapeError, match=r"embeddings is \(5,\); .*a row of U numbers"):
        embedding(np.ones(5), ids=[0])
