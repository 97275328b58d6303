"""One run: what the loop carries from chunk to chunk, saves, and finds again."""

import time
from dataclasses import dataclass, field
from typing import Any

import keras

from mmlearn.train import counters
from mmlearn.train.checkpoint import Checkpoint, CheckpointError, assign
from mmlearn.train.history import History
from mmlearn.train.nonfinite import explain
from mmlearn.train.processes import Alone
from mmlearn.train.progress import Quiet
from mmlearn.train.signals import Signals
from mmlearn.train.source import triple

CHUNK_SECONDS = 0.25


@dataclass
class Chunk:
    """How many steps to take in one call: as many as fill a quarter second."""

    fixed: int | None = None
    steps: int = 1
    calls: int = 0

    def __post_init__(self):
        self.steps = self.fixed or 1

    def measured(self, steps, seconds):
        """Learn from a call that took `steps` steps in `seconds`."""
        self.calls += 1
        if self.fixed or steps < 1 or self.calls == 1:  # the first one traces graphs
            return
        wanted = CHUNK_SECONDS * steps / max(seconds, 1e-6)
        self.steps = int(max(1, min(wanted, 8 * self.steps)))


@dataclass
class Run:
    """A training run; `train()` takes it from where it stands to its end."""

    step: Any
    source: Any
    validation: Any
    epochs: int
    callbacks: list
    progress: Quiet
    checkpoint: Checkpoint | None
    checkpoint_seconds: float
    resume: bool
    chunk: Chunk
    together: Alone = field(default_factory=Alone)
    epoch: int = 0
    position: int = 0
    logs: dict = field(default_factory=dict)
    history: History = field(default_factory=History)

    def train(self):
        """Run all epochs that are left; returns the history."""
        self.model = self.step.model
        self.model.stop_training = False
        self.began = self.saved_at = time.perf_counter()
        self.hooks = keras.callbacks.CallbackList(
            [*self.callbacks, self.history],
            model=self.model,
            epochs=self.epochs,
            steps=self.source.steps_per_epoch,
            verbose=0,
        )
        found = self._found()
        self.hooks.on_train_begin()
        self.before = counters.baseline(self.callbacks)
        if found:
            self._continue_from(*found)
        with Signals() as self.signals, self.progress:
            while self.epoch < self.epochs and not self.model.stop_training:
                self._run_epoch()
        self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
        self.hooks.on_train_end(self.logs)
        self.history.seconds += time.perf_counter() - self.began
        return self.history

    # Epochs and chunks.

    def _run_epoch(self):
        if self.position == 0:  # an epoch that is gone on with has begun already
            self.step.write(self.step.reset(self.step.read()))
            self.hooks.on_epoch_begin(self.epoch)
        feed = self.step.open(self.source, self.epoch, self.position)
        while self._advance(feed):
            if self._is_due(inside=True):
                self._save()
        logs = dict(self.logs)
        if self.validation is not None and logs:
            logs |= {f"val_{k}": v for k, v in self._evaluate().items()}
        self.hooks.on_epoch_end(self.epoch, logs)
        self.logs, self.epoch, self.position = logs, self.epoch + 1, 0
        over = self.epoch >= self.epochs or self.model.stop_training
        if over or self._is_due(inside=False):
            self._save()
        if not over and self.together.anyones(self.signals.received):
            self._interrupt()

    def _advance(self, feed):
        """One chunk; False when the epoch is over."""
        total = self.source.steps_per_epoch
        steps = self.together.chiefs(self.chunk.steps)
        if total is not None:
            steps = min(steps, total - self.position)
        if steps < 1:
            return False
        self.hooks.on_train_batch_begin(self.position)
        began = time.perf_counter()
        state, logs = self.step.advance(self.step.read(), feed, steps)
        self.step.write(state)
        taken, finite = logs.pop("steps"), logs.pop("finite")
        self.chunk.measured(taken, time.perf_counter() - began)
        self.position += taken
        self.history.steps += taken
        if not finite:
            raise self._nonfinite()
        if taken:
            self.logs = logs
            self.hooks.on_train_batch_end(self.position - 1, logs)
            self.progress.update(self.epoch, self.position, logs)
        if taken < steps:
            self._expect_whole(total)
            return False
        if self.together.anyones(self.signals.received):
            self._interrupt()
        return not self.model.stop_training

    def _expect_whole(self, total):
        if total is not None or self.position == 0:
            told = "at least one" if total is None else total
            raise ValueError(
                f"train.fit: the data ended after {self.position} batches in epoch "
                f"{self.epoch + 1}; expected {told} (its steps_per_epoch)"
            )

    def _evaluate(self):
        """Loss and metrics on the validation data."""
        state = self.step.reset(self.step.read())
        feed, steps = self.step.open(self.validation, 0), 1024
        while True:
            state, logs = self.step.advance(state, feed, steps, training=False)
            if logs["steps"] < steps:
                break
        self.step.write(state)
        return {
            name: value
            for name, value in logs.items()
            if name not in ("steps", "finite", "last_batch_loss", "loss_scale")
        }

    # Ends.

    def _nonfinite(self):
        batches = iter(self.source.batches(self.epoch, self.position))
        batch = triple(next(batches))
        if self.checkpoint is None:
            kept = "Pass checkpoint= to have an earlier state to go back to."
        else:
            kept = f"The last good checkpoint is in {self.checkpoint.folder}."
        return explain(self.step, batch, self.epoch, self.position, kept)

    def _interrupt(self):
        where = f"epoch {self.epoch + 1} after step {self.position}"
        if self.checkpoint is None:
            kept = "no checkpoint= was given, so it cannot go on from here"
        else:
            if self.position == 0 or self._resumes_inside:
                self._save()
            kept = f"the same call goes on from {self.checkpoint.folder}"
        who = self.signals.name or "a signal to another process"
        self.signals.stop(f"train.fit: stopped by {who} in {where}; {kept}")

    # Checkpoints.

    @property
    def _resumes_inside(self):
        return getattr(self.source, "resumes_inside", True)

    def _is_due(self, *, inside):
        """Inside an epoch after `checkpoint_seconds`, at its end after a second."""
        if self.checkpoint is None or (inside and not self._resumes_inside):
            return False
        least = self.checkpoint_seconds if inside else min(1, self.checkpoint_seconds)
        due = time.perf_counter() - self.saved_at >= least
        return bool(self.together.chiefs(due))

    def _save(self):
        if self.checkpoint is None:
            return
        counted, arrays = counters.collect(self.callbacks, self.before)
        record = {
            "epoch": self.epoch,
            "position": self.position,
            "stopped": bool(self.model.stop_training),
            "logs": self.logs,
            "history": self.history.history,
            "epochs": self.history.epoch,
            "steps": self.history.steps,
            "seconds": self.history.seconds + time.perf_counter() - self.began,
            "counters": counted,
        }
        self.checkpoint.save(self.step.variables, record, arrays)
        self.saved_at = time.perf_counter()

    def _found(self):
        if self.checkpoint is None or not self.resume:
            return None
        found = self.checkpoint.load(self.step.variables)
        steps = found[0]["steps"] if found else -1
        if self.together.anyones(steps != self.together.chiefs(steps)):
            raise CheckpointError(
                "train.fit: the processes do not see the same checkpoint in "
                f"{self.checkpoint.folder}; it must be one folder that all share"
            )
        return found

    def _continue_from(self, record, values, arrays):
        """Stand where the checkpoint stood: callbacks first, then what they changed."""
        if record["position"]:
            self.hooks.on_epoch_begin(record["epoch"])
        assign(self.step.variables, values)
        counters.restore(self.callbacks, record["counters"], arrays)
        self.epoch, self.position = record["epoch"], record["position"]
        self.logs = record["logs"]
        self.model.stop_training = record["stopped"]
        self.history.history = record["history"]
        self.history.epoch = record["epochs"]
        self.history.steps = record["steps"]
        self.history.seconds = record["seconds"]
