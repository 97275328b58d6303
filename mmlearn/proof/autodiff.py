"""The layer's value and gradients, by the active Keras backend's own autodiff.

One small function per backend: TensorFlow's tape, JAX's vjp of the stateless call,
PyTorch's autograd. Each takes a `run(inputs) -> outputs`, flat lists of tensors.
"""

import contextlib

import numpy as np


def vector_jacobian(run, inputs, variables, dy):
    """Run once forward and once backward.

    Args:
        run: inputs (list of tensors) -> outputs (list of tensors). On JAX it takes
            `(inputs, values of variables)`.
        inputs: list of float64 NumPy arrays.
        variables: list of Keras variables that run reads.
        dy: outputs (list of arrays) -> upstream gradients, list of arrays.

    Returns:
        outputs, d_inputs, d_variables: lists of NumPy arrays; None where no gradient
        arrives.
    """
    import keras

    backend = keras.backend.backend()
    if backend not in _BACKENDS:
        known = ", ".join(_BACKENDS)
        raise RuntimeError(f"agree: the Keras backend is {backend}; expected {known}")
    inputs = [keras.ops.convert_to_tensor(x, dtype="float64") for x in inputs]
    outputs, grads = _BACKENDS[backend](run, inputs, variables, dy)
    outputs = [keras.ops.convert_to_numpy(y) for y in outputs]
    grads = [None if g is None else np.asarray(g) for g in grads]
    return outputs, grads[: len(inputs)], grads[len(inputs) :]


def _tensorflow(run, inputs, variables, dy):
    import tensorflow as tf

    sources = inputs + [v.value for v in variables]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        outputs = run(inputs)
    grads = tape.gradient(outputs, sources, [tf.constant(d) for d in dy(outputs)])
    # convert_to_tensor: the gradient of a gather arrives as IndexedSlices.
    return outputs, [g if g is None else tf.convert_to_tensor(g).numpy() for g in grads]


def _jax(run, inputs, variables, dy):
    import jax

    def both(inputs, values, ups):
        outputs, pullback = jax.vjp(run, inputs, values)
        return outputs, pullback(ups)

    values = [v.value for v in variables]
    ups = dy(jax.eval_shape(run, inputs, values))  # dy asks for nothing but shapes
    ups = [jax.numpy.asarray(d) for d in ups]
    # As a whole: by itself JAX compiles each of its operations, one after the other.
    outputs, (d_inputs, d_values) = jax.jit(both)(inputs, values, ups)
    return outputs, [*d_inputs, *d_values]


def _torch(run, inputs, variables, dy):
    import torch

    for x in inputs:
        x.requires_grad_(True)
    sources = inputs + [v.value for v in variables]
    outputs = run(inputs)
    ups = [
        torch.as_tensor(d).to(y.device)
        for d, y in zip(dy(outputs), outputs, strict=True)
    ]
    grads = torch.autograd.grad(outputs, sources, ups, allow_unused=True)
    return outputs, [g if g is None else g.detach().cpu().numpy() for g in grads]


_BACKENDS = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}


def expect_float64():
    """Refuse a backend that would silently compute float64 layers in float32."""
    import keras

    if keras.backend.backend() != "jax":
        return
    import jax

    if not jax.config.read("jax_enable_x64"):
        raise RuntimeError(
            "agree: JAX computes float64 layers in float32; set the environment "
            "variable JAX_ENABLE_X64=1 before Python starts (in a notebook: restart "
            "the kernel)"
        )


@contextlib.contextmanager
def full_precision():
    """Let Keras keep float64 while a layer is proved.

    Outside TensorFlow Keras' type promotion turns float64 into float32 (its mean, tanh
    and others then return 8 digits of a float64 layer). That rule is one entry of a
    table; where a Keras version has no such table, nothing is changed.
    """
    from keras.src.backend.common import dtypes

    narrowing = getattr(dtypes, "BIT64_TO_BIT32_DTYPE", {})
    before = narrowing.get("float64")
    if before is not None:
        narrowing["float64"] = "float64"
    try:
        yield
    finally:
        if before is not None:
            narrowing["float64"] = before
