"""layers.Convolve2D: the reference's numbers, and the whole contract of a Keras layer.

test_backends.py runs this file on the other Keras backends.
"""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof, reference
from mmlearn.axes import ShapeError
from mmlearn.layers import Convolve2D

BACKEND = keras.backend.backend()


def draw_x(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


@st.composite
def configurations(draw):
    groups = draw(st.sampled_from([1, 1, 2]))
    stretched = draw(st.sampled_from(["strides", "dilation_rate"]))
    return {
        "filters": groups * draw(st.integers(1, 2)),
        "kernel_size": draw(st.tuples(st.integers(1, 3), st.integers(1, 3))),
        stretched: draw(st.integers(1, 2)),
        "padding": draw(st.sampled_from(["valid", "same"])),
        "groups": groups,
        "use_bias": draw(st.booleans()),
    }


@settings(max_examples=6, deadline=None, derandomize=True)
@given(configurations())
def test_agrees_with_the_reference(config):
    layer = Convolve2D(**config, dtype="float64")
    x = draw_x(0, 2, 7, 6, 2 * config["groups"])
    assert proof.agree(reference.convolve2d, layer, x), config
    assert layer(x).shape == layer.compute_output_shape(x.shape)


def test_is_scipys_convolution():
    from scipy.signal import convolve2d

    layer = Convolve2D(1, (3, 2), use_bias=False, dtype="float64")
    x = draw_x(1, 1, 6, 5, 1)
    y = keras.ops.convert_to_numpy(layer(x))[0, :, :, 0]
    kernel = layer.kernel.numpy()[:, :, 0, 0]
    np.testing.assert_allclose(
        y, convolve2d(x[0, :, :, 0], kernel, "valid"), atol=1e-12
    )


def test_is_not_conv2d():
    layer = Convolve2D(2, 3, dtype="float64")
    assert not proof.agree(reference.conv2d, layer, draw_x(2, 1, 6, 5, 2))


def test_configuration_makes_the_same_layer_again():
    layer = Convolve2D(4, (3, 2), strides=(2, 1), groups=2, activation="relu", name="c")
    again = Convolve2D.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    again.build((None, 6, 5, 2))
    assert [tuple(v.shape) for v in again.trainable_variables] == [(3, 2, 1, 4), (4,)]
    assert [v.name for v in again.trainable_variables] == ["kernel", "bias"]
    assert not again.non_trainable_variables


def small_model(**kwargs):
    image = keras.Input((None, None, 2))
    h = Convolve2D(3, (3, 2), padding="same", activation="relu", **kwargs)(image)
    pooled = keras.layers.GlobalAveragePooling2D()(h)
    return keras.Model(image, keras.layers.Dense(2)(pooled))


@pytest.mark.slow
@pytest.mark.parametrize("jit", [False, True])
def test_trains_with_and_without_jit(jit):
    keras.utils.set_random_seed(0)
    model = small_model()
    x, y = draw_x(3, 16, 6, 5, 2).astype("float32"), np.arange(16) % 2
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), loss, jit_compile=jit)
    history = model.fit(x, y, epochs=8, batch_size=16, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]


def test_model_saves_and_loads(tmp_path):
    model = small_model(kernel_regularizer=keras.regularizers.L2(1e-3))
    x = draw_x(4, 2, 6, 5, 2).astype("float32")
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded.layers[1], Convolve2D)
    assert loaded.layers[1].kernel_regularizer is not None
    y, again = (keras.ops.convert_to_numpy(m(x)) for m in (model, loaded))
    np.testing.assert_array_equal(y, again)


def test_mixed_precision_computes_in_bfloat16_and_keeps_float32_weights():
    layer = Convolve2D(3, 3, dtype="mixed_bfloat16")
    y = layer(draw_x(5, 1, 6, 5, 2).astype("float32"))
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    assert keras.backend.standardize_dtype(layer.kernel.dtype) == "float32"


def test_ignores_a_channels_first_setting():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_first")
    try:
        layer = Convolve2D(3, 3, dtype="float64")
        assert layer(draw_x(6, 2, 6, 5, 2)).shape == (2, 4, 3, 3)
    finally:
        keras.config.set_image_data_format(before)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"padding": "full"}, "padding is 'full'; expected 'valid' or 'same'"),
        ({"strides": 2, "dilation_rate": 2}, "at most one of them above 1"),
        ({"strides": (1, 2, 3)}, "strides is .*one each for height and width"),
        ({"groups": 3}, "groups is 3; expected a divisor of filters = 4"),
        ({"kernel_size": 0}, "kernel_size is 0; expected a positive integer"),
        ({"dilation_rate": 1.5}, "dilation_rate is 1.5; expected a positive integer"),
    ],
)
def test_impossible_settings_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Convolve2D(**{"filters": 4, "kernel_size": 3} | arguments)


@pytest.mark.parametrize(
    "shape, message",
    [
        ((2, 6, 5), r"x is \(2, 6, 5\); expected \(B, H, W, C\)"),
        ((2, 6, 5, 3), "channels C that groups = 2 divides"),
        ((2, 2, 5, 2), "kernel spans 3 px.*padding='same'"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(shape, message):
    with pytest.raises(ShapeError, match=message):
        layer = Convolve2D(2, 3, groups=2)
        keras.Model(i := keras.Input(batch_shape=shape), layer(i))
