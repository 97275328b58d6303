"""The callback that writes for TensorBoard, for `train.fit` and Keras' own `fit`."""

import time
import warnings

import keras
import numpy as np

from mmlearn.watch.events import GRAPH, IMAGE, EventWriter, LogError, expect_writable
from mmlearn.watch.graphs import graph_definition, has_graph
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
        seconds, share: what writing has cost, in s, and as a fraction of the time
            since training began.

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
        self._clock, self._lost = _Clock(), False
        self._epoch_now, self._waiting = 0, False
        self._writers: dict = {}

    @property
    def seconds(self):
        """What writing has cost, in s."""
        return self._clock.spent

    @property
    def share(self):
        """Fraction of the run spent on writing."""
        return self._clock.spent / max(time.perf_counter() - self._clock.began, 1e-9)

    def on_train_begin(self, logs=None):
        """The graph."""
        self._clock = _Clock()
        self._timed(self._begin)

    def on_epoch_begin(self, epoch, logs=None):
        """Wait for the first batch: a resumed run has its weights only then."""
        self._epoch_now, self._waiting = epoch, True

    def on_train_batch_begin(self, batch, logs=None):
        """The weights before training, at the first batch of the first epoch."""
        if self._waiting:
            self._waiting = False
            if batch == 0:
                self._timed(self._start_epoch, self._epoch_now)

    def on_epoch_end(self, epoch, logs=None):
        """Loss, metrics, learning rate; every `histogram_freq` epochs the weights."""
        self._timed(self._epoch, epoch + 1, dict(logs or {}))

    def on_train_end(self, logs=None):
        """Close the files; a later run opens new ones."""
        for writer in self._writers.values():
            try:
                writer.close()  # writes what was buffered: a full disk may show here
            except OSError as error:
                self._lose(error)
        self._writers = {}

    def _timed(self, work, *given):
        """A log disk that fills up must not cost the training: say it once, go on."""
        began = time.perf_counter()
        try:
            if not self._lost:
                work(*given)
        except (OSError, LogError) as error:
            self._lose(error)
        self._clock.spent += time.perf_counter() - began

    def _lose(self, error):
        if not self._lost:
            reason = getattr(error, "strerror", None) or error
            warnings.warn(
                f"TensorBoard: {str(self.log_dir)!r} cannot be written to "
                f"({reason}); nothing more is logged, the training goes on. Make room "
                "there, or give another log_dir",
                stacklevel=3,
            )
        self._lost = True

    def _writer(self, run):
        if run not in self._writers:
            self._writers[run] = EventWriter(self.log_dir / run)
        return self._writers[run]

    def _begin(self):
        wanted = self.graph and self.model.built and has_graph(self.model)
        if wanted and not (self.log_dir / GRAPH).is_dir():
            self._writer(GRAPH).graph(graph_definition(self.model))
            self._flush()

    def _start_epoch(self, epoch):
        untrained = not epoch and not _number(self.model.optimizer.iterations)
        if untrained and self.histogram_freq:
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


class _Clock:
    """Time spent since a run began; an object, so that no checkpoint carries it."""

    def __init__(self):
        self.began, self.spent = time.perf_counter(), 0.0


def _learning_rate(model):
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return None
    return _number(optimizer.learning_rate)


def _number(variable):
    """Its value; under a strategy a variable has one on every device."""
    value = keras.ops.convert_to_tensor(variable)
    return float(keras.ops.convert_to_numpy(value))
