"""Fusions of the reference: gradients, availability, equations, refusals.

That they are the layers' numbers is tested in tests/layers/fusion.
"""

import numpy as np
import pytest
from scipy.special import expit, softmax

from mmlearn import proof, reference
from mmlearn.axes import ShapeError
from mmlearn.samples import KeySetError

SIZES = {"text": 2, "image": 3, "sound": 4}  # unsorted on purpose
NAMES = sorted(SIZES)
U, TOTAL = 2, sum(SIZES.values())
AVAILABLE = {
    "image": np.array([True, False, True, False]),
    "sound": np.array([True, True, False, False]),
    "text": np.array([True, False, False, False]),
}


def shapes(name, biases=True):
    """The shapes of an operator's weights, in order."""
    b = [(U,)] if biases else []
    own = [[(SIZES[n], U), *b] for n in NAMES]
    if name == "weighted_fusion":
        return [(3,), *own[0], *own[1], *own[2]]
    if name == "concatenate_fusion":
        return [(TOTAL, U), *b]
    if name == "gated_fusion":
        return [shape for pair in own for shape in (*pair, (TOTAL, U), *b)]
    if name == "low_rank_fusion":
        return [*((3, SIZES[n] + 1, U) for n in NAMES), *b]
    heads = [(U, 2, 1)] * 3 + [(2, 1, U), *b]
    return [*own[0], *own[1], *own[2], *heads]


@pytest.fixture(params=reference.fusion.__all__)
def op(request):
    return getattr(reference, request.param)


@pytest.fixture
def given(op, draw):
    """weights(biases), inputs(front) of the operator under test."""

    def weights(biases=True, dtype=np.float64):
        sizes = shapes(op.__name__, biases)
        return [draw(i, *shape, dtype=dtype) for i, shape in enumerate(sizes)]

    def inputs(*front, dtype=np.float64):
        items = enumerate(SIZES.items(), 20)
        return {n: draw(i, *front, f, dtype=dtype) for i, (n, f) in items}

    return weights, inputs


def test_gradients(op, given):
    weights, inputs = given
    table = proof.gradients(op, inputs(4), *weights(), available=AVAILABLE)
    assert table, table
    mask = {"sound": np.random.default_rng(1).random((2, 3)) < 0.5}
    table = proof.gradients(op, inputs(2, 3), *weights(False), available=mask)
    assert table, table


def test_what_is_not_there_does_not_matter(op, given):
    weights, inputs = given
    x, w = inputs(4), weights()
    nan = {n: np.where(AVAILABLE[n][:, None], a, np.nan) for n, a in x.items()}
    y, pullback = op(nan, *w, available=AVAILABLE)
    np.testing.assert_array_equal(y, op(x, *w, available=AVAILABLE)[0])
    dx, *dw = pullback(np.random.default_rng(2).standard_normal(y.shape))
    assert list(dx) == list(x)
    assert all(np.isfinite(g).all() for g in (*dx.values(), *dw))
    for name, gradient in dx.items():
        assert not gradient[~AVAILABLE[name]].any()
    everything = {n: np.ones(4, bool) for n in x}
    np.testing.assert_array_equal(op(x, *w, available=everything)[0], op(x, *w)[0])


def test_single_precision_stays(op, given):
    weights, inputs = given
    x, w = inputs(2, dtype=np.float32), weights(dtype=np.float32)
    y, pullback = op(x, *w, available={"text": [True, False]})
    dx, *dw = pullback(y)
    assert {a.dtype for a in (y, *dx.values(), *dw)} == {np.dtype("float32")}


def test_wrong_weights_are_told(op, given):
    weights, inputs = given
    x, w = inputs(2), weights()
    told = f"{op.__name__}: got {len(w) + 1} weights; expected {len(w)}: "
    with pytest.raises(ValueError, match=told):
        op(x, *w, w[0])
    with pytest.raises(ShapeError, match=f"{op.__name__}: "):
        op(x, w[0][..., :-1], *w[1:])


