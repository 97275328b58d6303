"""Where a convolutional network looked: Grad-CAM."""

import numpy as np

from mmlearn.explain.answers import expect_labels
from mmlearn.explain.inside import activations_and_slopes, layer_inside


def grad_cam(model, x, labels, layer, *, task=None, size=None):
    """Where a layer found what speaks for a class: L = relu(Σ_k α_k A_k).

    α_k = (1/Z) Σ_ij ∂z_label / ∂A_ijk, the mean slope of the logit along kernel k's map
    A_k. A map that a global mean and a dense layer follow gives CAM, relu(Σ w_k A_k)/Z.

    Args:
        model: Keras model, functional, nested or written as a class -> logits (B, K).
        x: its input, an array or a dict of arrays with B in front.
        labels: (B,) the class to explain of each sample: the predicted or the true one.
        layer: name of a layer that makes maps (B, …, U), channels last, usually the
            last convolution; "encoder/conv2" if several have that name; or the layer.
        task: which head, of a model that returns a dict.
        size: (H, W) to which (B, h, w) maps are enlarged, bilinearly; None: not at all.

    Returns:
        (B, h, w) float32, 0 or above, in units of a logit times an activation; (B, t)
        of a convolution over time; (B, T, h, w) where frames were put in the batch.

    Raises:
        ValueError: no such layer, one that makes no maps, or labels that are no
        classes. NotImplementedError: on another Keras backend.

    Source: Selvaraju et al. (2017), Grad-CAM: visual explanations from deep networks
    via gradient-based localization, ICCV, eqs. 1 and 2.
    """
    where = "grad_cam"
    labels = expect_labels(where, model, x, labels, task)
    layer = layer_inside(where, model, layer)
    maps, slopes = activations_and_slopes(where, model, x, labels, layer, task)
    if maps.ndim < 3 or len(maps) % len(labels):
        raise ValueError(
            f"{where}: layer {layer.name!r} makes {maps.shape}; expected maps (B, …, "
            "U): a convolution, or what follows it before it is flattened"
        )
    places = tuple(range(1, maps.ndim - 1))
    alpha = slopes.mean(axis=places, keepdims=True)  # (B, 1, 1, U)
    heat = np.maximum(np.sum(alpha * maps, axis=-1), 0)  # (B, h, w)
    if size is not None:
        heat = _enlarged(where, heat, size)
    frames = len(maps) // len(labels)
    return heat.reshape(-1, frames, *heat.shape[1:]) if frames > 1 else heat


def _enlarged(where, heat, size):
    import keras

    if heat.ndim != 3:
        raise ValueError(f"{where}: size is {size}, but the maps are {heat.shape}")
    how = {"interpolation": "bilinear", "data_format": "channels_last"}
    larger = keras.ops.image.resize(heat[..., None], tuple(size), **how)
    return keras.ops.convert_to_numpy(larger)[..., 0]
