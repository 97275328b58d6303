"""The scalars of a run for TensorBoard: `fit(log_dir=…)`, on every backend.

Written with TensorBoard's own event writer, so that no TensorFlow is needed; the tags
and folders are those of Keras' callback (`train/` and `validation/`, `epoch_loss`), so
that both curves of a quantity share one chart. The microscope is `mmlearn.watch`.
"""

import time

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

    def on_epoch_end(self, epoch, logs=None):
        """Write one point per quantity, and hand it to the disk."""
        for name, value in (logs or {}).items():
            if isinstance(value, int | float):
                part = "validation" if name.startswith("val_") else "train"
                self._write(part, f"epoch_{name.removeprefix('val_')}", value, epoch)
        for writer in self._writers.values():
            writer.flush()

    def on_train_end(self, logs=None):
        """Close the files."""
        self.close()

    def close(self):
        """Close the files; a later epoch opens new ones."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def _write(self, part, tag, value, step):
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        if part not in self._writers:
            self._writers[part] = EventFileWriter(str(self.log_dir / part))
        summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
        event = Event(wall_time=time.time(), step=step, summary=summary)
        self._writers[part].add_event(event)
