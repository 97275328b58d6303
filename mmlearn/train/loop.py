"""The training loop: neutral Python around a step that does many batches in one call.

Between two chunks (about a quarter second of steps each) stand the things that need
Python: callbacks, the progress bar, signals, checkpoints.
"""

import time

import keras

from mmlearn.train.history import History
from mmlearn.train.progress import make_progress
from mmlearn.train.source import as_source

CHUNK_SECONDS = 0.25


def fit(
    model,
    data,
    *,
    epochs,
    batch_size=32,
    validation_data=None,
    seed=0,
    callbacks=(),
    progress=None,
    jit_compile=None,
    steps_per_chunk=None,
):
    """Train a compiled Keras model."""
    source = as_source(data, batch_size=batch_size, seed=seed)
    validation = validation_data
    if validation is not None:
        validation = as_source(
            validation, batch_size=max(batch_size, 256), seed=seed, shuffle=False
        )
    step = make_step(model, source, jit_compile=jit_compile)
    run = Run(model, step, source, validation, epochs, callbacks, progress)
    run.chunk = Chunk(steps_per_chunk)
    return run.train()


def make_step(model, source, *, jit_compile):
    """The step of the backend that Keras runs on, for a model that is built."""
    from mmlearn.train.step_tensorflow import Step

    batch = next(iter(source.batches(0, 0)))
    x, y, w = (*batch, None, None)[:3]
    prediction = model(x)
    model.compute_loss(x=x, y=y, y_pred=prediction, sample_weight=w, training=False)
    model.compute_metrics(x, y, prediction, w)
    jit = bool(model.jit_compile if jit_compile is None else jit_compile)
    return Step(model, jit_compile=jit)


class Chunk:
    """How many steps to take in one call: as many as fill a quarter second."""

    def __init__(self, steps=None):
        self.fixed, self.steps, self.calls = steps, steps or 1, 0

    def measured(self, steps, seconds):
        """Learn from a call that took `steps` steps in `seconds`."""
        self.calls += 1
        if (
            self.fixed or steps < 1 or self.calls == 1
        ):  # the first call traces the graph
            return
        wanted = CHUNK_SECONDS * steps / max(seconds, 1e-6)
        self.steps = int(max(1, min(wanted, 8 * self.steps)))


class Run:
    """One training run: the state that the loop carries."""

    def __init__(self, model, step, source, validation, epochs, callbacks, progress):
        self.model, self.step = model, step
        self.source, self.validation = source, validation
        self.epochs, self.epoch, self.position = epochs, 0, 0
        self.history = History()
        self.progress = make_progress(progress, epochs, source.steps_per_epoch)
        self.callbacks = keras.callbacks.CallbackList(
            [*callbacks, self.history],
            model=model,
            epochs=epochs,
            steps=source.steps_per_epoch,
            verbose=0,
        )
        self.chunk = Chunk()
        self.logs: dict = {}

    def train(self):
        """Run all epochs."""
        began = time.perf_counter()
        self.model.stop_training = False
        self.state = self.step.read()
        self.callbacks.on_train_begin()
        with self.progress:
            while self.epoch < self.epochs and not self.model.stop_training:
                self.run_epoch()
        self.step.write(self.state)
        self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
        self.callbacks.on_train_end(self.logs)
        self.history.seconds += time.perf_counter() - began
        return self.history

    def run_epoch(self):
        """One epoch: its chunks, then validation, then the callbacks' epoch end."""
        self.state = self.step.reset(self.state)
        self.callbacks.on_epoch_begin(self.epoch)
        feed = self.step.open(self.source, self.epoch, self.position)
        while self.advance(feed):
            pass
        logs = dict(self.logs)
        if self.validation is not None:
            logs |= {f"val_{k}": v for k, v in self.evaluate().items()}
        self.callbacks.on_epoch_end(self.epoch, logs)
        self.logs = logs
        self.epoch, self.position = self.epoch + 1, 0

    def advance(self, feed):
        """One chunk; False when the epoch is over."""
        total = self.source.steps_per_epoch
        if total is not None and self.position >= total:
            return False
        steps = self.chunk.steps
        if total is not None:
            steps = min(steps, total - self.position)
        self.callbacks.on_train_batch_begin(self.position)
        began = time.perf_counter()
        self.state, logs = self.step.advance(self.state, feed, steps)
        taken, finite = logs.pop("steps"), logs.pop("finite")
        self.chunk.measured(taken, time.perf_counter() - began)
        self.position += taken
        self.history.steps += taken
        if taken:
            self.logs = logs
            self.callbacks.on_train_batch_end(self.position - 1, logs)
            self.progress.update(self.epoch, self.position, logs)
        if not finite:
            from mmlearn.train.nonfinite import NonFiniteError

            raise NonFiniteError(f"epoch {self.epoch}, step {self.position}")
        return taken == steps and not self.model.stop_training

    def evaluate(self):
        """Loss and metrics on the validation data."""
        self.state = self.step.reset(self.state)
        feed = self.step.open(self.validation, 0)
        logs: dict = {}
        while True:
            steps = self.validation.steps_per_epoch or 64
            self.state, logs = self.step.advance(
                self.state, feed, steps, training=False
            )
            taken = logs.pop("steps")
            if taken < steps or self.validation.steps_per_epoch is not None:
                break
        logs.pop("last_batch_loss"), logs.pop("finite")
        return logs
