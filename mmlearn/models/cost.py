"""What a model costs: parameters, multiply-adds, numbers kept on the way."""

from typing import NamedTuple

import keras
from keras import layers


class Cost(NamedTuple):
    """Of one sample.

    Attributes:
        parameters: numbers learned, once, however often they are used.
        multiply_adds: products that are added up; biases and activations not counted.
        activations: numbers that all layers put out, which training keeps.

    >>> Cost(1, 2, 3).times(4)
    Cost(parameters=1, multiply_adds=8, activations=12)
    """

    parameters: int
    multiply_adds: int
    activations: int

    def times(self, n):
        """The same parts used n times: on n frames, say."""
        return Cost(self.parameters, n * self.multiply_adds, n * self.activations)

    def plus(self, other):
        """Both, one after the other."""
        return Cost(*(a + b for a, b in zip(self, other, strict=True)))


def cost(model, steps=None):
    """Count a functional or sequential model, layer by layer.

    Conv2D H' W' k_h k_w C U, Conv1D T' k C U, Dense F U for each vector, GRU 3 T U
    (F + U), LSTM 4 T U (F + U), simple RNN T U (F + U), twice if bidirectional; batch
    norm one for each number.

    Args:
        model: keras.Model, built. A model inside is counted once: where frames are put
            in the batch, use `cost(frame).times(frames)`.
        steps: T, where the model leaves it open; or a dict, layer name -> T, "" for
            all others, where it changes on the way.

    Returns:
        Cost.

    Raises:
        ValueError: for a layer with weights that is none of these, or of open length
        without `steps`.

    >>> dense = keras.Sequential([keras.Input((3,)), layers.Dense(4)])
    >>> cost(dense)
    Cost(parameters=16, multiply_adds=12, activations=4)
    """
    products = kept = 0
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            inner = cost(layer, steps)
            products, kept = products + inner.multiply_adds, kept + inner.activations
            continue
        if isinstance(layer, layers.InputLayer):
            continue
        shapes = layer.output if isinstance(layer.output, list) else [layer.output]
        kept += sum(_size(layer, shape.shape, steps) for shape in shapes)
        products += _products(layer, steps)
    return Cost(model.count_params(), products, kept)


def _products(layer, steps):
    if isinstance(layer, layers.Bidirectional):
        inner = _recurrent(layer.forward_layer, _length(layer, steps))
        return 2 * inner
    if isinstance(layer, layers.RNN):
        return _recurrent(layer, _length(layer, steps))
    if isinstance(layer, layers.Dense | layers.Conv1D | layers.Conv2D):
        places = _size(layer, layer.output.shape[:-1], steps)
        kernel = layer.kernel.shape
        weights = 1
        for n in kernel:
            weights *= n
        return places * weights
    if isinstance(layer, layers.BatchNormalization):
        return _size(layer, layer.output.shape, steps)
    if isinstance(layer, layers.Embedding) or not layer.count_params():
        return 0
    raise ValueError(
        f"cost: layer {layer.name!r} is a {type(layer).__name__}, whose products are "
        "not known here; expected Dense, Conv1D, Conv2D, Embedding, batch norm or "
        "recurrent layers"
    )


def _recurrent(layer, length):
    """T times both kernels, all gates together."""
    kernel, recurrent = (w.shape for w in layer.trainable_variables[:2])
    return length * (kernel[0] * kernel[1] + recurrent[0] * recurrent[1])


def _length(layer, steps):
    x = layer.input[0] if isinstance(layer.input, list) else layer.input  # and a mask
    return _size(layer, (None, x.shape[1]), steps)


def _size(layer, shape, steps):
    """Numbers of one sample in (B, …); an open axis is `steps` long."""
    total = 1
    for n in shape[1:]:
        if n is None and steps is None:
            raise ValueError(
                f"cost: layer {layer.name!r} makes {tuple(shape)}; say how long it is: "
                "steps="
            )
        total *= _open(layer, steps) if n is None else n
    return total


def _open(layer, steps):
    return steps.get(layer.name, steps.get("")) if isinstance(steps, dict) else steps