def test_inputs_that_do_not_fit(op, given):
    weights, inputs = given
    x, w = inputs(2), weights()
    for wrong, kind, message in (
        (list(x.values()), TypeError, "inputs is a list; expected a dict"),
        ({}, ValueError, "no modality"),
        (x | {"text": np.ones(2)}, ShapeError, r"text is \(2,\); expected \(B, F\)"),
        (x | {"text": np.ones((2, 0))}, ShapeError, "F ≥ 1"),
        (x | {"text": np.ones((3, 2))}, ShapeError, r"text \(3, 2\); .* the same B"),
        (x | {"text": np.ones((2, 7))}, ShapeError, "_kernel is|kernel is"),
    ):
        with pytest.raises(kind, match=f"{op.__name__}: .*({message})"):
            op(wrong, *w)
    for wrong, kind, message in (
        ({"video": np.ones(2, bool)}, KeySetError, "available has .'video'.; expected"),
        ({"text": np.ones(3, bool)}, ShapeError, r"is \(3,\); expected \(2,\)"),
        ({"text": np.full(2, 0.5)}, ValueError, "holds 0.5; expected True and False"),
        ([True], TypeError, "available is a list; expected a dict"),
    ):
        with pytest.raises(kind, match=f"{op.__name__}: .*{message}"):
            op(x, *w, available=wrong)


def test_weighted_by_einsum(draw):
    x = {n: draw(i, 4, f) for i, (n, f) in enumerate(SIZES.items())}
    scores, *maps = [draw(9 + i, *s) for i, s in enumerate(shapes("weighted_fusion"))]
    logits = np.where(np.stack([AVAILABLE[n] for n in NAMES], 1), scores, -1e9)[:3]
    alpha = np.append(softmax(logits, axis=1), np.zeros((1, 3)), axis=0)
    kernels = dict(zip(NAMES, zip(maps[::2], maps[1::2], strict=True), strict=True))
    z = np.stack([x[n] @ kernels[n][0] + kernels[n][1] for n in NAMES])
    y, _ = reference.weighted_fusion(x, scores, *maps, available=AVAILABLE)
    np.testing.assert_allclose(y, np.einsum("bm,mbu->bu", alpha, z), atol=1e-12)


def test_gated_and_low_rank_by_einsum(draw):
    x = {n: draw(i, 4, f) for i, (n, f) in enumerate(SIZES.items())}
    together = np.hstack([x[n] for n in NAMES])
    w = [draw(9 + i, *s) for i, s in enumerate(shapes("gated_fusion"))]
    expected = 0
    for i, n in enumerate(NAMES):
        kernel, bias, gate, shift = w[4 * i : 4 * i + 4]
        own = np.tanh(x[n] @ kernel + bias)
        expected = expected + expit(together @ gate + shift) * own
    np.testing.assert_allclose(reference.gated_fusion(x, *w)[0], expected, atol=1e-12)
    *w, bias = [draw(9 + i, *s) for i, s in enumerate(shapes("low_rank_fusion"))]
    ones = [np.append(x[n], np.ones((4, 1)), axis=1) for n in NAMES]
    expected = np.einsum("bi,bj,bk,riu,rju,rku->bu", *ones, *w) + bias
    y, _ = reference.low_rank_fusion(x, *w, bias)
    np.testing.assert_allclose(y, expected, atol=1e-12)


def test_a_product_with_a_zero_factor_still_has_its_gradient():
    """Dividing the product by the factor would give NaN."""
    x = {"a": np.zeros((1, 1)), "b": np.full((1, 1), 3.0)}
    times = np.array([[[1.0], [0.0]]])
    y, pullback = reference.low_rank_fusion(x, times, times)
    dx, *_ = pullback(np.ones((1, 1)))
    assert y == 0 and dx["a"] == 3 and dx["b"] == 0


def test_cross_attention_takes_steps_of_different_number(draw):
    x = {"image": draw(1, 2, 3), "sound": draw(2, 2, 5, 4), "text": draw(3, 2, 3, 2)}
    w = [draw(9 + i, *s) for i, s in enumerate(shapes("cross_attention_fusion"))]
    there = {"sound": draw(4, 2, 5) > 0, "image": np.array([True, False])}
    table = proof.gradients(reference.cross_attention_fusion, x, *w, available=there)
    assert table, table
    none = {n: np.zeros(2, bool) for n in x}
    y, _ = reference.cross_attention_fusion(x, *w, available=none)
    np.testing.assert_array_equal(y, np.zeros((2, U)))
    with pytest.raises(ShapeError, match="the same T if they are sequences"):
        reference.concatenate_fusion(x, np.ones((9, 2)))
