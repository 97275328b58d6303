"""The small classifiers: shapes, names, seeds, parameters, the loss before training."""

import math

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import models

MAKERS = {
    "softmax_regression": lambda **k: models.softmax_regression((8, 6, 1), 5, **k),
    "dense_classifier": lambda **k: models.dense_classifier((8, 6, 1), 5, 7, **k),
    "small_cnn": lambda **k: models.small_cnn((8, 6, 1), 5, (3, 4), **k),
}
X = np.random.default_rng(0).uniform(size=(64, 8, 6, 1)).astype("float32")
makers = pytest.mark.parametrize("name", MAKERS)


def logits(model):
    return keras.ops.convert_to_numpy(model(X))


@makers
def test_logits_out_and_names_to_look_inside(name):
    model = MAKERS[name](seed=0)
    assert model.name == name and logits(model).shape == (64, 5)
    assert model.layers[0].name == "image" and model.layers[-1].name == "logits"
    assert model.layers[-1].activation is keras.activations.linear


@makers
def test_the_seed_is_the_model(name):
    first, again, other = (MAKERS[name](seed=s) for s in (3, 3, 4))
    np.testing.assert_array_equal(logits(first), logits(again))
    assert np.abs(logits(first) - logits(other)).max() > 1e-2


@makers
def test_loss_before_training_is_near_ln_k(name):
    z = logits(MAKERS[name](seed=0))
    labels = np.arange(64) % 5
    log_p = z - np.log(np.exp(z).sum(1, keepdims=True))
    assert -log_p[np.arange(64), labels].mean() == pytest.approx(math.log(5), abs=0.5)


@makers
def test_saves_and_loads(name, tmp_path):
    model = MAKERS[name](seed=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(logits(model), logits(loaded))


def test_layers_of_one_shape_start_differently():
    model = models.small_cnn((8, 8, 4), 5, (4, 4), seed=0)
    first, second = (model.get_layer(n).kernel.numpy() for n in ("conv1", "conv2"))
    assert np.abs(first - second).max() > 1e-2


@settings(max_examples=50)
@given(st.integers(1, 30), st.integers(2, 12), st.integers(1, 60))
def test_hidden_units_inverts_the_parameter_count(features, classes, hidden):
    count = (features + 1) * hidden + (hidden + 1) * classes
    assert models.hidden_units((features, 1), classes, count) == hidden


def test_a_dense_baseline_with_matched_parameters():
    cnn = models.small_cnn((28, 28, 1), 10, seed=0)
    hidden = models.hidden_units((28, 28, 1), 10, cnn.count_params())
    dense = models.dense_classifier((28, 28, 1), 10, hidden, seed=0)
    assert dense.count_params() == pytest.approx(cnn.count_params(), rel=0.03)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: models.small_cnn((3, 8, 1), 10, seed=0), "at least 4 px"),
        (
            lambda: models.small_cnn((64,), 10, seed=0),
            r"is \(64,\); expected \(H, W, C",
        ),
        (lambda: models.softmax_regression((), 10, seed=0), "without the batch"),
        (
            lambda: models.dense_classifier((None, 8, 1), 10, 3, seed=0),
            r"input_shape is \(None, 8, 1\)",
        ),
    ],
)
def test_impossible_shapes_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("classes", [0, -1, None, "ten", 2.5])
def test_a_number_of_classes_that_is_none_is_refused(classes):
    with pytest.raises(ValueError, match="regression: classes is .*expected 1"):
        models.softmax_regression((4,), classes, seed=0)
    with pytest.raises(ValueError, match="input_shape is 4; expected the positive"):
        models.softmax_regression(4, 10, seed=0)
