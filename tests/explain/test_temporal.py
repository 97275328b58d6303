"""Which steps mattered: linear models whose answer is known, masks, words."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from mmlearn.explain import saliency, temporal_saliency

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 5, 2)).astype("float32")
LABELS = np.array([1, 0, 2])


@pytest.fixture(scope="module")
def linear():
    """One weight for each step, feature and class."""
    x = keras.Input((5, 2))
    flat = layers.Flatten(data_format="channels_last")(x)
    return keras.Model(x, layers.Dense(3, use_bias=False)(flat))


@pytest.fixture(scope="module")
def weights(linear):
    kernel = ops.convert_to_numpy(linear.layers[-1].kernel).reshape(5, 2, 3)
    return np.moveaxis(kernel[:, :, LABELS], 2, 0)  # (B, T, F)


@pytest.fixture(scope="module")
def masked():
    """A sentence's mean word, and a picture beside it; two heads."""
    ids = keras.Input((None,), dtype="int32", name="text")
    picture = keras.Input((3,), name="image")
    words = layers.Embedding(9, 4, name="embedding")(ids)
    there = ops.cast(ops.not_equal(ids, 0), "float32")[..., None]
    h = ops.sum(words * there, axis=1)
    h = layers.Concatenate()([h, picture])
    heads = {"class": layers.Dense(3)(h), "mood": layers.Dense(1, name="mood")(h)}
    model = keras.Model({"text": ids, "image": picture}, heads)
    model.get_layer("embedding").embeddings.assign(RNG.normal(size=(9, 4)))
    return model


def test_the_slope_of_a_linear_model(linear, weights):
    found = temporal_saliency(linear, X, LABELS)
    np.testing.assert_allclose(found, np.linalg.norm(weights, axis=2), atol=1e-5)
    assert found.shape == (3, 5)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_what_a_linear_model_loses(linear, weights, size):
    found = temporal_saliency(
        linear, X, LABELS, method="occlusion", size=size, value=0.5
    )
    lost = np.sum(weights * (X - 0.5), axis=2)  # (B, T)
    total, times = np.zeros((3, 5)), np.zeros(5)
    for first in range(5 - size + 1):
        window = slice(first, first + size)
        total[:, window] += lost[:, window].sum(axis=1, keepdims=True)
        times[window] += 1
    np.testing.assert_allclose(found, total / times, atol=1e-5)


def test_words_beside_a_picture(masked):
    x = {"text": np.array([[3, 5, 0, 0], [1, 2, 7, 8]]), "image": np.ones((2, 3), "f")}
    labels = np.array([1, 2])
    options = {"name": "text", "task": "class"}
    by_word = temporal_saliency(masked, x, labels, layer="embedding", **options)
    lost = temporal_saliency(masked, x, labels, method="occlusion", **options)
    for found in (by_word, lost):
        np.testing.assert_allclose(found[0, 2:], 0, atol=1e-6)  # padding
        assert (np.abs(found[:, :2]) > 1e-4).all()
    kernel = ops.convert_to_numpy(masked.layers[-2].kernel)  # of `class`
    slope = np.linalg.norm(kernel[:4, labels], axis=0)
    np.testing.assert_allclose(by_word[1], np.full(4, slope[1]), atol=1e-5)
    table = ops.convert_to_numpy(masked.get_layer("embedding").embeddings)
    each = np.einsum("blf,fb->bl", table[x["text"]], kernel[:4, labels])
    np.testing.assert_allclose(lost[1], each[1], atol=1e-5)
    mood = temporal_saliency(
        masked, x, [0, 0], name="text", task="mood", layer="embedding"
    )
    assert mood.shape == (2, 4)
    beside = saliency(masked, x, labels, task="class")
    assert list(beside) == ["image"]
    np.testing.assert_allclose(beside["image"], np.abs(kernel[4:, labels].T), atol=1e-5)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"method": "guess"}, "method is 'guess'"),
        ({"method": "occlusion", "layer": "dense"}, "without a layer"),
        ({"method": "occlusion", "size": 6}, "size is 6; expected 1 to 5"),
        ({"name": "sound"}, "name is 'sound'; expected one of none"),
        ({"x": X.astype(int)}, "the steps are int64; expected floats, or layer="),
        ({"x": X[:, :0]}, r"the sequence is \(3, 0, 2\)"),
    ],
)
def test_bad_questions(linear, change, told):
    options = {"x": X} | change
    with pytest.raises(ValueError, match=told):
        temporal_saliency(linear, options.pop("x"), LABELS, **options)
