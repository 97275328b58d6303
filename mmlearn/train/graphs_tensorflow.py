"""Graphs that outlive their model: traced once, run for every model made like it.

To trace a step and to have TensorFlow prepare it takes longer than many a small
training. But a graph knows its variables only as inputs: those of another model can
take their places, and it does the same arithmetic on other numbers, bit for bit.
"""

import contextlib
import json
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from mmlearn.train.source import ArraySource
from mmlearn.train.watched import layers_of

LARGEST = 2_000_000  # weights: the model trained last stays in memory with its graphs


class Graph:
    """A `tf.function` whose variables can be exchanged.

    Args:
        function: as for `tf.function`. options: its keywords.
    """

    def __init__(self, function, **options):
        # As a partial each graph is its own to TensorFlow, which would else warn on
        # stderr that one method is traced again and again, for every new model.
        self._graph = tf.function(partial(function), autograph=False, **options)
        self._traced: dict = {}

    def __call__(self, *args, **kwargs):
        traced = self._graph.get_concrete_function(*args, **kwargs)
        self._traced[id(traced)] = traced
        return traced(*args, **kwargs)

    def exchanged(self, places):
        """Pairs (traced graph, its new variables); None for one that has no place.

        Args:
            places: id of a variable's handle -> the handle that takes its place.
        """
        return [
            (traced, [places.get(id(handle)) for handle in traced.captured_inputs])
            for traced in self._traced.values()
        ]


def exchange(graphs, old, new):
    """Put variables into the places of others, in all of these graphs.

    Args:
        graphs: of `Graph`. old, new: lists of Keras variables, one for one.

    Returns:
        False, and nothing is changed, if the graphs hold anything else.
    """
    pairs = zip(old, new, strict=True)
    places = {id(a.value.handle): b.value.handle for a, b in pairs}
    found = [pair for graph in graphs for pair in graph.exchanged(places)]
    if any(handle is None for _, handles in found for handle in handles):
        return False
    for traced, handles in found:
        traced.set_external_captures(handles)
    return True


@contextlib.contextmanager
def kept_step(graphs, model, source, options, make):
    """The step that `graphs` holds for a model made like this one, else a new one.

    Args:
        graphs: dict of the caller's; inside, the step is out of it, afterwards back.
        model, source, options: as for `make`, which makes a step.

    Yields:
        the step.
    """
    plain = options.strategy is None and options.precision is None
    if not plain or model.run_eagerly or model.count_params() > LARGEST:
        yield make(model, source, options)
        return
    key = made_like(model), repr(options), isinstance(source, ArraySource)
    step = graphs.pop(key, None)
    if step is None or not step.go_on_with(model, options):
        step = make(model, source, options)
    yield step
    step.chunks.forget_data()
    graphs[key] = step


def made_like(model):
    """What two models share that differ in seeds, weights and rate alone, as text.

    (A learning rate is a variable, and exchanged like them; a schedule is not.)
    """
    layers = [(type(layer).__name__, _config(layer)) for layer in layers_of(model)]
    weights = [(v.shape, str(v.dtype), v.trainable) for v in model.variables]
    compiled = model.get_compile_config()
    compiled["optimizer"] = _without_rate(_without_seeds(compiled["optimizer"]))
    told = list(model.get_metrics_result())  # the names in the history
    made = [type(model).__name__, layers, weights, compiled, told]
    return json.dumps(made, default=_text, sort_keys=True)


def _config(layer):
    if isinstance(layer, keras.Model):
        return {}  # its layers are among those of the whole
    try:
        return _without_seeds(layer.get_config())
    except NotImplementedError:
        return {}


def _without_rate(optimizer):
    config = optimizer.get("config", {})
    if isinstance(config.get("learning_rate"), float):
        config = {k: v for k, v in config.items() if k != "learning_rate"}
    return optimizer | {"config": config}


def _without_seeds(config):
    if isinstance(config, dict):
        kept = {k: v for k, v in config.items() if k not in ("seed", "name")}
        return {str(k): _without_seeds(v) for k, v in kept.items()}
    if isinstance(config, list | tuple):
        return [_without_seeds(value) for value in config]
    return config


def _text(value):
    if isinstance(value, keras.Layer | keras.initializers.Initializer):
        return [type(value).__name__, _config(value)]
    return np.asarray(value).tolist() if hasattr(value, "shape") else repr(type(value))
