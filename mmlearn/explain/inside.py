"""What a layer deep inside a model made, and how a logit hangs on it.

The layer's call is followed while the model runs, so it may sit in a functional model,
in one nested in another, or in a model written as a class: all are called alike.
"""

import contextlib

import numpy as np

from mmlearn.explain.answers import expect_backend, head_of


def layer_inside(where, model, layer):
    """A layer of a model, however deep it sits.

    Args:
        where: how errors call the reader.
        model: a Keras model.
        layer: its name; "encoder/conv2" is the conv2 inside encoder, should there be
            several of that name; or the layer itself.

    Raises:
        ValueError: there is none, or several.
    """
    if not isinstance(layer, str):
        return layer
    found = [model]
    for name in layer.split("/"):
        inner = {id(b): b for a in found for b in _layers(a)}.values()
        found = [b for b in inner if b.name == name]
        if not found:
            names = ", ".join(dict.fromkeys(b.name for b in inner))
            raise ValueError(f"{where}: no layer is called {name!r}; there are {names}")
    if len(found) > 1:
        raise ValueError(
            f"{where}: {len(found)} layers are called {layer!r}; say whose, as in "
            f"'encoder/{layer}', or give the layer itself"
        )
    return found[0]


def activations_and_slopes(where, model, x, labels, layer, task=None):
    """What a layer makes of x, A, and ∂z_label / ∂A, both float32 in NumPy.

    Args:
        where: how errors call the reader.
        model: a Keras model; it is called as at inference.
        x: its input. labels: (B,) integers. layer: of the model. task: head, or None.

    Raises:
        ValueError: the layer does not take part, or more than once.
    """
    run = {"tensorflow": _on_tensorflow, "jax": _on_jax}[expect_backend(where)]
    seen: list = []
    found = run(model, x, labels, layer, task, seen)
    if len(seen) != 1:
        raise ValueError(
            f"{where}: layer {layer.name!r} is called {len(seen)} times for one "
            "answer; expected once"
        )
    return tuple(np.asarray(a, np.float32) for a in found)


def _on_tensorflow(model, x, labels, layer, task, seen):
    import keras
    import tensorflow as tf

    x = keras.tree.map_structure(tf.convert_to_tensor, x)
    with tf.GradientTape() as tape:

        def watch(made):
            tape.watch(made)
            seen.append(made)
            return made

        with _followed(layer, watch):
            logits = head_of(model(x, training=False), task)
        total = tf.reduce_sum(tf.gather(logits, labels, batch_dims=1))
    if not seen:
        return ()
    slopes = tape.gradient(total, seen[0], unconnected_gradients="zero")
    return tf.cast(seen[0], "float32"), tf.cast(slopes, "float32")


def _on_jax(model, x, labels, layer, task, seen):
    import jax
    import jax.numpy as jnp
    import keras

    x = keras.tree.map_structure(jnp.asarray, x)

    def total(change):
        """z with something added to what the layer made; that itself beside it."""
        seen.clear()

        def add(made):
            seen.append(None)
            beside.append(made)
            return made + change.astype(made.dtype)

        beside: list = []
        with _followed(layer, add), keras.StatelessScope():  # no variable is changed
            answers = model(x, training=False)
        logits = head_of(answers, task)
        return logits[np.arange(len(labels)), labels].sum(), beside

    shapes = jax.eval_shape(lambda: total(jnp.float32(0))[1])
    if len(shapes) != 1:
        return ()
    nothing = jnp.zeros(shapes[0].shape, "float32")
    slopes, beside = jax.grad(total, has_aux=True)(nothing)
    return beside[0].astype("float32"), slopes


@contextlib.contextmanager
def _followed(layer, see):
    """Inside, what the layer makes goes through `see`."""
    call = layer.call

    def spied(*args, **kwargs):
        return see(call(*args, **kwargs))

    layer.call = spied
    try:
        yield
    finally:
        del layer.call


def _layers(model):
    return model._flatten_layers(include_self=False, recursive=True)
