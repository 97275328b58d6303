"""InfoNCE as a layer: files, half precision, what it refuses."""

import keras
import numpy as np
import pytest
from keras import ops

from mmlearn.axes import ShapeError
from mmlearn.layers import InfoNCE
from mmlearn.reference import info_nce

RNG = np.random.default_rng(0)
QUERY, KEY = RNG.standard_normal((2, 6, 4)).astype("float32")


def test_it_is_in_a_file_and_in_a_functional_model(tmp_path):
    inputs = [keras.Input((4,)), keras.Input((4,))]
    model = keras.Model(inputs, InfoNCE(0.25)(*inputs))
    model.save(tmp_path / "loss.keras")
    again = keras.models.load_model(tmp_path / "loss.keras")
    expected, _ = info_nce(QUERY, KEY, temperature=0.25)
    for one in (model, again):
        np.testing.assert_allclose(one([QUERY, KEY]), expected, rtol=1e-5)


def test_half_precision_computes_in_float32():
    loss = InfoNCE(0.05, dtype="mixed_bfloat16")(QUERY, KEY)
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"
    halves = [ops.cast(ops.cast(x, "bfloat16"), "float32") for x in (QUERY, KEY)]
    expected = InfoNCE(0.05)(*halves)
    np.testing.assert_allclose(loss, expected, rtol=1e-4)


@pytest.mark.parametrize("pair", range(20))
def test_one_pair_costs_exactly_nothing(pair):
    """Its diagonal is rounded as its sum is, on every processor."""
    query, key = np.random.default_rng(pair).standard_normal((2, 1, 64))
    assert float(InfoNCE(0.07)(query.astype("f4"), key.astype("f4"))) == 0.0


@pytest.mark.parametrize("temperature", [0, -1.0, True, float("inf")])
def test_temperatures(temperature):
    with pytest.raises(ValueError, match="expected a number above 0"):
        InfoNCE(temperature)


def test_shapes():
    with pytest.raises(ShapeError, match="row b of query and key belong together"):
        InfoNCE()(QUERY, KEY[:4])
