"""Each fusion against a few independent lines: einsum, SciPy, Bayes, another layer.

test_backends.py runs this file on the other Keras backends.
"""

from fractions import Fraction

import keras
import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp, softmax

from mmlearn import layers, reference
from mmlearn.samples import KeySetError

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
NAMES = ("image", "sound", "text")


def weights(layer):
    return {v.name: keras.ops.convert_to_numpy(v) for v in layer.trainable_variables}


def relu(x):
    return np.maximum(x, 0)


def test_weighted_is_a_mean_by_softmax(example):
    layer, x = example.layer("WeightedFusion"), example.inputs(4)
    example(layer, x)
    layer.scores.assign([0.5, -1.0, 2.0])
    w = weights(layer)
    alpha = softmax([0.5, -1.0, 2.0])
    maps = [x[n] @ w[f"{n}_kernel"] + w[f"{n}_bias"] for n in NAMES]
    expected = sum(a * z for a, z in zip(alpha, maps, strict=True))
    np.testing.assert_allclose(example(layer, x), expected, **CLOSE)
    with pytest.raises(KeySetError, match="available has 'video'"):
        layer.modality_weights({"video": np.array([True])})
    told = layer.modality_weights({"sound": np.array([True, False])})
    told = keras.ops.convert_to_numpy(told)
    np.testing.assert_allclose(told[0], alpha, **CLOSE)
    np.testing.assert_allclose(told[1], softmax([0.5, -np.inf, 2.0]), **CLOSE)


def test_concatenated_is_dense(example):
    layer, x = example.layer("ConcatenateFusion"), example.inputs(4)
    y = example(layer, x)
    dense = keras.layers.Dense(4, dtype="float64")
    together = np.concatenate([x[n] for n in NAMES], axis=1)
    dense.build(together.shape)
    dense.set_weights(layer.get_weights())
    expected = keras.ops.convert_to_numpy(dense(together))
    np.testing.assert_allclose(y, expected, **CLOSE)


def test_gated_by_einsum(example):
    layer, x = example.layer("GatedFusion"), example.inputs(4)
    y, w, together = example(layer, x), weights(layer), np.hstack([x[n] for n in NAMES])
    expected = 0
    for n in NAMES:
        gate = np.einsum("bf,fu->bu", together, w[f"{n}_gate_kernel"])
        gate = 1 / (1 + np.exp(-gate - w[f"{n}_gate_bias"]))
        own = np.einsum("bf,fu->bu", x[n], w[f"{n}_kernel"]) + w[f"{n}_bias"]
        expected = expected + gate * np.tanh(own)
        told = keras.ops.convert_to_numpy(layer.gates(x)[n])
        np.testing.assert_allclose(told, gate, **CLOSE)
    np.testing.assert_allclose(y, expected, **CLOSE)


def test_tensor_is_the_outer_product(example):
    layer, x = example.layer("TensorFusion"), example.inputs(4)
    y, w = example(layer, x), weights(layer)
    ones = [np.append(x[n], np.ones((4, 1)), axis=1) for n in NAMES]
    kernel = w["kernel"].reshape(4, 6, 3, 4)
    expected = np.einsum("bi,bj,bk,ijku->bu", *ones, kernel) + w["bias"]
    np.testing.assert_allclose(y, expected, **CLOSE)


def test_low_rank_is_tensor_fusion_with_a_kernel_of_that_rank(example):
    layer, x = example.layer("LowRankFusion"), example.inputs(4)
    y, w = example(layer, x), weights(layer)
    factors = [w[f"{n}_kernel"] for n in NAMES]
    kernel = np.einsum("riu,rju,rku->ijku", *factors)
    tensor = example.layer("TensorFusion")
    example(tensor, x)
    tensor.set_weights([kernel.reshape(-1, 4), w["bias"]])
    np.testing.assert_allclose(example(tensor, x), y, **CLOSE)


