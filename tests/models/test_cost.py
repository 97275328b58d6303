"""What a model costs: counted by hand, and as TensorFlow's profiler counts."""

import keras
import numpy as np
import pytest
from keras import layers

from mmlearn.models.cost import Cost, cost


def test_convolutions_and_dense_layers_as_the_profiler_counts():
    import tensorflow as tf
    from tensorflow.python.profiler import model_analyzer, option_builder

    model = keras.Sequential(
        [
            keras.Input((12, 10, 3)),
            layers.Conv2D(5, 3, 2, "same", use_bias=False),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(7, use_bias=False),
        ]
    )
    traced = tf.function(model).get_concrete_function(
        tf.TensorSpec((1, 12, 10, 3), "float32")
    )
    builder = option_builder.ProfileOptionBuilder
    options = builder.float_operation()
    options["output"] = "none"
    found = model_analyzer.profile(traced.graph, options=options).total_float_ops
    relu = 6 * 5 * 5
    assert 2 * cost(model).multiply_adds == pytest.approx(found, abs=relu)
    assert cost(model).activations == 6 * 5 * 5 * 3 + 7


@pytest.mark.parametrize(
    ("layer", "gates"), [(layers.GRU, 3), (layers.LSTM, 4), (layers.SimpleRNN, 1)]
)
def test_recurrent_layers(layer, gates):
    x = keras.Input((None, 6))
    both = layers.Bidirectional(layer(4, return_sequences=True))(x)
    model = keras.Model(x, layer(2)(both))
    by_hand = 9 * gates * (2 * 4 * (6 + 4) + 2 * (8 + 2))
    assert cost(model, steps=9).multiply_adds == by_hand
    with pytest.raises(ValueError, match="steps="):
        cost(model)


def test_steps_that_change_on_the_way():
    x = keras.Input((None, 3))
    h = layers.Conv1D(4, 3, 2, name="conv")(x)
    model = keras.Model(x, layers.GRU(2, name="gru")(h))
    found = cost(model, steps={"conv": 5, "": 6}).multiply_adds
    assert found == 5 * 3 * 3 * 4 + 6 * 3 * 2 * (4 + 2)


def test_a_model_inside_is_counted_and_times_repeats_it():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    x = keras.Input((4,))
    outer = keras.Model(x, layers.Dense(2)(inner(x)))
    assert cost(outer) == Cost(15 + 8, 12 + 6, 3 + 2)
    assert cost(inner).times(5).plus(Cost(1, 1, 1)) == Cost(16, 61, 16)


def test_batch_norm_is_a_product_for_each_number():
    model = keras.Sequential([keras.Input((4, 3)), layers.BatchNormalization()])
    assert cost(model) == Cost(12, 12, 12)


def test_a_layer_that_is_not_known_is_refused():
    x = keras.Input((4, 4))
    model = keras.Model(x, layers.MultiHeadAttention(1, 2)(x, x))
    with pytest.raises(ValueError, match="MultiHeadAttention"):
        cost(model)
    assert np.isfinite(model.count_params())
