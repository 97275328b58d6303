"""MNIST-1D: its statistics, its dials, and how hard it is."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from mmlearn import datasets
from mmlearn.datasets import DataError, mnist1d

STILL = {"noise": 0, "jitter": 0, "scaling": 0, "translation": 0, "shear": 0}


@pytest.fixture(scope="module")
def splits():
    return datasets.load_mnist1d()


def test_sizes_types_and_balance(splits):
    sizes = {name: len(y) for name, (_, y) in splits.items()}
    assert sizes == {"train": 4000, "validation": 1000, "test": 1000}
    for x, y in splits.values():
        assert x.shape == (len(y), 40, 1) and (x.dtype, y.dtype) == ("f4", "i8")
        assert np.bincount(y).tolist() == [len(y) // 10] * 10
        assert abs(x.mean()) < 0.05 and abs(x.std() - 1) < 0.05
    assert splits["train"][1][:50].tolist() != sorted(splits["train"][1][:50].tolist())


def test_no_sample_is_in_two_parts_and_the_seed_fixes_all(splits):
    rows = np.concatenate([x[..., 0] for x, _ in splits.values()])
    assert len(np.unique(rows, axis=0)) == 6000
    again, other = datasets.load_mnist1d(), datasets.load_mnist1d(seed=1)
    np.testing.assert_array_equal(again["test"][0], splits["test"][0])
    assert (other["test"][0] != splits["test"][0]).mean() > 0.99


def test_as_hard_as_published(splits):
    (x, y), (test, labels) = splits["train"], splits["test"]
    x, test = x[..., 0], test[..., 0]
    linear = LogisticRegression(max_iter=60, tol=1e-2).fit(x, y).score(test, labels)
    assert 0.28 < linear < 0.36, "published: 32 %"
    near = KNeighborsClassifier().fit(x, y).score(test, labels)
    assert 0.5 < near < 0.8, "neither a wall nor a gift"


def test_without_noise_and_movement_only_the_templates_are_left():
    x, y = datasets.load_mnist1d(**STILL, padding=(36, 36))["train"]
    kinds = {digit: np.unique(x[y == digit, :, 0], axis=0) for digit in range(10)}
    assert [len(rows) for rows in kinds.values()] == [1] * 10
    # read off anew with NumPy's own interpolation, up to the standardization
    template = mnist1d.TEMPLATES[7]
    height = (template - template[0]) / template.std()
    place = np.linspace(0, 47, 40)
    expected = np.interp(place, np.arange(12), height) * (place < 12)
    assert np.corrcoef(expected, kinds[7][0])[0, 1] > 0.999


def test_each_dial_changes_what_it_says(monkeypatch):
    monkeypatch.setattr(mnist1d, "SIZES", {"train": 200, "test": 100})
    still = datasets.load_mnist1d(**STILL)["train"][0]
    for name, value in [
        ("noise", 0.25),
        ("jitter", 0.02),
        ("scaling", 0.4),
        ("translation", 48),
        ("shear", 0.75),
        ("padding", (12, 12)),
    ]:
        changed = datasets.load_mnist1d(**{**STILL, name: value})["train"][0]
        assert np.abs(changed - still).mean() > 0.005, name
    assert datasets.load_mnist1d(length=72)["test"][0].shape == (100, 72, 1)


def test_shuffled_is_one_other_order_for_all(splits):
    shuffled = datasets.load_mnist1d(shuffle=True)
    order = [
        np.flatnonzero((splits["train"][0] == column).all(axis=(0, 2)))
        for column in np.moveaxis(shuffled["train"][0], 1, 0)[:, :, None]
    ]
    order = np.concatenate(order)
    assert sorted(order) == list(range(40)) and order.tolist() != list(range(40))
    x = splits["test"][0]
    np.testing.assert_array_equal(shuffled["test"][0], x[:, order])


def test_impossible_dials_are_refused():
    for wrong in ({"padding": (9, 3)}, {"length": 1}, {"translation": -1}):
        with pytest.raises(DataError, match="expected 1 <= least <= most"):
            datasets.load_mnist1d(**wrong)
