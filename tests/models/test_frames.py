"""Classifiers of frame vectors, against the few lines that they stand for."""

import numpy as np
import pytest

from mmlearn import models

T, F, K, U = 5, 7, 3, 4


@pytest.fixture(scope="module")
def found():
    return {
        read: models.frame_classifier((T, F), K, U, read=read, dropout=0.3, seed=1)
        for read in ("mean", "gru", "attention")
    }


@pytest.fixture(scope="module")
def x():
    return np.random.default_rng(0).normal(size=(6, T, F)).astype(np.float32)


def weights(model, *names):
    return [model.get_layer(n).get_weights() for n in names]


def test_the_mean_of_projected_frames(found, x):
    (w, b), (v, c) = weights(found["mean"], "project", "logits")
    h = np.maximum(np.einsum("btf,fu->btu", x, w) + b, 0)
    expected = h.mean(axis=1) @ v + c
    np.testing.assert_allclose(found["mean"](x), expected, atol=1e-5)


def test_attention_is_a_weighted_mean_without_order(found, x):
    model = found["attention"]
    (w, b), (a,), (s,), (v, c) = weights(model, "project", "told", "score", "logits")
    h = np.maximum(np.einsum("btf,fu->btu", x, w) + b, 0)
    e = np.exp(np.einsum("btu,uo->bto", np.tanh(h @ a), s))
    expected = np.einsum("bto,btu->bu", e / e.sum(axis=1, keepdims=True), h) @ v + c
    np.testing.assert_allclose(model(x), expected, atol=1e-5)
    np.testing.assert_allclose(model(x[:, ::-1]), expected, atol=1e-5)


def test_a_gru_reads_the_order(found, x):
    forward, backward = (np.asarray(found["gru"](x[:, ::k])) for k in (1, -1))
    assert np.abs(forward - backward).max() > 1e-3


def test_seeds_and_sizes(found):
    again = models.frame_classifier((T, F), K, U, read="gru", seed=1)
    other = models.frame_classifier((T, F), K, U, read="gru", seed=2)
    for ours, same, new in zip(
        *(m.get_weights() for m in (found["gru"], again, other)), strict=True
    ):
        np.testing.assert_array_equal(ours, same)
        assert ours.ndim == 1 or not ours.any() or (ours != new).any()
    gru = 3 * U * (U + U + 2)
    assert found["gru"].count_params() == (F + 1) * U + gru + (U + 1) * K
    with pytest.raises(ValueError, match=r"input_shape is \(5,\); expected \(T, F\)"):
        models.frame_classifier((5,), K, read="mean", seed=0)
    with pytest.raises(ValueError, match="read is 'last'; expected"):
        models.frame_classifier((T, F), K, read="last", seed=0)


def test_an_opinion_is_the_mean_of_two_logits(x):
    text, voice = {"start": 0.5}, {"hidden": 3, "l2": 0.1, "dropout": 0.2}
    parts = {"text": text, "voice": voice, "seed": 0}
    model = models.opinion_classifier(9, F, method="mean_logits", **parts)
    inputs = {
        "audio": x[:, 0],
        "ngram": np.array([[1, 2, 0]] * 6, np.int32),
        "ratio": np.array([[2.0, -1.0, 0.0]] * 6, np.float32),
    }
    z = 0.5 * (2.0 - 1.0)
    heard = model.get_layer("feature_classifier")
    expected = (np.asarray(heard(x[:, 0])) + [-z / 2, z / 2]) / 2
    np.testing.assert_allclose(model(inputs), expected, atol=1e-6)
    both = np.exp(models.opinion_classifier(9, F, **parts)(inputs))
    np.testing.assert_allclose(both.sum(axis=1), 1, atol=1e-6)
    odds = np.exp(2 * np.diff(expected)[:, 0])
    np.testing.assert_allclose(both[:, 1] / both[:, 0], odds, rtol=1e-5)
    assert len(model.losses) == 2, "both layers' penalties are kept"
