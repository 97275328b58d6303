"""A network's graph, where TensorBoard draws it at once."""

import keras

from mmlearn.watch.events import EventWriter, LogError, expect_writable

FOLDER = "graph"  # of its own: beside other events TensorBoard may draw another one


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
    folder = expect_writable(log_dir) / FOLDER
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
        return tf.TensorSpec((1, *tensor.shape[1:]), tensor.dtype, tensor.name)

    sequential = isinstance(model, keras.Sequential)
    given = model.inputs[0] if sequential else model.input
    inputs = keras.tree.map_structure(signature, given)
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(
        inputs
    )
    return traced.graph.as_graph_def().SerializeToString()


def _inputs(model):
    return getattr(model, "inputs", None)
