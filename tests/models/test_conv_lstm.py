"""The repaired blueprint: what its LSTM reads, how large it is, what it refuses."""

import keras
import numpy as np
import pytest
from keras import ops

from mmlearn import models


def small(**changes):
    settings = {"filters": (4, 6), "units": 5, "pools": 1, "seed": 3} | changes
    return models.conv_lstm((8, 6, 1), 10, **settings)


def test_the_lstm_reads_the_rows_of_the_map_from_top_to_bottom():
    """Changing one row of the map must change one step of what the LSTM is given."""
    model = small()
    rows = model.get_layer("rows")
    maps = np.random.default_rng(0).normal(size=(1, 4, 3, 6)).astype("float32")
    steps = ops.convert_to_numpy(rows(maps))  # (B, T, F)
    assert steps.shape == (1, 4, 18)
    np.testing.assert_array_equal(steps[0, 2], maps[0, 2].reshape(-1))


def test_parameters_counted_by_hand():
    convolutions = 3 * 3 * (1 * 4 + 4 * 6)
    norms = 4 * (4 + 6)
    lstm = 4 * 5 * (3 * 6 + 5 + 1)
    assert small().count_params() == convolutions + norms + lstm + (5 + 1) * 10


def test_augmentation_and_dropout_act_in_training_only():
    model = small(dropout=0.5, shift=0.2, rotation=0.1, zoom=0.1)
    names = [layer.name for layer in model.layers]
    assert {"shift", "rotation", "zoom", "dropout"} <= set(names)
    x = np.random.default_rng(1).random((2, 8, 6, 1)).astype("float32")
    calm = [ops.convert_to_numpy(model(x, training=False)) for _ in range(2)]
    np.testing.assert_array_equal(*calm)
    moved = [ops.convert_to_numpy(model(x, training=True)) for _ in range(2)]
    assert np.abs(moved[0] - moved[1]).max() > 1e-4


def test_unrolled_it_is_the_same_model():
    x = np.random.default_rng(2).random((3, 8, 6, 1)).astype("float32")
    rolled, unrolled = (small(unroll=u)(x, training=False) for u in (False, True))
    rolled, unrolled = map(ops.convert_to_numpy, (rolled, unrolled))
    np.testing.assert_allclose(unrolled, rolled, atol=1e-6)
    assert small(unroll=True).get_layer("lstm").unroll


def test_the_seed_decides_the_weights():
    first, again, other = (
        [ops.convert_to_numpy(w) for w in small(seed=s).trainable_variables]
        for s in (3, 3, 4)
    )
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any(np.abs(a - b).max() > 0.01 for a, b in zip(first, other, strict=True))


def test_saved_and_loaded(tmp_path):
    model = small(shift=0.1)
    x = np.ones((1, 8, 6, 1), "float32")
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        model.predict(x, verbose=0), again.predict(x, verbose=0)
    )


@pytest.mark.parametrize(
    ("shape", "changes", "told"),
    [
        ((8, 6), {}, "expected \\(H, W, C\\)"),
        ((3, 8, 1), {"pools": 2}, "at least 4 px: each of 2 poolings"),
        ((8, 6, 1), {"pools": 3}, "pools is 3; expected 0 to 2"),
    ],
)
def test_what_cannot_be_is_told(shape, changes, told):
    settings = {"filters": (4, 6), "seed": 0} | changes
    with pytest.raises(ValueError, match=told):
        models.conv_lstm(shape, 10, **settings)
