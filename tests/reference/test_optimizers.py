import keras
import numpy as np
import pytest

from mmlearn.reference import adam, momentum, sgd

# Keras keeps its settings in float32: take numbers that float32 can hold.
RATE, SLOW = 2.0**-4, 1 - 2.0**-10
STEPS = 60


def keras_path(optimizer, start, gradient):
    """Where a Keras optimizer takes float64 weights: (STEPS, …)."""
    variables = [keras.Variable(w, dtype="float64") for w in start]
    path = []
    for step in range(STEPS):
        grads = gradient([v.numpy() for v in variables], step)
        grads = [keras.ops.convert_to_tensor(g, dtype="float64") for g in grads]
        optimizer.apply(grads, variables)
        path.append([np.array(v.numpy()) for v in variables])
    return path


def reference_path(step_of, start, gradient):
    params, state, path = list(start), (), []
    for step in range(STEPS):
        params, state = step_of(params, gradient(params, step), state)
        path.append(params)
    return path


def noisy_valley(params, step):
    """Gradients of a long valley, with noise; no two weights alike in scale."""
    rng = np.random.default_rng(step)
    scale = [1.0, 0.01]
    return [
        s * (w + rng.standard_normal(w.shape))
        for s, w in zip(scale, params, strict=True)
    ]


@pytest.mark.parametrize(
    ("keras_optimizer", "step_of"),
    [
        (
            lambda: keras.optimizers.SGD(RATE, momentum=0.5),
            lambda *trees: momentum(*trees, learning_rate=RATE, momentum=0.5),
        ),
        (
            lambda: keras.optimizers.SGD(RATE, momentum=0.875, nesterov=True),
            lambda *trees: momentum(
                *trees, learning_rate=RATE, momentum=0.875, nesterov=True
            ),
        ),
        (
            lambda: keras.optimizers.Adam(RATE, beta_1=0.875, beta_2=SLOW),
            lambda *trees: adam(*trees, learning_rate=RATE, beta_1=0.875, beta_2=SLOW),
        ),
        (
            lambda: keras.optimizers.Adam(RATE, beta_1=0.5, beta_2=0.75, epsilon=0.5),
            lambda *trees: adam(
                *trees, learning_rate=RATE, beta_1=0.5, beta_2=0.75, epsilon=0.5
            ),
        ),
    ],
    ids=["momentum", "nesterov", "adam", "adam with a large epsilon"],
)
def test_many_steps_are_those_of_keras(draw, keras_optimizer, step_of):
    start = [draw(0, 3, 2), draw(1, 4)]
    theirs = keras_path(keras_optimizer(), start, noisy_valley)
    mine = reference_path(step_of, start, noisy_valley)
    for step, (a, b) in enumerate(zip(theirs, mine, strict=True)):
        for w, v in zip(a, b, strict=True):
            np.testing.assert_allclose(v, w, rtol=1e-11, err_msg=f"step {step + 1}")


def test_adam_has_the_defaults_of_keras(draw):
    start = [draw(0, 3, 2), draw(1, 4)]
    theirs = keras_path(keras.optimizers.Adam(), start, noisy_valley)
    for a, b in zip(theirs, reference_path(adam, start, noisy_valley), strict=True):
        for w, v in zip(a, b, strict=True):
            # 1 − 0.999 in float32 is right to 1e-5 of itself only.
            np.testing.assert_allclose(v, w, atol=1e-5)


def test_momentum_without_momentum_is_gradient_descent(draw):
    w, g = draw(0, 3), draw(1, 3)
    same = momentum(w, g, (), learning_rate=0.1, momentum=0.0)[0]
    np.testing.assert_array_equal(same, sgd(w, g, learning_rate=0.1)[0])


@pytest.mark.parametrize("op", [momentum, adam])
def test_state_and_params_come_back_new(draw, op):
    params = {"a": [draw(0, 2, dtype=np.float32), None], "b": draw(1, 3)}
    state = ()
    for _ in range(2):
        before = params
        params, state = op(params, params, state, learning_rate=np.float64(0.1))
        assert params["a"][0].dtype == np.float32
        assert params["b"].dtype == np.float64
        assert params["a"][1] is None
        assert not np.array_equal(before["b"], params["b"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: momentum([w], [w], [w, w], learning_rate=1), "its state is a row"),
        (lambda w: adam(w, w, w, learning_rate=1), r"expected \(\) before the first"),
        (lambda w: adam(w, w, (1, w, w[:1]), learning_rate=1), "its state is an array"),
        (lambda w: sgd(w, w, w, learning_rate=1), "keeps no state"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.ones(2))


def test_is_a_step_of_keras_sgd(draw):
    w, dw = draw(0, 3, 2), draw(1, 3, 2)
    variable = keras.Variable(w, dtype="float64")
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.apply([keras.ops.convert_to_tensor(dw)], [variable])
    np.testing.assert_allclose(variable, sgd(w, dw, learning_rate=0.1)[0], rtol=1e-7)


def test_any_arrangement_comes_back_new():
    w = np.ones(2, np.float32)
    w.flags.writeable = False
    params = {"a": [w, None], "b": (w,)}
    stepped, _ = sgd(params, params, learning_rate=np.float64(0.5))
    assert stepped["a"][1] is None
    assert isinstance(stepped["b"], tuple)
    for new in (stepped["a"][0], stepped["b"][0]):
        np.testing.assert_array_equal(new, [0.5, 0.5])
        assert new.dtype == np.float32


def test_gradients_in_a_tuple_move_parameters_in_a_list(draw):
    params = [draw(0, 2), draw(1, 3)]
    (first, second), _ = sgd(params, tuple(params), learning_rate=1.0)
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


@pytest.mark.parametrize("op", [sgd, momentum, adam])
@pytest.mark.parametrize("rate", ["fast", None, float("nan"), -0.1])
def test_a_learning_rate_that_is_none_is_refused(op, rate):
    with pytest.raises(
        ValueError, match=f"^{op.__name__}: learning_rate is .* or more"
    ):
        op(1.0, 1.0, learning_rate=rate)
