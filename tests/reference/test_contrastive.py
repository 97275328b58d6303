import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.layers import InfoNCE
from mmlearn.reference import info_nce, softmax_cross_entropy


@settings(max_examples=20, deadline=None)
@given(
    b=st.integers(1, 5),
    u=st.integers(1, 4),
    temperature=st.sampled_from([0.07, 0.5, 3.0]),
    seed=st.integers(0, 99),
)
def test_info_nce_is_two_cross_entropies(draw, b, u, temperature, seed):
    query, key = draw(seed, b, u), draw(seed + 1, b, u)
    loss, _ = info_nce(query, key, temperature=temperature)
    q, k = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (query, key))
    own, s = np.arange(b), q @ k.T / temperature
    both = [softmax_cross_entropy(z, labels=own)[0] for z in (s, s.T)]
    np.testing.assert_allclose(loss, np.mean(both), rtol=1e-10)
    assert proof.gradients(info_nce, query, key, temperature=temperature)


def test_info_nce_is_keras_categorical_cross_entropy_of_cosines(draw):
    query, key = draw(0, 6, 4), draw(1, 6, 4)
    cross = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    units = [keras.utils.normalize(x, axis=1) for x in (query, key)]
    s = units[0] @ units[1].T / 0.2
    expected = (cross(np.arange(6), s) + cross(np.arange(6), s.T)) / 2
    loss, _ = info_nce(query, key, temperature=0.2)
    np.testing.assert_allclose(loss, expected, rtol=1e-6)


@pytest.mark.parametrize("batch", [1, 5])
def test_the_layer_agrees_in_value_and_gradients(draw, batch):
    layer = InfoNCE(0.3, dtype="float64")
    assert proof.agree(info_nce, layer, draw(0, batch, 3), draw(1, batch, 3))


def test_one_pair_alone_has_nothing_to_learn_from(draw):
    loss, pullback = info_nce(draw(0, 1, 3), draw(1, 1, 3), temperature=0.1)
    assert loss == 0
    assert not np.any(pullback(1.0))


def test_lengths_do_not_matter_and_gradients_do_not_change_them(draw):
    query, key = draw(0, 4, 3), draw(1, 4, 3)
    loss, pullback = info_nce(query, key, temperature=0.5)
    longer, _ = info_nce(7 * query, key / 3, temperature=0.5)
    np.testing.assert_allclose(loss, longer)
    dquery, _ = pullback(2.0)
    np.testing.assert_allclose((dquery * query).sum(axis=1), 0, atol=1e-12)


def test_all_alike_loses_ln_b_and_certain_pairs_nothing():
    alike = np.ones((7, 2))
    loss, _ = info_nce(alike, alike, temperature=0.1)
    np.testing.assert_allclose(loss, np.log(7))
    certain, pullback = info_nce(np.eye(3), np.eye(3), temperature=1e-3)
    assert certain == 0 and np.isfinite(pullback(1.0)).all()


def test_a_row_of_zeros_has_no_direction(draw):
    query, key = np.array(draw(0, 3, 2)), draw(1, 3, 2)
    query[1] = 0
    loss, pullback = info_nce(query, key, temperature=0.5)
    assert np.isfinite(loss) and np.isfinite(pullback(1.0)).all()
    theirs = InfoNCE(0.5, dtype="float64")(query, key)
    np.testing.assert_allclose(loss, theirs)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_keeps_the_dtype_and_passes_nan(draw, dtype):
    query, key = draw(0, 3, 2, dtype=dtype), draw(1, 3, 2, dtype=dtype)
    loss, pullback = info_nce(query, key)
    assert {a.dtype for a in (loss, *pullback(1.0))} == {np.dtype(dtype)}
    assert np.isnan(info_nce(query * np.nan, key)[0])


@pytest.mark.parametrize(
    ("query", "key", "options", "error", "message"),
    [
        ((2, 3), (3, 3), {}, ShapeError, r"key is \(3, 3\).*row b of query and key"),
        ((2, 3), (2, 4), {}, ShapeError, r"key is \(2, 4\)"),
        ((2,), (2,), {}, ShapeError, r"expected \(B, U\)"),
        ((0, 3), (0, 3), {}, ShapeError, "the batch is empty"),
        ((2, 3), (2, 3), {"temperature": 0}, ValueError, "temperature is 0"),
        ((2, 3), (2, 3), {"temperature": np.nan}, ValueError, "temperature is nan"),
    ],
)
def test_info_nce_refuses(query, key, options, error, message):
    with pytest.raises(error, match=f"info_nce: .*{message}"):
        info_nce(np.ones(query), np.ones(key), **options)
