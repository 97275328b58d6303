"""Fusions as Keras layers: models, fit, jit, files, precision, parameters, weights.

test_backends.py runs parts of this file on the other Keras backends.
"""

from math import prod

import keras
import numpy as np
import pytest

from mmlearn import layers

F, U, M = (3, 5, 2), 4, 3  # image, sound, text
PAIRS = F[0] * F[1] + F[0] * F[2] + F[1] * F[2]
PARAMETERS = {  # as the docstrings have it
    "WeightedFusion": U * sum(F) + M * U + M,
    "ConcatenateFusion": U * sum(F) + U,
    "GatedFusion": (M + 1) * U * sum(F) + 2 * M * U,
    "LowRankFusion": 3 * U * (sum(F) + M) + U,
    "CrossAttentionFusion": U * sum(F) + M * U + 4 * U**2 + U,
    # H = 5: join at 0; two layers each; a second join of M + 1 parts; the output
    "DeepFusion": (5 * sum(F) + 5 * sum(F) + M * 25 + (M + 1) * 25 + 5 * U)
    + (5 + M * 5 + M * 5 + 5 + U),
    "TensorFusion": U * prod(f + 1 for f in F) + U,
    "BilinearFusion": U * (sum(F) + PAIRS) + U,
    "GraphFusion": U * sum(F) + M * U + 2 * (3 * U**2 + U),
    "stack": M * 9 + 3,
}
UNITS = [kind for kind in PARAMETERS if kind != "stack"]


def test_configuration_and_parameters(example, kind):
    options = {"activation": "tanh", "kernel_regularizer": "l2"}
    options = options | {"bias_constraint": "non_neg"} if kind in UNITS else {}
    layer = example.layer(kind, name="f", **options)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    sizes = example.features if kind in UNITS else dict.fromkeys("abc", 3)
    shapes = {n: (2, 5, f) for n, f in sizes.items()}
    again.build(shapes)
    units = 4 if kind in UNITS else 3
    pooled = kind in ("CrossAttentionFusion", "GraphFusion")
    assert again.compute_output_shape(shapes) == ((2, 4) if pooled else (2, 5, units))
    assert again.count_params() == PARAMETERS.get(kind, 0)
    for v in again.trainable_variables if options else []:
        assert (v.regularizer is not None) == ("kernel" in v.name)
        assert (v.constraint is not None) == ("bias" in v.name)


@pytest.mark.parametrize("kind_", UNITS)
def test_activation_comes_last(example, kind_):
    layer, x = example.built(kind_), example.inputs(4)
    expected = np.tanh(example.value(kind_))
    layer.activation = keras.activations.tanh
    activated = example(layer, x)
    layer.activation = keras.activations.linear
    np.testing.assert_allclose(activated, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind_", UNITS)
def test_without_biases(example, kind_):
    layer = example.layer(kind_, use_bias=False)
    layer.build({"a": (None, 2), "b": (None, 3)})
    assert not [v.name for v in layer.trainable_variables if "bias" in v.name]


def test_kernels_are_drawn_apart_and_as_wide_as_their_matrices(fusion, example):
    layer = example.layer(fusion, units=40, kernel_initializer="glorot_uniform")
    layer.build({"a": (None, 40), "b": (None, 40)})
    kernels = [keras.ops.convert_to_numpy(v) for v in layer.trainable_variables]
    kernels = [k for k in kernels if k.size > 80]
    assert len({float(k.ravel()[0]) for k in kernels}) == len(kernels)
    largest = max(np.abs(k).max() for k in kernels)
    assert 0.02 < largest <= np.sqrt(6 / 45)  # Glorot's limit, (5, 40) the smallest


STEPS = 6


def network(example):
    """All fusions in one functional model: sequences of unknown length, a mask each."""
    sizes = example.features
    x = {n: keras.Input((None, f), name=n) for n, f in sizes.items()}
    there = {n: keras.Input((None,), dtype="bool", name=f"{n}_there") for n in sizes}
    y = {}
    for kind in UNITS:
        heads = {"heads": 3} if kind == "CrossAttentionFusion" else {}
        h = example.layer(kind, "float32", 3, **heads)(x, available=there)
        pooled = kind in ("CrossAttentionFusion", "GraphFusion")
        assert h.shape == ((None, 3) if pooled else (None, None, 3))
        y[kind] = h if pooled else keras.layers.GlobalAveragePooling1D()(h)
    late = ("mean", "mean_logits", "product")
    late = {k: example.layer(k, "float32")(y) for k in late}
    inputs = x | {t.name: t for t in there.values()}
    return keras.Model(inputs, layers.LateFusion("stack")(late))


@pytest.fixture(scope="module")
def trained(example):
    """The model, a batch, and its weights before and after a step."""
    keras.utils.set_random_seed(0)
    model = network(example)
    rng = np.random.default_rng(9)
    x = {n: a.astype("float32") for n, a in example.inputs(8, STEPS).items()}
    x |= {f"{n}_there": rng.random((8, STEPS)) < 0.7 for n in example.features}
    before = [keras.ops.convert_to_numpy(v) for v in model.trainable_variables]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, run_eagerly=True)
    assert np.isfinite(model.train_on_batch(x, np.arange(8) % 3))
    after = [keras.ops.convert_to_numpy(v) for v in model.trainable_variables]
    return model, x, before, after


