import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from sklearn.preprocessing import normalize

from mmlearn.reference import sage_conv

few = settings(max_examples=10, deadline=None)
seeds = st.integers(0, 999)


@few
@given(seed=seeds)
def test_mean_is_the_product_with_rows_that_add_up_to_1(draw, odd_graph, seed):
    nodes, (source, target) = odd_graph(seed)
    a = np.zeros((nodes, nodes))
    np.add.at(a, (target, source), 1)
    p = normalize(a, norm="l1")  # scikit-learn leaves a row of zeros as it is
    x, kernel, root, bias = (
        draw(seed, nodes, 3),
        draw(1, 3, 2),
        draw(2, 3, 2),
        draw(3, 2),
    )
    edge_index = np.stack([source, target])
    expected = p @ x @ kernel + x @ root + bias
    y, _ = sage_conv(x, kernel, root, bias, edge_index=edge_index)
    np.testing.assert_allclose(y, expected, atol=1e-12)
    y, _ = sage_conv(x, kernel, root, bias, edge_index=edge_index, normalize=True)
    np.testing.assert_allclose(y, normalize(expected), atol=1e-12)


@few
@given(seed=seeds)
def test_max_is_that_of_scipy_ndimage(draw, odd_graph, seed):
    nodes, edge_index = odd_graph(seed)
    x = draw(seed, nodes, 3)
    y, _ = sage_conv(
        x, np.eye(3), np.zeros((3, 3)), edge_index=edge_index, aggregate="max"
    )
    heard = np.unique(edge_index[1])
    for f in range(3):
        m = ndimage.maximum(x[edge_index[0], f], edge_index[1], heard)
        np.testing.assert_array_equal(y[heard, f], m)
    assert not np.delete(y, heard, axis=0).any()


def test_equal_neighbours_share_the_gradient_of_a_maximum():
    tf = pytest.importorskip("tensorflow")
    x = np.random.default_rng(0).integers(-2, 2, (6, 3)).astype(float)  # many ties
    source, target = np.array([[0, 1, 2, 3, 4, 1], [5, 5, 5, 0, 0, 5]])
    one, zero = np.eye(3), np.zeros((3, 3))
    edges = np.stack([source, target])
    y, pullback = sage_conv(x, one, zero, edge_index=edges, aggregate="max")
    dy = np.random.default_rng(1).standard_normal(y.shape)
    tensor = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        theirs = tf.math.unsorted_segment_max(tf.gather(tensor, source), target, 6)
    slopes = tape.gradient(theirs, tensor, tf.constant(dy))
    np.testing.assert_allclose(
        pullback(dy)[0], tf.convert_to_tensor(slopes), atol=1e-12
    )


def test_a_row_of_zeros_has_no_direction():
    zero = np.zeros((3, 2))
    y, pullback = sage_conv(
        np.ones((2, 3)), zero, zero, edge_index=np.zeros((2, 1), int), normalize=True
    )
    assert not y.any()
    assert not pullback(y + 1)[1].any()


def test_other_aggregates_are_refused(draw):
    with pytest.raises(
        ValueError, match="^sage_conv: aggregate is 'median'; expected "
    ):
        sage_conv(
            draw(0, 2, 3),
            draw(1, 3, 2),
            draw(2, 3, 2),
            edge_index=np.zeros((2, 0), int),
            aggregate="median",
        )
