import keras
import numpy as np
import pytest

from mmlearn.reference import sgd


def test_is_a_step_of_keras_sgd(draw):
    w, dw = draw(0, 3, 2), draw(1, 3, 2)
    variable = keras.Variable(w, dtype="float64")
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.apply([keras.ops.convert_to_tensor(dw)], [variable])
    np.testing.assert_allclose(variable, sgd(w, dw, learning_rate=0.1), rtol=1e-7)


def test_any_arrangement_comes_back_new():
    w = np.ones(2, np.float32)
    w.flags.writeable = False
    params = {"a": [w, None], "b": (w,)}
    stepped = sgd(params, params, learning_rate=np.float64(0.5))
    assert stepped["a"][1] is None
    assert isinstance(stepped["b"], tuple)
    for new in (stepped["a"][0], stepped["b"][0]):
        np.testing.assert_array_equal(new, [0.5, 0.5])
        assert new.dtype == np.float32


def test_gradients_in_a_tuple_move_parameters_in_a_list(draw):
    params = [draw(0, 2), draw(1, 3)]
    first, second = sgd(params, tuple(params), learning_rate=1.0)
    assert not first.any()
    assert not second.any()


@pytest.mark.parametrize(
    ("params", "grads", "message"),
    [
        (
            {"a": np.ones(2)},
            {"b": np.ones(2)},
            "a dict of a, its gradient is a dict of b",
        ),
        ([np.ones(2)], [np.ones(2)] * 2, "params is a row of 1, .* a row of 2"),
        (
            [np.ones(2)],
            [np.ones((2, 1))],
            r"params\[0\] is an array \(2,\), .* \(2, 1\)",
        ),
        ([np.ones(2)], [None], r"params\[0\] is an array \(2,\), its gradient is None"),
        ({"a": np.ones(2)}, np.ones(2), "params is a dict of a, .* an array"),
        ({"a": np.ones((2, 1))}, {"a": np.ones(2)}, r"params\['a'\] is an array"),
    ],
)
def test_grads_that_do_not_fit_are_refused(params, grads, message):
    with pytest.raises(ValueError, match=message):
        sgd(params, grads, learning_rate=0.1)