def test_every_weight_of_every_fusion_moves(trained):
    """A public benchmark's low-rank fusion kept its factors where none is trained."""
    model, _, before, after = trained
    fusions = {v.path.split("/")[0] for v in model.trainable_variables}
    assert len(fusions) == len(PARAMETERS)
    for v, old, new in zip(model.trainable_variables, before, after, strict=True):
        moved = np.abs(new - old) > 1e-6
        # A unit behind a ReLU that is closed for all samples may stand still.
        least = 0.5 if "deep" in v.path else 0.99
        assert moved.mean() >= least, v.path


def test_a_graph_of_few_units_is_never_shut_for_good(example):
    """Behind a ReLU these four would be zero in all samples, and so would gradients."""
    rng = np.random.default_rng(3)
    x = {n: rng.standard_normal((16, 3, f)) for n, f in example.features.items()}
    shut = keras.initializers.Constant(-5.0)
    layer = example.layer("GraphFusion", bias_initializer=shut)
    inputs = {n: keras.Input(a.shape[1:], name=n) for n, a in x.items()}
    model = keras.Model(inputs, layer(inputs))
    model.compile("sgd", "mse", run_eagerly=True)
    before = [keras.ops.convert_to_numpy(v) for v in layer.trainable_variables]
    model.train_on_batch(x, np.ones((16, 4)))
    for v, old in zip(layer.trainable_variables, before, strict=True):
        assert (keras.ops.convert_to_numpy(v) != old).all(), v.path


def test_saves_and_loads(trained, tmp_path):
    model, x, *_ = trained
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    y, again = (keras.ops.convert_to_numpy(m(x)) for m in (model, loaded))
    np.testing.assert_array_equal(again, y)


# Of Keras' own functions, where PyTorch compiles it; it may be coloured.
@pytest.mark.filterwarnings("ignore:.*Dynamo detected:UserWarning")
def test_under_jit(example):
    """Of sequences of different lengths, some of them cut short."""
    x = {"image": keras.Input((3, 3)), "text": keras.Input((2, 2))}
    there = keras.Input((3,), dtype="bool")
    layer = example.layer("CrossAttentionFusion", "float32", 3, heads=3)
    y = layer(x, available={"image": there})
    model = keras.Model([x, there], example.layer("product", "float32")({"a": y}))
    model.compile(jit_compile=True)
    sizes = {"image": (4, 3, 3), "text": (4, 2, 2)}
    rng = np.random.default_rng(10)
    given = {n: rng.standard_normal(s).astype("float32") for n, s in sizes.items()}
    given = [given, rng.random((4, 3)) < 0.5]
    expected = keras.ops.convert_to_numpy(model(given))
    np.testing.assert_allclose(model.predict_on_batch(given), expected, atol=1e-6)


HALF = ["WeightedFusion", "LowRankFusion", "CrossAttentionFusion", "GraphFusion"]


@pytest.mark.parametrize("kind_", [*HALF, "mean", "stack", "product"])
def test_half_precision(example, kind_):
    """Near the float64 layer with the same weights; variables stay float32."""
    x = example.inputs_for(kind_, 4)
    half, full = example.layer(kind_, "mixed_float16"), example.built(kind_)
    half.build({n: a.shape for n, a in x.items()})
    half.set_weights(full.get_weights())
    y, expected = (
        half(x, available=example.available),
        example(full, x, example.available),
    )
    assert keras.backend.standardize_dtype(y.dtype) == "float16"
    assert {v.dtype for v in half.variables} <= {"float32"}
    y = keras.ops.convert_to_numpy(y).astype("float32")
    assert np.abs(y - expected).max() < 0.005 * np.abs(expected).max()


def test_softmax_runs_in_float32():
    """256 tokens in bfloat16: their weights would add up to 1 only to two digits."""
    layer = layers.CrossAttentionFusion(4, dtype="mixed_bfloat16")
    rng = np.random.default_rng(0)
    x = {"a": rng.standard_normal((1, 256, 3)), "b": rng.standard_normal((1, 1, 3))}
    layer(x)
    weights = layer.attention_weights(x)
    assert keras.backend.standardize_dtype(weights.dtype) == "float32"
    layer = layers.WeightedFusion(4, dtype="mixed_bfloat16")
    layer({n: a[:, 0] for n, a in x.items()})
    layer.scores.assign([1.001, 1.0])
    alpha = keras.ops.convert_to_numpy(layer.modality_weights())
    np.testing.assert_allclose(alpha, [0.50025, 0.49975], atol=1e-6)
    poe = layers.ProductOfExperts(dtype="mixed_bfloat16")
    y = poe({n: np.full((1, 2), 200.0) + [0, 1] for n in "abc"})  # 200 + 1 = 201
    y = keras.ops.convert_to_numpy(keras.ops.cast(y, "float32"))
    assert abs(y[0, 1] - y[0, 0] - 3) < 0.05
