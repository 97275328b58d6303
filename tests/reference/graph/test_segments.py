import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from mmlearn import proof
from mmlearn.reference.graph.segments import (
    scatter_sum,
    segment_max,
    segment_mean,
    segment_softmax,
    segment_sum,
)

few = settings(max_examples=6, deadline=None)
seeds = st.integers(0, 999)


@pytest.mark.parametrize(
    "op", [segment_sum, segment_mean, segment_max, segment_softmax]
)
@few
@given(seed=seeds)
def test_pullback_is_the_numerical_gradient(draw, op, seed):
    segment = np.random.default_rng(seed).integers(0, 4, 8)
    assert proof.gradients(op, draw(seed, 8, 2), segment=segment, segments=5)
    assert proof.gradients(op, draw(seed, 8), segment=segment, segments=5)


@few
@given(seed=seeds)
def test_softmax_is_scipys_segment_by_segment(draw, seed):
    segment = np.random.default_rng(seed).integers(0, 4, 12)
    scores = 500 * draw(seed, 12, 3)
    alpha, _ = segment_softmax(scores, segment=segment, segments=4)
    for v in np.unique(segment):
        expected = softmax(scores[segment == v], axis=0)
        np.testing.assert_allclose(alpha[segment == v], expected, rtol=1e-10)


def test_softmax_is_float32_at_least():
    scores, segment = np.zeros(3000, np.float16), np.zeros(3000, int)
    alpha, pullback = segment_softmax(scores, segment=segment, segments=1)
    assert alpha.dtype == np.float32
    np.testing.assert_allclose(alpha, 1 / 3000, rtol=1e-6)
    assert pullback(alpha)[0].dtype == np.float16


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_scatter_sum_adds_rows_of_any_shape(draw, dtype):
    rows = draw(0, 9, 2, 3, dtype=dtype)
    segment = np.array([3, 0, 0, 5, 3, 3, 1, 0, 5])
    expected = np.zeros((7, 2, 3))
    np.add.at(expected, segment, rows)
    total = scatter_sum(rows, segment, 7)
    assert total.dtype == dtype
    np.testing.assert_allclose(total, expected, rtol=1e-2, atol=1e-2)
    assert scatter_sum(rows[:0], segment[:0], 2).shape == (2, 2, 3)
