"""The scalars of a run for TensorBoard: `fit(log_dir=…)`, on every backend.

Written with TensorBoard's own event writer, so that no TensorFlow is needed; the tags
and folders are those of Keras' callback (`train/` and `validation/`, `epoch_loss`), so
that both curves of a quantity share one chart. The microscope is `mmlearn.watch`.
"""

import time
import warnings
from contextlib import contextmanager

import keras

from mmlearn.train.checkpoint import expect_writable


class Scalars(keras.callbacks.Callback):
    """Write the logs of every epoch to TensorBoard files.

    Args:
        log_dir: folder; `train/` and `validation/` are made in it.

    Raises:
        CheckpointError: the folder cannot be written to.
    """

    def __init__(self, log_dir):
        super().__init__()
        self.log_dir = expect_writable(log_dir, "log_dir")
        self._writers: dict = {}
        self._lost = False

    def on_epoch_end(self, epoch, logs=None):
        """Write one point per quantity, and hand it to the disk."""
        if not self._lost:
            with self._disk():
                for name, value in (logs or {}).items():
                    if isinstance(value, int | float):
                        part = "validation" if name.startswith("val_") else "train"
                        tag = f"epoch_{name.removeprefix('val_')}"
                        self._write(part, tag, value, epoch)
                for writer in self._writers.values():
                    writer.flush()

    def on_train_end(self, logs=None):
        """Close the files."""
        self.close()

    def close(self):
        """Close the files; a later epoch opens new ones."""
        for writer in self._writers.values():
            with self._disk():
                writer.close()
        self._writers = {}

    @contextmanager
    def _disk(self):
        """A log disk that fills up must not cost the training: say it once, go on."""
        try:
            yield
        except Exception as error:  # OSError, or TensorFlow's own for the same
            if not self._lost:
                why = getattr(error, "strerror", None) or str(error).split("; ")[-1]
                warnings.warn(
                    f"train.fit: log_dir={str(self.log_dir)!r} cannot be written to "
                    f"({why}); nothing more is logged, the training goes on. Make room "
                    "there, or give another log_dir",
                    stacklevel=2,
                )
            self._lost = True

    def _write(self, part, tag, value, step):
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        if part not in self._writers:
            self._writers[part] = EventFileWriter(str(self.log_dir / part))
        summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
        event = Event(wall_time=time.time(), step=step, summary=summary)
        self._writers[part].add_event(event)
