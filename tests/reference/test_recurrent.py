import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from mmlearn import proof
from mmlearn.axes import ShapeError
from mmlearn.reference import (
    gru,
    gru_gates,
    lstm,
    lstm_gates,
    padding_mask,
    simple_rnn,
)

cheap = settings(max_examples=10, deadline=None)
size = st.integers(1, 3)
seed = st.integers(0, 99)
KINDS = {  # operator, blocks of columns, bias axes in front, structure, Keras' layer
    "simple_rnn": (simple_rnn, 1, (), {}, "SimpleRNN"),
    "lstm": (lstm, 4, (), {}, "LSTM"),
    "gru": (gru, 3, (2,), {}, "GRU"),
    "gru, reset before": (gru, 3, (), {"reset_after": False}, "GRU"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
masks = [[True, True, True, False], [False, True, False, True], [False] * 4]


def drawn(kind, draw, seed, B=3, T=4, F=2, U=3, dtype=np.float64):
    """x, kernel, recurrent_kernel and bias of one kind."""
    _, n, front, _, _ = KINDS[kind]
    shapes = (B, T, F), (F, n * U), (U, n * U), (*front, n * U)
    return [draw(seed + i, *s, dtype=dtype) for i, s in enumerate(shapes)]


def op_of(kind):
    op, _, _, structure, _ = KINDS[kind]
    return lambda *arrays, **more: op(*arrays, **structure, **more)


def start(kind, draw, B=3, U=3):
    h, c = draw(90, B, U), draw(91, B, U)
    return (h, c) if kind == "lstm" else h


@every_kind
@settings(cheap, max_examples=8)
@given(T=size, F=size, U=size, seed=seed, masked=st.booleans(), sequences=st.booleans())
def test_gradients_are_the_numerical_ones(draw, kind, T, F, U, seed, masked, sequences):
    op, _, _, structure, _ = KINDS[kind]
    arrays = drawn(kind, draw, seed, 2, T, F, U)
    structure = structure | {"return_sequences": sequences}
    structure["mask"] = draw(seed + 9, 2, T) > 0 if masked else None
    structure["initial_state"] = start(kind, draw, 2, U) if seed % 2 else None
    given = arrays if seed % 3 else arrays[:3]
    assert proof.gradients(op, *given, **structure)


@every_kind
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("mask", [None, np.array(masks)])
def test_is_the_layer_of_keras(draw, kind, sequences, mask):
    op, _, _, structure, name = KINDS[kind]
    options = {"return_sequences": sequences, "use_bias": mask is None, **structure}
    layer = getattr(keras.layers, name)(2, dtype="float64", **options)
    call = {} if mask is None else {"mask": mask}
    assert proof.agree(op, layer, draw(0, 3, 4, 2), **call)


@every_kind
def test_initial_state_is_that_of_keras(draw, kind):
    op, _, _, structure, name = KINDS[kind]
    layer = getattr(keras.layers, name)(3, dtype="float64", **structure)
    state = start(kind, draw)
    assert proof.agree(op, layer, draw(0, 3, 4, 2), initial_state=state)


@every_kind
def test_before_the_first_step_stands_the_initial_state_and_not_zeros(draw, kind):
    """Where Keras differs: it repeats an output, and before the first that is zero."""
    op, _, _, structure, name = KINDS[kind]
    layer = getattr(keras.layers, name)(3, dtype="float64", **structure)
    x, state = draw(0, 3, 4, 2), start(kind, draw)
    mask = np.zeros((3, 4), bool)
    theirs = layer(x, mask=mask, initial_state=state)
    weights = [np.asarray(v) for v in layer.trainable_variables]
    y, pullback = op_of(kind)(x, *weights, mask=mask, initial_state=state)
    np.testing.assert_array_equal(theirs, np.zeros((3, 3)))
    np.testing.assert_array_equal(y, state[0] if kind == "lstm" else state)
    assert not any(gradient.any() for gradient in pullback(draw(1, 3, 3)))


def test_small_signals_pass_a_linear_filter():
    """Where tanh is the identity, h_t = x_t + r h_{t−1} is SciPy's recursive filter."""
    x = 1e-6 * np.random.default_rng(0).standard_normal((2, 30, 1))
    one, r = np.ones((1, 1)), np.full((1, 1), 0.7)
    y, _ = simple_rnn(x, one, r, return_sequences=True)
    np.testing.assert_allclose(y, lfilter([1], [1, -0.7], x, axis=1), rtol=1e-9)


@every_kind
@cheap
@given(seed=seed)
def test_padding_changes_nothing(draw, kind, seed):
    """A padded sequence is the short one, whatever stands in the padding, NaN too."""
    x, *weights = drawn(kind, draw, seed)
    lengths = np.array([3, 1, 4])
    mask = padding_mask(lengths, 4)
    y, pullback = op_of(kind)(x, *weights, mask=mask)
    gradients = pullback(dy := draw(seed + 9, 3, 3))
    holes = np.where(mask[:, :, None], x, np.nan)
    other, other_pullback = op_of(kind)(holes, *weights, mask=mask)
    np.testing.assert_array_equal(other, y)
    for one, two in zip(gradients, other_pullback(dy), strict=True):
        np.testing.assert_array_equal(one, two)
    assert not gradients[0][~mask].any()
    for b, n in enumerate(lengths):
        short, _ = op_of(kind)(x[b : b + 1, :n], *weights)
        np.testing.assert_allclose(y[b], short[0], rtol=1e-12)


@every_kind
@cheap
@given(seed=seed, cut=st.integers(1, 3))
def test_two_parts_are_the_whole(draw, kind, seed, cut):
    x, *weights = drawn(kind, draw, seed)
    whole, _ = op_of(kind)(x, *weights)
    state, _ = op_of(kind)(x[:, :cut], *weights)
    if kind == "lstm":
        state = state, lstm_gates(x[:, :cut], *weights)["cell"][:, -1]
    y, _ = op_of(kind)(x[:, cut:], *weights, initial_state=state)
    np.testing.assert_allclose(y, whole, rtol=1e-12)


@every_kind
def test_the_last_of_the_sequence_is_the_answer(draw, kind):
    arrays, dy = drawn(kind, draw, 5), draw(9, 3, 3)
    y, pullback = op_of(kind)(*arrays, mask=masks)
    every, pullback_every = op_of(kind)(*arrays, mask=masks, return_sequences=True)
    np.testing.assert_array_equal(every[:, -1], y)
    dys = np.zeros((3, 4, 3))
    dys[:, -1] = dy
    for one, other in zip(pullback(dy), pullback_every(dys), strict=True):
        np.testing.assert_array_equal(one, other)


def test_gates_are_what_the_states_are_made_of(draw):
    arrays = drawn("lstm", draw, 1)
    p = lstm_gates(*arrays, mask=masks)
    i, f, g, o, c, h = p.values()
    before = np.concatenate([np.zeros((3, 1, 3)), c[:, :-1]], axis=1)
    seen = np.array(masks)
    np.testing.assert_allclose(c[seen], (f * before + i * g)[seen], rtol=1e-12)
    np.testing.assert_allclose(h[seen], (o * np.tanh(c))[seen], rtol=1e-12)
    np.testing.assert_array_equal(c[~seen], before[~seen])
    assert np.isnan(np.stack([i, f, g, o])[:, ~seen]).all()
    np.testing.assert_array_equal(
        h, lstm(*arrays, mask=masks, return_sequences=True)[0]
    )


@pytest.mark.parametrize("kind", ["gru", "gru, reset before"])
def test_gates_of_a_gru(draw, kind):
    structure = KINDS[kind][3]
    arrays = drawn(kind, draw, 2)
    z, r, g, h = gru_gates(*arrays, **structure).values()
    before = np.concatenate([np.zeros((3, 1, 3)), h[:, :-1]], axis=1)
    np.testing.assert_allclose(h, z * before + (1 - z) * g, rtol=1e-12)
    assert ((r > 0) & (r < 1)).all()
    shut = [a if i < 3 else a.copy() for i, a in enumerate(arrays)]
    np.reshape(shut[3], (-1, 9))[0, 3:6] = -800  # the reset gate's bias: r = 0
    r = gru_gates(*shut, **structure)["reset_gate"]
    assert not r.any()  # and exp(800) has warned nobody


@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_dtype(draw, kind, dtype):
    arrays = drawn(kind, draw, 3, dtype=dtype)
    y, pullback = op_of(kind)(*arrays, mask=masks)
    assert {a.dtype for a in (y, *pullback(y))} == {np.dtype(dtype)}
    y, _ = op_of(kind)(*(np.ones(a.shape, int) for a in arrays))
    assert y.dtype == np.float64


@every_kind
def test_no_sequence_at_all(draw, kind):
    arrays = drawn(kind, draw, 4, B=0)
    y, pullback = op_of(kind)(*arrays)
    assert y.shape == (0, 3)
    assert [g.shape for g in pullback(y)] == [a.shape for a in arrays]


x, w, r = np.ones((2, 5, 3)), np.ones((3, 16)), np.ones((4, 16))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lstm(x[:, :0], w, r), r"x is \(2, 0, 3\); expected one step or more"),
        (lambda: lstm(x[0], w, r), r"x is \(5, 3\); expected \(B, T, F\)"),
        (lambda: lstm(x, w, r.T), r"recurrent_kernel is \(16, 4\); .*\(U, 4 U\): 4 bl"),
        (lambda: lstm(x, w[:2], r), r"kernel is \(2, 16\); .*\(F, 4 U\) = \(3, 16\)"),
        (lambda: lstm(x, w, r, np.ones(4)), r"bias is \(4,\); .*\(4 U,\) = \(16,\)"),
        (
            lambda: gru(x, np.ones((3, 12)), np.ones((4, 12)), np.ones(12)),
            r"bias is \(12,\); expected \(2, 3 U\) = \(2, 12\).*above the state's",
        ),
        (lambda: simple_rnn(x, w, r), r"recurrent_kernel is .*expected \(U, U\)"),
        (
            lambda: lstm(x, w, r, mask=np.ones((5, 2))),
            r"mask is \(5, 2\); expected \(B, T\) with B = 2, T = 5: one truth per",
        ),
        (
            lambda: lstm(x, w, r, initial_state=(None, np.ones((2, 3)))),
            r"initial_state is \(2, 3\); expected \(B, U\) with B = 2, U = 4",
        ),
    ],
)
def test_wrong_shapes(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


def test_what_is_no_mask_no_state_and_no_number():
    with pytest.raises(ValueError, match="lstm: mask holds 2.0; expected True and"):
        lstm(x, w, r, mask=2 * np.ones((2, 5)))
    with pytest.raises(
        ValueError, match=r"initial_state is a ndarray; .*pair \(h, c\)"
    ):
        lstm(x, w, r, initial_state=np.ones((2, 4)))
    with pytest.raises(ValueError, match="kernel is a NoneType; expected numbers"):
        lstm(x, None, r)
    with pytest.raises(ValueError, match="x is of <U1; expected numbers"):
        simple_rnn(np.full((1, 2, 3), "a"), np.ones((3, 4)), np.ones((4, 4)))


def test_padding_masks():
    np.testing.assert_array_equal(padding_mask([0, 2], 2), [[0, 0], [1, 1]])
    assert padding_mask([], 3).shape == (0, 3)
    with pytest.raises(ValueError, match="a length is 4; expected 0 to T = 3"):
        padding_mask([1, 4], 3)
    with pytest.raises(ValueError, match="lengths are float64; expected integers"):
        padding_mask([1.0], 3)
    with pytest.raises(ShapeError, match="lengths"):
        padding_mask(3, 3)
