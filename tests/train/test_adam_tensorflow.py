"""Adam in one operation beside Keras' own rule, on the same gradients."""

import keras
import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

from mmlearn.train.adam_tensorflow import one_kernel  # noqa: E402

STEPS = 6
# Numbers that float32 knows exactly: Keras rounds β to float32, and then with 0.999
# its own 1 − βᵗ is 1e-5 off.
BETAS = {"beta_1": 0.875, "beta_2": 0.9921875}
OPTIMIZERS = {
    "adam": lambda: keras.optimizers.Adam(0.125, epsilon=1e-3, **BETAS),
    "clipped": lambda: keras.optimizers.Adam(global_clipnorm=0.5, **BETAS),
    "averaged": lambda: keras.optimizers.Adam(0.125, use_ema=True, **BETAS),
    "decayed": lambda: keras.optimizers.AdamW(0.125, weight_decay=0.1, **BETAS),
    "schedule": lambda: keras.optimizers.Adam(
        keras.optimizers.schedules.ExponentialDecay(0.125, 2, 0.5), **BETAS
    ),
    "amsgrad": lambda: keras.optimizers.Adam(0.125, amsgrad=True, **BETAS),
    "nadam": lambda: keras.optimizers.Nadam(0.125, **BETAS),
}


def trained(make, *, fused, dtype="float64", jit_compile=False):
    """Weights and slots after some steps on gradients of all sizes, one of rows."""
    rng = np.random.default_rng(0)
    shapes = [(5, 3), (3,), (4, 2)]
    weights = [
        keras.Variable(rng.standard_normal(shape), dtype=dtype) for shape in shapes
    ]
    optimizer = make()
    optimizer.build(weights)

    @tf.function(jit_compile=jit_compile)
    def step(dense, bias, rows):
        table = tf.IndexedSlices(rows, tf.constant([2, 0]), tf.constant([4, 2]))
        gradients = [dense, bias, table]
        if not fused:
            optimizer.apply(gradients, weights)
            return
        with one_kernel(optimizer):
            optimizer.apply(gradients, weights)

    for scale in 10.0 ** rng.uniform(-4, 2, STEPS):
        draws = [rng.standard_normal(shape) * scale for shape in [*shapes[:2], (2, 2)]]
        step(*(tf.constant(d, dtype) for d in draws))
    assert "update_step" not in vars(optimizer)
    traced = step.get_concrete_function(*(tf.constant(d, dtype) for d in draws))
    operations = [operation.type for operation in traced.graph.get_operations()]
    return [np.asarray(v) for v in [*weights, *optimizer.variables]], operations


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_same_numbers_as_keras(name):
    ours, operations = trained(OPTIMIZERS[name], fused=True)
    theirs, _ = trained(OPTIMIZERS[name], fused=False)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9)
    # Rows of an embedding are Keras' own, unless the clipping made them dense.
    fused = {"amsgrad": 0, "nadam": 0, "clipped": 3}.get(name, 2)
    assert operations.count("ResourceApplyAdam") == fused


@pytest.mark.parametrize("jit_compile", [False, True])
def test_in_float32(jit_compile):
    settings = {"dtype": "float32"}
    ours, _ = trained(
        OPTIMIZERS["clipped"], fused=True, jit_compile=jit_compile, **settings
    )
    theirs, _ = trained(OPTIMIZERS["clipped"], fused=False, **settings)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6)
