"""The arithmetic of training on TensorFlow: what one batch does to the weights.

How many batches get through it in one graph call is in `chunk_tensorflow.py`.
"""

import inspect
from functools import partial

import keras
import tensorflow as tf
from keras import tree

from mmlearn.train.chunk_tensorflow import Chunks
from mmlearn.train.source import each, triple


class Step:
    """One model on one device: `advance(state, batches, steps) → state, logs`.

    The state is the list of the variables themselves: TensorFlow changes them in place.

    Args:
        model: compiled and built Keras model.
        jit_compile: True compiles the step with XLA.
    """

    def __init__(self, model, *, jit_compile=False):
        self.model, self.optimizer = model, model.optimizer
        if not self.optimizer.built:
            self.optimizer.build(model.trainable_variables)
        self.mean_loss = keras.metrics.Mean(name="loss")
        self._trains = "training" in inspect.signature(model.call).parameters
        self.chunks = Chunks(self._step, model, self.mean_loss, jit_compile)
        self._results = self._measured
        if not model.run_eagerly:
            self._results = tf.function(partial(self._measured), autograph=False)

    # State: everything that a run must bring along to go on as if undisturbed.

    @property
    def variables(self):
        """Weights, dropout seeds, optimizer slots, metrics: all that a step changes."""
        parts = (self.model, self.optimizer, self.mean_loss)
        found = [v for part in parts for v in part.variables]
        return found + list(self.model.metrics_variables)

    def read(self):
        """The state."""
        return self.variables

    def write(self, state):
        """Put a state into the model; here it is there already."""

    def reset(self, state):
        """The state with all metrics at zero."""
        self.model.reset_metrics()
        self.mean_loss.reset_state()
        return state

    # Many steps.

    def open(self, source, epoch, start=0):
        """Open an epoch of a source at batch `start`."""
        return self.chunks.open(source, epoch, start)

    def advance(self, state, feed, steps, *, training=True):
        """Take up to `steps` steps.

        Returns:
            state, and logs: `loss` and the metrics, means over the epoch so far;
            `last_batch_loss`; `steps`, the number taken (fewer at the end of the data,
            or when the next one is not finite); `finite`, False in that last case.
        """
        taken, loss, finite = self.chunks.advance(feed, steps, training)
        feed.position += int(taken)
        logs = {**self.results(state), "last_batch_loss": float(loss)}
        return state, {**logs, "steps": int(taken), "finite": bool(finite)}

    def results(self, state):
        """The epoch's means so far, as floats; vectors as lists."""
        return tree.map_structure(lambda v: v.numpy().tolist(), self._results())

    def _measured(self):
        metrics = self.model.get_metrics_result()
        return {"loss": self.mean_loss.result()} | {
            name: tf.convert_to_tensor(value)
            for name, value in metrics.items()
            if name != "loss"
        }

    # One step.

    def _step(self, x, y, sample_weight, *, training):
        """One batch: the loss, whether the step was finite (so: applied), rows."""
        rows = tf.shape(next(a for a in tree.flatten(x) if a is not None))[0]
        if not training:
            loss, prediction = self._loss(x, y, sample_weight, False)
            self.model.compute_metrics(x, y, prediction, sample_weight)
            return tf.cast(loss, "float32"), tf.constant(True), rows
        # The forward pass moves batch norm's statistics, dropout's seeds and the
        # metrics of single outputs: kept, to be put back if the step is not finite.
        kept = self.model.non_trainable_variables + self.model.metrics_variables
        before = [tf.convert_to_tensor(v.value) for v in kept]
        weights = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss, prediction = self._loss(x, y, sample_weight, True)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, weights)

        def apply():
            self.optimizer.apply(gradients, weights)
            self.model.compute_metrics(x, y, prediction, sample_weight)
            return 0

        def put_back():
            for variable, value in zip(kept, before, strict=True):
                variable.assign(value)
            return 0

        finite = _all_finite(loss, gradients)
        tf.cond(finite, apply, put_back)
        return tf.cast(loss, "float32"), finite, rows

    def _loss(self, x, y, sample_weight, training):
        flag = {"training": training} if self._trains else {}
        prediction = self.model(x, **flag)
        loss = self.model.compute_loss(
            x=x, y=y, y_pred=prediction, sample_weight=sample_weight, training=training
        )
        return loss, prediction

    # One step, eagerly, to look at.

    def loss(self, batch):
        """The training loss of one batch; dropout's seeds move on."""
        x, y, sample_weight = each(tf.convert_to_tensor, triple(batch))
        return self._loss(x, y, sample_weight, True)[0]

    def gradients(self, batch):
        """The gradients of that loss; None for a weight that it does not use."""
        with tf.GradientTape() as tape:
            loss = self.loss(batch)
        found = tape.gradient(loss, self.model.trainable_variables)
        return [getattr(g, "values", g) for g in found]


def _all_finite(loss, gradients):
    """A sum is finite only if every term is: one pass, nothing stored."""
    sums = [tf.cast(loss, "float32")]
    for gradient in gradients:
        if gradient is not None:
            values = getattr(gradient, "values", gradient)  # sparse: its rows
            sums.append(tf.reduce_sum(tf.cast(values, "float32")))
    return tf.math.is_finite(tf.add_n(sums))
