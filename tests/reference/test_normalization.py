import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import batch_norm, batch_norm_statistics, layer_norm

size = st.integers(1, 4)
seed = st.integers(0, 99)
cheap = settings(max_examples=25, deadline=None)
few = settings(max_examples=5, deadline=None, derandomize=True)


@pytest.mark.parametrize(("op", "axis"), [(batch_norm, 0), (layer_norm, 1)])
@cheap
@given(n=st.integers(2, 6), f=st.integers(2, 6), seed=seed)
def test_mean_0_and_variance_1_whatever_came_in(draw, op, axis, n, f, seed):
    x = 3 + 10 * draw(seed, n, f)
    z, _ = op(x, None, None, epsilon=0)
    np.testing.assert_allclose(z.mean(axis=axis), 0, atol=1e-9)
    np.testing.assert_allclose(z.var(axis=axis), 1, rtol=1e-9)
    moved, _ = op(5 * x - 2, None, None, epsilon=0)
    np.testing.assert_allclose(moved, z, atol=1e-7)


@pytest.mark.parametrize("op", [batch_norm, layer_norm])
@cheap
@given(front=st.lists(size, min_size=1, max_size=3), f=size, seed=seed)
def test_gradients_are_the_numerical_ones(draw, op, front, f, seed):
    x, gamma, beta = draw(seed, *front, f), draw(seed + 1, f), draw(seed + 2, f)
    assert proof.gradients(op, x, gamma, beta, epsilon=0.1)
    assert proof.gradients(op, x, None, beta, epsilon=0.1)
    assert proof.gradients(op, x, gamma, None, epsilon=0.1)


@few
@given(st.booleans(), st.booleans(), st.booleans(), st.sampled_from([1e-3, 0.5]))
def test_batch_norm_is_keras_batch_normalization(training, center, scale, epsilon):
    x = 2 + np.random.default_rng(0).standard_normal((3, 2, 5, 4))
    layer = keras.layers.BatchNormalization(
        epsilon=epsilon, momentum=0.8, center=center, scale=scale, dtype="float64"
    )
    assert proof.agree(batch_norm, layer, x, training=training)


@few
@given(st.lists(size, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_layer_norm_is_keras_layer_normalization(front, center, scale):
    x = 2 + np.random.default_rng(0).standard_normal((*front, 5))
    layer = keras.layers.LayerNormalization(
        epsilon=0.01, center=center, scale=scale, dtype="float64"
    )
    assert proof.agree(layer_norm, layer, x)


def test_moving_statistics_are_those_of_keras(draw):
    layer = keras.layers.BatchNormalization(momentum=0.9, dtype="float64")
    mean, variance = np.zeros(3), np.ones(3)
    for step in range(5):
        x = 2 + 3 * draw(step, 2, 4, 3)
        layer(x, training=True)
        mean, variance = batch_norm_statistics(x, mean, variance, momentum=0.9)
        np.testing.assert_allclose(layer.moving_mean, mean, rtol=1e-12)
        np.testing.assert_allclose(layer.moving_variance, variance, rtol=1e-12)


def test_layer_norm_does_not_look_at_its_neighbours(draw):
    x = draw(0, 4, 5)
    alone = [layer_norm(row, None, None)[0] for row in x]
    np.testing.assert_array_equal(layer_norm(x, None, None)[0], alone)


def test_gradient_along_x_and_along_ones_is_lost(draw):
    """Scaling or shifting a feature changes nothing, so dx is at right angles to it."""
    x = draw(0, 6, 3)
    _, pullback = batch_norm(x, None, None, epsilon=0)
    dx, _, _ = pullback(draw(1, 6, 3))
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((dx * x).sum(axis=0), 0, atol=1e-12)


def test_a_constant_feature_stays_finite():
    x = np.full((4, 2), 7.0)
    y, pullback = batch_norm(x, np.ones(2), np.zeros(2))
    assert not y.any()
    assert np.isfinite(pullback(y + 1)[0]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype(draw, dtype):
    x, weight = draw(0, 3, 4, dtype=dtype), draw(1, 4, dtype=dtype)
    moving = {"moving_mean": weight, "moving_variance": weight**2}
    runs = [
        batch_norm(x, weight, weight, epsilon=np.float64(1e-3)),
        batch_norm(x, weight, weight, training=False, **moving),
        layer_norm(x, weight, weight),
    ]
    for y, pullback in runs:
        assert {a.dtype for a in (y, *pullback(y))} == {np.dtype(dtype)}
    new = batch_norm_statistics(x, **moving, momentum=np.float64(0.9))
    assert {a.dtype for a in new} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: layer_norm(np.ones((2, 3)), np.ones(2), None), r"gamma is \(2,\).*F"),
        (lambda: batch_norm(np.ones((2, 3)), None, np.ones(4)), r"beta is \(4,\)"),
        (lambda: layer_norm(np.ones((2, 0)), None, None), "one feature or more"),
        (lambda: batch_norm(np.ones((0, 3)), None, None), "one row or more"),
        (
            lambda: batch_norm_statistics(np.ones((2, 3)), np.ones(3), np.ones(2)),
            r"moving_variance is \(2,\); expected \(F,\) with F = 3",
        ),
    ],
)
def test_wrong_shapes(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


def test_inference_needs_statistics():
    with pytest.raises(ValueError, match="expected both"):
        batch_norm(np.ones((2, 3)), None, None, training=False, moving_mean=np.ones(3))
