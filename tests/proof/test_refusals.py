"""What proof.agree must refuse, by name; on every backend, as test_agree.py."""

import keras
import numpy as np
import pytest

from mmlearn import proof, reference

D = "float64"


def draw_x(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize(
    "layer, named",
    [
        (keras.layers.Dense(3, activation="relu", dtype=D), "activation='relu'"),
        (keras.layers.ReLU(max_value=6, dtype=D), "max_value=6"),
        (keras.layers.ReLU(negative_slope=0.1, dtype=D), "negative_slope=0.1"),
        (keras.layers.Dropout(0.5, dtype=D), "rate=0.5"),
        (keras.layers.GaussianNoise(0.5, seed=1, dtype=D), "stddev=0.5"),
    ],
)
def test_a_setting_that_the_operator_cannot_express_is_refused(layer, named):
    op = reference.dense if isinstance(layer, keras.layers.Dense) else reference.relu
    with pytest.raises(ValueError, match=f"cannot express .*{named}"):
        proof.agree(op, layer, draw_x(15, 2, 3))


def test_channels_first_is_refused():
    layer = keras.layers.AveragePooling2D(2, data_format="channels_first", dtype=D)
    with pytest.raises(ValueError, match="data_format='channels_first'"):
        proof.agree(reference.average_pool2d, layer, draw_x(16, 2, 4, 4, 3))


def test_strides_are_refused_by_an_operator_without_them():
    def plain(x, kernel, bias):
        return reference.conv2d(x, kernel, bias)

    layer = keras.layers.Conv2D(2, 3, strides=2, dtype=D)
    with pytest.raises(ValueError, match=r"plain cannot express strides=\(2, 2\)"):
        proof.agree(plain, layer, draw_x(17, 2, 6, 5, 3))


def test_other_precisions_are_refused():
    with pytest.raises(ValueError, match=r'dtype float32.*Dense\(…, dtype="float64"\)'):
        proof.agree(reference.dense, keras.layers.Dense(3), draw_x(18, 2, 3))
    with pytest.raises(ValueError, match="mixed_bfloat16"):
        layer = keras.layers.Dense(3, dtype="mixed_bfloat16")
        proof.agree(reference.dense, layer, draw_x(18, 2, 3))
    with pytest.raises(ValueError, match="returned float32"):
        proof.agree(
            reference.relu, lambda x: keras.ops.cast(x, "float32"), draw_x(18, 2, 3)
        )


def test_arguments_that_nobody_takes_or_that_contradict_are_refused():
    x = draw_x(19, 2, 6, 5, 3)
    layer = keras.layers.Conv2D(2, 3, dtype=D)
    with pytest.raises(ValueError, match="conv2d has no argument stride;"):
        proof.agree(reference.conv2d, layer, x, stride=1)
    with pytest.raises(ValueError, match="Conv2D has padding='valid'"):
        proof.agree(reference.conv2d, layer, x, padding="same")

    def needs(x, kernel, bias, *, edge_index):
        raise NotImplementedError

    with pytest.raises(ValueError, match="needs needs edge_index"):
        proof.agree(needs, keras.layers.Dense(2, dtype=D), draw_x(19, 2, 3))
    with pytest.raises(TypeError, match="layer is a str"):
        proof.agree(reference.dense, "Dense", draw_x(19, 2, 3))


def test_what_is_no_operator_is_named():
    x = draw_x(0, 2, 3)
    for call in (proof.gradients, lambda op, x: proof.agree(op, keras.ops.relu, x)):
        with pytest.raises(TypeError, match="op is a str; expected a reference"):
            call("relu", x)

        def no_return(x):
            reference.relu(x)

        def no_pullback(x):
            return reference.relu(x)[0]

        with pytest.raises(
            TypeError, match="no_return: returned a NoneType; .*`return"
        ):
            call(no_return, x)
        with pytest.raises(TypeError, match="no_pullback: returned a ndarray"):
            call(no_pullback, x)
