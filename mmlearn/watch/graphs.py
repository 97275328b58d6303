"""A network's graph, where TensorBoard draws it at once."""

import keras

from mmlearn.watch.events import GRAPH, EventWriter, LogError, expect_writable


def graph(model, log_dir):
    """Write a model's graph for TensorBoard's *Graphs* tab.

    Args:
        model: a built Keras model with known inputs, on the TensorFlow backend.
        log_dir: the log folder; the graph goes into `graph/` in it, in place of one
            that was written there before.

    Returns:
        the folder, a pathlib.Path.

    Raises:
        LogError: there is no such graph (another backend, TensorFlow not installed, no
            known inputs), or the folder cannot be written to.

    Source: the forward pass as traced by `tf.function`, one sample, at inference.
    """
    definition = graph_definition(model)
    folder = expect_writable(log_dir) / GRAPH
    for old in folder.glob("events.out.tfevents.*.mmlearn.*"):
        old.unlink()  # TensorBoard reads the first graph of a folder only
    writer = EventWriter(folder)
    writer.graph(definition)
    writer.close()
    return folder


def has_graph(model):
    """Whether a model's graph can be drawn: TensorFlow, and known inputs."""
    return keras.backend.backend() == "tensorflow" and bool(_inputs(model))


def graph_definition(model):
    """The serialized GraphDef of a model's forward pass.

    Raises:
        LogError: only TensorFlow has such a graph, and only a model with known inputs
            can be traced.
    """
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise LogError(
            f"graph: Keras runs on {backend}, which has no graph to draw; set "
            "KERAS_BACKEND to tensorflow before importing keras"
        )
    if not _inputs(model):
        raise LogError(
            f"graph: the inputs of {model.name!r} are not known; build it from "
            "keras.Input, as a Sequential or a functional model"
        )
    try:
        import tensorflow as tf
    except ImportError:
        raise LogError(
            "graph: TensorFlow is not installed; pip install tensorflow, or do without "
            "the graph (graph=False)"
        ) from None

    def signature(tensor):
        name = tensor.name.replace("keras_tensor", "inputs")  # Keras' own, if unnamed
        batch = tensor.shape[0] or 1  # a graph's edges have two rows, whatever is fed
        return tf.TensorSpec((batch, *tensor.shape[1:]), tensor.dtype, name)

    sequential = isinstance(model, keras.Sequential)
    given = model.inputs[0] if sequential else model.input
    inputs = keras.tree.map_structure(signature, given)
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(
        inputs
    )
    return _readable(traced.graph.as_graph_def(), model).SerializeToString()


def _readable(definition, model):
    """Layers at the top and under their own names, not all in one box to be opened.

    Keras' scopes are "model_1/conv_1/…"; and control edges from every weight to one
    NoOp, which tell nothing, would cross the whole picture.
    """
    kept = [node for node in definition.node if node.op != "NoOp"]
    scopes = {node.name.split("/")[0] for node in kept if "/" in node.name}
    prefix = f"{model.name}_1/" if scopes == {f"{model.name}_1"} else ""
    names = {layer.name for layer in model._flatten_layers()}

    def renamed(name):
        parts = name.removeprefix(prefix).split("/")
        bare = [p[:-2] if p.endswith("_1") and p[:-2] in names else p for p in parts]
        return "outputs" if bare == ["Identity"] else "/".join(bare)

    for node in kept:
        node.name = renamed(node.name)
        edges = [renamed(edge) for edge in node.input if not edge.startswith("^")]
        del node.input[:]
        node.input.extend(edges)
    del definition.node[:]
    definition.node.extend(kept)
    return definition


def _inputs(model):
    return getattr(model, "inputs", None)
