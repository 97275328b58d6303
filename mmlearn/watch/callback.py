"""The callback that writes for TensorBoard, for `train.fit` and Keras' own `fit`."""

import time
import warnings

import keras
import numpy as np

from mmlearn.watch.events import IMAGE, EventWriter, expect_writable
from mmlearn.watch.pictures import weight_picture


class TensorBoard(keras.callbacks.Callback):
    """Scalars, histograms and pictures of the weights, and the graph.

    Steps count epochs that are over: weights at step 0 are those before training. No
    TensorFlow is needed to write them, so it works on every Keras backend.

    Args:
        log_dir: folder; `train/`, `validation/` and `graph/` are made in it. Give it
            here or to `train.fit(log_dir=…)`, not to both.
        images: write kernels of convolutions as pictures, and with `image_shape` the
            weights of dense layers that see such an image.
        image_shape: (H, W) or (H, W, C) of a dense layer's input.
        histogram_freq: epochs between histograms and pictures; 0 for none.
        graph: draw the model's graph (on the TensorFlow backend).

    Attributes:
        seconds: what writing has cost, in s.
        share: the same as a fraction of the time since training began.

    Raises:
        LogError: at once, if the folder cannot be written to.
    """

    def __init__(
        self, log_dir, *, images=True, image_shape=None, histogram_freq=1, graph=True
    ):
        super().__init__()
        self.log_dir = expect_writable(log_dir)
        self.images, self.image_shape = images, image_shape
        self.histogram_freq, self.graph = histogram_freq, graph
        self.seconds, self._began, self._lost = 0.0, None, False
        self._writers: dict = {}

    @property
    def share(self):
        """Fraction of the run spent on writing."""
        if self._began is None:
            return 0.0
        return self.seconds / max(time.perf_counter() - self._began, 1e-9)

    def on_train_begin(self, logs=None):
        """The graph, and the weights before training (a resumed run has them)."""
        self._began, self.seconds = time.perf_counter(), 0.0
        self._timed(self._begin)

    def on_epoch_end(self, epoch, logs=None):
        """Loss, metrics, learning rate; every `histogram_freq` epochs the weights."""
        self._timed(self._epoch, epoch + 1, dict(logs or {}))

    def on_train_end(self, logs=None):
        """Close the files; a later run opens new ones."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def _timed(self, work, *given):
        """A log disk that fills up must not cost the training: say it once, go on."""
        began = time.perf_counter()
        try:
            if not self._lost:
                work(*given)
        except OSError as error:
            self._lost = True
            warnings.warn(
                f"TensorBoard: {error.strerror or error}; nothing more is logged, the "
                "training goes on",
                stacklevel=2,
            )
        self.seconds += time.perf_counter() - began

    def _writer(self, run):
        if run not in self._writers:
            self._writers[run] = EventWriter(self.log_dir / run)
        return self._writers[run]

    def _begin(self):
        if not self.model.built:
            return
        if not (self.log_dir / "graph").is_dir() and self.graph:
            definition = graph_definition(self.model)
            if definition is not None:
                self._writer("graph").graph(definition)
        if self.histogram_freq and not int(self.model.optimizer.iterations):
            self._weights(0)
        self._flush()

    def _epoch(self, step, logs):
        logs.setdefault("learning_rate", _learning_rate(self.model))
        for name, value in logs.items():
            if np.ndim(value) == 0 and value is not None:
                run = "validation" if name.startswith("val_") else "train"
                tag = f"epoch_{name.removeprefix('val_')}"
                self._writer(run).scalar(tag, float(value), step)
        if self.histogram_freq and step % self.histogram_freq == 0:
            self._weights(step)
        self._flush()

    def _weights(self, step):
        writer = self._writer("train")
        for variable in self.model.trainable_variables:
            values = keras.ops.convert_to_numpy(keras.ops.cast(variable, "float32"))
            tag = variable.path.removeprefix(f"{self.model.name}/")
            writer.histogram(tag, values, step)
            if self.images and variable.name == "kernel":
                picture = weight_picture(values, self.image_shape)
                if picture is not None:
                    writer.image(f"{tag}{IMAGE}", picture, step)

    def _flush(self):
        for writer in self._writers.values():
            writer.flush()


def _learning_rate(model):
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def graph_definition(model):
    """The serialized GraphDef of a model's forward pass, or None where there is none.

    Only TensorFlow has such a graph, and only a model with known inputs can be traced.
    """
    if keras.backend.backend() != "tensorflow" or not getattr(model, "inputs", None):
        return None
    import tensorflow as tf

    def signature(tensor):
        return tf.TensorSpec((1, *tensor.shape[1:]), tensor.dtype, tensor.name)

    sequential = isinstance(model, keras.Sequential)
    given = model.inputs[0] if sequential else model.input
    inputs = keras.tree.map_structure(signature, given)
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(
        inputs
    )
    return traced.graph.as_graph_def().SerializeToString()