def test_bilinear_by_einsum_and_as_tensor_fusion_of_two(example):
    layer, x = example.layer("BilinearFusion"), example.inputs(4)
    y, w = example(layer, x), weights(layer)
    expected = w["bias"] + sum(x[n] @ w[f"{n}_kernel"] for n in NAMES)
    for m, n in (("image", "sound"), ("image", "text"), ("sound", "text")):
        pair = w[f"{m}_by_{n}_kernel"]
        expected = expected + np.einsum("bi,iju,bj->bu", x[m], pair, x[n])
    np.testing.assert_allclose(y, expected, **CLOSE)


def test_deep_by_hand(example):
    """What is missing is zero at each join, its biases are not heard."""
    layer, x = example.layer("DeepFusion"), example.inputs(4)
    y, w = example(layer, x, example.available), weights(layer)
    a = {n: example.available[n][:, None] for n in NAMES}
    x = {n: a[n] * x[n] for n in NAMES}

    def dense(h, name):
        return h @ w[f"{name}_kernel"] + w[f"{name}_bias"]

    g = relu(dense(np.hstack([x[n] for n in NAMES]), "join_0"))
    h = {n: a[n] * relu(dense(x[n], f"{n}_1")) for n in NAMES}
    h = [a[n] * relu(dense(h[n], f"{n}_2")) for n in NAMES]
    g = relu(dense(np.hstack([*h, g]), "join_2"))
    np.testing.assert_allclose(y, dense(g, "output"), **CLOSE)


def test_late_fusions_by_scipy(example):
    x = example.logits(4)
    logs = np.stack([log_softmax(x[n], axis=-1) for n in NAMES])
    mean = logsumexp(logs, axis=0) - np.log(3)
    np.testing.assert_allclose(example(example.layer("mean"), x), mean, **CLOSE)
    mean = np.mean([x[n] for n in NAMES], axis=0)
    np.testing.assert_allclose(example(example.layer("mean_logits"), x), mean, **CLOSE)
    stack = example.layer("stack")
    # It begins as the mean of the logarithms.
    np.testing.assert_allclose(example(stack, x), logs.mean(axis=0), **CLOSE)
    kernel, bias = np.random.default_rng(4).random((9, 3)), np.arange(3.0)
    stack.set_weights([kernel, bias])
    expected = np.einsum("mbk,mkj->bj", logs, kernel.reshape(3, 3, 3)) + bias
    np.testing.assert_allclose(example(stack, x), expected, **CLOSE)


def test_product_of_experts_is_bayes_rule(example):
    """Modalities independent given the class: from a table of all that may happen."""
    rng = np.random.default_rng(5)
    prior = np.array([0.5, 0.3, 0.2])
    seen = {n: rng.dirichlet(np.ones(4), 3) for n in NAMES}  # p(x_m | y), 4 values
    joint = np.einsum("k,ka,kb,kc->abck", prior, *(seen[n] for n in NAMES))
    values = {n: rng.integers(0, 4, 6) for n in NAMES}
    experts = {n: np.log(prior * seen[n].T)[values[n]] for n in NAMES}  # and a constant
    layer = example.layer("product", log_prior=np.log(prior) + 7)
    posterior = softmax(np.log(joint[tuple(values[n] for n in NAMES)]), axis=-1)
    np.testing.assert_allclose(np.exp(example(layer, experts)), posterior, **CLOSE)
    there = {"sound": np.zeros(6, bool)}
    pair = joint.sum(axis=1)[values["image"], values["text"]]
    np.testing.assert_allclose(
        np.exp(example(layer, experts, there)), softmax(np.log(pair), axis=-1), **CLOSE
    )


