"""Bits and accuracy of tables: against scikit-learn, and values known in the books."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

from mmlearn.axes import ShapeError
from mmlearn.evaluate import bayes_accuracy, information_parts, mutual_information


def table(shape, seed):
    return np.random.default_rng(seed).dirichlet(np.ones(np.prod(shape))).reshape(shape)


def parts(joint):
    found = information_parts(joint)
    return np.array([found.redundancy, *found.unique, found.synergy])


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_information_and_accuracy(a, k, seed):
    p = table((a, k), seed)
    theirs = mutual_info_score(None, None, contingency=1e9 * p) / np.log(2)
    assert mutual_information(p) == pytest.approx(theirs, abs=1e-6)
    assert bayes_accuracy(p) == pytest.approx(sum(max(row) for row in p))
    three = table((2, a, k), seed)
    flat = three.reshape(-1, k)
    assert mutual_information(three) == mutual_information(flat)
    assert bayes_accuracy(three) == bayes_accuracy(flat)


def logic(function):
    p = np.zeros((2, 2, 4))
    for a, b in np.ndindex(2, 2):
        p[a, b, function(a, b)] = 0.25
    return p


def test_parts_known_from_the_literature():
    """XOR and AND as in Bertschinger et al. (2014); two bits; two copies."""
    np.testing.assert_allclose(
        parts(logic(lambda a, b: a ^ b)), [0, 0, 0, 1], atol=1e-6
    )
    and_gate = parts(logic(lambda a, b: a & b))
    np.testing.assert_allclose(and_gate, [0.311278, 0, 0, 0.5], atol=1e-5)
    two_bits = parts(logic(lambda a, b: 2 * a + b))
    np.testing.assert_allclose(two_bits, [0, 1, 1, 0], atol=1e-6)
    first = parts(logic(lambda a, b: a))
    np.testing.assert_allclose(first, [0, 1, 0, 0], atol=1e-6)
    copy = np.zeros((2, 2, 2))
    copy[0, 0] = [0.45, 0.05]
    copy[1, 1] = [0.05, 0.45]
    np.testing.assert_allclose(parts(copy), [0.531004, 0, 0, 0], atol=1e-5)


def test_two_noisy_copies_have_synergy_and_gain_nothing():
    flip = np.array([[0.9, 0.1], [0.1, 0.9]])  # p(x | y)
    p = np.einsum("ik,jk->ijk", flip, flip) / 2
    np.testing.assert_allclose(parts(p), [0.531004, 0, 0, 0.211082], atol=1e-5)
    assert bayes_accuracy(p) == pytest.approx(0.9)
    assert bayes_accuracy(p.sum(axis=1)) == pytest.approx(0.9)


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 3), st.integers(1, 3), st.integers(2, 3), st.integers(0, 99))
@example(3, 2, 3, 74)  # a single search stopped 0.004 bits above the least here
@example(3, 3, 2, 0)
@example(3, 2, 3, 15)
def test_parts_add_up_and_no_table_tells_less(a, b, k, seed):
    p = table((a, b, k), seed)
    r, u1, u2, s = parts(p)
    assert min(r, u1, u2, s) > -1e-5
    assert r + u1 == pytest.approx(mutual_information(p.sum(axis=1)), abs=1e-9)
    assert r + u2 == pytest.approx(mutual_information(p.sum(axis=0)), abs=1e-9)
    assert r + u1 + u2 + s == pytest.approx(mutual_information(p), abs=1e-9)
    # alternating projections (blind to the optimizer's way) come no lower
    assert mutual_information(alternating(p)) > r + u1 + u2 - 1e-6


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999))
def test_the_least_of_all_tables_of_bits(seed):
    """Of three bits two numbers are free, one for each label: a grid has them all."""
    p = table((2, 2, 2), seed)
    r, u1, u2, _ = parts(p)
    swap = np.array([[1, -1], [-1, 1]])
    q = []  # (steps, 2, 2): for each label the tables with its margins
    for y in range(2):
        low, high = -p[[0, 1], [0, 1], y].min(), p[[0, 1], [1, 0], y].min()
        steps = np.linspace(low, high, 401)[:, None, None]
        q.append(np.maximum(p[..., y] + steps * swap, 0))
    both = np.stack(np.broadcast_arrays(q[0][:, None], q[1][None]), axis=-1)
    cells = both.reshape(401, 401, 4, 2)
    told = entropy(p.sum(axis=(0, 1)), base=2) + entropy(
        cells.sum(axis=-1), base=2, axis=-1
    )
    told = told - entropy(cells.reshape(401, 401, 8), base=2, axis=-1)
    assert told.min() == pytest.approx(r + u1 + u2, abs=2e-5)


def alternating(p):
    """q ← the nearest table with p's margins to q(x1, x2) p(y), again and again."""
    py, first, second = p.sum((0, 1)), p.sum(1), p.sum(0)
    q = first[:, None] * second[None] / py
    for _ in range(100):
        q = q.sum(axis=2, keepdims=True) * py
        for _ in range(2_000):
            q = q * (first / q.sum(axis=1))[:, None]
            q = q * (second / q.sum(axis=0))[None]
            if np.allclose(q.sum(axis=1), first, rtol=0, atol=1e-8):
                break
    return q


def test_bits_are_what_the_best_cross_entropy_falls_by():
    p = table((3, 2), 1)
    posterior = p / p.sum(axis=1, keepdims=True)
    fallen = entropy(p.sum(axis=0), base=2) + (p * np.log2(posterior)).sum()
    assert mutual_information(p) == pytest.approx(fallen)


def test_a_label_that_never_comes_and_a_symbol_that_is_certain():
    p = np.zeros((2, 2, 3))
    p[:, :, :2] = 0.125
    np.testing.assert_allclose(parts(p), 0, atol=1e-6)
    assert mutual_information([[0.5, 0.5]]) == 0
    one = table((1, 3, 2), 4)
    np.testing.assert_allclose(
        parts(one), [0, 0, mutual_information(one), 0], atol=1e-9
    )


@pytest.mark.parametrize(
    "joint", [[[0.5, 0.6], [0, 0]], [[1.5, -0.5]], [0.5, 0.5], [[np.nan, 1.0]]], ids=str
)
def test_what_is_no_table_is_refused(joint):
    with pytest.raises(
        ValueError, match="mutual_information: joint is .* expected prob"
    ):
        mutual_information(joint)


def test_three_modalities_are_refused():
    with pytest.raises(ShapeError, match=r"expected \(A, B, K\)"):
        information_parts(table((2, 2, 2, 2), 0))
