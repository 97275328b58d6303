"""layers.SinusoidalPositions: the pattern of the reference, at every precision."""

import keras
import numpy as np
import pytest

from mmlearn import reference
from mmlearn.axes import ShapeError
from mmlearn.layers import SinusoidalPositions


def values(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize(("T", "F"), [(1, 1), (7, 6), (300, 5)])
def test_it_adds_the_pattern_of_the_reference(T, F):
    x = np.random.default_rng(T).normal(size=(2, T, F)).astype("float32")
    added = values(SinusoidalPositions()(x)) - x
    expected = reference.positional_encoding(T, F)
    np.testing.assert_allclose(added[1], expected, atol=2e-5)  # sin(300.) in float32


def test_half_precision_still_tells_late_places_apart():
    layer = SinusoidalPositions(dtype="mixed_bfloat16")
    y = values(keras.ops.cast(layer(np.zeros((1, 600, 8))), "float32"))[0]
    assert np.abs(y - reference.positional_encoding(600, 8)).max() < 0.01
    apart = np.abs(y[1:] - y[:-1]).max(axis=1)
    assert apart.min() > 0.3


def test_any_length_in_a_model_and_from_its_config():
    x = keras.Input((None, 4))
    layer = SinusoidalPositions.from_config(SinusoidalPositions().get_config())
    model = keras.Model(x, layer(x))
    assert model.output_shape == (None, None, 4)
    assert model.count_params() == 0
    for T in (3, 5):
        y = values(model(np.zeros((2, T, 4))))
        np.testing.assert_allclose(y[0], reference.positional_encoding(T, 4), atol=1e-6)


def test_what_it_refuses():
    with pytest.raises(ShapeError, match="expected \\(B, L, F\\)"):
        SinusoidalPositions()(np.zeros((2, 3)))
