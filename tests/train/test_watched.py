"""Looking into a model leaves it as it was."""

import keras
import numpy as np

from mmlearn.train.watched import nonfinite, undisturbed, watched


def test_every_layer_is_seen_once_innermost_first():
    inner = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(4, name="deep")], name="inner"
    )
    model = keras.Sequential(
        [keras.Input((3,)), inner, keras.layers.Dense(2, name="top")]
    )
    seen = []
    with watched(model, lambda layer, outputs: seen.append(layer.name)):
        model(np.zeros((5, 3)))
    assert [name for name in seen if name in ("deep", "inner", "top")] == [
        "deep",
        "inner",
        "top",
    ]
    count = len(seen)
    model(np.zeros((5, 3)))
    assert len(seen) == count
    assert "call" not in vars(model.layers[0])


def test_undisturbed_puts_values_back():
    variable = keras.Variable(np.arange(3.0))
    with undisturbed([variable]):
        variable.assign(variable.value * 7)
    assert keras.ops.convert_to_numpy(variable.value).tolist() == [0, 1, 2]


def test_nonfinite_names_what_is_wrong():
    assert nonfinite(np.array([1.0, np.nan, np.inf])) == "NaN"
    assert nonfinite(np.array([1.0, -np.inf])) == "inf"
    assert nonfinite(np.array([1.0, 3e38])) is None
    assert nonfinite(np.array([1, 2])) is None
    assert nonfinite(keras.ops.cast([1.0, np.nan], "bfloat16")) == "NaN"
