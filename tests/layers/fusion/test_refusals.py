"""What a fusion is wrongly given is told in one sentence, by the modality's name."""

import numpy as np
import pytest

from mmlearn import layers
from mmlearn.axes import ShapeError
from mmlearn.samples import KeySetError

X = {"image": np.ones((2, 3), "float32"), "sound": np.ones((2, 5), "float32")}
BUILT = layers.ConcatenateFusion(4)
BUILT(X)
T4, T6 = np.ones((2, 4, 3), "float32"), np.ones((2, 6, 5), "float32")


@pytest.mark.parametrize(
    "inputs, error, message",
    [
        ({"image": X["image"]}, KeySetError, "'sound' is missing; expected exactly im"),
        (X | {"text": X["image"]}, KeySetError, "'text' is not known"),
        (X | {"sound": X["image"]}, ShapeError, r"'sound' is \(2, 3\); expected 5 fea"),
        (
            X | {"sound": np.ones(5)},
            ShapeError,
            r"'sound' is \(5,\); expected \(B, F\)",
        ),
        (X | {"sound": np.ones((3, 5))}, ShapeError, "B is 2 in 'image', 3 in 'sound'"),
        (
            X | {"sound": T6},
            ShapeError,
            r"'sound' \(2, 6, 5\); expected all \(B, F\) or",
        ),
        ({"image": T4, "sound": T6}, ShapeError, "T is 4 in 'image', 6 in 'sound'"),
        (X | {"sound": np.ones((2, 0))}, ShapeError, r"'sound' is \(2, 0\)"),
        ({}, (KeySetError, ValueError), "missing|no modality"),
        ([X["image"]], TypeError, "list.*expected a dict"),
        ({1: X["image"]}, (TypeError, KeySetError), "expected names|not known"),
    ],
)
def test_inputs_that_do_not_fit(inputs, error, message):
    with pytest.raises(error, match=f"ConcatenateFusion: .*{message}"):
        BUILT(inputs)


@pytest.mark.parametrize(
    "inputs, error, message",
    [
        ({}, ValueError, "no modality; expected a dict with one or more"),
        ([X["image"]], TypeError, "got a list; expected a dict"),
        ({1: X["image"]}, TypeError, r"modalities are \[1\]; expected names"),
        (
            {"image": np.ones((2, 0))},
            ShapeError,
            "known number of features F, 1 or more",
        ),
    ],
)
def test_what_cannot_be_built(inputs, error, message):
    with pytest.raises(error, match=f"GatedFusion: .*{message}"):
        layers.GatedFusion(4)(inputs)


@pytest.mark.parametrize(
    "available, error, message",
    [
        (
            {"text": np.ones(2, bool)},
            KeySetError,
            "available has 'text'; expected some",
        ),
        ({"image": np.ones(2)}, ValueError, r"available\['image'\] holds float.*bool"),
        (
            {"image": np.ones(3, bool)},
            ShapeError,
            r"is \(3,\); expected \(2,\), as 'im",
        ),
        ({"image": np.ones((2, 4), bool)}, ShapeError, r"is \(2, 4\); expected \(2,\)"),
        (np.ones(2, bool), TypeError, "expected a dict, name to booleans"),
    ],
)
def test_availability_that_does_not_fit(available, error, message):
    with pytest.raises(error, match=f"ConcatenateFusion: .*{message}"):
        BUILT(X, available=available)


def test_availability_of_steps_that_are_not_there():
    with pytest.raises(ShapeError, match=r"is \(2, 6\); expected \(2,\) or \(2, 4\)"):
        layers.WeightedFusion(4)({"a": T4}, available={"a": np.ones((2, 6), bool)})


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.GatedFusion(0), "GatedFusion: units is 0; expected a pos"),
        (lambda: layers.LowRankFusion(4, 1.5), "rank is 1.5; expected a positive"),
        (lambda: layers.CrossAttentionFusion(4, 3), "units is 4, heads 3; expected a"),
        (lambda: layers.DeepFusion(4, depths=()), r"depths is \(\); expected integers"),
        (lambda: layers.DeepFusion(4, depths=(0, -1)), "expected integers ≥ 0"),
        (lambda: layers.GraphFusion(4, rounds=0), "rounds is 0; expected a positive"),
        (lambda: layers.LateFusion("vote"), "method is 'vote'; expected mean, mean_"),
        (lambda: layers.ProductOfExperts([0.0, -np.inf]), r"\(2,\); expected \(K,\)"),
        (lambda: layers.fusion_edges({"a": 0}), "expected a dict, modality to"),
        (lambda: layers.fusion_edges({}), "expected a dict, modality to"),
        (lambda: layers.TensorFusion(64)({n: np.ones((1, 99)) for n in "abc"}),
         r"100 · 100 · 100 · 64 = 64,000,000 weights; expected at most 16,777,216"),
        (lambda: layers.LateFusion()(X), "K is 3 in 'image', 5 in"),
        (lambda: layers.ProductOfExperts([0.0, 0.0])({"a": X["image"]}),
         "log_prior has 2 classes; expected K = 3"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_larger_tensor_may_be_asked_for():
    layer = layers.TensorFusion(2, max_parameters=29)
    with pytest.raises(ValueError, match="30 weights; expected at most 29"):
        layer({"a": np.ones((1, 4)), "b": np.ones((1, 2))})
    assert layers.TensorFusion(2, max_parameters=30)(
        {"a": np.ones((1, 4)), "b": np.ones((1, 2))}
    ).shape == (1, 2)
