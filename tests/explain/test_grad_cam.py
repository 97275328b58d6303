"""Grad-CAM: CAM where the two are the same; models nested, functional, of a class."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from mmlearn.explain import grad_cam

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(4, 8, 6, 2)).astype("float32")
LABELS = np.array([2, 0, 1, 2])
LAST = {"data_format": "channels_last"}


def convolutions(name="eyes"):
    """(8, 6, 2) -> (4, 3, 5), by two convolutions."""
    image = keras.Input((8, 6, 2), name="image")
    h = layers.Conv2D(3, 3, activation="relu", padding="same", name="conv1", **LAST)(
        image
    )
    h = layers.MaxPooling2D(2, name="pool1", **LAST)(h)
    h = layers.Conv2D(5, 3, padding="same", name="conv2", **LAST)(h)
    return keras.Model(image, h, name=name)


class Written(keras.Model):
    """The same network, as a class."""

    def __init__(self, eyes, pool, logits):
        super().__init__()
        self.eyes, self.pool, self.logits = eyes, pool, logits

    def call(self, x):
        return {"shape": self.logits(self.pool(self.eyes(x))), "half": x[:, 0, 0]}


@pytest.fixture(scope="module")
def parts():
    eyes = convolutions()
    pool = layers.GlobalAveragePooling2D(name="pool", **LAST)
    logits = layers.Dense(3, name="logits")
    image = keras.Input((8, 6, 2))
    nested = keras.Model(image, logits(pool(eyes(image))), name="nested")
    return eyes, pool, logits, nested


@pytest.fixture(scope="module")
def cam(parts):
    """Zhou et al. (2016): relu(Σ_k w_k A_k) / Z, by hand from the model's weights."""
    eyes, _, logits, _ = parts
    maps = ops.convert_to_numpy(eyes(X))
    kernel = ops.convert_to_numpy(logits.kernel)[:, LABELS]  # (U, B)
    heat = np.einsum("bhwu,ub->bhw", maps, kernel)
    return np.maximum(heat, 0) / (maps.shape[1] * maps.shape[2])


def test_after_a_global_mean_it_is_cam(parts, cam):
    found = grad_cam(parts[-1], X, LABELS, "conv2")
    assert found.shape == (4, 4, 3)
    np.testing.assert_allclose(found, cam, atol=1e-5)
    assert found.max() > 0 == found.min()


def test_a_class_and_a_functional_model_are_asked_alike(parts, cam):
    eyes, pool, logits, _ = parts
    written = Written(eyes, pool, logits)
    found = grad_cam(written, X, LABELS, "eyes/conv2", task="shape")
    np.testing.assert_allclose(found, cam, atol=1e-5)
    flat = keras.Model(eyes.input, logits(pool(eyes.output)))
    found = grad_cam(flat, X, LABELS, eyes.get_layer("conv2"))
    np.testing.assert_allclose(found, cam, atol=1e-5)


def test_the_model_is_left_as_it_was(parts):
    nested = parts[-1]
    before = ops.convert_to_numpy(nested(X))
    grad_cam(nested, X, LABELS, "conv2")
    assert "call" not in vars(parts[0].get_layer("conv2"))
    np.testing.assert_array_equal(ops.convert_to_numpy(nested(X)), before)


def test_enlarged_to_the_picture(parts, cam):
    found = grad_cam(parts[-1], X, LABELS, "conv2", size=(8, 6))
    assert found.shape == (4, 8, 6)
    assert found.min() >= 0
    assert found.max() <= cam.max() + 1e-5
    assert np.corrcoef(found[:, ::2, ::2].ravel(), cam.ravel())[0, 1] > 0.6


def test_frames_in_the_batch(parts, cam):
    """A video of two frames, whose logits are the mean of the frames'."""
    nested = parts[-1]

    class Video(keras.Model):
        def __init__(self):
            super().__init__()
            self.frame = nested

        def call(self, x):
            flat = ops.reshape(x, (-1, 8, 6, 2))
            return ops.mean(ops.reshape(self.frame(flat), (-1, 2, 3)), axis=1)

    found = grad_cam(Video(), X.reshape(2, 2, 8, 6, 2), LABELS[[0, 3]], "conv2")
    assert found.shape == (2, 2, 4, 3)
    alone = grad_cam(nested, X, np.full(4, 2), "conv2") / 2
    np.testing.assert_allclose(found.reshape(4, 4, 3), alone, atol=1e-6)


def test_what_cannot_be_explained(parts):
    eyes, pool, logits, nested = parts
    with pytest.raises(
        ValueError, match="no layer is called 'conv9'; there are .*conv2"
    ):
        grad_cam(nested, X, LABELS, "conv9")
    with pytest.raises(ValueError, match=r"layer 'pool' makes \(4, 5\); expected maps"):
        grad_cam(nested, X, LABELS, "pool")
    with pytest.raises(ValueError, match="expected class numbers 0 to 2"):
        grad_cam(nested, X, LABELS + 1, "conv2")
    stranger = convolutions().get_layer("conv2")
    with pytest.raises(
        ValueError, match="called 0 times for one answer; expected once"
    ):
        grad_cam(nested, X, LABELS, stranger)
    image = keras.Input((8, 6, 2))
    twice = logits(pool(eyes(image) + eyes(image * 2)))
    with pytest.raises(ValueError, match="called 2 times"):
        grad_cam(keras.Model(image, twice), X, LABELS, "conv2")
    both = logits(pool(eyes(image) + convolutions("ears")(image)))
    both = keras.Model(image, both)
    with pytest.raises(ValueError, match="2 layers are called 'conv2'; say whose"):
        grad_cam(both, X, LABELS, "conv2")
    assert grad_cam(both, X, LABELS, "ears/conv2").shape == (4, 4, 3)
    written = Written(eyes, pool, logits)
    with pytest.raises(ValueError, match="task is None; the model has 'shape', 'half'"):
        grad_cam(written, X, LABELS, "conv2")
    with pytest.raises(ValueError, match="task is 'shape'; the model has one head"):
        grad_cam(nested, X, LABELS, "conv2", task="shape")
