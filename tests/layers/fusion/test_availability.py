"""What is not there is said, and what stands in its place does not matter."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def hidden(x, available, value=np.nan):
    """x with `value` wherever it is not available."""
    masks = {n: available[n].reshape(available[n].shape + (1,)) for n in available}
    return {n: np.where(masks[n], a, value) if n in masks else a for n, a in x.items()}


def test_what_stands_there_does_not_matter_and_samples_stay_apart(example, kind):
    layer, x = example.built(kind), example.inputs_for(kind, 4)
    y = example(layer, x, example.available)
    assert np.isfinite(y).all()
    nan = example(layer, hidden(x, example.available), example.available)
    np.testing.assert_array_equal(nan, y)
    row = {n: a[1:2] for n, a in x.items()}  # a sample by itself: batch size 1
    there = {n: a[1:2] for n, a in example.available.items()}
    np.testing.assert_allclose(example(layer, row, there)[0], y[1], **CLOSE)


def test_all_there_is_the_same_as_nothing_said(example, kind):
    layer, x = example.built(kind), example.inputs_for(kind, 4)
    backwards = dict(reversed(x.items()))  # the order of a dict does not matter
    some = {"image": np.ones(4, bool), "sound": None}
    np.testing.assert_allclose(
        example(layer, backwards, some), example.value(kind), **CLOSE
    )


def test_nothing_there(example):
    """Zeros, the bias, the constant term, equal logits or the prior: as documented."""
    none = {n: np.zeros(4, bool) for n in example.features}

    def alone(kind):
        layer = example.built(kind)
        x = hidden(example.inputs_for(kind, 4), none)
        y = example(layer, x, none)
        assert np.isfinite(y).all() and np.ptp(y, axis=0).max() == 0
        return layer, y[0]

    for kind in (
        "WeightedFusion",
        "GatedFusion",
        "CrossAttentionFusion",
        "GraphFusion",
    ):
        np.testing.assert_array_equal(alone(kind)[1], np.zeros(4))
    for kind in ("ConcatenateFusion", "BilinearFusion", "stack"):
        layer, y = alone(kind)
        np.testing.assert_allclose(y, layer.get_weights()[-1], **CLOSE)
    layer, y = alone("TensorFusion")
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(y, kernel[-1] + bias, **CLOSE)
    layer, y = alone("LowRankFusion")
    *kernels, bias = layer.get_weights()
    last = np.prod([kernel[:, -1] for kernel in kernels], axis=0)
    np.testing.assert_allclose(y, last.sum(axis=0) + bias, **CLOSE)
    for kind in ("mean", "mean_logits"):
        assert np.ptp(alone(kind)[1]) == 0
    np.testing.assert_allclose(np.exp(alone("product")[1]), [0.5, 0.3, 0.2], **CLOSE)
    alone("DeepFusion")


ZEROED = ["ConcatenateFusion", "BilinearFusion", "TensorFusion", "LowRankFusion"]


@pytest.mark.parametrize("kind_", ZEROED)
def test_missing_is_zero_to_these(example, kind_):
    layer, x = example.built(kind_), example.inputs(4)
    y = example(layer, x, example.available)
    zeros = hidden(x, example.available, 0)
    np.testing.assert_allclose(example(layer, zeros), y, **CLOSE)


def test_missing_is_left_out_of_decisions(example):
    x, gone = example.logits(4), {"sound": np.zeros(4, bool)}
    image, text = x["image"], x["text"]
    mean = np.log((softmax(image, axis=1) + softmax(text, axis=1)) / 2)
    np.testing.assert_allclose(example(example.built("mean"), x, gone), mean, **CLOSE)
    y = example(example.built("mean_logits"), x, gone)
    np.testing.assert_allclose(y, (image + text) / 2, **CLOSE)


def test_no_gradient_comes_from_what_is_not_there(example, kind):
    """Also where it is NaN: every gradient stays finite."""
    from mmlearn.proof.autodiff import vector_jacobian

    layer, x = (
        example.built(kind),
        hidden(example.inputs_for(kind, 4), example.available),
    )
    example(layer, x, example.available)
    names, rng = sorted(x), np.random.default_rng(7)

    def run(tensors, values=None):
        inputs = dict(zip(names, tensors, strict=True))
        if values is None:
            return [layer(inputs, available=example.available)]
        given = {"available": example.available}
        return [layer.stateless_call(values, [], inputs, **given)[0]]

    variables = layer.trainable_variables
    _, dx, dw = vector_jacobian(
        run,
        [x[n] for n in names],
        variables,
        lambda outputs: [rng.standard_normal(y.shape) for y in outputs],
    )
    assert all(np.isfinite(g).all() for g in (*dx, *dw))
    for name, gradient in zip(names, dx, strict=True):
        assert not gradient[~example.available[name]].any()
        assert gradient[example.available[name]].any()


def test_step_by_step_is_every_step_by_itself(example, stepwise):
    layer, x = example.built(stepwise), example.inputs_for(stepwise, 2, 3)
    mask = np.random.default_rng(8).random((2, 3)) < 0.5
    there = {"sound": mask, "image": np.array([True, False])}
    y = example(layer, x, there)
    flat = {n: a.reshape(6, -1) for n, a in x.items()}
    there = {"sound": mask.ravel(), "image": np.repeat([True, False], 3)}
    expected = example(layer, flat, there).reshape(y.shape)
    np.testing.assert_allclose(y, expected, **CLOSE)


@pytest.mark.parametrize("pooled", ["CrossAttentionFusion", "GraphFusion"])
def test_padding_changes_nothing(example, pooled):
    """Steps that are not available, at the end of all: as if they were cut off."""
    layer, x = example.built(pooled), example.inputs(2, 4)
    whole = {n: np.repeat(a, 2, axis=1) if n == "text" else a for n, a in x.items()}
    parts = {n: a[:, : 6 if n == "text" else 3] for n, a in whole.items()}
    there = {n: np.arange(a.shape[1]) < parts[n].shape[1] for n, a in whole.items()}
    there = {n: np.tile(a, (2, 1)) for n, a in there.items()}
    y = example(layer, hidden(whole, there), there)
    np.testing.assert_allclose(y, example(layer, parts), **CLOSE)


def test_one_modality_is_enough(example, kind):
    layer = example.layer(kind, units=16)
    x = {"image": example.inputs_for(kind, 4)["image"]}
    y = example(layer, x, {"image": np.array([True, True, False, True])})
    assert np.isfinite(y).all() and np.abs(y[0] - y[1]).max() > 1e-3
    if kind == "product":
        expected = log_softmax(x["image"], axis=1)
        np.testing.assert_allclose(y[[0, 1, 3]], expected[[0, 1, 3]], **CLOSE)


def test_nan_that_counts_stays_in_its_sample(example, kind):
    layer, x = example.built(kind), example.inputs_for(kind, 4)
    x["image"][2] = np.nan
    found = np.isnan(example(layer, x)).any(axis=1)
    np.testing.assert_array_equal(found, [False, False, True, False])


def test_empty_batch(example, kind):
    x = example.inputs_for(kind, 0)
    assert len(example(example.built(kind), x, {"text": np.zeros(0, bool)})) == 0


def test_a_sequence_of_no_steps_is_not_there(example):
    layer = example.built("CrossAttentionFusion")
    x = example.inputs(2) | {"sound": np.zeros((2, 0, 5))}
    y = example(layer, x)
    x["sound"] = np.zeros((2, 5))
    gone = {"sound": np.zeros(2, bool)}
    np.testing.assert_allclose(y, example(layer, x, gone), **CLOSE)
