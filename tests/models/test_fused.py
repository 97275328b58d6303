"""Six ways to fuse: what each can and cannot compute, sizes, and refusals."""

import keras
import numpy as np
import pytest

from mmlearn.models import fused_classifier

SHAPES = {"image": (4,), "audio": (3,)}


def batch(n=6, seed=0):
    rng = np.random.default_rng(seed)
    return {k: rng.normal(size=(n, *s)).astype("float32") for k, s in SHAPES.items()}


@pytest.fixture(scope="module")
def models():
    ways = ("weighted", "concatenate", "gated", "deep", "late", "product")
    return {how: fused_classifier(SHAPES, 3, how, 5, seed=1) for how in ways}


def test_parameters_by_hand(models):
    counts = {how: model.count_params() for how, model in models.items()}
    assert counts == {
        "weighted": 2 + (3 * 5 + 5) + (4 * 5 + 5) + (5 * 3 + 3),
        "concatenate": (7 * 5 + 5) + (5 * 3 + 3),
        "gated": 3 * 5 * 7 + 4 * 5 + (5 * 3 + 3),
        "deep": (7 * 5 + 5) + (5 * 3 + 3),
        "late": (3 * 5 + 5) + (4 * 5 + 5) + 2 * (5 * 3 + 3),
        "product": (3 * 5 + 5) + (4 * 5 + 5) + 2 * (5 * 3 + 3),
    }


def test_logits_and_the_seed(models):
    x = batch()
    for how, model in models.items():
        y = keras.ops.convert_to_numpy(model(x))
        assert y.shape == (6, 3) and np.isfinite(y).all(), how
    for seed, same in ((1, True), (2, False)):
        other = fused_classifier(SHAPES, 3, "deep", 5, seed=seed)
        pairs = zip(other.get_weights(), models["deep"].get_weights(), strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs) == same


@pytest.mark.parametrize(
    ("how", "adds"),
    [("weighted", True), ("concatenate", True), ("product", True), ("deep", False),
     ("gated", False)],
)  # fmt: skip
def test_who_only_adds(models, how, adds):
    """Mixed differences s(a,i) − s(a,j) − s(b,i) + s(b,j) vanish for a sum alone."""
    x = batch(4)
    a, i = x["audio"][:2], x["image"][:2]
    pairs = {"audio": a[[0, 0, 1, 1]], "image": i[[0, 1, 0, 1]]}
    s = keras.ops.convert_to_numpy(models[how](pairs)).astype(float)
    s = s - s[:, :1]  # a product's normalization is the same for all classes
    mixed = s[0] - s[1] - s[2] + s[3]
    assert (np.abs(mixed).max() < 1e-5) == adds


def test_a_relu_before_the_head_combines():
    model = fused_classifier(SHAPES, 3, "weighted", 5, relu=True, seed=1)
    x = batch(20)
    a, b, i, j = np.arange(20).reshape(4, 5)
    s = [
        keras.ops.convert_to_numpy(
            model({"audio": x["audio"][m], "image": x["image"][n]})
        )
        for m, n in ((a, i), (a, j), (b, i), (b, j))
    ]
    assert np.abs(s[0] - s[1] - s[2] + s[3]).max() > 1e-3


def test_an_unknown_fusion_is_refused():
    with pytest.raises(ValueError, match="how is 'sum'; expected one of weighted"):
        fused_classifier(SHAPES, 3, "sum", seed=0)
