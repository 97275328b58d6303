"""Layers that read sequences, on every backend: what is read, and what is refused."""

import keras
import numpy as np
import pytest

from mmlearn import proof, reference

D = "float64"
layers = keras.layers
here_only = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="slow to compile elsewhere: one recurrent layer stands for all",
)


def draw_x(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


X = draw_x(0, 2, 3, 2)
MASK = np.array([[True, True, False], [False, True, True]])


@pytest.mark.parametrize(
    ("op", "layer", "call"),
    [
        (reference.simple_rnn, layers.SimpleRNN(2, unroll=True, dtype=D), {}),
        (reference.lstm, layers.LSTM(2, unit_forget_bias=False, dtype=D), {}),
        (reference.gru, layers.GRU(2, dtype=D), {"initial_state": draw_x(1, 2, 2)}),
        (reference.gru, layers.GRU(2, reset_after=False, use_bias=False, dtype=D), {}),
    ],
)
@here_only
def test_recurrent(op, layer, call):
    assert proof.agree(op, layer, X, **call)


def test_recurrent_with_a_mask():
    layer = layers.LSTM(2, return_sequences=True, dtype=D)
    assert proof.agree(reference.lstm, layer, X, mask=MASK)


@here_only  # JAX's fused attention takes its softmax in float32, in any layer
@pytest.mark.parametrize("use_bias", [True, False])
def test_multi_head_attention(use_bias):
    layer = layers.MultiHeadAttention(2, 4, use_bias=use_bias, dtype=D)
    table = proof.agree(reference.multi_head_attention, layer, X, draw_x(2, 2, 4, 3))
    assert table
    assert [row.what for row in table.rows][:3] == ["y", "dquery", "dvalue"]
    assert ("dquery_bias" in [row.what for row in table.rows]) == use_bias


def test_embedding_takes_its_ids_as_structure():
    layer, ids = layers.Embedding(5, 2, dtype=D), np.array([[3, 1, 3]])
    table = proof.agree(reference.embedding, layer, ids=ids)
    assert [row.what for row in table.rows] == ["y", "dembeddings"]
    assert table


@here_only
def test_a_mistake_in_time_is_found():
    def truncated(x, kernel, recurrent_kernel, bias, *, return_sequences=False):
        y, pullback = reference.simple_rnn(x, kernel, recurrent_kernel, bias)

        def forgets_what_came_before(dy):
            dx, *weights = pullback(dy)
            return np.where(np.arange(3)[:, None] == 2, dx, 0), *weights

        return y, forgets_what_came_before

    table = proof.agree(truncated, layers.SimpleRNN(2, dtype=D), X)
    assert [row.what for row in table.rows if not row.ok] == ["dx"]


@pytest.mark.parametrize(
    ("name", "options", "named"),
    [
        ("LSTM", {"dropout": 0.1}, "dropout=0.1"),
        ("GRU", {"recurrent_dropout": 0.1}, "recurrent_dropout=0.1"),
        ("LSTM", {"go_backwards": True}, "go_backwards=True"),
        ("GRU", {"return_state": True}, "return_state=True"),
        ("LSTM", {"activation": "relu"}, "activation='relu'"),
        ("GRU", {"recurrent_activation": "relu"}, "recurrent_activation='relu'"),
        ("SimpleRNN", {"activation": "linear"}, "activation='linear'"),
        ("SimpleRNN", {"zero_output_for_mask": True}, "zero_output_for_mask=True"),
        ("SimpleRNN", {"stateful": True}, "stateful=True"),
        ("MultiHeadAttention", {"num_heads": 1, "dropout": 0.1}, "dropout=0.1"),
    ],
)
def test_what_the_operator_cannot_express_is_refused(name, options, named):
    ops = {"LSTM": reference.lstm, "GRU": reference.gru}
    ops |= {"MultiHeadAttention": reference.multi_head_attention}
    size = {"key_dim": 4} if name == "MultiHeadAttention" else {"units": 2}
    layer = getattr(layers, name)(**size, **options, dtype=D)
    inputs = (X, X) if name == "MultiHeadAttention" else (X,)
    with pytest.raises(ValueError, match=f"cannot express .*{named}"):
        proof.agree(ops.get(name, reference.simple_rnn), layer, *inputs)
