"""proof.gradients catches what is wrong, and accepts what is right."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn import proof

RNG = np.random.default_rng(0)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    y = e / e.sum(-1, keepdims=True)
    return y, lambda dy: (y * (dy - (dy * y).sum(-1, keepdims=True)),)


def affine(x, kernel, bias=None):
    y = x @ kernel if bias is None else x @ kernel + bias

    def pullback(dy):
        dbias = None if bias is None else dy.sum(axis=0)
        return dy @ kernel.T, x.T @ dy, dbias

    return y, pullback


def broken(op, spoil):
    """op with its gradients passed through `spoil(gradients, dy)`."""

    @functools.wraps(op)
    def wrong(*arrays, **structure):
        y, pullback = op(*arrays, **structure)
        return y, lambda dy: spoil(pullback(dy), dy)

    return wrong


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(0, 99))
def test_right_pullbacks_pass(b, f, u, seed):
    rng = np.random.default_rng(seed)
    x, kernel, bias = (
        rng.normal(size=(b, f)),
        rng.normal(size=(f, u)),
        rng.normal(size=u),
    )
    assert proof.gradients(affine, x, kernel, bias, seed=seed)
    assert proof.gradients(affine, x, kernel, seed=seed)
    assert proof.gradients(affine, x, kernel, None, seed=seed)
    assert proof.gradients(softmax, x, seed=seed)


MISTAKES = {
    "transposed": lambda g, dy: (g[0], g[1].T, g[2]),
    "missing factor": lambda g, dy: (g[0], g[1] / 2, g[2]),
    "zero": lambda g, dy: (g[0], 0 * g[1], g[2]),
    "sign": lambda g, dy: (g[0], -g[1], g[2]),
    "dy of ones": lambda g, dy: (g[0], g[1] / dy.mean(), g[2]),
    "none": lambda g, dy: (g[0], None, g[2]),
    "not a number": lambda g, dy: (g[0], np.nan * g[1], g[2]),
    "one element": lambda g, dy: (g[0], g[1] + np.eye(*g[1].shape), g[2]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_gradient_is_found_where_it_is(mistake):
    x, kernel, bias = (
        RNG.normal(size=(4, 3)),
        RNG.normal(size=(3, 3)),
        RNG.normal(size=3),
    )
    table = proof.gradients(broken(affine, MISTAKES[mistake]), x, kernel, bias)
    assert not table
    assert [row.ok for row in table.rows] == [True, False, True]
    assert "✗" in str(table) and "dkernel" in str(table)


def test_a_softmax_that_only_ones_would_pass_is_found():
    def forgets_the_sum(x):
        y, _ = softmax(x)
        return y, lambda dy: (y * (dy - 1),)

    x = RNG.normal(size=(3, 4))
    assert np.allclose(forgets_the_sum(x)[1](np.ones((3, 4)))[0], 0)
    assert not proof.gradients(forgets_the_sum, x)


def test_upstream_is_independent_of_the_readers_stream():
    """x drawn from default_rng(seed): a pullback that confuses dy with x is wrong."""
    x = np.random.default_rng(7).standard_normal((3, 4))

    def square(x):
        return x * x, lambda dy: (2 * dy * dy,)

    assert not proof.gradients(square, x, seed=7)


@pytest.mark.parametrize("spoilt", [False, True])
def test_large_arrays_are_sampled_but_every_element_counts(spoilt):
    x = RNG.normal(size=(50, 60))

    def sine(x):
        def pullback(dy):
            dx = dy * np.cos(x)
            dx[-1, -1] += 0.5 * spoilt
            return (dx,)

        return np.sin(x), pullback

    table = proof.gradients(sine, x)
    assert bool(table) is not spoilt
    assert "random directions" in str(table)


@pytest.mark.parametrize("size", [6, 500])
def test_at_a_corner_any_subgradient_is_right_and_no_other(size):
    def relu(slope):
        return lambda x: (
            np.maximum(x, 0),
            lambda dy: (dy * np.where(x > 0, 1, slope),),
        )

    x = np.zeros(size)
    assert proof.gradients(relu(0.0), x)
    assert proof.gradients(relu(0.5), x)
    assert not proof.gradients(relu(1.5), x)


def test_dicts_tuples_and_none_are_mirrored():
    def layers(params, x, gate=None):
        (w, b), scale = params["dense"], params["scale"]
        y = scale * (x @ w + b)

        def pullback(dy):
            d = dy * scale
            dscale = (dy * (x @ w + b)).sum(0)
            return {"dense": (x.T @ d, d.sum(0)), "scale": dscale}, d @ w.T, None

        return {"y": y, "again": (y,)}, lambda dy: pullback(dy["y"] + dy["again"][0])

    params = {
        "dense": (RNG.normal(size=(3, 2)), RNG.normal(size=2)),
        "scale": np.ones(2),
    }
    x = RNG.normal(size=(4, 3))
    table = proof.gradients(layers, params, x, None)
    assert table, table
    names = ["dparams['dense'][0]", "dparams['dense'][1]", "dparams['scale']", "dx"]
    assert [row.what for row in table.rows] == names

    lost = broken(layers, lambda g, dy: ({"dense": g[0]["dense"]}, g[1], None))
    table = proof.gradients(lost, params, x, None)
    assert [row.ok for row in table.rows] == [True, True, False, True]


def test_inputs_are_left_alone_and_structure_is_passed_on():
    def power(x, *, n):
        return x**n, lambda dy: (dy * n * x ** (n - 1),)

    x = RNG.uniform(0.5, 2, size=(2, 3)).astype(np.float32)
    before = x.copy()
    assert proof.gradients(power, x, n=3)
    assert np.array_equal(x, before)


def test_what_has_no_gradient_is_refused_by_name():
    with pytest.raises(TypeError, match="affine: kernel has dtype int64.*by keyword"):
        proof.gradients(affine, np.ones((2, 3)), np.ones((3, 4), np.int64))
    with pytest.raises(TypeError, match="expected at most 3: x, kernel, bias"):
        proof.gradients(affine, *[np.ones((2, 2))] * 4)
    with pytest.raises(ValueError, match="x holds 1 NaN or infinite"):
        proof.gradients(softmax, np.array([[1.0, np.nan]]))
    lone = broken(affine, lambda g, dy: (g[0],))
    with pytest.raises(ValueError, match="returned 1 gradients; expected 2"):
        proof.gradients(lone, np.ones((2, 3)), np.ones((3, 4)))


def test_an_untouched_stub_stays_recognizable():
    def stub(x):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        proof.gradients(stub, np.ones(3))


def test_the_result_repeats():
    x = RNG.normal(size=(20, 20))
    first, again = proof.gradients(softmax, x), proof.gradients(softmax, x)
    assert first.rows[0].error == again.rows[0].error
