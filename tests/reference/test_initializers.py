import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from mmlearn import reference
from mmlearn.reference import he_normal, initializers

NAMES = ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunNormal"]
SHAPES = [(80, 50), (50, 80), (4000,), (3, 20, 70), (3, 5, 8, 40)]


def function(name):
    """GlorotUniform -> reference.glorot_uniform."""
    snake = "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
    return getattr(reference, snake)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
def test_draws_from_the_distribution_of_keras(name, shape):
    theirs = np.asarray(getattr(keras.initializers, name)(seed=1)(shape), np.float64)
    mine = function(name)(shape, seed=2)
    assert mine.shape == shape
    assert ks_2samp(mine.ravel(), theirs.ravel()).pvalue > 0.01
    assert mine.std() == pytest.approx(theirs.std(), rel=0.05)
    assert np.abs(mine).max() == pytest.approx(np.abs(theirs).max(), rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_the_distributions_test_can_fail(name):
    """Ten per cent more width, and the Kolmogorov–Smirnov test sees it."""
    theirs = np.asarray(getattr(keras.initializers, name)(seed=1)((80, 200)))
    mine = 1.1 * function(name)((80, 200), seed=2)
    assert ks_2samp(mine.ravel(), theirs.ravel()).pvalue < 0.01


@settings(max_examples=15, deadline=None)
@given(fan_in=st.integers(20, 200), fan_out=st.integers(20, 200))
def test_variance(fan_in, fan_out):
    shape, both = (fan_in, fan_out), fan_in + fan_out
    expected = [2 / both, 2 / both, 2 / fan_in, 2 / fan_in, 1 / fan_in]
    error = 5 * np.sqrt(2 / (fan_in * fan_out))  # of a sample variance, at most
    for name, variance in zip(NAMES, expected, strict=True):
        w = function(name)(shape, seed=0)
        assert w.var() == pytest.approx(variance, rel=error)


def test_the_cut_normal_is_as_narrow_as_keras_says():
    assert pytest.approx(0.87962566103423978, rel=1e-12) == initializers.SHRUNK


def test_same_seed_same_weights_and_a_generator_goes_on():
    same = [he_normal((3, 4), seed=5) for _ in range(2)]
    np.testing.assert_array_equal(*same)
    rng = np.random.default_rng(5)
    assert not np.array_equal(*(he_normal((3, 4), seed=rng) for _ in range(2)))


@pytest.mark.parametrize("shape", [(), (0, 3)])
def test_no_weights_are_refused(shape):
    with pytest.raises(ValueError, match="expected sizes of 1 or more"):
        he_normal(shape, seed=0)
