"""Look inside a model: what every layer makes of samples, and what would move it.

Every layer that is watched gets, for one call, a `call` that also keeps its output. On
TensorFlow and JAX that call is traced once, with the gradient, and then costs what a
validation batch costs. Nothing of the model changes.
"""

import contextlib
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops, tree

ROWS = 128  # samples in one call: what all layers make of them is held in memory


FEATURES = ""  # among the activations: what the last layer with weights was given


class Seen(NamedTuple):
    """One look: arrays by layer, by weight, and the model's own output."""

    activations: dict
    gradients: dict
    prediction: Any


class Probe:
    """Run samples through a model and keep what every layer makes of them.

    Args:
        model: a built Keras model; compiled, if gradients are wanted.
        layers: names of the layers to watch ("conv1", "encoder/conv1"); by default all
            with weights and all activations.

    Raises:
        ValueError: no layer has such a name.
    """

    def __init__(self, model, layers=None):
        self.model = model
        self.layers = chosen(model, layers)
        weighted = [layer for _, layer in leaves(model) if layer.weights]
        self.head = weighted[-1] if weighted else None
        self.weights = {tag(model, v): v for v in model.trainable_variables}
        backend = keras.backend.backend()
        self._look = {"tensorflow": self._tensorflow, "jax": self._jax}.get(
            backend, lambda: self._plain
        )()

    def looks(self, x, y=None):
        """What is seen, ROWS samples at a time.

        Args:
            x: arrays (B, …), one or a dict or list of them.
            y: labels (B, …) for the loss whose gradients are wanted; None for none.

        Yields:
            (rows, Seen): a slice of B, and float32 arrays; the gradients are of the
            mean loss of these rows.
        """
        count = len(tree.flatten(x)[0])
        for first in range(0, count, ROWS):
            rows = slice(first, min(first + ROWS, count))
            batch = tree.map_structure(lambda a, rows=rows: a[rows], x)
            labels = y
            if y is not None:
                labels = tree.map_structure(lambda a, rows=rows: a[rows], y)
            activations, gradients, prediction = self._look(batch, labels)
            yield (
                rows,
                Seen(
                    {n: _array(a) for n, a in activations.items()},
                    {n: _array(g) for n, g in gradients.items()},
                    tree.map_structure(_array, prediction),
                ),
            )

    def _forward(self, x, y):
        """The loss (None without labels), what the layers made, and the output."""
        seen: dict = {}
        with tapped(self.layers, self.head, seen):
            prediction = self.model(x, training=False)
        loss = None
        if y is not None:
            loss = self.model.compute_loss(x=x, y=y, y_pred=prediction, training=False)
        # A layer that was never called, in this mode, has nothing to show.
        seen = {n: seen[n] for n in (FEATURES, *self.layers) if n in seen}
        return loss, seen, prediction

    def _plain(self, x, y):
        _, activations, prediction = self._forward(x, None)
        return activations, {}, prediction

    def _tensorflow(self):
        import tensorflow as tf

        def look(x, *labels):
            with tf.GradientTape() as tape:
                loss, *seen = self._forward(x, labels[0] if labels else None)
            named: Any = ()
            if loss is not None:
                gradients = tape.gradient(loss, list(self.weights.values()))
                named = zip(self.weights, gradients, strict=True)
            found = {n: tf.cast(g, "float32") for n, g in named if g is not None}
            return seen[0], found, seen[1]

        def signature(array):
            return tf.TensorSpec((None, *array.shape[1:]), array.dtype)

        def traced(*given):
            # Once, for any number of rows; TensorFlow warns of functions traced often.
            if len(given) not in functions:
                shapes = tree.map_structure(signature, given)
                function = tf.function(look, autograph=False)
                functions[len(given)] = function.get_concrete_function(*shapes)
            return functions[len(given)](*tree.map_structure(tf.constant, given))

        functions: dict = {}
        return lambda x, y: traced(x) if y is None else traced(x, y)

    def _jax(self):
        import jax

        variables = list(self.weights.values())
        others = list(self.model.non_trainable_variables)

        def forward(values, other_values, x, y):
            pairs = [*zip(variables, values), *zip(others, other_values)]  # noqa: B905
            with keras.StatelessScope(pairs, collect_losses=True):
                loss, activations, prediction = self._forward(x, y)
            return (0.0 if loss is None else loss), (activations, prediction)

        differentiate = jax.jit(jax.grad(forward, has_aux=True))

        def look(x, y):
            values = [v.value for v in variables], [v.value for v in others]
            gradients, (activations, prediction) = differentiate(*values, x, y)
            found = dict(zip(self.weights, gradients, strict=True))
            return activations, (found if y is not None else {}), prediction

        return look


@contextlib.contextmanager
def tapped(layers, head, seen):
    """Inside, outputs of `layers` (name to layer) and the head's input go to `seen`."""

    def keep(name, tensors):
        kept = tree.flatten(tensors)[0]  # a recurrent layer's states come after it
        if "float" in keras.backend.standardize_dtype(kept.dtype):
            seen[name] = ops.cast(kept, "float32")

    def tap(name, layer, call):
        def tapping(*args, **kwargs):
            if layer is head and args:
                keep(FEATURES, args)
            outputs = call(*args, **kwargs)
            if name is not None:
                keep(name, outputs)
            return outputs

        return tapping

    taps = {layer: name for name, layer in layers.items()}
    if head is not None:
        taps.setdefault(head, None)
    for layer, name in taps.items():
        layer.call = tap(name, layer, layer.call)
    try:
        yield
    finally:
        for layer in taps:
            del layer.call


def chosen(model, names=None):
    """Name to layer: those asked for, or all with weights and all activations."""
    known = dict(leaves(model))
    if names is None:
        return {n: k for n, k in known.items() if k.weights or _is_activation(k)}
    missing = [name for name in names if name not in known]
    if missing:
        raise ValueError(
            f"Microscope: no layer {missing[0]!r} in {model.name!r}; expected some of "
            f"{', '.join(known)}"
        )
    return {name: known[name] for name in names}


def leaves(model, before=""):
    """(name, layer) of all layers, those of nested models as "model/layer"."""
    for layer in getattr(model, "layers", ()):
        if isinstance(layer, keras.Model):
            yield from leaves(layer, f"{before}{layer.name}/")
        elif not isinstance(layer, keras.layers.InputLayer):
            yield f"{before}{layer.name}", layer


def is_relu(layer):
    """Whether zero is a layer's way to be silent: no gradient goes through it then."""
    if isinstance(layer, keras.layers.ReLU):
        return not layer.negative_slope
    relus = keras.activations.relu, keras.activations.relu6
    return getattr(layer, "activation", None) in relus


def tag(model, variable):
    """A variable's name on TensorBoard: "conv1/kernel"."""
    return variable.path.removeprefix(f"{model.name}/")


def _is_activation(layer):
    kinds = (keras.layers.ReLU, keras.layers.LeakyReLU, keras.layers.Activation)
    return isinstance(layer, kinds)


def _array(value):
    return np.asarray(ops.convert_to_numpy(ops.cast(value, "float32")))
