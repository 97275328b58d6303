import keras
import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import (
    focal_loss,
    mean_squared_error,
    softmax,
    softmax_cross_entropy,
)


@settings(max_examples=25, deadline=None)
@given(b=st.integers(1, 6), k=st.integers(2, 5), seed=st.integers(0, 99))
def test_cross_entropy_is_scikit_learns_log_loss(draw, b, k, seed):
    logits = draw(seed, b, k)
    labels = np.random.default_rng(seed).integers(0, k, b)
    loss, _ = softmax_cross_entropy(logits, labels=labels)
    expected = sklearn.metrics.log_loss(labels, softmax(logits)[0], labels=range(k))
    np.testing.assert_allclose(loss, expected, rtol=1e-12)
    assert proof.gradients(softmax_cross_entropy, logits, labels=labels)


def test_cross_entropy_is_keras_also_where_exp_overflows():
    logits = np.array([[1000.0, 0.0, -1000.0], [0.0, 3000.0, 1.0]])
    loss, pullback = softmax_cross_entropy(logits, labels=[2, 1])
    keras_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    np.testing.assert_allclose(loss, keras_loss(np.array([2, 1]), logits))
    np.testing.assert_allclose(pullback(1.0)[0], [[0.5, 0, -0.5], [0, 0, 0]])


def test_the_loss_before_training_is_ln_k():
    for k in (2, 10, 1000):
        loss, _ = softmax_cross_entropy(np.zeros((3, k)), labels=[0, 1, k - 1])
        np.testing.assert_allclose(loss, np.log(k))


@pytest.mark.parametrize(
    ("shape", "labels", "error", "message"),
    [
        ((2, 3), [0, 3], ValueError, "a label is 3; expected 0 to 2"),
        ((2, 3), [-1, 0], ValueError, "a label is -1; expected 0 to 2"),
        ((2, 3), [0.0, 1.0], ValueError, "labels are float64; expected integers"),
        ((2, 3), [0], ShapeError, r"labels is \(1,\); expected \(B,\) with B = 2"),
        ((2, 3), np.eye(3, dtype=int)[:2], ShapeError, "no one-hot rows"),
        ((0, 3), np.zeros(0, int), ShapeError, "the batch is empty"),
        ((3,), [0], ShapeError, r"logits is \(3,\); expected \(B, K\)"),
    ],
)
def test_cross_entropy_refuses(draw, shape, labels, error, message):
    with pytest.raises(error, match=f"softmax_cross_entropy: .*{message}"):
        softmax_cross_entropy(draw(0, *shape), labels=labels)


@settings(max_examples=25, deadline=None)
@given(shape=st.lists(st.integers(1, 4), max_size=3), seed=st.integers(0, 99))
def test_mean_squared_error_is_scikit_learns(draw, shape, seed):
    prediction, target = draw(seed, *shape), draw(seed + 1, *shape)
    loss, _ = mean_squared_error(prediction, target)
    flat = np.ravel(target), np.ravel(prediction)
    np.testing.assert_allclose(loss, sklearn.metrics.mean_squared_error(*flat))
    assert proof.gradients(mean_squared_error, prediction, target)


def test_mean_squared_error_refuses_what_would_broadcast():
    with pytest.raises(
        ShapeError, match=r"\(4, 1\), target is \(4,\); expected the same"
    ):
        mean_squared_error(np.ones((4, 1)), np.ones(4))
    with pytest.raises(ShapeError, match="no element"):
        mean_squared_error(np.ones((0, 2)), np.ones((0, 2)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_keep_the_dtype_and_pass_nan(draw, dtype):
    x = draw(0, 2, 3, dtype=dtype)
    for loss, pullback in (
        softmax_cross_entropy(x, labels=[0, 2]),
        mean_squared_error(x, 2 * x),
    ):
        assert {a.dtype for a in (loss, *pullback(1.0))} == {np.dtype(dtype)}
    assert np.isnan(softmax_cross_entropy(x * np.nan, labels=[0, 2])[0])
    assert np.isnan(mean_squared_error(x * np.nan, x)[0])


@settings(max_examples=20, deadline=None)
@given(
    b=st.integers(1, 6),
    k=st.integers(2, 5),
    gamma=st.sampled_from([0, 0.5, 1, 2, 3.7]),
    seed=st.integers(0, 99),
)
def test_focal_loss_is_its_equation_and_its_pullback(draw, b, k, gamma, seed):
    logits, rng = draw(seed, b, k), np.random.default_rng(seed)
    labels, alpha = rng.integers(0, k, b), rng.uniform(0.5, 3, k)
    p = softmax(logits)[0][np.arange(b), labels]
    loss, _ = focal_loss(logits, labels=labels, gamma=gamma, alpha=alpha)
    expected = -np.mean(alpha[labels] * (1 - p) ** gamma * np.log(p))
    np.testing.assert_allclose(loss, expected, rtol=1e-10)
    options = {"labels": labels, "gamma": gamma, "alpha": alpha}
    assert proof.gradients(focal_loss, logits, **options)


@pytest.mark.parametrize("options", [{}, {"gamma": 0.5, "alpha": [1.0, 2.0, 0.5]}])
def test_focal_loss_is_keras(draw, options):
    logits, labels = draw(0, 5, 3), np.array([0, 2, 1, 1, 0])
    keras_loss = keras.losses.CategoricalFocalCrossentropy(
        from_logits=True, dtype="float64", **options
    )
    expected = keras_loss(np.eye(3)[labels], logits)
    loss, _ = focal_loss(logits, labels=labels, **options)
    np.testing.assert_allclose(loss, expected, rtol=1e-6)


def test_focal_loss_without_focus_is_cross_entropy(draw):
    logits = draw(1, 4, 3)
    focal, cross = (
        op(logits, labels=[0, 1, 2, 2], **options)
        for op, options in (
            (focal_loss, {"gamma": 0, "alpha": 1}),
            (softmax_cross_entropy, {}),
        )
    )
    np.testing.assert_allclose(focal[0], cross[0])
    np.testing.assert_allclose(focal[1](1.0)[0], cross[1](1.0)[0], atol=1e-15)


@pytest.mark.parametrize("gamma", [0, 0.5, 1, 2])
def test_focal_loss_where_the_model_is_certain(gamma):
    logits = np.array([[800.0, 0.0], [0.0, 800.0]])
    loss, pullback = focal_loss(logits, labels=[0, 0], gamma=gamma, alpha=1)
    np.testing.assert_allclose(loss, 400)
    np.testing.assert_allclose(pullback(1.0)[0], [[0, 0], [-0.5, 0.5]], atol=1e-12)


def test_focal_loss_refuses():
    z = np.zeros((2, 3))
    with pytest.raises(ValueError, match="gamma is -1"):
        focal_loss(z, labels=[0, 1], gamma=-1)
    with pytest.raises(ShapeError, match=r"alpha is \(2,\); expected \(K,\)"):
        focal_loss(z, labels=[0, 1], alpha=[1, 2])
    with pytest.raises(ValueError, match="focal_loss: .*a label is 3"):
        focal_loss(z, labels=[0, 3])
