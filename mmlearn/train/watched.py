"""Run a model once, outside any graph, and see what every layer makes."""

import contextlib

import numpy as np
from keras import ops, tree


@contextlib.contextmanager
def watched(model, see):
    """Inside, `see(layer, outputs)` follows every layer's call, innermost first."""
    layers = list(layers_of(model))
    for layer in layers:
        layer.call = _spy(layer, layer.call, see)
    try:
        yield
    finally:
        for layer in layers:
            del layer.call


@contextlib.contextmanager
def undisturbed(variables):
    """Inside, variables may change; afterwards they hold what they held before."""
    before = [np.array(numbers(v)) for v in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def numbers(variable):
    """A variable's value in NumPy; of a sum over replicas, the sum."""
    return np.asarray(variable.numpy())


def nonfinite(values):
    """What is wrong with an array, or None: "NaN", "inf"; None for other dtypes."""
    array = np.asarray(ops.convert_to_numpy(values))
    if array.dtype.kind not in "fcV":
        return None
    array = array.astype("float32") if array.dtype.kind == "V" else array
    if np.isfinite(array).all():
        return None
    return "NaN" if np.isnan(array).any() else "inf"


def layers_of(model):
    """All layers of a model, nested ones included, each once."""
    seen = set()
    for layer in model._flatten_layers(include_self=False, recursive=True):
        if id(layer) not in seen:
            seen.add(id(layer))
            yield layer


def _spy(layer, call, see):
    def spied(*args, **kwargs):
        outputs = call(*args, **kwargs)
        see(layer, tree.flatten(outputs))
        return outputs

    return spied
