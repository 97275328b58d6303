"""Saliency against finite differences, occlusion against a linear model's answer."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from mmlearn.axes import ShapeError
from mmlearn.explain.gradients import occlusion, saliency

RNG = np.random.default_rng(0)
X = RNG.uniform(0.1, 1, (3, 6, 5, 2))
LABELS = np.array([2, 0, 1])


@pytest.fixture(scope="module")
def linear():
    """Logits of one weight for each pixel and class: every answer is known."""
    image = keras.Input((6, 5, 2))
    flat = layers.Flatten(data_format="channels_last")(image)
    model = keras.Model(image, layers.Dense(3, dtype="float64", name="logits")(flat))
    model.get_layer("logits").kernel.assign(RNG.normal(size=(60, 3)))
    return model


@pytest.fixture(scope="module")
def curved():
    return curved_model(X.shape[1:])


def curved_model(shape):
    """Convolution, batch norm, dropout, in float64."""
    keras.utils.set_random_seed(1)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        conv = layers.Conv2D(4, 3, activation="softplus", data_format="channels_last")
        flat = layers.Flatten(data_format="channels_last")
        rest = [layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(3)]
        image = keras.Input(shape, dtype="float64")
        return keras.Sequential([image, conv, flat, *rest])
    finally:
        keras.config.set_dtype_policy(before)


def chosen_weights(model):
    kernel = keras.ops.convert_to_numpy(model.get_layer("logits").kernel)  # (F, K)
    return kernel[:, LABELS].T.reshape(X.shape)


def logit(model, x):
    z = keras.ops.convert_to_numpy(model(x, training=False))
    return z[np.arange(len(z)), LABELS]


def test_saliency_of_a_linear_model_is_its_weights(linear):
    expected = np.abs(chosen_weights(linear))
    np.testing.assert_allclose(saliency(linear, X, LABELS), expected, atol=1e-6)


def test_saliency_is_the_numerical_gradient(curved):
    found = saliency(curved, X, LABELS)
    # On JAX a Keras model casts what it is given to float32: round-off 1e-7 over the
    # step, against a truncation of its square.
    jax = keras.backend.backend() == "jax"
    step, tolerance = (3e-3, 1e-4) if jax else (1e-5, 1e-7)
    for place in [(0, 0, 0), (3, 2, 1), (5, 4, 0), (2, 4, 1)]:
        higher, lower = X.copy(), X.copy()
        higher[:, *place] += step
        lower[:, *place] -= step
        slope = (logit(curved, higher) - logit(curved, lower)) / (2 * step)
        np.testing.assert_allclose(found[:, *place], np.abs(slope), atol=tolerance)
    assert found.shape == X.shape


def test_a_sample_alone_has_the_same_saliency(curved):
    alone = saliency(curved, X[1:2], LABELS[1:2])
    np.testing.assert_allclose(saliency(curved, X, LABELS)[1:2], alone, atol=1e-12)


def test_modalities_in_a_dict():
    sound, image = keras.Input((4,), name="sound"), keras.Input((3,), name="image")
    h = layers.Concatenate()([layers.Dense(3)(image), sound])
    model = keras.Model({"image": image, "sound": sound}, layers.Dense(2)(h))
    x = {"image": np.ones((2, 3), np.float32), "sound": np.ones((2, 4), np.float32)}
    found = saliency(model, x, [0, 1])
    kernel = keras.ops.convert_to_numpy(model.layers[-1].kernel)
    np.testing.assert_allclose(found["sound"], np.abs(kernel[3:].T), atol=1e-6)
    assert found["image"].shape == (2, 3)


@given(st.integers(1, 5), st.integers(1, 5), st.floats(-1, 1))
@settings(max_examples=5, deadline=None)
def test_occlusion_of_a_linear_model_is_known(linear, size, strides, value):
    strides = min(size, strides)
    found = occlusion(linear, X, LABELS, size, strides, value)
    lost = (chosen_weights(linear) * (X - value)).sum(
        axis=-1
    )  # by each pixel, (B, H, W)
    total, times = np.zeros_like(lost), np.zeros(lost.shape[1:])
    rows = [*range(0, 6 - size + 1, strides), 6 - size]
    columns = [*range(0, 5 - size + 1, strides), 5 - size]
    for r, c in {(r, c) for r in rows for c in columns}:
        window = np.s_[:, r : r + size, c : c + size]
        total[window] += lost[window].sum(axis=(1, 2))[:, None, None]
        times[window[1:]] += 1
    assert times.min() >= 1
    np.testing.assert_allclose(found, total / times, atol=1e-5)


def test_occlusion_of_everything_is_the_whole_drop(curved):
    square = X[:, :5]
    model = curved_model((5, 5, 2))
    drop = logit(model, square) - logit(model, np.zeros_like(square))
    found = occlusion(model, square, LABELS, size=5, strides=5)
    np.testing.assert_allclose(found, np.broadcast_to(drop[:, None, None], (3, 5, 5)))


@pytest.mark.parametrize("explain", [saliency, occlusion])
def test_bad_input(linear, explain):
    with pytest.raises(ValueError, match="x is uint8 .*expected floats"):
        explain(linear, X.astype(np.uint8), LABELS)
    with pytest.raises(ShapeError, match="labels is .*B = 3"):
        explain(linear, X, LABELS[:2])
    with pytest.raises(ValueError, match="expected class numbers 0 to 2"):
        explain(linear, X, LABELS + 1)
    with pytest.raises(ValueError, match="expected class numbers 0 to 2"):
        explain(linear, X, LABELS / 2)
    maps = keras.Sequential([keras.Input((6, 5, 2)), layers.Conv2D(2, 3)])
    with pytest.raises(ValueError, match=r"expected logits\s+\(B, K\)"):
        explain(maps, X, LABELS)


@pytest.mark.parametrize("how", [{"size": 6}, {"size": 0}, {"size": 2, "strides": 3}])
def test_squares_that_do_not_fit(linear, how):
    with pytest.raises(ValueError, match="occlusion: size is .* the smaller side"):
        occlusion(linear, X, LABELS, **how)
