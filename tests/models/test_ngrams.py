"""The layer that starts as naive Bayes: its number, its gradient, its dropout."""

import numpy as np
import pytest

from mmlearn import models

X = {
    "ngram": np.array([[1, 3, 0], [2, 0, 0]], np.int32),
    "ratio": np.array([[0.5, -2.0, 0.0], [1.5, 0.0, 0.0]], np.float32),
}


def test_untrained_it_is_naive_bayes():
    logits = np.asarray(models.ngram_classifier(5, seed=0)(X))
    np.testing.assert_allclose(logits, [[0.75, -0.75], [-0.75, 0.75]], atol=1e-6)
    tamed = np.asarray(models.ngram_classifier(5, start=0.2, seed=0)(X))
    np.testing.assert_allclose(tamed, 0.2 * logits, atol=1e-6)


def test_each_run_has_its_weight_and_padding_says_nothing():
    model = models.ngram_classifier(5, seed=0)
    model.set_weights([np.array([[100.0], [2], [3], [4], [100]])])
    z = np.diff(np.asarray(model(X)), axis=1)[:, 0]
    np.testing.assert_allclose(z, [2 * 0.5 + 4 * -2.0, 3 * 1.5], rtol=1e-6)
    empty = {name: np.zeros((1, 2), a.dtype) for name, a in X.items()}
    np.testing.assert_array_equal(model(empty), [[0, 0]])


def test_dropout_takes_runs_away_in_training_only():
    x = {"ngram": np.ones((40, 9), np.int32), "ratio": np.ones((40, 9), np.float32)}
    model = models.ngram_classifier(2, dropout=0.5, seed=0)
    z = np.asarray(model(x, training=True))[:, 1] * 2  # 2 for each run that is left
    assert set(np.round(z, 4)) <= set(np.arange(0, 20, 2.0)) and len(set(z)) > 2
    assert (np.asarray(model(x))[:, 1] == 4.5).all()


def test_large_weights_cost():
    assert not models.ngram_classifier(5, seed=0).losses
    (loss,) = models.ngram_classifier(5, start=2.0, l2=0.1, seed=0).losses
    assert float(loss) == pytest.approx(0.1 * 5 * 2.0**2)


def test_a_size_without_runs_is_refused():
    with pytest.raises(ValueError, match="size is 1; expected 2 or more"):
        models.ngram_classifier(1, seed=0)