def test_cross_attention_is_keras_attention_with_a_silent_token(example):
    layer = example.layer("CrossAttentionFusion", units=8)  # Keras keeps 1 / √4 exact
    x = example.inputs(2, 3)
    y, w = example(layer, x), weights(layer)
    h = [x[n] @ w[f"{n}_kernel"] + w[f"{n}_bias"] for n in NAMES]
    h = np.concatenate(h, axis=1)  # (B, 9, U)
    silent = np.append(h, np.zeros((2, 1, 8)), axis=1)
    attention = keras.layers.MultiHeadAttention(2, 4, use_bias=False, dtype="float64")
    attention.build(h.shape, silent.shape)
    attention.set_weights(layer.get_weights()[6:10])
    owner = np.repeat(np.arange(4), [3, 3, 3, 1])
    may = np.broadcast_to(owner[:9, None] != owner, (2, 9, 10))
    heard, told = attention(h, silent, attention_mask=may, return_attention_scores=True)
    z = h + keras.ops.convert_to_numpy(heard) + w["output_bias"]
    np.testing.assert_allclose(y, z.mean(axis=1), **CLOSE)
    look = keras.ops.convert_to_numpy(layer.attention_weights(x))
    np.testing.assert_allclose(look, keras.ops.convert_to_numpy(told)[..., :9], **CLOSE)


def spans_meet(t, total, u, whole):
    start = max(Fraction(t, total), Fraction(u, whole))
    return start < min(Fraction(t + 1, total), Fraction(u + 1, whole))


def test_edges_are_neighbours_in_time_and_spans_that_meet():
    steps = {"b": 5, "a": 3, "c": 1}
    edge_index, edge_type = layers.fusion_edges(steps)
    nodes = [(n, t) for n in "abc" for t in range(steps[n])]
    expected = set()
    for i, (m, t) in enumerate(nodes):
        for j, (n, u) in enumerate(nodes):
            if m == n and abs(t - u) == 1:
                expected.add((i, j, 0))
            if m != n and spans_meet(t, steps[m], u, steps[n]):
                expected.add((i, j, 1))
    found = list(zip(*edge_index.tolist(), edge_type.tolist(), strict=True))
    assert len(found) == len(set(found)) and set(found) == expected


def test_graph_fusion_is_rgcn_on_these_edges(example):
    """The reference's sparse operator, sample by sample, on what is there."""
    steps = {"image": 3, "sound": 5, "text": 1}
    rng = np.random.default_rng(6)
    sizes = {n: (2, t, example.features[n]) for n, t in steps.items()}
    x = {n: rng.standard_normal(size) for n, size in sizes.items()}
    x["text"] = x["text"][:, 0]
    there = {n: rng.random((2, steps[n])) < 0.7 for n in ("image", "sound")}
    there["image"][0] = False
    layer = example.layer("GraphFusion")
    y, w = example(layer, x, there), weights(layer)
    edges, types = layers.fusion_edges(steps)
    there["text"] = np.ones((2, 1), bool)
    mask = np.concatenate([there[n] for n in NAMES], axis=1)  # (B, 9)
    for b in range(2):
        h = [x[n][b].reshape(steps[n], -1) @ w[f"{n}_kernel"] for n in NAMES]
        h = np.concatenate([a + w[f"{n}_bias"] for a, n in zip(h, NAMES, strict=True)])
        kept = mask[b, edges[0]]
        graph = {"edge_index": edges[:, kept], "edge_type": types[kept]}
        for r in ("round_1", "round_2"):
            parts = (w[f"{r}_{part}"] for part in ("kernel", "root_kernel", "bias"))
            h = reference.rgcn_conv(h, *parts, **graph)[0]
            h = np.where(h > 0, h, 0.2 * h)
        own = np.split(h, [3, 8])
        own = [a[there[n][b]] for a, n in zip(own, NAMES, strict=True)]
        expected = np.mean([a.mean(axis=0) for a in own if len(a)], axis=0)
        np.testing.assert_allclose(y[b], expected, **CLOSE)


@pytest.mark.parametrize("depths, expected", [(0, (0,)), ((2, 0, 2), (0, 2))])
def test_depths_may_be_one_number_or_several(depths, expected):
    assert layers.DeepFusion(4, depths=depths).depths == expected
