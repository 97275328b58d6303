"""Simulated relations: the posterior is exact, and no single modality knows."""

from statistics import NormalDist

import numpy as np
import pytest

from mmlearn.datasets import DataError
from mmlearn.datasets import simulated_sequences as simulated

DRAWS = {
    name: getattr(simulated, f"simulate_{name}")
    for name in ("trust", "parity", "pointer", "offset")
}


@pytest.mark.parametrize("name", DRAWS)
def test_the_posterior_decides_as_well_as_the_ceiling_and_is_calibrated(name):
    data = DRAWS[name](20_000, seed=3)
    right = data.posterior.argmax(axis=1) == data.y
    assert right.mean() == pytest.approx(data.bayes_accuracy, abs=0.008)
    surest = data.posterior.max(axis=1)
    assert surest.mean() == pytest.approx(right.mean(), abs=0.008)
    low = surest < np.median(surest)
    assert surest[low].mean() == pytest.approx(right[low].mean(), abs=0.012)
    np.testing.assert_allclose(data.posterior.sum(axis=1), 1)
    assert abs(data.y.mean() - 0.5) < 0.02


@pytest.mark.parametrize("name", DRAWS)
def test_a_seed_fixes_everything_and_another_changes_it(name):
    one, same, other = (DRAWS[name](20, seed=seed) for seed in (1, 1, 2))
    for key, x in one.x.items():
        np.testing.assert_array_equal(x, same.x[key])
        assert not np.array_equal(x, other.x[key])
        assert x.dtype == np.float32


def test_trust_by_a_likelihood_written_out():
    data = simulated.simulate_trust(50, features=2, steady=1.0, shaken=2.0)
    odds = np.zeros(50)
    for x in data.x.values():
        for n, (a, b, good) in enumerate(x):
            normal = [NormalDist(s / 2**0.5, 1.0 if good > 0 else 2.0) for s in (-1, 1)]
            less, more = (d.pdf(float(a)) * d.pdf(float(b)) for d in normal)
            odds[n] += np.log(more / less)
    np.testing.assert_allclose(data.posterior[:, 1], 1 / (1 + np.exp(-odds)), rtol=1e-4)


def test_parity_without_noise_is_the_product_of_signs():
    data = simulated.simulate_parity(200, noise=0.01)
    signs = np.prod([np.sign(x.sum(axis=1)) for x in data.x.values()], axis=0)
    np.testing.assert_array_equal(data.y, (signs < 0).astype(int))
    three = [x for name, x in data.x.items() if name != "text"]
    signs = np.prod([np.sign(x.sum(axis=1)) for x in three], axis=0)
    assert abs(np.corrcoef(signs, data.y)[0, 1]) < 0.2


def test_the_text_points_at_the_value_that_counts():
    data = simulated.simulate_pointer(100, noise=0.01)
    codes, values = data.x["image"][..., :-1], data.x["image"][..., -1]
    fits = (codes == data.x["text"]).all(axis=2)
    assert (fits.sum(axis=1) == 1).all()  # all codes of a sample differ
    np.testing.assert_array_equal(data.y, (values[fits] > 0).astype(int))


def test_the_sound_is_a_step_behind_or_four():
    data = simulated.simulate_offset(100, noise=0.01)
    shifts = [
        [np.abs(np.roll(i, k, axis=0) - a).max() < 0.5 for k in range(13)]
        for i, a in zip(data.x["image"], data.x["audio"], strict=True)
    ]
    shift = np.argmax(shifts, axis=1)
    np.testing.assert_array_equal(shift == 1, data.y == 1)
    assert set(shift[data.y == 0]) <= set(range(4, 10))


def test_moments_by_themselves_know_nothing_of_the_offset():
    data = simulated.simulate_offset(4000, features=1, noise=0.01)
    pairs = np.stack([np.sign(data.x[n][..., 0]) for n in ("image", "audio")], axis=-1)
    both = (pairs[..., 0] == pairs[..., 1]).sum(axis=1)  # how often they agree
    counts = [np.bincount(both[data.y == k], minlength=14) / 2000 for k in (0, 1)]
    assert np.abs(counts[0] - counts[1]).max() < 0.04


@pytest.mark.parametrize(
    "call",
    [
        lambda: simulated.simulate_trust(0),
        lambda: simulated.simulate_parity(5, noise=0.0),
        lambda: simulated.simulate_pointer(5, steps=9, bits=3),
        lambda: simulated.simulate_offset(5, steps=12),
        lambda: simulated.simulate_offset(5, steps=7),
    ],
)
def test_dials_out_of_range_are_refused(call):
    with pytest.raises(DataError, match="expected"):
        call()
