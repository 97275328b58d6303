"""When did it decide? Which frames, words or steps moved a logit."""

import numpy as np

from mmlearn.explain.answers import expect_labels, logits_of
from mmlearn.explain.gradients import saliency
from mmlearn.explain.inside import activations_and_slopes, layer_inside

METHODS = ("gradient", "occlusion")


def temporal_saliency(
    model,
    x,
    labels,
    *,
    name=None,
    method="gradient",
    layer=None,
    task=None,
    size=1,
    value=0.0,
):
    """How much each step of a sequence matters to the logit of a class.

    By gradient: S_t = ‖∂z_label / ∂x_t‖, over all that a step holds. By occlusion: D_t
    = z_label(x) − z_label(x̃), steps of x̃ being `value`, mean over the windows of `size`
    steps that cover t. A gradient sees what is steep here, an occlusion what is used:
    where a unit is saturated they differ.

    Args:
        model: Keras model -> logits (B, K); it is called as at inference.
        x: (B, T, …) array, or a dict of arrays; masks beside them are left as they are.
        labels: (B,) the class to explain of each sample.
        name: of a dict, the sequence that is asked about.
        method: "gradient" or "occlusion". task: which head, of several.
        layer: for a gradient of words, which are no floats: name of the layer that
            makes (B, T, F) of them, "embedding" say; the slope is taken there.
        size: steps in a window, for occlusion. value: what covers them, the background
            or padding.

    Returns:
        (B, T) float64; by gradient 0 or above, by occlusion positive where the class
        is supported. In units of a logit (by gradient: a unit of x).

    Raises:
        ValueError: another method, no such modality, windows that do not fit, labels
        that are no classes, a gradient of integers.
    """
    where = "temporal_saliency"
    if method not in METHODS or (layer is not None and method != "gradient"):
        raise ValueError(
            f"{where}: method is {method!r} and layer {layer!r}; expected 'gradient', "
            "or 'occlusion' without a layer"
        )
    steps = _sequence(where, x, name)
    labels = expect_labels(where, model, x, labels, task)
    if method == "occlusion":
        return _covered(where, model, x, labels, name, task, size, value)
    if layer is not None:
        found = layer_inside(where, model, layer)
        _, slopes = activations_and_slopes(where, model, x, labels, found, task)
        if slopes.shape[:2] != steps.shape[:2]:
            raise ValueError(
                f"{where}: layer {layer!r} makes {slopes.shape}; expected a row for "
                f"each of {steps.shape[:2]}, (B, T)"
            )
    else:
        if steps.dtype.kind != "f":
            raise ValueError(
                f"{where}: the steps are {steps.dtype}; expected floats, or layer= the "
                "name of what makes floats of them, like 'embedding'"
            )
        slopes = saliency(model, x, labels, task=task)
        slopes = slopes if name is None else slopes[name]
    rest = slopes.reshape(*slopes.shape[:2], -1).astype(np.float64)
    return np.sqrt(np.sum(rest**2, axis=-1))  # (B, T)


def _covered(where, model, x, labels, name, task, size, value):
    steps = _sequence(where, x, name)
    length = steps.shape[1]
    if not 1 <= size <= length:
        raise ValueError(f"{where}: size is {size}; expected 1 to {length} steps")
    rows = np.arange(len(labels))
    whole = logits_of(model, x, task)[rows, labels]
    drops, windows = np.zeros(steps.shape[:2]), np.zeros(length)
    for first in range(length - size + 1):
        covered = steps.copy()
        covered[:, first : first + size] = value
        given = covered if name is None else {**x, name: covered}
        drop = whole - logits_of(model, given, task)[rows, labels]  # (B,)
        drops[:, first : first + size] += drop[:, None]
        windows[first : first + size] += 1
    return drops / windows


def _sequence(where, x, name):
    """The array that is asked about, (B, T, …)."""
    if isinstance(x, dict) != (name is not None) or (name and name not in x):
        known = (
            f"a dict of {', '.join(map(repr, x))}" if isinstance(x, dict) else "none"
        )
        raise ValueError(f"{where}: name is {name!r}; expected one of {known}")
    steps = np.asarray(x if name is None else x[name])
    if steps.ndim < 2 or not steps.size:
        raise ValueError(
            f"{where}: the sequence is {steps.shape}; expected (B, T, …), one step or "
            "more"
        )
    return steps
